#!/usr/bin/env bash
# Applies the manifests that changed since this was last done, and reports what became of each deployment. Runs in a checkout of the
# repository with its history and tags, with Signet in the folder signet, and deploy.sh and remove.sh beside it.
set -uo pipefail

# Up to where it was done, as a tag of the repository: a push that nobody applied is applied with the next one.
done_up_to=refs/tags/applied

report() { npm run --silent --prefix signet signet -- report "$model" "$deployment" "$@" </dev/null; }
field() { node -p 'JSON.parse(fs.readFileSync(process.argv[1], "utf8"))[process.argv[2]]' "$1" "$2"; }

before=$(git rev-parse --quiet --verify "$done_up_to^{commit}") || before=$(git hash-object -t tree /dev/null)
after=$(git rev-parse HEAD)
failed=0 again=0
while IFS= read -r -d '' manifest; do
  SIGNET_WORKSPACE=$(field "$manifest" workspace) model=$(field "$manifest" model) stage=$(field "$manifest" stage)
  version=$(field "$manifest" version) digest=$(field "$manifest" digest) deployment=$(field "$manifest" deployment)
  export SIGNET_WORKSPACE
  case $manifest in
    models/*)
      # Refused where it has come to an end: it was deployed before, or something else is wanted by now.
      report creating || continue
      if ./deploy.sh "$model" "$version" "$digest" </dev/null; then
        report in_service || failed=1
      else
        failed=1
        report failed --reason "${RUN_URL:-$after}" || true
      fi
      ;;
    # What was not taken down is not reported: the registry goes on waiting, and the next run tries again.
    *) { ./remove.sh "$model" "$stage" </dev/null && report deleted; } || again=1 ;;
  esac
done < <(git diff --name-only -z --no-renames --diff-filter=AM "$before" "$after" -- models removed)
((again)) || git push --quiet --force origin "$after:$done_up_to" || failed=1
exit $((failed || again))
