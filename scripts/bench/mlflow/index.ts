import { setTimeout as pause } from 'node:timers/promises';
import type { Bench } from '../bench';
import { ascending, withBoth } from './both';
import { comparisons, flatness, type Times } from './figures';
import { inTurn, readsInTurn } from './in-turn';
import { commitOf, type Registry } from './registry';

const CREATE = 'model-versions/create';
/** What a write sets off afterwards may not meet the next request. */
const AFTER_WRITE_MS = 150;
/** How long it may take until the search knows what was registered. */
const SEARCHABLE_WITHIN_MS = 600_000;

/** The local run against a real MLflow server, over HTTP on this machine. */
export const mlflow: Bench = {
  name: 'mlflow',
  measures:
    'The local run against a real MLflow server (3.17.2, SQLite, one worker), each in processes of its own on this machine: the same requests of MLflow’s protocol by the same client (fetch, connections kept), in turn, and the same answers, which is looked at. Both are filled through that protocol, by one caller, with versions of one model, two tags each. Ratios of medians: how many times quicker Signet answers. MLflow’s registry refuses a search by metric, so there is nothing to compare it with. The local run emulates API Gateway, Lambda and DynamoDB; how quick those are it does not tell.',
  run: ({ runs, folder, sizes = [1_000] }) =>
    withBoth(folder, async ({ signet, other }) => {
      const measured = new Map<number, Times>();
      for (const size of ascending(sizes)) {
        for (const registry of [other, signet]) await filled(registry, size);
        await searchable(signet);
        if (await other.searchesMetrics()) throw new Error('MLflow searches by metric: it has to be measured');
        measured.set(size, await measure(signet, other, runs * 4));
      }
      return [...comparisons(measured), ...flatness(measured)];
    }),
};

async function filled(registry: Registry, size: number): Promise<void> {
  const began = performance.now();
  await registry.fill(size);
  console.log(`${registry.name}: ${size} versions after ${((performance.now() - began) / 1_000).toFixed(0)} s`);
}

async function searchable({ url, versions }: Registry): Promise<void> {
  const began = performance.now();
  while (!(await isSearchable(url, versions))) {
    if (performance.now() - began > SEARCHABLE_WITHIN_MS) throw new Error(`Version ${versions} is not searchable`);
    await pause(1_000);
  }
  console.log(`Signet: all searchable after ${((performance.now() - began) / 1_000).toFixed(0)} s more`);
}

/** Whether the search index of Signet, which follows the table, has reached this version. */
async function isSearchable(url: string, version: number): Promise<boolean> {
  const filter = encodeURIComponent(`tags.commit = '${commitOf(version)}'`);
  const response = await fetch(`${url}/v1/search?filter=${filter}`);
  const { items } = (await response.json()) as { items?: readonly object[] };
  return items?.length === 1;
}

async function measure(signet: Registry, rival: Registry, requests: number): Promise<Times> {
  const times = await readsInTurn(signet, rival, requests, () => true);
  const create = await inTurn(
    () => signet.register(),
    () => rival.register(),
    requests,
    AFTER_WRITE_MS,
  );
  return times.set(CREATE, create);
}
