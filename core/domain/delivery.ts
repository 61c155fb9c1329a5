/** One attempt to send a delivery. */
export interface Attempt {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly milliseconds: number;
  /** Status of the answer; absent where none came. */
  readonly status?: number;
  /** How the answer's body begins, as text. */
  readonly body?: string;
  /** Why there was no answer. */
  readonly error?: string;
}

export type DeliveryStatus = 'PENDING' | 'SUCCEEDED' | 'FAILED';

/** One message for one webhook, with what became of it. */
export interface Delivery {
  /** Made from the event's id and the webhook's, so that an event that comes twice is one delivery; sorts by time. */
  readonly id: string;
  readonly webhook: string;
  /** What the webhook subscribed to: the type of the event, or MLflow's name for it. */
  readonly event: string;
  readonly eventId: string;
  /** The delivery that this one repeats. */
  readonly redeliveryOf?: string;
  /** The bytes that are sent, as text: the same in every attempt. */
  readonly body: string;
  readonly status: DeliveryStatus;
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
  readonly createdAt: string;
  readonly nextAttemptAt?: string;
  readonly finishedAt?: string;
  /** ISO 8601, UTC: from then on it is as if it were not there. */
  readonly expiresAt: string;
}

/** What came of sending: an answer, or none. */
export type SendOutcome = { readonly milliseconds: number } & (
  | { readonly status: number; readonly body: string; readonly retryAfterSeconds?: number }
  | { readonly error: string /** Another attempt would end the same. */; readonly final?: true }
);

const DAY = 86_400_000;
/** How long a delivery is kept. */
const KEPT = 30 * DAY;

/** Seconds between attempts: eight of them within about 50 minutes. A queue delays by 15 minutes at most. */
const DELAYS = [10, 30, 120, 300, 600, 900, 900] as const;
const LONGEST_DELAY = 900;
/** Part of a delay that is added by chance, so that what failed together is not sent together again. */
const SPREAD = 0.2;

/** When a delivery made at a time is forgotten. */
export function expiryOf(createdAt: string): string {
  return new Date(Date.parse(createdAt) + KEPT).toISOString();
}

/** Whether an answer says that the receiver has taken the message. Redirects are not followed, so they are none. */
export function isTaken(outcome: SendOutcome): boolean {
  return 'status' in outcome && outcome.status >= 200 && outcome.status < 300;
}

function mayPass(outcome: SendOutcome): boolean {
  if ('error' in outcome) return outcome.final !== true;
  return outcome.status === 408 || outcome.status === 429 || outcome.status >= 500;
}

/**
 * What follows an attempt: nothing more, or another one after so many seconds. `Retry-After` is honoured up to 15 minutes.
 * @param made how many attempts there were, this one included
 * @param chance from 0 to 1
 */
export function nextStep(
  made: number,
  outcome: SendOutcome,
  chance: number,
): { readonly status: 'SUCCEEDED' | 'FAILED' } | { readonly status: 'PENDING'; readonly delaySeconds: number } {
  if (isTaken(outcome)) return { status: 'SUCCEEDED' };
  const usual = DELAYS[made - 1];
  if (usual === undefined || !mayPass(outcome)) return { status: 'FAILED' };
  const asked = 'status' in outcome ? outcome.retryAfterSeconds : undefined;
  const delay = asked === undefined ? Math.round(usual * (1 + SPREAD * chance)) : Math.ceil(asked);
  return { status: 'PENDING', delaySeconds: Math.min(LONGEST_DELAY, Math.max(1, delay)) };
}

/** A delivery after an attempt. */
export function afterAttempt(delivery: Delivery, outcome: SendOutcome, now: Date, chance: number) {
  const attempt: Attempt = {
    at: new Date(now.getTime() - outcome.milliseconds).toISOString(),
    milliseconds: outcome.milliseconds,
    ...('status' in outcome ? { status: outcome.status, body: outcome.body } : { error: outcome.error }),
  };
  const attempts = [...delivery.attempts, attempt];
  const step = nextStep(attempts.length, outcome, chance);
  const { nextAttemptAt, ...rest } = delivery;
  if (step.status !== 'PENDING') {
    return { next: { ...rest, attempts, status: step.status, finishedAt: now.toISOString() } satisfies Delivery };
  }
  const at = new Date(now.getTime() + step.delaySeconds * 1000).toISOString();
  const next: Delivery = { ...rest, attempts, nextAttemptAt: at };
  return { next, delaySeconds: step.delaySeconds };
}

/** Crockford's base 32, as in ULIDs. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The id of a delivery: a ULID with the event's time whose other part follows from what it is. */
export function deliveryId(eventId: string, webhook: string, part: string, sha256: (text: string) => string): string {
  const hash = sha256(`${eventId} ${webhook} ${part}`);
  const digits = Array.from({ length: 16 }, (_, i) => DIGITS[Number.parseInt(hash.slice(2 * i, 2 * i + 2), 16) % 32]);
  return eventId.slice(0, 10) + digits.join('');
}
