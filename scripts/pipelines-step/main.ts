/**
 * Runs the tests of examples/sagemaker-pipelines-step against the local run, through a gateway that verifies every
 * signature. It needs Python 3.10 or newer with venv, and installs botocore and pytest into `.venv/`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from '../../local';
import { run } from '../conformance/run';
import { pythonWith } from '../venv';

const TESTS = 'examples/sagemaker-pipelines-step';

async function main(): Promise<void> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const python = pythonWith('pipelines-step', 'botocore==1.44.5', 'pytest==8.4.2');
  const data = mkdtempSync(join(tmpdir(), 'signet-pipelines-step-'));
  const local = await startLocal({ data, port: 0 });
  try {
    const env = { SIGNET_LOCAL: String(local.urls.machines) };
    process.exitCode = (await run(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', TESTS], { env })) ?? 1;
  } finally {
    await local.close();
    rmSync(data, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
