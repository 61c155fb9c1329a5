import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until something is found.
 * @param look undefined or false as long as it is not there
 * @throws Error naming what did not happen in time
 */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  milliseconds: number,
): Promise<T> {
  for (const end = Date.now() + milliseconds; Date.now() < end; await pause(10)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`${what} did not happen within ${milliseconds} ms`);
}
