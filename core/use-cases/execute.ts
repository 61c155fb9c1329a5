import { RegistryError } from '../domain/errors';
import { handOf } from '../domain/principal';
import { type Change, Contention, type Ledger, type Replay, type ReplayKey } from '../ports';
import { marksOf } from '../search/marks';
import type { Answer, Call, Decision } from './call';

const HOURS = 3_600_000;
/** How long an answer is kept for its idempotency key. */
const REPLAY_TTL = 48 * HOURS;
/** How long a command tries before it gives up, below the 29 s that API Gateway waits. */
const PATIENCE = 20_000;
/**
 * Milliseconds that the first and the longest pause between two tries may take. Measured with 50 callers of one model:
 * they commit as fast as with pauses a third as long, with two thirds of the calls.
 */
const FIRST_PAUSE = 32;
const LONGEST_PAUSE = 1_000;

const NO_CHANGE: Omit<Change, 'replay'> = { heads: [], writes: [], absent: [] };

/**
 * Runs a command: decides on what is stored, commits on the condition that it still is, and starts over when somebody
 * else was faster. Under an idempotency key the answer is stored with the change, so that a repetition finds either
 * both or neither.
 * @throws RegistryError idempotency_key_reused, contention, and whatever the decision refuses
 */
export async function execute<T>(ports: Ledger, call: Call, decide: () => Promise<Decision<T>>): Promise<Answer<T>> {
  const started = ports.clock().getTime();
  for (let attempt = 0; ; attempt++) {
    try {
      const replay = await findReplay(ports, call);
      if (replay?.answer) return replay.answer as Answer<T>;
      const decision = await decide();
      await commit(ports, call, decision, replay !== undefined);
      return decision.answer;
    } catch (error) {
      if (!(error instanceof Contention)) throw error;
      if (ports.clock().getTime() - started > PATIENCE) {
        throw new RegistryError('contention', 'Too many changes at the same time; nothing was changed.', [], {
          cause: error,
        });
      }
      await ports.pause(ports.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt));
    }
  }
}

/** By role, not by session: a job that is run again is another session of the same role, and is to find its answer. */
function replayKey({ workspace, principal, idempotency }: Call): ReplayKey | undefined {
  return idempotency && { workspace, principal: handOf(principal.id), key: idempotency.key };
}

async function findReplay(ports: Ledger, call: Call): Promise<Replay | undefined> {
  const key = replayKey(call);
  if (!key || !call.idempotency) return undefined;
  const replay = await ports.store.replay(key);
  if (!replay) return undefined;
  if (replay.fingerprint !== call.idempotency.fingerprint) {
    throw new RegistryError('idempotency_key_reused', 'The idempotency key was used for another request.', [
      { field: 'header.Idempotency-Key', value: key.key, rule: 'a new key for each request that differs' },
    ]);
  }
  return replay;
}

async function commit<T>(ports: Ledger, call: Call, decision: Decision<T>, repeated: boolean): Promise<void> {
  const change = decision.change && {
    ...decision.change,
    writes: [...decision.change.writes, ...marksOf(decision.change.writes)],
  };
  const key = replayKey(call);
  if (!key || !call.idempotency || repeated) {
    if (change) await ports.store.commit(change);
    return;
  }
  const expiresAt = new Date(ports.clock().getTime() + REPLAY_TTL);
  const { fingerprint } = call.idempotency;
  await ports.store.commit({
    ...(change ?? NO_CHANGE),
    replay: { ...key, fingerprint, expiresAt, ...(!decision.fresh && { answer: decision.answer }) },
  });
}
