import { setTimeout as pause } from 'node:timers/promises';

/** How one request went. */
export interface Sample {
  readonly operation: string;
  /** Milliseconds from when the request was meant to be sent, so that one which waited for others counts its waiting. */
  readonly milliseconds: number;
  readonly error?: string;
}

/** What requests arrive at, and how often. */
export interface Load {
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** Requests that may be under way at once: more are told as errors, because what holds back so much does not hold. */
  readonly most: number;
  /** Sends one request; answers the operation's name. */
  readonly send: () => { readonly operation: string; readonly done: Promise<void> };
  readonly random: () => number;
}

/**
 * Sends requests at random moments of a steady rate, whether earlier ones are answered or not, as independent callers do. A loop that
 * waits for each answer would send least when the server is slowest, and not see it.
 */
export async function arrive(load: Load): Promise<Sample[]> {
  const samples: Sample[] = [];
  const underWay = new Set<Promise<void>>();
  const began = performance.now();
  let due = 0;
  for (;;) {
    due += (-Math.log(1 - load.random()) * 1_000) / load.ratePerSecond;
    if (due >= load.seconds * 1_000) break;
    const wait = began + due - performance.now();
    if (wait > 0) await pause(wait);
    if (underWay.size >= load.most) {
      samples.push({ operation: 'any', milliseconds: 0, error: `more than ${load.most} requests under way` });
      continue;
    }
    const intended = began + due;
    const { operation, done } = load.send();
    const told = (error?: string) => {
      samples.push({ operation, milliseconds: performance.now() - intended, ...(error !== undefined && { error }) });
    };
    const request = done.then(
      () => told(),
      (reason: unknown) => told(reason instanceof Error ? reason.message.slice(0, 200) : String(reason)),
    );
    underWay.add(request);
    void request.finally(() => underWay.delete(request));
  }
  await Promise.all(underWay);
  return samples;
}
