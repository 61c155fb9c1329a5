import { type Attempted, afterAttempt, type SendOutcome, stepOf, type WebhookOutcome } from '../domain/delivery';
import { type AttemptedKind, type Key, put, type Records } from '../domain/records';
import { Contention, type DueAttempt, type DueQueue, type Ports } from '../ports';
import { LONGEST_RUN } from './announced';
import { deliveryKey, isKept } from './deliveries';

/** What making an attempt of anything needs of the world. */
export type AttemptingPorts = Pick<Ports, 'store' | 'clock' | 'random'>;

/** How the attempts of one kind of message are made. */
export interface Course<K extends AttemptedKind> {
  readonly key: Key<K>;
  /** The attempt that is due; 1 for the first. */
  readonly attempt: number;
  readonly send: (message: Records[K]) => Promise<SendOutcome>;
  /** Asks for an attempt. */
  readonly ask: (attempt: number, delaySeconds: number) => Promise<void>;
  /** Whether an attempt is claimed before it is made, so that two functions never make it at the same time. */
  readonly exclusive?: true;
  /**
   * Puts an attempt aside for somebody to give it back: one that would follow the last, of a message that another attempt
   * may still bring. Without it such a message has failed.
   */
  readonly aside?: (attempt: number) => Promise<void>;
}

/**
 * Makes the attempt that is due, writes down what came of it, and asks for the next one where there is one. An attempt that
 * was made already is not made again; where its successor was not asked for, it is now.
 */
export async function attemptOf<K extends AttemptedKind>(ports: AttemptingPorts, course: Course<K>): Promise<void> {
  const { store, clock, random } = ports;
  const { key, attempt, send, aside } = course;
  const found = await store.get<K>(key, { consistent: true });
  if (found?.status !== 'PENDING' || !isKept(found, clock())) return;
  const made = found.attempts.length;
  if (made >= attempt) {
    if (made === attempt) await follow(course, made + 1, untilNext(found, clock()));
    return;
  }
  const message = course.exclusive ? await claim(ports, key, found) : found;
  if (!message) return;
  const outcome = await send(message);
  const { next, delaySeconds } = afterAttempt(message, outcome, clock(), random(), aside !== undefined);
  // Where the same message was handed out twice, the other one has written it down, and goes on.
  if (!(await step(ports, key, message, next))) return;
  if (next.status === 'PENDING') await follow(course, made + 2, delaySeconds);
}

/** Claims an attempt. @returns the message as it is then, or nothing where somebody else is at it */
async function claim<K extends AttemptedKind>(
  ports: AttemptingPorts,
  key: Key<K>,
  message: Records[K],
): Promise<Records[K] | undefined> {
  const now = ports.clock();
  const { claims = 0, claimedAt } = message;
  // Who claimed it has its own message, which comes again if that one ended.
  if (claimedAt !== undefined && now.getTime() - Date.parse(claimedAt) < LONGEST_RUN) return undefined;
  const claimed = { ...message, claims: claims + 1, claimedAt: now.toISOString() };
  return (await step(ports, key, message, claimed)) ? claimed : undefined;
}

/** Writes the next step of a message. @returns whether it is this one that was written, and not somebody else's */
async function step<K extends AttemptedKind>(
  { store }: AttemptingPorts,
  key: Key<K>,
  before: Records[K],
  next: Records[K],
): Promise<boolean> {
  const head = { key: key as Key<AttemptedKind>, expected: stepOf(before) };
  try {
    await store.commit({ heads: [head], writes: [put<K>(key, next)], absent: [] });
    return true;
  } catch (error) {
    if (!(error instanceof Contention)) throw error;
    const stored = await store.get<K>(key, { consistent: true });
    // A table that is only busy lets the message come again.
    if (stored && stepOf(stored) === head.expected) throw error;
    return false;
  }
}

async function follow<K extends AttemptedKind>(
  { ask, aside }: Course<K>,
  attempt: number,
  delaySeconds: number | undefined,
): Promise<void> {
  if (delaySeconds !== undefined) await ask(attempt, delaySeconds);
  else await aside?.(attempt);
}

/** @returns nothing where the attempts are used up */
function untilNext({ nextAttemptAt }: Attempted<string>, now: Date): number | undefined {
  if (nextAttemptAt === undefined) return undefined;
  return Math.max(0, Math.ceil((Date.parse(nextAttemptAt) - now.getTime()) / 1000));
}

/** What an attempt to reach a webhook needs of the world. */
export type AttemptPorts = AttemptingPorts & Pick<Ports, 'webhooks'> & { readonly queue: DueQueue<DueAttempt> };

/** How long one attempt may take. */
const WITHIN = 30_000;

/**
 * Makes the attempt of a delivery that is due. The webhook is as it is at that moment: with its new secret, or not there any
 * more.
 */
export async function attempt(ports: AttemptPorts, due: DueAttempt): Promise<void> {
  await attemptOf<'delivery'>(ports, {
    key: deliveryKey(due.workspace, due.webhook, due.delivery),
    attempt: due.attempt,
    send: ({ id, body }) => send(ports, due, id, body),
    ask: (attempt, delaySeconds) => ports.queue.put([{ ...due, attempt }], delaySeconds),
  });
}

async function send(
  { store, webhooks }: AttemptPorts,
  { workspace, webhook: webhookId }: DueAttempt,
  deliveryId: string,
  body: string,
): Promise<WebhookOutcome> {
  const webhook = await store.get<'webhook'>({ kind: 'webhook', workspace, id: webhookId }, { consistent: true });
  if (!webhook) return { milliseconds: 0, error: 'the webhook was deleted', final: true };
  if (webhook.status === 'DISABLED') return { milliseconds: 0, error: 'the webhook is disabled', final: true };
  const { url, secret } = webhook;
  return webhooks.send({ url, deliveryId, body, secret, withinMilliseconds: WITHIN });
}
