import { invalid, RegistryError } from './errors';
import { type Difference, differenceBetween } from './event';
import { characters } from './json';
import { LIMITS } from './limits';
import type { Actor, Principal } from './principal';
import { isOfTopic, type SubscriptionMode, type Topic } from './subscription-topics';

/**
 * Where a subscription stands. `UNCONFIRMED`: nobody at the address has agreed yet. `PAUSED`: its owner stopped it.
 * `UNSUBSCRIBED`: somebody at the address ended it.
 */
export type SubscriptionStatus = 'UNCONFIRMED' | 'ACTIVE' | 'PAUSED' | 'UNSUBSCRIBED';

/** An address that gets mails about events of its workspace, as it is stored. */
export interface MailSubscription {
  readonly id: string;
  readonly workspace: string;
  readonly address: string;
  /** Sorted, each once. */
  readonly events: readonly Topic[];
  /** Only events of the model that has this name then; absent: of every model, and of the workspace itself. */
  readonly model?: string;
  readonly mode: SubscriptionMode;
  /** Tick at which what was collected goes out; it stays after a change to `immediate`, for what was collected before. */
  readonly collects?: 'hourly' | 'daily';
  readonly status: SubscriptionStatus;
  /** Until when an unconfirmed one can be confirmed; the token of the mail depends on it. */
  readonly confirmBy?: string;
  /** What the tokens in mails are made from. It is in this record only: never in an answer, an event or a log. */
  readonly secret: string;
  /** Who made it. */
  readonly owner: Actor;
  /** What else the owner was known by when they last said something of it: mails end with their right to read. */
  readonly known: Pick<Principal, 'email' | 'groups'>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly updatedBy: Actor;
  /** Sequence of the event that last changed it. */
  readonly revision: number;
}

/** That the mails of a subscription came back, or were called unwanted. */
export interface Suspension {
  readonly subscription: string;
  readonly reason: 'bounce' | 'complaint';
  /** What the address's mail server said. */
  readonly detail?: string;
  readonly at: string;
}

/** What happens to an address that was asked to confirm. */
export interface Invitation {
  /** How many mails there were ever: the sequence of the record. */
  readonly count: number;
  /** When the newest were asked for, oldest first. */
  readonly at: readonly string[];
  readonly expiresAt: string;
}

const DAY = 86_400_000;
const CONFIRM_WITHIN = 7 * DAY;

/** A host: labels of letters, digits and inner hyphens. */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;
/** RFC 5321's dot-string; without what needs quotes. */
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;

/**
 * Rule for an address: ASCII, `local@host.domain` with at most 64 characters before the `@` and 254 in all, so that it is
 * one address and nothing else wherever it is written. What another form means differs from server to server.
 * @throws RegistryError invalid_input
 */
export function checkAddress(address: string, field: string): string {
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  const fits = at > 0 && local.length <= 64 && domain.length <= 253 && characters(address) <= LIMITS.address;
  if (fits && LOCAL_PART.test(local) && DOMAIN.test(domain)) return address;
  throw invalid(field, address, `one e-mail address such as team@example.com, at most ${LIMITS.address} characters`);
}

/** An address as it is compared: hosts that tell apart upper and lower case there are unknown today. */
export function sameAddress(address: string): string {
  return address.toLowerCase();
}

/** Whether the identity provider vouches for it that the address is the caller's own. */
export function isOwnAddress(address: string, { email }: Principal): boolean {
  return email !== undefined && sameAddress(email) === sameAddress(address);
}

/** An address as the history shows it, which everybody in the workspace may read: `t…@example.com`. */
export function masked(address: string): string {
  return `${address.slice(0, 1)}…${address.slice(address.lastIndexOf('@'))}`;
}

/** Topics as they are stored: sorted, each once. */
export function topics(events: readonly Topic[]): readonly Topic[] {
  return [...new Set(events)].sort();
}

/** Whether a subscription is about an event. */
export function isAbout(
  { events, model }: Pick<MailSubscription, 'events' | 'model'>,
  event: { readonly type: string; readonly model?: string },
): boolean {
  return (model === undefined || model === event.model) && events.some((topic) => isOfTopic(topic, event.type));
}

/**
 * Refuses one subscription more than a workspace, or a person in it, may have: each event is compared with all of them.
 * @throws RegistryError limit_exceeded
 */
export function checkSubscriptionCount(all: readonly Pick<MailSubscription, 'owner'>[], owner: string): void {
  const own = all.filter((each) => each.owner.id === owner).length;
  if (own >= LIMITS.subscriptionsPerOwner) throw tooMany(own, LIMITS.subscriptionsPerOwner, 'of one owner');
  if (all.length >= LIMITS.subscriptions) throw tooMany(all.length, LIMITS.subscriptions, 'in a workspace');
}

function tooMany(count: number, most: number, where: string): RegistryError {
  return new RegistryError('limit_exceeded', `There are ${count} subscriptions ${where}.`, [
    { field: 'body', value: count + 1, rule: `at most ${most} subscriptions ${where}` },
  ]);
}

/** Until when an address that is asked now can confirm. */
export function confirmBy(at: string): string {
  return new Date(Date.parse(at) + CONFIRM_WITHIN).toISOString();
}

/**
 * Counts one more mail that asks an address to confirm: nobody is to be bothered with them, whoever asks for them.
 * @throws RegistryError limit_exceeded
 */
export function invite(invitation: Invitation | undefined, at: string): Invitation {
  const since = new Date(Date.parse(at) - DAY).toISOString();
  const recent = (invitation?.at ?? []).filter((time) => time > since);
  if (recent.length >= LIMITS.confirmationsPerDay) {
    throw new RegistryError('limit_exceeded', 'The address was asked to confirm too often today.', [
      { field: 'body.address', rule: `at most ${LIMITS.confirmationsPerDay} mails that ask for a confirmation a day` },
    ]);
  }
  const expiresAt = new Date(Date.parse(at) + 2 * DAY).toISOString();
  return { count: (invitation?.count ?? 0) + 1, at: [...recent, at], expiresAt };
}

const TOLD = ['address', 'events', 'model', 'mode', 'status'] as const;
type Told = Partial<Pick<MailSubscription, (typeof TOLD)[number]>> & { readonly suspended?: Suspension['reason'] };

/** What differs between two states of a subscription as an event tells it: of the address only where it is. */
export function subscriptionDifference(before: Told, after: Told): Difference {
  const told = (said: Told): object => ({
    ...said,
    ...(said.address !== undefined && { address: masked(said.address) }),
  });
  return differenceBetween(told(before), told(after), [...TOLD, 'suspended']);
}

/** What a mail is good for, besides being read. */
export type MailLink = 'confirm' | 'unsubscribe';

/**
 * The token of a link in a mail: from one nobody makes another, and a new confirmation makes the one before void.
 * @param sha256 lower-case hex
 */
export function linkToken(
  link: MailLink,
  subscription: Pick<MailSubscription, 'workspace' | 'id' | 'secret' | 'confirmBy'>,
  sha256: (text: string) => string,
): string {
  const { workspace, id, secret, confirmBy = '' } = subscription;
  const purpose = link === 'confirm' ? `${link} ${confirmBy}` : link;
  return `${workspace}.${id}.${sha256(`${purpose} ${secret}`)}`;
}

/** The subscription that a token names, whether it is a true one or not. */
export function namedBy(token: string): { readonly workspace: string; readonly id: string } | undefined {
  const [, workspace, id] = /^([a-z0-9-]{1,63})\.([0-9A-HJKMNP-TV-Z]{26})\.[0-9a-f]{64}$/.exec(token) ?? [];
  return workspace !== undefined && id !== undefined ? { workspace, id } : undefined;
}
