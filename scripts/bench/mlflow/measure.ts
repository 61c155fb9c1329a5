import { setTimeout as pause } from 'node:timers/promises';
import type { Times } from './figures';
import { inTurn, readsInTurn } from './in-turn';
import { commitOf, type Registry } from './registry';

const CREATE = 'model-versions/create';
/** What a write sets off afterwards may not meet the next request. */
const AFTER_WRITE_MS = 400;
/** How long it may take until the search knows what was registered. */
const SEARCHABLE_WITHIN_MS = 600_000;

/** All requests that both answer, in turn, once the search of Signet knows everything. */
export async function measure(signet: Registry, rival: Registry, requests: number): Promise<Times> {
  await searchable(signet);
  if (await rival.searchesMetrics()) throw new Error('MLflow searches by metric: it has to be measured');
  const times = await readsInTurn(signet, rival, requests);
  const create = await inTurn(
    () => signet.register(),
    () => rival.register(),
    requests,
    AFTER_WRITE_MS,
  );
  return times.set(CREATE, create);
}

async function searchable({ url, versions }: Registry): Promise<void> {
  const began = performance.now();
  while (!(await isSearchable(url, versions))) {
    if (performance.now() - began > SEARCHABLE_WITHIN_MS) throw new Error(`Version ${versions} is not searchable`);
    await pause(250);
  }
  console.log(`Signet: all searchable after ${((performance.now() - began) / 1_000).toFixed(1)} s more`);
}

/** Whether the search index of Signet, which follows the table, has reached this version. */
async function isSearchable(url: string, version: number): Promise<boolean> {
  const filter = encodeURIComponent(`tags.commit = '${commitOf(version)}'`);
  const response = await fetch(`${url}/v1/search?filter=${filter}`);
  const { items } = (await response.json()) as { items?: readonly object[] };
  return items?.length === 1;
}
