import { setTimeout as pause } from 'node:timers/promises';
import { inTurn, type Pair, readsInTurn } from './in-turn';
import { commitOf, type Registry } from './registry';

/** Medians by what was measured. */
export type Times = ReadonlyMap<string, Pair>;

const CREATE = 'model-versions/create';
/** What a write sets off afterwards may not meet the next request. */
const AFTER_WRITE_MS = 400;
/** Requests to two sizes: enough to tell a growth of a tenth from chance. */
const READS_OF_SIZES = 400;
const WRITES_OF_SIZES = 120;
/** How long it may take until the search knows what was registered. */
const SEARCHABLE_WITHIN_MS = 600_000;

/** All requests that both answer, to Signet and to MLflow in turn, once the search of Signet knows everything. */
export async function measure(signet: Registry, rival: Registry, requests: number): Promise<Times> {
  await searchable(signet);
  if (await rival.searchesMetrics()) throw new Error('MLflow searches by metric: it has to be measured');
  const times = await readsInTurn(signet, rival, requests);
  return times.set(CREATE, await createInTurn(signet, rival, requests));
}

/**
 * All requests to two local runs in turn, of which one has many versions and the other few: what else the machine does meanwhile
 * both bear, so that their ratio tells a growth by itself.
 */
export async function measureSizes(many: Registry, few: Registry): Promise<Times> {
  for (const registry of [many, few]) await searchable(registry);
  const names = [...Object.keys(many.reads), ...Object.keys(many.ownReads)];
  const times = await readsInTurn(many, few, READS_OF_SIZES, { names, areSame: false });
  return times.set(CREATE, await createInTurn(many, few, WRITES_OF_SIZES));
}

function createInTurn(ours: Registry, theirs: Registry, requests: number): Promise<Pair> {
  return inTurn(
    () => ours.register(),
    () => theirs.register(),
    requests,
    AFTER_WRITE_MS,
  );
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
