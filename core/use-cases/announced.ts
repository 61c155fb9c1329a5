import type { RegistryEvent } from '../domain/event';
import { type AttemptedKind, type Key, put, type Records } from '../domain/records';
import { Contention, type Ports } from '../ports';

/** An event as the bus carries it: without its large values where they did not fit. */
export type AnnouncedEvent = RegistryEvent & { readonly truncated?: true };

/** Longest time for which a list is used again. */
const FRESH = 30_000;
/** A function runs for a minute at most: what it began and has not finished by then, it never does. */
export const LONGEST_RUN = 60_000;
/** By how much the clocks of two functions may differ. */
const SKEW = 1_000;

/**
 * Remembers what a workspace's events are compared with. A list serves several events, but none that is younger than the
 * list: a receiver that was there before the event never misses it.
 */
export function remembered<T>(
  { clock }: Pick<Ports, 'clock'>,
  read: (workspace: string) => Promise<T>,
): (event: AnnouncedEvent) => Promise<T> {
  const lists = new Map<string, { readonly at: number; readonly list: Promise<T> }>();
  return ({ workspace, at }) => {
    const now = clock().getTime();
    const known = lists.get(workspace);
    if (known && known.at > Date.parse(at) + SKEW && now - known.at < FRESH) return known.list;
    const list = read(workspace);
    lists.set(workspace, { at: now, list });
    list.catch(() => lists.delete(workspace));
    return list;
  };
}

/** Writes a message unless it was written before. @returns it where its first attempt is to be asked for */
export async function writeOnce<K extends AttemptedKind>(
  ports: Pick<Ports, 'store' | 'clock'>,
  key: Key<K>,
  message: Records[K],
): Promise<Records[K][]> {
  try {
    await ports.store.commit({ heads: [], writes: [put<K>(key, message)], absent: [key as Key] });
    return [message];
  } catch (error) {
    if (!(error instanceof Contention)) throw error;
    const written = await ports.store.get<K>(key, { consistent: true });
    if (!written) throw error;
    return isStranded(ports, written) ? [written] : [];
  }
}

/** Whether who wrote a message ended before its first attempt was asked for. */
export function isStranded(
  { clock }: Pick<Ports, 'clock'>,
  { status, attempts, createdAt }: Records[AttemptedKind],
): boolean {
  const age = clock().getTime() - Date.parse(createdAt);
  return status === 'PENDING' && attempts.length === 0 && age >= LONGEST_RUN;
}
