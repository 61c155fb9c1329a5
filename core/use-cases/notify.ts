import { deliveryId, expiryOf } from '../domain/delivery';
import type { Notification } from '../domain/notification';
import { put } from '../domain/records';
import { brief, type Story, storyOf } from '../domain/story';
import { isAbout, type MailSubscription } from '../domain/subscription';
import { Contention, type DueMail, type DueQueue, type Ports } from '../ports';
import { type AnnouncedEvent, remembered, writeOnce } from './announced';
import { notificationKey } from './subscription-change';
import { subscriptionsOf, suspensionsOf } from './subscription-records';

/** What telling subscribers of events needs of the world. */
export type NotifyPorts = Pick<Ports, 'store' | 'clock' | 'sha256'> & { readonly queue: DueQueue<DueMail> };

/**
 * Makes the notifications of an event: for each subscription to it a record under an id that follows from both. Where a mail
 * is sent at once, a first attempt goes into the queue; where a digest tells it, the change is put aside until then, with the
 * record in one write. The same event again finds its records.
 */
export function notify(ports: NotifyPorts): (event: AnnouncedEvent) => Promise<void> {
  const listOf = remembered(ports, async (workspace) => {
    const [all, suspensions] = await Promise.all([subscriptionsOf(ports, workspace), suspensionsOf(ports, workspace)]);
    return all.filter(({ id, status }) => status === 'ACTIVE' && !suspensions.has(id));
  });
  return async (event) => {
    const told = (await listOf(event)).filter((subscription) => isAbout(subscription, event));
    const story = storyOf(event);
    const due = await Promise.all(
      told.map((each) =>
        each.mode === 'immediate' ? tell(ports, each, event, story) : collect(ports, each, event, story),
      ),
    );
    const all = [...asked(event), ...due.flat()].map(({ subscription, id }) => ({
      workspace: event.workspace,
      subscription,
      notification: id,
      attempt: 1,
    }));
    if (all.length > 0) await ports.queue.put(all, 0);
  };
}

/** The mail that somebody asked for: it is written already. */
function asked({ subscription, current }: AnnouncedEvent) {
  const { notification } = current;
  return subscription !== undefined && typeof notification === 'string' ? [{ subscription, id: notification }] : [];
}

function notificationOf(ports: NotifyPorts, { id: subscription }: MailSubscription, event: AnnouncedEvent) {
  const createdAt = ports.clock().toISOString();
  return {
    id: deliveryId(event.id, subscription, 'mail', ports.sha256),
    subscription,
    event: event.type,
    eventId: event.id,
    attempts: [],
    createdAt,
    expiresAt: expiryOf(createdAt),
  };
}

function tell(
  ports: NotifyPorts,
  subscription: MailSubscription,
  event: AnnouncedEvent,
  story: Story,
): Promise<Notification[]> {
  const base = notificationOf(ports, subscription, event);
  const notification: Notification = { ...base, status: 'PENDING', content: { kind: 'change', story } };
  const key = notificationKey(event.workspace, subscription.id, notification.id);
  return writeOnce<'notification'>(ports, key, notification);
}

/** Puts a change aside for the next digest, unless it was before. */
async function collect(
  ports: NotifyPorts,
  subscription: MailSubscription,
  event: AnnouncedEvent,
  story: Story,
): Promise<Notification[]> {
  const notification: Notification = { ...notificationOf(ports, subscription, event), status: 'COLLECTED' };
  const { id, expiresAt } = notification;
  const { workspace } = event;
  const key = notificationKey(workspace, subscription.id, id);
  const waiting = { kind: 'waiting', workspace, subscription: subscription.id, id } as const;
  try {
    await ports.store.commit({
      heads: [],
      writes: [put<'notification'>(key, notification), put<'waiting'>(waiting, { id, story: brief(story), expiresAt })],
      absent: [key],
    });
  } catch (error) {
    const isThere = error instanceof Contention && (await ports.store.get<'notification'>(key, { consistent: true }));
    if (!isThere) throw error;
  }
  return [];
}
