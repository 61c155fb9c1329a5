import { execFileSync } from 'node:child_process';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { documentClient } from '../../../adapters/dynamodb/client';
import { holdingCommits } from '../../../test/support/held-commits';
import { CALLERS, functions, unlogged } from '../functions';
import { MODEL, newVersion, type Registry } from './registry';

/** Makes a registry have so many versions; each way makes what the registry's own code makes of a request. */
export type Fill = (registry: Registry, versions: number) => Promise<void>;

/**
 * Fills the local run: its command function runs in this process and takes each request as usual; what it commits is held
 * and written to the table in batches, whose stream the local run follows.
 */
export function fillSignet(engine: string): Fill {
  return async (registry, versions) => {
    await startModel(registry);
    const ask = await functions(engine, await tableOf(engine));
    const path = '/api/2.0/mlflow/model-versions/create';
    const missing = numbersTo(registry.versions, versions);
    await unlogged(() =>
      holdingCommits({ client: documentClient(), name: process.env['SIGNET_TABLE'] ?? '' }, async () => {
        for (const number of missing) await ask(CALLERS.administrator, 'POST', path, newVersion(number));
      }),
    );
    await finish(registry, versions);
  };
}

/** Fills MLflow's server: rows as its store made them are copied in its database. */
export function fillMlflow(python: string, database: string): Fill {
  return async (registry, versions) => {
    await startModel(registry);
    const missing = numbersTo(registry.versions, versions);
    const [first, last] = [missing[0], missing.at(-1)];
    if (first !== undefined)
      execFileSync(python, ['scripts/bench/mlflow/fill.py', database, MODEL, String(first), String(last)]);
    await finish(registry, versions);
  };
}

async function startModel(registry: Registry): Promise<void> {
  if (registry.versions === 0) await registry.start();
}

/** The numbers that are missing, but for the last one: it is registered over HTTP, and follows them only if they are right. */
function numbersTo(there: number, versions: number): number[] {
  return Array.from({ length: Math.max(0, versions - 1 - there) }, (_, index) => there + index + 1);
}

async function finish(registry: Registry, versions: number): Promise<void> {
  registry.versions = Math.max(registry.versions, versions - 1);
  const [number] = await registry.register();
  if (number !== String(registry.versions)) throw new Error(`${registry.name} made version ${number}`);
  await registry.alias(Math.ceil(versions / 2));
}

async function tableOf(endpoint: string): Promise<string> {
  const { engineClient } = await import('../../../local/dynamodb');
  const client = engineClient(endpoint);
  try {
    const { TableNames: [name] = [] } = await client.send(new ListTablesCommand({}));
    if (name === undefined) throw new Error('The local run has no table');
    return name;
  } finally {
    client.destroy();
  }
}
