import { type Delivery, deliveryId, expiryOf } from '../domain/delivery';
import type { RegistryEvent } from '../domain/event';
import type { Webhook } from '../domain/webhook';
import { EVERY_EVENT, isMlflowEvent } from '../domain/webhook-events';
import { dependsOnModel, isPrompt, type MlflowMessage, mlflowBody, mlflowMessages } from '../domain/webhook-mlflow';
import type { DueAttempt, DueQueue, Ports } from '../ports';
import { type AnnouncedEvent, remembered, writeOnce } from './announced';
import { deliveryKey } from './deliveries';
import { webhooksOf } from './webhooks';

/** What telling webhooks of events needs of the world. */
export type FanOutPorts = Pick<Ports, 'store' | 'clock' | 'sha256'> & { readonly queue: DueQueue<DueAttempt> };

/**
 * Makes the deliveries of an event: for each webhook that subscribed to it a record under an id that follows from both,
 * and a first attempt in the queue. The same event again finds its records, and asks for the first attempts of those that
 * have stood without one for a while: who wrote them ended before.
 *
 * A list of webhooks serves several events, but none that is younger than the list: a webhook that was there before the
 * event never misses it.
 */
export function fanOut(ports: FanOutPorts): (event: AnnouncedEvent) => Promise<void> {
  const listOf = remembered(ports, (workspace) => webhooksOf(ports, workspace));
  return async (event) => {
    const listed = await listOf(event);
    const deliveries = await deliveriesOf(
      ports,
      event,
      listed.filter((webhook) => concerns(webhook, event)),
    );
    const due = await Promise.all(
      deliveries.map((each) => writeOnce<'delivery'>(ports, deliveryKey(event.workspace, each.webhook, each.id), each)),
    );
    const attempts = due.flat().map(({ webhook, id }) => ({ webhook, delivery: id }));
    const all: DueAttempt[] = [...redelivered(event), ...attempts].map((each) => ({
      workspace: event.workspace,
      ...each,
      attempt: 1,
    }));
    if (all.length > 0) await ports.queue.put(all, 0);
  };
}

function concerns({ status, model }: Webhook, event: RegistryEvent): boolean {
  return status === 'ACTIVE' && (model === undefined || model === event.model);
}

/** The delivery that somebody asked for once more: it is written already. */
function redelivered({ type, webhook, current }: RegistryEvent) {
  const { delivery } = current;
  if (type !== 'webhook.redelivered' || webhook === undefined || typeof delivery !== 'string') return [];
  return [{ webhook, delivery }];
}

async function deliveriesOf(ports: FanOutPorts, event: AnnouncedEvent, webhooks: readonly Webhook[]) {
  const wanted = webhooks.some(({ events }) => events.some(isMlflowEvent));
  const messages = wanted ? await messagesOf(ports, event) : [];
  return webhooks.flatMap((webhook): Delivery[] => {
    const { events } = webhook;
    const make = (part: string, name: string, body: string) => delivery(ports, event, webhook, { part, name, body });
    const isNative = events.includes(EVERY_EVENT) || events.includes(event.type);
    return [
      ...(isNative ? [make('event', event.type, JSON.stringify(event))] : []),
      ...messages.flatMap((message, index) => {
        if (!events.includes(message.event)) return [];
        return [make(`mlflow ${index}`, message.event, mlflowBody(message, event.at, event.workspace))];
      }),
    ];
  });
}

async function messagesOf({ store }: FanOutPorts, event: AnnouncedEvent): Promise<MlflowMessage[]> {
  const { workspace, modelId, sequence } = event;
  if (modelId === undefined) return [];
  const whole = event.truncated ? await store.get<'event'>({ kind: 'event', workspace, modelId, sequence }) : event;
  if (!whole) throw new Error(`event ${event.id} is not in its history`);
  const model = dependsOnModel(whole) && (await store.get<'model'>({ kind: 'model', workspace, modelId }));
  return mlflowMessages(whole, model ? isPrompt(model.tags) : false);
}

function delivery(
  { sha256, clock }: FanOutPorts,
  event: RegistryEvent,
  webhook: Webhook,
  { part, name, body }: { readonly part: string; readonly name: string; readonly body: string },
): Delivery {
  const createdAt = clock().toISOString();
  return {
    id: deliveryId(event.id, webhook.id, part, sha256),
    webhook: webhook.id,
    event: name,
    eventId: event.id,
    body,
    status: 'PENDING',
    attempts: [],
    createdAt,
    expiresAt: expiryOf(createdAt),
  };
}
