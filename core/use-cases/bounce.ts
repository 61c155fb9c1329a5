import { shown } from '../domain/mail-text';
import { put } from '../domain/records';
import { type Suspension, sameAddress } from '../domain/subscription';
import type { Ports } from '../ports';
import { findSubscription, suspensionKey } from './subscription-records';

/** What is known of a mail that came back, or was called unwanted. */
export interface ReturnedMail {
  readonly workspace: string;
  readonly subscription: string;
  readonly reason: Suspension['reason'];
  readonly addresses: readonly string[];
  readonly detail?: string;
  /** When it was sent. ISO 8601, UTC. */
  readonly sentAt: string;
}

/** Longest text of a mail server that is kept, in characters. */
const DETAIL = 300;

/**
 * Suspends the subscription of a mail that came back for good, or that its reader called unwanted: no more is sent until
 * its owner says so. News of a mail that was sent before the subscription last changed says nothing of what it is now.
 */
export async function suspend({ store, clock }: Pick<Ports, 'store' | 'clock'>, mail: ReturnedMail): Promise<void> {
  const { workspace, subscription: id, reason, addresses, detail, sentAt } = mail;
  const known = await findSubscription({ store }, { workspace, id });
  if (!known || known.suspension) return;
  const { address, updatedAt } = known.subscription;
  const isOfAddress = addresses.some((each) => sameAddress(each) === sameAddress(address));
  if (!isOfAddress || sentAt < updatedAt) return;
  const suspension: Suspension = {
    subscription: id,
    reason,
    ...(detail !== undefined && { detail: shown(detail, DETAIL) }),
    at: clock().toISOString(),
  };
  await store.commit({
    heads: [],
    writes: [put<'suspension'>(suspensionKey({ workspace, id }), suspension)],
    absent: [],
  });
}
