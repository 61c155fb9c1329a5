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
 * Commits the manifest of a deployment, unless this event or a later one of the same model has been committed. Whoever else
 * pushes at the same time is not overwritten.
 * @returns whether there was anything to commit
 */
export async function commitManifest(repository: ManifestRepository, event: DeploymentEvent): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'manifests-'));
  const git = (...args: string[]) => run(folder, args);
  const { url, branch, author } = repository;
  try {
    await git('clone', '--quiet', '--depth=1', `--branch=${branch}`, '--', url, '.');
    const path = pathOf(event);
    for (let attempt = 1; ; attempt += 1) {
      const before = await readManifest(join(folder, path));
      if (before && before.modelId === event.modelId && before.sequence >= event.sequence) return false;
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

function messageOf({ id, model, version, current }: DeploymentEvent): string {
  const { stage, id: deployment } = current.deployment;
  return `${stage} of ${model} runs version ${version}\n\nSignet-Deployment: ${deployment}\nSignet-Event: ${id}\n`;
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
