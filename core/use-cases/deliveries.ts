import { type Delivery, expiryOf } from '../domain/delivery';
import { RegistryError } from '../domain/errors';
import { type Key, put } from '../domain/records';
import type { Page, PageRequest, Ports, Row } from '../ports';
import type { UseCase } from './call';
import { execute } from './execute';
import { History } from './history';
import { loadWebhook, readWebhook } from './webhooks';
import { workspaceChange } from './workspace-records';

/** Where a delivery is kept. */
export function deliveryKey(workspace: string, webhook: string, id: string): Key<'delivery'> {
  return { kind: 'delivery', workspace, webhook, id };
}

/** The table removes what has expired when it gets to it; until then it is as if it were not there. */
export function isKept({ expiresAt }: Pick<Delivery, 'expiresAt'>, now: Date): boolean {
  return expiresAt > now.toISOString();
}

interface OfDelivery {
  params: { webhook: string; delivery: string };
}

/** Lists the deliveries of a webhook in the last 30 days, the newest first unless asked otherwise. */
export const listDeliveries: UseCase<{ params: { webhook: string }; page: PageRequest }, Page<Row<'delivery'>>> =
  (ports) =>
  async ({ params, page }, call) => {
    const { workspace, id: webhook } = await readWebhook(ports, call, params.webhook);
    const rows = await ports.store.query<'delivery'>({ kind: 'delivery', workspace, webhook }, page);
    return { body: { ...rows, items: rows.items.filter((row) => isKept(row, ports.clock())) } };
  };

/** Shows a delivery with what is sent. */
export const getDelivery: UseCase<OfDelivery, Delivery> =
  (ports) =>
  async ({ params }, call) => {
    const { id } = await readWebhook(ports, call, params.webhook);
    const delivery = await ports.store.get<'delivery'>(deliveryKey(call.workspace, id, params.delivery));
    return { body: checkDelivery(ports, delivery, params.delivery) };
  };

function checkDelivery(ports: Pick<Ports, 'clock'>, delivery: Delivery | undefined, id: string): Delivery {
  if (delivery && isKept(delivery, ports.clock())) return delivery;
  throw new RegistryError('delivery_not_found', `Delivery ${id} does not exist.`, [
    { field: 'path.delivery', value: id, rule: 'made in the last 30 days' },
  ]);
}

/**
 * Sends the message of a delivery again, as a delivery of its own. The event that tells of it is what starts it: what is
 * to be sent and that somebody asked for it are one write.
 */
export const redeliver: UseCase<OfDelivery, Delivery> =
  (ports) =>
  ({ params }, call) =>
    execute(ports, call, async () => {
      const { workspace } = call;
      const { head, webhook } = await loadWebhook(ports, call, params.webhook);
      const key = deliveryKey(workspace, webhook.id, params.delivery);
      const former = checkDelivery(
        ports,
        await ports.store.get<'delivery'>(key, { consistent: true }),
        params.delivery,
      );
      if (webhook.status === 'DISABLED') {
        throw new RegistryError('webhook_disabled', `Webhook ${webhook.name} is disabled: enable it first.`, [
          { field: 'path.webhook', value: webhook.id, rule: 'ACTIVE' },
        ]);
      }
      const history = new History(ports, call, head, workspace);
      const { id, event, eventId, body } = former;
      const delivery: Delivery = {
        id: ports.newId(),
        webhook: webhook.id,
        event,
        eventId,
        redeliveryOf: id,
        body,
        status: 'PENDING',
        attempts: [],
        createdAt: history.at,
        expiresAt: expiryOf(history.at),
      };
      history.add({
        type: 'webhook.redelivered',
        webhook: webhook.id,
        changed: ['delivery'],
        previous: { delivery: id },
        current: { delivery: delivery.id },
      });
      const written = put<'delivery'>(deliveryKey(workspace, webhook.id, delivery.id), delivery);
      return { answer: { body: delivery }, change: workspaceChange(history, [written]) };
    });
