import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { AttemptQueue, DueAttempt } from '../../core/ports';

/** SQS's limit for one call. */
const MOST_ENTRIES = 10;

/** The queue of attempts on SQS. */
export class SqsAttemptQueue implements AttemptQueue {
  constructor(private readonly options: { readonly client: SQSClient; readonly url: string }) {}

  /** @throws Error when not all of them were taken: those that were come twice when the caller tries again */
  async put(attempts: readonly DueAttempt[], delaySeconds: number): Promise<void> {
    for (let start = 0; start < attempts.length; start += MOST_ENTRIES) {
      await this.send(attempts.slice(start, start + MOST_ENTRIES), delaySeconds);
    }
  }

  private async send(attempts: readonly DueAttempt[], delaySeconds: number): Promise<void> {
    const { client, url } = this.options;
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: attempts.map((attempt, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify(attempt),
          DelaySeconds: delaySeconds,
        })),
      }),
    );
    const [first] = Failed;
    if (first) throw new Error(`${Failed.length} attempts were not taken by the queue: ${first.Code} ${first.Message}`);
  }
}
