/**
 * Drives stock MLflow clients of three ages against the local run, with and without a workspace in the URI. It needs
 * Python 3.10 or newer with venv, and installs the clients into `.venv/`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startLocal } from '../../local';

const HELP = `Drives the stock MLflow client against the local run.

Usage: npm run conformance -- [options]

  --client VERSION   only this version of mlflow-skinny (may be repeated)
  --steps A,B        only these of models, versions, files, webhooks, prompts
  --help             show this
`;

/** The last of the clients with stages only, the last of generation 2, and the newest. */
const CLIENTS = ['2.9.2', '2.22.5', '3.17.2'];
const STEPS = 'models,versions,files,webhooks,prompts';

const { values } = parseArgs({
  options: {
    client: { type: 'string', multiple: true, default: CLIENTS },
    steps: { type: 'string', default: STEPS },
    help: { type: 'boolean', default: false },
  },
});

/** The Python of a virtual environment that has a version of the client. */
function pythonWith(version: string): string {
  const folder = resolve('.venv', `mlflow-${version}`);
  const python = join(folder, 'bin', 'python');
  const done = join(folder, 'installed');
  if (!existsSync(done)) {
    rmSync(folder, { recursive: true, force: true });
    console.log(`Installing mlflow-skinny ${version} …`);
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', `mlflow-skinny==${version}`], { stdio: 'inherit' });
    execFileSync('touch', [done]);
  }
  return python;
}

async function main(): Promise<void> {
  if (values.help) {
    console.log(HELP);
    return;
  }
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const model = join(dirname(require.resolve('@ricky0123/vad-web/package.json')), 'dist/silero_vad_v5.onnx');
  const pythons = values.client.map(pythonWith);
  const data = mkdtempSync(join(tmpdir(), 'signet-conformance-'));
  const local = await startLocal({ data, port: 0 });
  try {
    const { people = '' } = local.urls;
    await fetch(`${people}/v1/workspaces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'research' }),
    });
    for (const python of pythons) {
      for (const uri of [people, `${people}/w/research`]) {
        await run(python, ['scripts/conformance/check.py', uri, model, values.steps]);
      }
    }
  } finally {
    await local.close();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Runs a check beside the registry, which answers it from this process. */
async function run(python: string, args: string[]): Promise<void> {
  const env = {
    ...process.env,
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    PYTHONWARNINGS: 'ignore',
  };
  const code = await new Promise<number | null>((ended, failed) => {
    const child = spawn(python, args, { stdio: 'inherit', env });
    child.once('error', failed);
    child.once('close', ended);
  });
  if (code !== 0) throw new Error(`${python} ${args.join(' ')} ended with ${code}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
