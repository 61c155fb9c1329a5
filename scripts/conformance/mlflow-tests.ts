import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { type Count, pytest } from './run';

/** MLflow's own tests of what a registry serves, in its sources. Everything they call is registry, not runs. */
const FILES = ['tests/tracking/test_model_registry.py', 'tests/tracking/test_client_webhooks.py'];

/**
 * Runs MLflow's own registry tests, as they are in a folder with its sources, against a running registry. They are copied
 * out of it, so that none of the settings and fixtures beside them apply.
 * @throws Error where the folder has no such tests
 */
export async function mlflowTests(python: string, sources: string, url: string): Promise<Count> {
  const missing = FILES.map((file) => join(sources, file)).find((file) => !existsSync(file));
  if (missing !== undefined) throw new Error(`${missing} is not there: name a folder with MLflow's sources`);
  const folder = mkdtempSync(join(tmpdir(), 'signet-mlflow-tests-'));
  try {
    for (const file of FILES) copyFileSync(join(sources, file), join(folder, basename(file)));
    const env = { SIGNET_URL: url, PYTHONPATH: resolve('scripts/conformance/pytest') };
    return await pytest(python, ['-p', 'external_server', '--rootdir', folder, folder], { cwd: folder, env });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
