/** What a system for continuous integration says of the run that calls. */
export interface CiRun {
  readonly id: string;
  readonly system: string;
  readonly url?: string;
  readonly code?: { readonly repository: string; readonly commit: string };
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Names of the variables in which a system tells of a run; it is that system where the first is set. */
interface Names {
  readonly id: string;
  readonly url?: string;
  readonly repository: string;
  readonly commit: string;
}

/**
 * GitLab's pipeline keeps its id when a job that failed is run again, as GitHub's run does. A rebuild of Jenkins and a retry of
 * CodeBuild are new runs: their ids stay the same only for steps that are tried again within one build.
 */
const SYSTEMS: Readonly<Record<string, Names>> = {
  gitlab: {
    id: 'CI_PIPELINE_ID',
    url: 'CI_PIPELINE_URL',
    repository: 'CI_PROJECT_URL',
    commit: 'CI_COMMIT_SHA',
  },
  jenkins: { id: 'BUILD_TAG', url: 'BUILD_URL', repository: 'GIT_URL', commit: 'GIT_COMMIT' },
  codebuild: {
    id: 'CODEBUILD_BUILD_ID',
    url: 'CODEBUILD_PUBLIC_BUILD_URL',
    repository: 'CODEBUILD_SOURCE_REPO_URL',
    commit: 'CODEBUILD_RESOLVED_SOURCE_VERSION',
  },
};

/** The run that the variables tell of: GitHub Actions, GitLab CI, Jenkins or AWS CodeBuild; nothing elsewhere. */
export function ciRunOf(variables: Variables): CiRun | undefined {
  const github = githubRun(variables);
  if (github) return github;
  for (const [system, names] of Object.entries(SYSTEMS)) {
    const id = variables[names.id];
    if (id === undefined || id === '') continue;
    const url = names.url && webAddress(variables[names.url]);
    const code = codeOf(variables[names.repository], variables[names.commit]);
    return { id, system, ...(url && { url }), ...(code && { code }) };
  }
  return undefined;
}

function githubRun(variables: Variables): CiRun | undefined {
  const { GITHUB_RUN_ID: id, GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, GITHUB_SHA: commit } = variables;
  if (!id) return undefined;
  const repository = server && name ? `${server}/${name}` : undefined;
  const code = codeOf(repository, commit);
  return {
    id,
    system: 'github',
    ...(repository && { url: `${repository}/actions/runs/${id}` }),
    ...(code && { code }),
  };
}

function codeOf(repository: string | undefined, commit: string | undefined): CiRun['code'] {
  if (!repository || !commit || !/^[0-9a-f]{7,64}$/.test(commit)) return undefined;
  return { repository: withoutCredentials(repository), commit };
}

function webAddress(text: string | undefined): string | undefined {
  return text && /^https?:/.test(text) && URL.canParse(text) ? withoutCredentials(text) : undefined;
}

/** An address without the token that runners put into it to clone. */
function withoutCredentials(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.username === '' && url.password === '') return text;
  url.username = '';
  url.password = '';
  return url.href;
}
