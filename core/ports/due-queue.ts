/** A queue of work that is due. What it takes comes back after the delay, at least once. */
export interface DueQueue<Due> {
  /** @param delaySeconds at most 900 */
  put(due: readonly Due[], delaySeconds: number): Promise<void>;
}

/** A delivery whose attempt is due, as the queue of webhooks carries it. */
export interface DueAttempt {
  readonly workspace: string;
  readonly webhook: string;
  readonly delivery: string;
  /** 1 for the first. */
  readonly attempt: number;
}

/** What is due in the queue of mails: an attempt to send one, or the digest of a subscription. */
export type DueMail =
  | {
      readonly workspace: string;
      readonly subscription: string;
      readonly notification: string;
      /** 1 for the first. */
      readonly attempt: number;
    }
  | {
      readonly workspace: string;
      readonly subscription: string;
      /** Time of the tick, ISO 8601, UTC. */
      readonly digest: string;
    };
