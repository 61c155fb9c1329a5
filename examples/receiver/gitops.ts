import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DeploymentEvent } from './server';

/** The repository that says what is to run. */
export interface ManifestRepository {
  /** What `git clone` takes; credentials come from git's own configuration. */
  readonly url: string;
  readonly branch: string;
  readonly author: { readonly name: string; readonly email: string };
}

/** What is committed: which version of a model is to run in a stage, by the digest of its very files. */
interface Manifest {
  readonly workspace: string;
  readonly model: string;
  readonly modelId: string;
  readonly stage: string;
  readonly version: number;
  readonly digest: string;
  readonly deployment: string;
  /** Of the event: a message that comes twice, or late, is not newer than what stands here. */
  readonly sequence: number;
}

const ATTEMPTS = 5;

/**
 * Commits the manifest of a deployment, unless this event or a later one has been committed. What is to be taken down moves to
 * a folder of its own, so that a late message does not bring it back. Whoever else pushes at the same time is not overwritten.
 * @returns whether there was anything to commit
 */
export async function commitManifest(repository: ManifestRepository, event: DeploymentEvent): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'manifests-'));
  const git = (...args: string[]) => run(folder, args);
  const { url, branch, author } = repository;
  try {
    await git('clone', '--quiet', '--depth=1', `--branch=${branch}`, '--', url, '.');
    const runs = pathOf(event);
    const removed = `removed/${runs}`;
    const [path, other] = event.type === 'deployment.removing' ? [removed, runs] : [runs, removed];
    for (let attempt = 1; ; attempt += 1) {
      const before = await Promise.all([runs, removed].map((each) => readManifest(join(folder, each))));
      if (before.some((manifest) => manifest && !isLater(event, manifest))) return false;
      await git('rm', '--quiet', '--ignore-unmatch', '--', other);
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), `${JSON.stringify(manifestOf(event), null, 2)}\n`);
      await git('add', '--', path);
      const identity = ['-c', `user.name=${author.name}`, '-c', `user.email=${author.email}`];
      await git(...identity, 'commit', '--quiet', '-m', messageOf(event));
      const pushed = await git('push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`).then(
        () => true,
        (error: unknown) => {
          if (attempt === ATTEMPTS) throw error;
          return false;
        },
      );
      if (pushed) return true;
      // Somebody else was faster: from what is there now it is decided anew.
      await git('fetch', '--quiet', '--depth=1', 'origin', branch);
      await git('reset', '--quiet', '--hard', 'FETCH_HEAD');
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether an event comes after what a manifest tells of. Ids of models rise: one of the same name made anew counts from 1. */
function isLater(event: DeploymentEvent, { modelId, sequence }: Manifest): boolean {
  return event.modelId === modelId ? event.sequence > sequence : event.modelId > modelId;
}

/** Where the manifest lies: names become one segment each, whatever they hold. */
export function pathOf({
  workspace,
  model,
  current,
}: Pick<DeploymentEvent, 'workspace' | 'model' | 'current'>): string {
  return `models/${segment(workspace)}/${segment(model)}/${segment(current.deployment.stage)}.json`;
}

function segment(name: string): string {
  return encodeURIComponent(name).replace(/^\.+/, (dots) => '%2E'.repeat(dots.length));
}

function manifestOf(event: DeploymentEvent): Manifest {
  const { workspace, model, modelId, version, artifactDigest: digest, sequence, current } = event;
  const { id: deployment, stage } = current.deployment;
  return { workspace, model, modelId, stage, version, digest, deployment, sequence };
}

function messageOf({ type, id, model, version, current }: DeploymentEvent): string {
  const { stage, id: deployment } = current.deployment;
  const runs = type === 'deployment.removing' ? 'runs no longer' : 'runs';
  return `${stage} of ${model} ${runs} version ${version}\n\nSignet-Deployment: ${deployment}\nSignet-Event: ${id}\n`;
}

async function readManifest(file: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Runs git without a shell and without asking anybody. */
function run(cwd: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: '0' };
  return new Promise((resolve, reject) => {
    execFile('git', args, { cwd, env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`git ${args[0]}: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
  });
}
