import type { Attempted, DeliveryStatus } from './delivery';
import type { Story } from './story';

/** What a mail is for. */
export type NotificationContent =
  | { readonly kind: 'change'; readonly story: Story }
  /** `count` changes, of which the first are told. */
  | { readonly kind: 'digest'; readonly count: number; readonly stories: readonly Story[] }
  /** Asks the address whether it agrees. */
  | { readonly kind: 'confirmation' };

/** One mail of a subscription, or one change that a digest tells, with what became of it. */
export interface Notification extends Attempted<DeliveryStatus | 'COLLECTED'> {
  /** Made from the event's id and the subscription's, so that an event that comes twice is one mail; sorts by time. */
  readonly id: string;
  readonly subscription: string;
  /** Type of the event; of a digest, `digest`. */
  readonly event: string;
  readonly eventId?: string;
  /** The notification that this one repeats. */
  readonly resendOf?: string;
  /** Absent once a change is collected: its digest tells it. */
  readonly content?: NotificationContent;
}

/** A change that waits for its digest. */
export interface Waiting {
  /** Of its notification. */
  readonly id: string;
  readonly story: Story;
  readonly expiresAt: string;
}

/**
 * What a digest has taken up so far. Taking up is one write per step together with the removal of what was taken, on the
 * condition that the step is the next one: a change is waiting, or in here, or in a mail, and never in two of them.
 */
export interface Collected {
  /** Steps that were made ever: the sequence of the record. */
  readonly step: number;
  readonly count: number;
  readonly stories: readonly Story[];
  readonly expiresAt: string;
}

/** Most changes that a digest tells one by one. */
export const MOST_STORIES = 100;

/** What was collected, with further changes; those that have no room are counted. */
export function collectedWith(before: Collected | undefined, stories: readonly Story[], expiresAt: string): Collected {
  const { step = 0, count = 0, stories: kept = [] } = before ?? {};
  return {
    step: step + 1,
    count: count + stories.length,
    stories: [...kept, ...stories].slice(0, MOST_STORIES),
    expiresAt,
  };
}
