import { spawn } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ACCOUNT } from './template';

/** What the synthesised stack is made from. */
const SOURCES = [
  'bin',
  'lib',
  'lambdas',
  'contract',
  'core',
  'adapters',
  'client/api',
  'web',
  'cdk.json',
  'tsconfig.json',
  'package-lock.json',
];
/** The role that endpoints of the local run are given. Nothing here asks what it may do. */
export const LOCAL_EXECUTION_ROLE = `arn:aws:iam::${ACCOUNT}:role/signet-endpoints`;
/** What a deployment would say with `-c`: the local run sends mails, into a folder, and serves endpoints. */
export const LOCAL_CONTEXT = { mailFrom: 'signet@example.com', executionRole: LOCAL_EXECUTION_ROLE };
const STAMP = 'local-run.stamp';

export interface Synthesis {
  /** Folder of the cloud assembly. */
  readonly folder: string;
  /** Whether it was made now; otherwise nothing had changed since it was. */
  readonly fresh: boolean;
}

/**
 * Synthesises the app of a project into `cdk.out`, unless that was done from the same sources. Does what the CDK CLI does
 * with the `app` of cdk.json ("CDK_OUTDIR", "CDK_CONTEXT_JSON"), but for the CDK's rules for deployments.
 *
 * @throws Error with the app's output when it fails.
 */
export async function synthesise(project: string): Promise<Synthesis> {
  const folder = join(project, 'cdk.out');
  const before = sourcesDigest(project);
  if (readStamp(folder) === stampOf(folder, before)) return { folder, fresh: false };
  const { app, context = {} } = JSON.parse(readFileSync(join(project, 'cdk.json'), 'utf8')) as {
    app: string;
    context?: object;
  };
  await run(app, project, {
    CDK_OUTDIR: folder,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...LOCAL_CONTEXT }),
    CDK_VALIDATION: 'false',
  });
  writeFileSync(join(folder, STAMP), stampOf(folder, before));
  return { folder, fresh: true };
}

function run(command: string, cwd: string, variables: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      cwd,
      shell: true,
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (text: Buffer): void => {
      output += text.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The stack could not be synthesised (${command} ended with ${code}):\n${output}`));
    });
  });
}

/** Covers the result too: whoever synthesises something else into the folder makes the stamp invalid. */
function stampOf(folder: string, sources: string): string {
  const manifest = join(folder, 'manifest.json');
  const hash = createHash('sha256').update(sources);
  if (existsSync(manifest)) hash.update(readFileSync(manifest));
  return hash.digest('hex');
}

function readStamp(folder: string): string | undefined {
  const file = join(folder, STAMP);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function sourcesDigest(project: string): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) addTo(hash, project, join(project, source));
  return hash.digest('hex');
}

function addTo(hash: Hash, root: string, path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) {
    for (const name of readdirSync(path).sort()) addTo(hash, root, join(path, name));
  } else if (stats) {
    const content = readFileSync(path);
    hash.update(`${relative(root, path)}\0${content.length}\0`).update(content);
  }
}
