import { afterAttempt, type Delivery, type SendOutcome } from '../domain/delivery';
import { put } from '../domain/records';
import { Contention, type DueAttempt, type DueQueue, type Ports } from '../ports';
import { deliveryKey, isKept } from './deliveries';

/** What an attempt needs of the world. */
export type AttemptPorts = Pick<Ports, 'store' | 'webhooks' | 'clock' | 'random'> & {
  readonly queue: DueQueue<DueAttempt>;
};

/** How long one attempt may take. */
const WITHIN = 30_000;

/**
 * Makes the attempt that is due, writes down what came of it, and asks for the next one where there is one. An attempt that
 * was made already is not made again; where its successor was not asked for, it is now. The webhook is as it is at that
 * moment: with its new secret, or not there any more.
 */
export async function attempt(ports: AttemptPorts, due: DueAttempt): Promise<void> {
  const { store, clock, random } = ports;
  const key = deliveryKey(due.workspace, due.webhook, due.delivery);
  const delivery = await store.get<'delivery'>(key, { consistent: true });
  if (delivery?.status !== 'PENDING' || !isKept(delivery, clock())) return;
  const made = delivery.attempts.length;
  if (made >= due.attempt) {
    if (made === due.attempt) await ports.queue.put([{ ...due, attempt: made + 1 }], untilNext(delivery, clock()));
    return;
  }
  const outcome = await send(ports, due, delivery);
  const { next, delaySeconds } = afterAttempt(delivery, outcome, clock(), random());
  try {
    await store.commit({ heads: [{ key, expected: made + 1 }], writes: [put<'delivery'>(key, next)], absent: [] });
  } catch (error) {
    // The same message was handed out twice: the other one has written it down, and goes on.
    if (error instanceof Contention) return;
    throw error;
  }
  if (delaySeconds !== undefined) await ports.queue.put([{ ...due, attempt: made + 2 }], delaySeconds);
}

function untilNext({ nextAttemptAt }: Delivery, now: Date): number {
  const left = nextAttemptAt === undefined ? 0 : Date.parse(nextAttemptAt) - now.getTime();
  return Math.max(0, Math.ceil(left / 1000));
}

async function send({ store, webhooks }: AttemptPorts, due: DueAttempt, { id, body }: Delivery): Promise<SendOutcome> {
  const { workspace, webhook: webhookId } = due;
  const webhook = await store.get<'webhook'>({ kind: 'webhook', workspace, id: webhookId }, { consistent: true });
  if (!webhook) return { milliseconds: 0, error: 'the webhook was deleted', final: true };
  if (webhook.status === 'DISABLED') return { milliseconds: 0, error: 'the webhook is disabled', final: true };
  const { url, secret } = webhook;
  return webhooks.send({ url, deliveryId: id, body, secret, withinMilliseconds: WITHIN });
}
