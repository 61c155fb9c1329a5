import { setTimeout as pause } from 'node:timers/promises';
import { SendFailed } from './send';

const ATTEMPTS = 5;
const FIRST_WAIT_MS = 250;

/**
 * Does what may fail by itself up to five times, with waits in between that double.
 * @param work is told the number of the attempt, from 1
 * @throws whatever is no SendFailed at once, and the last SendFailed
 */
export async function patiently<T>(signal: AbortSignal | undefined, work: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!(error instanceof SendFailed) || attempt === ATTEMPTS) throw error;
      await pause(FIRST_WAIT_MS * 2 ** (attempt - 1), undefined, { ...(signal && { signal }) });
    }
  }
}
