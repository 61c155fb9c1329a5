import { RegistryError } from '../domain/errors';
import type { Notification } from '../domain/notification';
import { put } from '../domain/records';
import { confirmBy } from '../domain/subscription';
import type { Page, PageRequest, Ports, Row } from '../ports';
import type { UseCase } from './call';
import { isKept } from './deliveries';
import { execute } from './execute';
import { History } from './history';
import { askedFor, decide, notificationKey } from './subscription-change';
import { loadSubscription, readSubscription } from './subscription-records';
import { workspaceChange } from './workspace-records';

/** A notification as callers see it. */
function viewOf<N extends Notification>({ claims, claimedAt, ...shown }: N) {
  return shown;
}

interface OfSubscription {
  params: { subscription: string };
}
interface OfNotification {
  params: { subscription: string; notification: string };
}

/** Lists the mails of a subscription in the last 30 days, the newest first unless asked otherwise. */
export const listNotifications: UseCase<
  OfSubscription & { page: PageRequest },
  Page<Omit<Row<'notification'>, 'claims' | 'claimedAt'>>
> =
  (ports) =>
  async ({ params, page }, call) => {
    const { subscription } = await readSubscription(ports, call, params.subscription);
    const { workspace, id } = subscription;
    const rows = await ports.store.query<'notification'>({ kind: 'notification', workspace, subscription: id }, page);
    return { body: { ...rows, items: rows.items.filter((row) => isKept(row, ports.clock())).map(viewOf) } };
  };

/** Shows a mail with what it says. */
export const getNotification: UseCase<OfNotification, Omit<Notification, 'claims' | 'claimedAt'>> =
  (ports) =>
  async ({ params }, call) => {
    const { subscription } = await readSubscription(ports, call, params.subscription);
    return { body: viewOf(await readNotification(ports, subscription, params.notification)) };
  };

async function readNotification(
  ports: Ports,
  { workspace, id: subscription }: { workspace: string; id: string },
  id: string,
): Promise<Notification> {
  const key = notificationKey(workspace, subscription, id);
  const notification = await ports.store.get<'notification'>(key, { consistent: true });
  if (notification && isKept(notification, ports.clock())) return notification;
  throw new RegistryError('notification_not_found', `Notification ${id} does not exist.`, [
    { field: 'path.notification', value: id, rule: 'made in the last 30 days' },
  ]);
}

function notActive(id: string, rule: string): RegistryError {
  return new RegistryError('subscription_not_active', `Subscription ${id} has to be ${rule} for this.`, [
    { field: 'path.subscription', value: id, rule },
  ]);
}

/**
 * Sends a mail again, as one of its own. The event that tells of it is what starts it: what is to be sent and that somebody
 * asked for it are one write.
 */
export const resendNotification: UseCase<OfNotification, Notification> =
  (ports) =>
  ({ params }, call) =>
    execute(ports, call, async () => {
      const { head, known } = await loadSubscription(ports, call, params.subscription);
      const { subscription, suspension } = known;
      const { workspace } = subscription;
      const former = await readNotification(ports, subscription, params.notification);
      const { id: resendOf, event, eventId, content } = former;
      if (subscription.status !== 'ACTIVE' || suspension) throw notActive(subscription.id, 'ACTIVE');
      if (!content || content.kind === 'confirmation') {
        throw new RegistryError('notification_not_found', `Notification ${resendOf} is no mail about a change.`, [
          { field: 'path.notification', value: resendOf, rule: 'a mail about changes' },
        ]);
      }
      const history = new History(ports, call, head, workspace);
      const mail = { event, ...(eventId !== undefined && { eventId }), content, resendOf };
      const notification = askedFor(ports, subscription, history.at, mail);
      history.add({
        type: 'subscription.resent',
        subscription: subscription.id,
        changed: ['notification'],
        previous: { notification: resendOf },
        current: { notification: notification.id },
      });
      const key = notificationKey(workspace, subscription.id, notification.id);
      const writes = [put<'notification'>(key, notification)];
      return { answer: { body: notification }, change: workspaceChange(history, writes) };
    });

/** Asks the address of an unconfirmed subscription once more. */
export const askConfirmation: UseCase<OfSubscription, { confirmBy: string }> =
  (ports) =>
  ({ params }, call) =>
    execute(ports, call, async () => {
      const { head, known } = await loadSubscription(ports, call, params.subscription);
      const { subscription } = known;
      if (subscription.status !== 'UNCONFIRMED') throw notActive(subscription.id, 'UNCONFIRMED');
      const history = new History(ports, call, head, call.workspace);
      const by = confirmBy(history.at);
      const next = { ...subscription, confirmBy: by, updatedAt: history.at, updatedBy: history.actor };
      const { change } = await decide(ports, history, {
        type: 'subscription.updated',
        before: known,
        next,
        asks: true,
      });
      return { answer: { body: { confirmBy: by } }, ...(change && { change }) };
    });
