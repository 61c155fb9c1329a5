import { type Key, put } from '../../domain/records';
import { Contention, type TargetPlace } from '../../ports';
import type { DeployPorts } from './ports';

/** Longer than whoever takes a turn lives: its function ends after a minute. */
const TURN = 120_000;

/** The right to tell the host of one target what to do, which one process has at a time. */
export interface HeldTurn {
  giveBack(): Promise<void>;
}

/**
 * Takes the turn of a target, so that no two processes tell its host different things at once: a call to the host cannot
 * carry a condition on what the registry knows.
 * @returns nothing while somebody else has it
 */
export async function takeTurn(
  { store, clock }: Pick<DeployPorts, 'store' | 'clock'>,
  place: TargetPlace,
): Promise<HeldTurn | undefined> {
  const key: Key<'turn'> = { kind: 'turn', ...place };
  const before = await store.get<'turn'>(key, { consistent: true });
  const now = clock();
  if (before && before.until > now.toISOString()) return undefined;
  const expected = before?.sequence ?? 0;
  const write = (sequence: number, until: Date, from: number) =>
    store.commit({
      heads: [{ key, expected: from }],
      writes: [put<'turn'>(key, { sequence, until: until.toISOString() })],
      absent: [],
    });
  try {
    await write(expected + 1, new Date(now.getTime() + TURN), expected);
  } catch (error) {
    if (error instanceof Contention) return undefined;
    throw error;
  }
  return {
    giveBack: async () => {
      try {
        await write(expected + 2, new Date(0), expected + 1);
      } catch (error) {
        // It had ended by itself and somebody else has it now.
        if (!(error instanceof Contention)) throw error;
      }
    },
  };
}
