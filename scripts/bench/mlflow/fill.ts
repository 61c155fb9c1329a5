import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { documentClient } from '../../../adapters/dynamodb/client';
import { engineClient, startEngine } from '../../../local/dynamodb';
import { holdingCommits } from '../../../test/support/held-commits';
import { pauseStream } from '../../console/bulk';
import { freePort } from '../../free-port';
import { CALLERS, functions, unlogged } from '../functions';
import type { Local } from './local';
import { posting } from './posting';
import { MODEL, newMeasuredVersion, type Registry } from './registry';

/** Makes a registry have so many versions; each way makes what the registry's own code makes of a request. */
export type Fill = (registry: Registry, versions: number) => Promise<void>;

/** Registers versions one after the other. */
export const fillOneByOne: Fill = (registry, versions) => registry.fill(versions);

/** Fills a registry, and prints how long that took. */
export async function filled(registry: Registry, fill: Fill, size: number): Promise<void> {
  const began = performance.now();
  await fill(registry, size);
  console.log(`${registry.name}: ${size} versions after ${((performance.now() - began) / 1_000).toFixed(0)} s`);
}

const run = promisify(execFile);

/** Versions that are held in memory before they are written. */
const STEP = 2_000;

/**
 * Fills local runs while they do not run: the command function runs in this process and takes each request as usual; what it
 * commits is held and written to the table together, versions with what posting them for the search makes. The stream is told
 * nothing of it: nobody's events, webhooks or mails are measured.
 */
export async function signetFiller(): Promise<(local: Local) => Fill> {
  // The functions are loaded once, and told of one endpoint.
  const port = await freePort();
  return ({ offline }) =>
    async (registry, versions) => {
      await startModel(registry);
      const missing = numbersTo(registry.versions, versions);
      if (missing.length > 0) {
        await offline(async (dbPath) => {
          const engine = await startEngine({ dbPath, port });
          const client = engineClient(engine.endpoint);
          try {
            const table = await tableOf(client);
            const resume = await pauseStream(client, table);
            await register(missing, engine.endpoint, table);
            await resume();
          } finally {
            client.destroy();
            await engine.close();
          }
        });
      }
      await finish(registry, versions);
    };
}

async function register(numbers: readonly number[], endpoint: string, name: string): Promise<void> {
  const ask = await functions(endpoint, name);
  await unlogged(async () => {
    for (let start = 0; start < numbers.length; start += STEP) {
      const some = numbers.slice(start, start + STEP);
      const requests = async () => {
        for (const number of some)
          await ask(CALLERS.administrator, 'POST', `/v1/models/${MODEL}/versions`, newMeasuredVersion(number));
      };
      await holdingCommits({ client: documentClient(), name }, requests, posting());
    }
  });
}

/** Fills MLflow's server: rows as its store made them are copied in its database. */
export function fillMlflow(python: string, database: string): Fill {
  return async (registry, versions) => {
    await startModel(registry);
    const missing = numbersTo(registry.versions, versions);
    const [first, last] = [missing[0], missing.at(-1)];
    if (first !== undefined)
      await run(python, ['scripts/bench/mlflow/fill.py', database, MODEL, String(first), String(last)]);
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

async function tableOf(client: DynamoDBClient): Promise<string> {
  const { TableNames: [name] = [] } = await client.send(new ListTablesCommand({}));
  if (name === undefined) throw new Error('The local run has no table');
  return name;
}
