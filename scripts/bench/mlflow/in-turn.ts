import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../bench';
import type { Registry } from './registry';

/** Requests before the measured ones. */
const WARM_UP = 10;

/** Sends the reads of these names to both, in turn. @throws Error where their answers differ */
export async function readsInTurn(
  signet: Registry,
  rival: Registry,
  requests: number,
  isWanted: (what: string) => boolean,
) {
  const times = new Map<string, { signet: number; mlflow: number }>();
  for (const [what, read] of Object.entries(signet.reads)) {
    if (!isWanted(what)) continue;
    const other = rival.reads[what] as () => Promise<string[]>;
    for (let warm = 0; warm < WARM_UP; warm++) {
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
