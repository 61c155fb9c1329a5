import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startServer } from '../../load/server';
import { type Bench, type Figure, median } from '../bench';
import { commitOf, Registry } from './registry';
import { startMlflow } from './server';

/** Medians in milliseconds, by what was measured. */
type Times = ReadonlyMap<string, { readonly signet: number; readonly mlflow: number }>;

const CREATE = 'model-versions/create';
const GET = 'registered-models/get';
/** Requests before the measured ones. */
const WARM_UP = 10;
/** What a write sets off afterwards may not meet the next request. */
const AFTER_WRITE_MS = 150;
/** How long it may take until the search knows what was registered. */
const SEARCHABLE_WITHIN_MS = 600_000;

/** The local run against a real MLflow server, over HTTP on this machine. */
export const mlflow: Bench = {
  name: 'mlflow',
  measures:
    'The local run against a real MLflow server (3.17.2, SQLite, one worker), each in processes of its own on this machine: the same requests of MLflow’s protocol by the same client (fetch, connections kept), in turn, and the same answers, which is looked at. Both are filled through that protocol, by one caller, with versions of one model, two tags each. Ratios of medians: how many times quicker Signet answers. MLflow’s registry refuses a search by metric, so there is nothing to compare it with. The local run emulates API Gateway, Lambda and DynamoDB; how quick those are it does not tell.',
  run: async ({ runs, folder, sizes }) => {
    const [data, files] = [join(folder, 'signet'), join(folder, 'mlflow')];
    await Promise.all([mkdir(data), mkdir(files)]);
    const rival = await startMlflow(files);
    try {
      const server = await startServer(data);
      try {
        const signet = new Registry('Signet', server.url);
        const other = new Registry('MLflow', rival.url);
        const measured = new Map<number, Times>();
        for (const size of [...sizes].sort((a, b) => a - b)) {
          for (const registry of [other, signet]) await filled(registry, size);
          await searchable(signet);
          if (await other.searchesMetrics()) throw new Error('MLflow searches by metric: it has to be measured');
          measured.set(size, await measure(signet, other, runs * 4));
        }
        return [...comparisons(measured), ...flatness(measured)];
      } finally {
        await server.stop();
      }
    } finally {
      await rival.stop();
    }
  },
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
  const times = new Map<string, { signet: number; mlflow: number }>();
  for (const [what, read] of Object.entries(signet.reads)) {
    const other = rival.reads[what] as () => Promise<string[]>;
    for (let warm = 0; warm < WARM_UP; warm++) {
      const [ours, theirs] = [await read(), await other()];
      if (ours.join() !== theirs.join()) throw new Error(`${what}: Signet tells ${ours}, MLflow ${theirs}`);
    }
    times.set(what, await inTurn(read, other, requests, 0));
  }
  const create = await inTurn(
    () => signet.register(),
    () => rival.register(),
    requests,
    AFTER_WRITE_MS,
  );
  return times.set(CREATE, create);
}

async function inTurn(ours: () => Promise<unknown>, theirs: () => Promise<unknown>, requests: number, rest: number) {
  const times = { signet: [] as number[], mlflow: [] as number[] };
  for (let request = 0; request < requests; request++) {
    times.mlflow.push(await timeOf(theirs));
    times.signet.push(await timeOf(ours));
    if (rest > 0) await pause(rest);
  }
  return { signet: median(times.signet), mlflow: median(times.mlflow) };
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function comparisons(measured: ReadonlyMap<number, Times>): Figure[] {
  return [...measured].flatMap(([size, times]) =>
    [...times].map(([what, { signet, mlflow }]): Figure => {
      const least = what === GET && size >= 10_000 ? 10 : size === 1_000 ? 1 : undefined;
      return {
        what: `${what}, ${count(size)} versions`,
        value: rounded(mlflow / signet),
        unit: '× as quick as MLflow',
        ...(least !== undefined && { goal: { atLeast: least } }),
        note: `Signet ${rounded(signet)} ms, MLflow ${rounded(mlflow)} ms`,
      };
    }),
  );
}

function flatness(measured: ReadonlyMap<number, Times>): Figure[] {
  const [smallest, largest] = [Math.min(...measured.keys()), Math.max(...measured.keys())];
  const [few, many] = [measured.get(smallest), measured.get(largest)];
  if (!few || !many || few === many) return [];
  return [...few].map(([what, before]) => {
    const after = many.get(what) ?? { signet: Number.NaN, mlflow: Number.NaN };
    return {
      what: `${what}: time with ${count(largest)} versions`,
      value: rounded(after.signet / before.signet),
      unit: `× that with ${count(smallest)}`,
      goal: { atMost: 1.15 },
      note: `MLflow ${rounded(after.mlflow / before.mlflow)}`,
    };
  });
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
const count = (size: number): string => size.toLocaleString('en-US');
