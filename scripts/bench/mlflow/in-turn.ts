import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../bench';
import type { Registry } from './registry';

/** Requests before the measured ones. */
const WARM_UP = 50;
/** What takes seconds is not asked for as often: so long at most, but for the fewest requests that a median is made of. */
const LONGEST_MS = 60_000;
const FEWEST = 5;

/** Sends all reads to both, in turn. @throws Error where their answers differ */
export async function readsInTurn(signet: Registry, rival: Registry, requests: number) {
  const times = new Map<string, { signet: number; mlflow: number }>();
  for (const [what, read] of Object.entries(signet.reads)) {
    const other = rival.reads[what] as () => Promise<string[]>;
    const until = performance.now() + LONGEST_MS / 6;
    for (let warm = 0; warm < WARM_UP && (warm === 0 || performance.now() < until); warm++) {
      const [ours, theirs] = [await read(), await other()];
      if (ours.join() !== theirs.join()) throw new Error(`${what}: Signet tells ${ours}, MLflow ${theirs}`);
    }
    times.set(what, await inTurn(read, other, requests, 0));
  }
  return times;
}

/** Does two things in turn. @returns the median of each, in milliseconds */
export async function inTurn(
  ours: () => Promise<unknown>,
  theirs: () => Promise<unknown>,
  requests: number,
  rest: number,
) {
  const times = { signet: [] as number[], mlflow: [] as number[] };
  const until = performance.now() + LONGEST_MS;
  for (let request = 0; request < requests && (request < FEWEST || performance.now() < until); request++) {
    times.mlflow.push(await timeOf(theirs));
    times.signet.push(await timeOf(ours));
    if (rest > 0) await pause(rest);
  }
  return { signet: median(times.signet), mlflow: median(times.mlflow) };
}

/** Does one thing so often, with a rest after each. @returns the median, in milliseconds */
export async function alone(work: () => Promise<unknown>, times: number, rest: number): Promise<number> {
  const measured: number[] = [];
  for (let time = 0; time < times; time++) {
    measured.push(await timeOf(work));
    if (rest > 0) await pause(rest);
  }
  return median(measured);
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
