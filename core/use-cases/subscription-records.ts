import { RegistryError } from '../domain/errors';
import type { Key } from '../domain/records';
import type { MailSubscription, SubscriptionStatus, Suspension } from '../domain/subscription';
import type { Ports, Row } from '../ports';
import type { Call } from './call';
import { checkIfMatch } from './etag';
import { checkWorkspace } from './load';
import { everyRow } from './rows';
import { headOf } from './workspace-records';

/** A subscription as callers see it. */
export type SubscriptionView = Omit<MailSubscription, 'secret' | 'known' | 'revision' | 'collects' | 'status'> & {
  readonly status: SubscriptionStatus | 'SUSPENDED';
  readonly suspended?: Omit<Suspension, 'subscription'>;
};

/** A subscription with what came back of its mails. */
export interface KnownSubscription {
  readonly subscription: MailSubscription;
  readonly suspension: Suspension | undefined;
}

export function viewOf({ subscription, suspension }: KnownSubscription): SubscriptionView {
  const { secret, known, revision, collects, status, confirmBy, ...shown } = subscription;
  if (status === 'UNCONFIRMED') return { ...shown, status, ...(confirmBy !== undefined && { confirmBy }) };
  if (status !== 'ACTIVE' || !suspension) return { ...shown, status };
  const { subscription: _, ...suspended } = suspension;
  return { ...shown, status: 'SUSPENDED', suspended };
}

export function etagOf({ subscription: { id, revision }, suspension }: KnownSubscription): string {
  return suspension ? `"${id}.${revision}.${Date.parse(suspension.at)}"` : `"${id}.${revision}"`;
}

export function answerOf(known: KnownSubscription) {
  return { body: viewOf(known), etag: etagOf(known) };
}

/** Where a subscription is kept, and what came back of its mails. */
export function subscriptionKey({ workspace, id }: { workspace: string; id: string }): Key<'subscription'> {
  return { kind: 'subscription', workspace, id };
}

export function suspensionKey({ workspace, id }: { workspace: string; id: string }): Key<'suspension'> {
  return { kind: 'suspension', workspace, id };
}

/** Reads a subscription of whomever. */
export async function findSubscription(
  { store }: Pick<Ports, 'store'>,
  place: { workspace: string; id: string },
): Promise<KnownSubscription | undefined> {
  const consistent = { consistent: true };
  const [subscription, suspension] = await Promise.all([
    store.get<'subscription'>(subscriptionKey(place), consistent),
    store.get<'suspension'>(suspensionKey(place), consistent),
  ]);
  return subscription && { subscription, suspension };
}

/**
 * Reads a subscription for its owner or who administers the workspace. To others it is as if it were not there.
 * @throws RegistryError subscription_not_found, workspace_not_found
 */
export async function readSubscription(ports: Ports, call: Call, id: string): Promise<KnownSubscription> {
  const { workspace } = call;
  const known = await findSubscription(ports, { workspace, id });
  if (known && (await maySee(call, known.subscription))) return known;
  await checkWorkspace(ports, workspace);
  throw new RegistryError('subscription_not_found', `Subscription ${id} does not exist.`, [
    { field: 'path.subscription', value: id, rule: 'exists, and is of the caller' },
  ]);
}

export async function maySee({ principal, access }: Call, { owner }: MailSubscription): Promise<boolean> {
  return owner.id === principal.id || (await access.may('administer'));
}

/** Every subscription of a workspace, as last acknowledged: at most `LIMITS.subscriptions`. */
export function subscriptionsOf(ports: Pick<Ports, 'store'>, workspace: string): Promise<Row<'subscription'>[]> {
  return everyRow<'subscription'>(ports, { kind: 'subscription', workspace }, { consistent: true });
}

/** The suspensions of a workspace by the id of the subscription. */
export async function suspensionsOf(ports: Pick<Ports, 'store'>, workspace: string): Promise<Map<string, Suspension>> {
  const all = await everyRow<'suspension'>(ports, { kind: 'suspension', workspace }, { consistent: true });
  return new Map(all.map((suspension) => [suspension.subscription, suspension]));
}

/**
 * Loads a subscription for a decision: after the head, so that one which has changed since then makes the commit fail.
 * @throws RegistryError subscription_not_found, workspace_not_found
 */
export async function loadSubscription(ports: Ports, call: Call, id: string) {
  const head = await headOf(ports, call.workspace);
  const known = await readSubscription(ports, call, id);
  checkIfMatch(call.ifMatch, etagOf(known));
  return { head, known };
}
