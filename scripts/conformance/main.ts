/**
 * Drives stock MLflow clients of three ages against the local run, with and without a workspace in the URI, and runs the
 * tests of the signing plugin with each. It needs Python 3.10 or newer with venv, and installs the clients into `.venv/`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startLocal } from '../../local';
import { mlflowTests } from './mlflow-tests';
import { pythonWith } from './python';
import { type Count, pytest, run } from './run';

const HELP = `Drives the stock MLflow client against the local run.

Usage: npm run conformance -- [options]

  --client VERSION        only this version of mlflow-skinny (may be repeated)
  --steps A,B             only these of models, versions, pages, files, webhooks, prompts
  --mlflow-sources PATH   also runs MLflow's own registry tests, from a folder with its sources, with the newest of the
                          clients; SIGNET_MLFLOW_SOURCES says the same
  --summary FILE          writes how many tests passed and failed, as JSON
  --help                  show this
`;

/** The last of the clients with stages only, the last of generation 2, and the newest. */
const CLIENTS = ['2.9.2', '2.22.5', '3.17.2'];
const STEPS = 'models,versions,pages,files,webhooks,prompts';

const { values } = parseArgs({
  options: {
    client: { type: 'string', multiple: true, default: CLIENTS },
    steps: { type: 'string', default: STEPS },
    'mlflow-sources': { type: 'string', default: process.env['SIGNET_MLFLOW_SOURCES'] ?? '' },
    summary: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (values.help) {
    console.log(HELP);
    return;
  }
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const pythons = values.client.map(pythonWith);
  const counts: Count[] = [];
  for (const python of pythons) counts.push(await pytest(python, [], { cwd: 'client/python' }));
  counts.push(...(await againstRegistry(pythons)));
  const sum = (of: keyof Count) => counts.reduce((all, count) => all + count[of], 0);
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')];
  if (values.summary !== undefined) writeFileSync(values.summary, JSON.stringify({ passed, failed }));
  console.log(`MLflow clients: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (failed > 0) process.exitCode = 1;
}

async function againstRegistry(pythons: readonly string[]): Promise<Count[]> {
  const data = mkdtempSync(join(tmpdir(), 'signet-conformance-'));
  const local = await startLocal({ data, port: 0 });
  try {
    const { people = '' } = local.urls;
    await fetch(`${people}/v1/workspaces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'research' }),
    });
    const counts: Count[] = [];
    for (const python of pythons) {
      for (const uri of [people, `${people}/w/research`]) counts.push(await drive(python, uri));
    }
    const [sources, newest] = [values['mlflow-sources'], pythons.at(-1)];
    if (sources && newest) counts.push(await mlflowTests(newest, sources, people));
    else console.log("MLflow's own registry tests are not run: --mlflow-sources names no folder");
    return counts;
  } finally {
    await local.close();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Drives a client through the steps: one test. */
async function drive(python: string, uri: string): Promise<Count> {
  const model = join(dirname(require.resolve('@ricky0123/vad-web/package.json')), 'dist/silero_vad_v5.onnx');
  const code = await run(python, ['scripts/conformance/check.py', uri, model, values.steps]);
  if (code !== 0) console.error(`${python} ended with ${code} at ${uri}`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
