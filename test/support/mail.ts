import { expiryOf } from '../../core/domain/delivery';
import { put } from '../../core/domain/records';
import { linkToken, type MailLink } from '../../core/domain/subscription';
import type { TestRegistry } from './registry';

/** The verified address of who calls in tests. */
export const OWN = 'ada@example.com';

/** The token of a link in the mails of a subscription, as the table's content makes it. */
export async function tokenOf(
  { ports }: TestRegistry,
  link: MailLink,
  id: string,
  workspace = 'default',
): Promise<string> {
  const stored = await ports.store.get<'subscription'>({ kind: 'subscription', workspace, id }, { consistent: true });
  if (!stored) throw new Error(`there is no subscription ${id}`);
  return linkToken(link, stored, ports.sha256);
}

/** Writes a mail of a subscription as if it had failed. @returns its id */
export async function makeNotification(
  { ports }: TestRegistry,
  subscription: string,
  workspace = 'default',
): Promise<string> {
  const [id, createdAt] = [ports.newId(), ports.clock().toISOString()];
  const story = { headline: 'churn 4: deleted', by: 'Rita', at: createdAt, facts: [], more: false, workspace };
  const key = { kind: 'notification', workspace, subscription, id } as const;
  const notification = {
    id,
    subscription,
    event: 'version.deleted',
    eventId: ports.newId(),
    content: { kind: 'change', story },
    status: 'FAILED',
    attempts: [{ at: createdAt, milliseconds: 3, error: 'MessageRejected' }],
    createdAt,
    expiresAt: expiryOf(createdAt),
  } as const;
  await ports.store.commit({ heads: [], writes: [put<'notification'>(key, notification)], absent: [] });
  return id;
}

let lists = 0;

/** Subscribes an address; one of a list of its own unless named. @returns its id */
export async function subscribe(
  { request }: TestRegistry,
  more: object = {},
  workspace = 'default',
  as = 'ada',
  email = `${as}@example.com`,
): Promise<string> {
  const body = { address: `list-${++lists}@example.com`, events: ['model.deleted'], ...more };
  const response = await request('POST', `/w/${workspace}/v1/subscriptions`, { body, as, email });
  if (response.status !== 201) throw new Error(JSON.stringify(response.body));
  return response.body.id;
}

/** A subscription with a mail, and one that waits for its confirmation, of somebody who has no others. */
export async function makeSubscriptions(registry: TestRegistry, model: string) {
  const owner = `owner-${++lists}`;
  const subscription = await subscribe(registry, { address: `${owner}@example.com`, model }, 'default', owner);
  const unconfirmed = await subscribe(registry, { model }, 'default', owner);
  return {
    subscription,
    notification: await makeNotification(registry, subscription),
    unconfirmed,
    confirm: await tokenOf(registry, 'confirm', unconfirmed),
    unsubscribe: await tokenOf(registry, 'unsubscribe', subscription),
  };
}
