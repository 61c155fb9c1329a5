import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../bench';
import type { Registry } from './registry';

/** Requests before the measured ones. */
const WARM_UP = 60;
/** What takes seconds is not asked for as often: so long at most, but for the fewest requests that a median is made of. */
const LONGEST_MS = 60_000;
const FEWEST = 5;

/** Medians of two things that were done in turn, in milliseconds. */
export interface Pair {
  readonly ours: number;
  readonly theirs: number;
}

/** Sends all reads to both, in turn. @throws Error where their answers differ, if they should be the same */
export async function readsInTurn(
  ours: Registry,
  theirs: Registry,
  requests: number,
  { names = Object.keys(ours.reads), areSame = true } = {},
): Promise<Map<string, Pair>> {
  const times = new Map<string, Pair>();
  for (const what of names) {
    const [one, other] = [ours.read(what), theirs.read(what)];
    const until = performance.now() + LONGEST_MS / 6;
    for (let warm = 0; warm < WARM_UP && (warm === 0 || performance.now() < until); warm++) {
      const [found, others] = [await one(), await other()];
      if (found.length === 0) throw new Error(`${what}: nothing was found`);
      if (areSame && found.join() !== others.join())
        throw new Error(`${what}: ${ours.name} tells ${found}, ${theirs.name} ${others}`);
    }
    times.set(what, await inTurn(one, other, requests, 0));
  }
  return times;
}

/** Does two things in turn, with a rest after each. */
export async function inTurn(
  ours: () => Promise<unknown>,
  theirs: () => Promise<unknown>,
  requests: number,
  rest: number,
): Promise<Pair> {
  const times = { ours: [] as number[], theirs: [] as number[] };
  const until = performance.now() + LONGEST_MS;
  for (let request = 0; request < requests && (request < FEWEST || performance.now() < until); request++) {
    times.theirs.push(await timeOf(theirs, rest));
    times.ours.push(await timeOf(ours, rest));
  }
  return { ours: median(times.ours), theirs: median(times.theirs) };
}

async function timeOf(work: () => Promise<unknown>, rest: number): Promise<number> {
  const began = performance.now();
  await work();
  const took = performance.now() - began;
  if (rest > 0) await pause(rest);
  return took;
}
