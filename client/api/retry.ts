import type { ApiError } from './error';

/** How often a call is tried in all, and how long at most it waits between two attempts. */
const ATTEMPTS = 5;
const LONGEST_WAIT_MS = 5_000;
const FIRST_WAIT_MS = 200;

/** What passes by itself: nothing was changed, or the same Idempotency-Key keeps the change from being made twice. */
const PASSING = new Set(['contention', 'throttled', 'unreachable']);

/** An attempt's failure, with the time after which the registry asks to be called again. */
export class Failed extends Error {
  constructor(
    readonly reason: ApiError,
    readonly retryAfterMs: number | undefined,
  ) {
    super(reason.message);
  }
}

/**
 * Tries until an attempt succeeds or fails for good.
 * @throws ApiError that of the last attempt
 */
export async function retried<T>(attempt: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      if (tried === ATTEMPTS || !PASSING.has(error.reason.code)) throw error.reason;
      await pause(Math.min(error.retryAfterMs ?? backoff(tried), LONGEST_WAIT_MS), signal);
    }
  }
}

/** Exponential with full jitter, so that callers who were refused together do not come back together. */
function backoff(tried: number): number {
  return FIRST_WAIT_MS * 2 ** (tried - 1) * (0.5 + Math.random() / 2);
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
