/** One attempt to send a message. */
export interface Attempt {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly milliseconds: number;
  /** Status of the answer; absent where none came. */
  readonly status?: number;
  /** How the answer's body begins, as text. */
  readonly body?: string;
  /** Under which id a mail was taken. */
  readonly messageId?: string;
  /** Why there was no answer. */
  readonly error?: string;
}

export type DeliveryStatus = 'PENDING' | 'SUCCEEDED' | 'FAILED';

/** What became of a message that is sent in attempts. */
export interface Attempted<Status extends string = DeliveryStatus> {
  readonly status: Status;
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
  readonly createdAt: string;
  readonly nextAttemptAt?: string;
  readonly finishedAt?: string;
  /** How often an attempt was claimed before it was made, where that is done, and when the one that is not over was. */
  readonly claims?: number;
  readonly claimedAt?: string;
  /** ISO 8601, UTC: from then on it is as if it were not there. */
  readonly expiresAt: string;
}

/** One message for one webhook, with what became of it. */
export interface Delivery extends Attempted {
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
}

/** Why nothing arrived. */
type Unsent = {
  readonly milliseconds: number;
  readonly error: string;
  /** Another attempt would end the same. */
  readonly final?: true;
};

/** What came of calling a webhook: an answer, or none. */
export type WebhookOutcome =
  | {
      readonly milliseconds: number;
      readonly status: number;
      readonly body: string;
      readonly retryAfterSeconds?: number;
    }
  | Unsent;

/** What came of sending a mail: the id under which it was taken, or nothing. */
export type MailOutcome = { readonly milliseconds: number; readonly messageId: string } | Unsent;

export type SendOutcome = WebhookOutcome | MailOutcome;

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
  return 'messageId' in outcome || ('status' in outcome && outcome.status >= 200 && outcome.status < 300);
}

function mayPass(outcome: SendOutcome): boolean {
  if ('error' in outcome) return outcome.final !== true;
  if ('messageId' in outcome) return false;
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
):
  | { readonly status: 'SUCCEEDED' }
  | { readonly status: 'FAILED' /** Another attempt might end otherwise. */; readonly mayPass: boolean }
  | { readonly status: 'PENDING'; readonly delaySeconds: number } {
  if (isTaken(outcome)) return { status: 'SUCCEEDED' };
  const usual = DELAYS[made - 1];
  if (usual === undefined || !mayPass(outcome)) return { status: 'FAILED', mayPass: mayPass(outcome) };
  const asked = 'status' in outcome ? outcome.retryAfterSeconds : undefined;
  const delay = asked === undefined ? Math.round(usual * (1 + SPREAD * chance)) : Math.ceil(asked);
  return { status: 'PENDING', delaySeconds: Math.min(LONGEST_DELAY, Math.max(1, delay)) };
}

/** The sequence of a message as the head of its attempts: each claim and each attempt is a step. */
export function stepOf({ attempts, claims = 0 }: Pick<Attempted<string>, 'attempts' | 'claims'>): number {
  return attempts.length + claims + 1;
}

/** What an attempt's record keeps of its outcome. */
function attemptOf(outcome: SendOutcome, now: Date): Attempt {
  const { milliseconds } = outcome;
  const at = new Date(now.getTime() - milliseconds).toISOString();
  if ('error' in outcome) return { at, milliseconds, error: outcome.error };
  if ('messageId' in outcome) return { at, milliseconds, messageId: outcome.messageId };
  return { at, milliseconds, status: outcome.status, body: outcome.body };
}

/**
 * A message after an attempt, and after how many seconds the next one follows, if one does.
 * @param keeps whether a message goes on waiting when its attempts are used up, for somebody to give it back
 */
export function afterAttempt<M extends Attempted<string>>(
  message: M,
  outcome: SendOutcome,
  now: Date,
  chance: number,
  keeps = false,
): { readonly next: M; readonly delaySeconds?: number } {
  const attempts = [...message.attempts, attemptOf(outcome, now)];
  const step = nextStep(attempts.length, outcome, chance);
  const { nextAttemptAt: _, claimedAt: __, ...rest } = { ...message, attempts };
  if (step.status === 'PENDING') {
    const { delaySeconds } = step;
    const nextAttemptAt = new Date(now.getTime() + delaySeconds * 1000).toISOString();
    return { next: { ...rest, nextAttemptAt } as unknown as M, delaySeconds };
  }
  if (keeps && step.status === 'FAILED' && step.mayPass) return { next: rest as unknown as M };
  return { next: { ...rest, status: step.status, finishedAt: now.toISOString() } as unknown as M };
}

/** Crockford's base 32, as in ULIDs. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The id of a message of an event: a ULID with the event's time whose other part follows from what it is and for whom. */
export function deliveryId(eventId: string, receiver: string, part: string, sha256: (text: string) => string): string {
  const hash = sha256(`${eventId} ${receiver} ${part}`);
  const digits = Array.from({ length: 16 }, (_, i) => DIGITS[Number.parseInt(hash.slice(2 * i, 2 * i + 2), 16) % 32]);
  return eventId.slice(0, 10) + digits.join('');
}
