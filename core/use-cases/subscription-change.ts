import { expiryOf } from '../domain/delivery';
import { RegistryError } from '../domain/errors';
import type { Notification } from '../domain/notification';
import { type Key, put, type Write } from '../domain/records';
import {
  type Invitation,
  invite,
  type MailSubscription,
  sameAddress,
  subscriptionDifference,
} from '../domain/subscription';
import type { SubscriptionMode } from '../domain/subscription-topics';
import type { Change, Ports } from '../ports';
import type { Decision } from './call';
import type { History } from './history';
import {
  answerOf,
  type KnownSubscription,
  type SubscriptionView,
  subscriptionKey,
  suspensionKey,
} from './subscription-records';
import { workspaceChange } from './workspace-records';

/**
 * A mail that a command asks for: the event that tells of it is what sends it, so that there is none without the other.
 * @param event what it is called in the log of the subscription
 */
export function askedFor(
  ports: Pick<Ports, 'newId'>,
  { id: subscription }: Pick<MailSubscription, 'id'>,
  createdAt: string,
  mail: Pick<Notification, 'event' | 'eventId' | 'content' | 'resendOf'>,
): Notification {
  const id = ports.newId();
  return { id, subscription, ...mail, status: 'PENDING', attempts: [], createdAt, expiresAt: expiryOf(createdAt) };
}

export function notificationKey(workspace: string, subscription: string, id: string): Key<'notification'> {
  return { kind: 'notification', workspace, subscription, id };
}

interface Asking {
  readonly notification: Notification;
  readonly writes: readonly Write[];
  readonly heads: Change['heads'];
}

/** Asks an address whether it agrees, unless it was asked too often. */
async function askToConfirm(ports: Ports, subscription: MailSubscription, at: string): Promise<Asking> {
  if (!ports.sendsMails) throw noMails();
  const { workspace, id, address } = subscription;
  const key: Key<'invitation'> = { kind: 'invitation', address: ports.sha256(sameAddress(address)) };
  const before = await ports.store.get<'invitation'>(key, { consistent: true });
  const invitation: Invitation = invite(before, at);
  const mail = { event: 'confirmation', content: { kind: 'confirmation' } } as const;
  const notification = askedFor(ports, subscription, at, mail);
  return {
    notification,
    writes: [
      put<'invitation'>(key, invitation),
      put<'notification'>(notificationKey(workspace, id, notification.id), notification),
    ],
    heads: [{ key, expected: before?.count ?? 0 }],
  };
}

export function noMails(): RegistryError {
  return new RegistryError('mail_not_configured', 'The registry sends no mails: it was deployed without mailFrom.', [
    { field: 'body.address', rule: 'a registry that was deployed with an address that mails come from' },
  ]);
}

/** What the mode says of collecting; what was collected before a change to `immediate` goes out within the hour. */
export function collecting(mode: SubscriptionMode, before?: MailSubscription): Pick<MailSubscription, 'collects'> {
  if (mode !== 'immediate') return { collects: mode };
  return before?.collects ? { collects: 'hourly' } : {};
}

interface Deciding {
  readonly type: 'subscription.created' | 'subscription.updated';
  readonly before: KnownSubscription | undefined;
  readonly next: Omit<MailSubscription, 'revision'>;
  /** Whether the address is asked to confirm. */
  readonly asks?: boolean;
  /** Whether a suspension ends. */
  readonly resumes?: boolean;
}

/** Writes a subscription with its event, and the mail that asks to confirm it. */
export async function decide(
  ports: Ports,
  history: History,
  { type, before, next, asks, resumes }: Deciding,
): Promise<Decision<SubscriptionView>> {
  const ended = resumes ? before?.suspension : undefined;
  const difference = subscriptionDifference(
    { ...before?.subscription, ...(ended && { suspended: ended.reason }) },
    next,
  );
  const asking = asks ? await askToConfirm(ports, { ...next, revision: 0 }, next.updatedAt) : undefined;
  const current = { ...difference.current, ...(asking && { notification: asking.notification.id }) };
  const revision = history.add({ type, subscription: next.id, ...difference, current });
  const stored: MailSubscription = { ...next, revision };
  const writes: Write[] = [
    put<'subscription'>(subscriptionKey(stored), stored),
    ...(ended ? [{ delete: suspensionKey(stored) }] : []),
    ...(asking?.writes ?? []),
  ];
  const suspension = ended ? undefined : before?.suspension;
  return {
    answer: answerOf({ subscription: stored, suspension }),
    change: workspaceChange(history, writes, asking?.heads),
  };
}
