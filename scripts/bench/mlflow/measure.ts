import { setTimeout as pause } from 'node:timers/promises';
import type { Time, Times } from './figures';
import { alone, inTurn, readsInTurn } from './in-turn';
import { commitOf, type Registry } from './registry';

const CREATE = 'model-versions/create';
/** Requests of Signet alone: enough to tell a growth of a tenth from chance. */
const READS_ALONE = 300;
const WRITES_ALONE = 60;
/** What a write sets off afterwards may not meet the next request. */
const AFTER_WRITE_MS = 400;
/** How long it may take until the search knows what was registered. */
const SEARCHABLE_WITHIN_MS = 600_000;

/**
 * All requests that both answer, in turn, once the search of Signet knows everything; and those of Signet alone, which tell how
 * it grows: a request of MLflow that takes seconds leaves the machine's caches cold for the one after it.
 */
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
  times.set(CREATE, create);
  const found = new Map<string, Time>();
  for (const [what, time] of times) {
    const read = signet.reads[what];
    const own = read
      ? await alone(read, READS_ALONE, 0)
      : await alone(() => signet.register(), WRITES_ALONE, AFTER_WRITE_MS);
    found.set(what, { ...time, alone: own });
  }
  return found;
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
