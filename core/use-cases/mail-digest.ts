import { deliveryId, expiryOf } from '../domain/delivery';
import { type Collected, collectedWith, type Notification } from '../domain/notification';
import { type Key, put, type Write } from '../domain/records';
import { Contention, type DueMail, type DueQueue, type Page, type Ports, type Row } from '../ports';
import { isStranded } from './announced';
import { notificationKey } from './subscription-change';

/** What making digests needs of the world. */
export type DigestPorts = Pick<Ports, 'store' | 'clock' | 'sha256'> & { readonly queue: DueQueue<DueMail> };

/** The digest of a subscription that is due, as the queue carries it. */
export type DueDigest = Extract<DueMail, { digest: string }>;

/** The hour of the day, UTC, whose tick brings the daily digests. */
const DAILY_HOUR = 6;
/** Changes that one step takes up: with the collector they fit one transaction. */
const STEP = 60;
/** Steps of one digest; what is left then is told by the next. */
const MOST_STEPS = 100;

/** Asks for the digests that a tick of the hour makes due. A tick that never comes costs nothing but time. */
export async function askForDigests(ports: DigestPorts, tick: string): Promise<void> {
  const isDaily = new Date(tick).getUTCHours() === DAILY_HOUR;
  for (const collects of isDaily ? (['hourly', 'daily'] as const) : (['hourly'] as const)) {
    let after: string | undefined;
    do {
      const page: Page<Row<'subscription'>> = await ports.store.query<'subscription'>(
        { kind: 'subscription', collects },
        { limit: 100, order: 'ascending', ...(after !== undefined && { after }) },
      );
      const due = page.items
        .filter(({ status }) => status === 'ACTIVE')
        .map(({ workspace, id }) => ({ workspace, subscription: id, digest: tick }));
      if (due.length > 0) await ports.queue.put(due, 0);
      after = page.next;
    } while (after !== undefined);
  }
}

/** How often a digest is begun anew because another function works on the same one. */
const TRIES = 5;

/** Makes the digest of a subscription that is due; where another function is at it, with what that one leaves. */
export async function makeDigest(ports: DigestPorts, due: DueDigest): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await make(ports, due);
    } catch (error) {
      if (!(error instanceof Contention) || tries === TRIES) throw error;
    }
  }
}

/**
 * Makes the digest of a subscription: takes up what waits, step by step, then writes the mail and empties the collector in
 * one write, and asks for the mail's first attempt. Whoever ends in between leaves a state from which the same message, or
 * the next tick, goes on.
 */
async function make(ports: DigestPorts, due: DueDigest): Promise<void> {
  const { workspace, subscription, digest } = due;
  const place = { workspace, subscription };
  const id = deliveryId(tickId(digest), subscription, digest, ports.sha256);
  const key = notificationKey(workspace, subscription, id);
  const made = await ports.store.get<'notification'>(key, { consistent: true });
  if (made) return isStranded(ports, made) ? ask(ports, due, id) : undefined;
  const collected = await takeUp(ports, place);
  if (!collected || collected.count === 0) return undefined;
  const createdAt = ports.clock().toISOString();
  const { count, stories, step } = collected;
  const notification: Notification = {
    id,
    subscription,
    event: 'digest',
    content: { kind: 'digest', count, stories },
    status: 'PENDING',
    attempts: [],
    createdAt,
    expiresAt: expiryOf(createdAt),
  };
  const emptied: Collected = { step: step + 1, count: 0, stories: [], expiresAt: expiryOf(createdAt) };
  const collector = collectorKey(place);
  await ports.store.commit({
    heads: [{ key: collector, expected: step }],
    writes: [put<'notification'>(key, notification), put<'collected'>(collector, emptied)],
    absent: [key],
  });
  return ask(ports, due, id);
}

function ask({ queue }: DigestPorts, { workspace, subscription }: DueDigest, id: string): Promise<void> {
  return queue.put([{ workspace, subscription, notification: id, attempt: 1 }], 0);
}

/** The first part of an id that sorts by time: that of the tick. */
function tickId(tick: string): string {
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  let rest = Date.parse(tick);
  let text = '';
  for (let place = 0; place < 10; place++) {
    text = digits[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

interface Place {
  readonly workspace: string;
  readonly subscription: string;
}

function collectorKey(place: Place): Key<'collected'> {
  return { kind: 'collected', ...place };
}

/** Takes up what waits: each step moves some changes into the collector, on the condition that nobody else did meanwhile. */
async function takeUp({ store, clock }: DigestPorts, place: Place): Promise<Collected | undefined> {
  const key = collectorKey(place);
  let collected = await store.get<'collected'>(key, { consistent: true });
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const { items } = await store.query<'waiting'>(
      { kind: 'waiting', ...place },
      { limit: STEP, order: 'ascending', consistent: true },
    );
    if (items.length === 0) break;
    const next = collectedWith(
      collected,
      items.map(({ story }) => story),
      expiryOf(clock().toISOString()),
    );
    const writes: Write[] = [
      put<'collected'>(key, next),
      ...items.map(({ id }): Write => ({ delete: { kind: 'waiting', ...place, id } })),
    ];
    await store.commit({ heads: [{ key, expected: collected?.step ?? 0 }], writes, absent: [] });
    collected = next;
  }
  return collected;
}
