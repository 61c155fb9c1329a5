import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DueQueue } from '../../core/ports';

/** SQS's limit for one call. */
const MOST_ENTRIES = 10;

/** A queue of due work on SQS. */
export class SqsDueQueue<Due> implements DueQueue<Due> {
  constructor(private readonly options: { readonly client: SQSClient; readonly url: string }) {}

  /** @throws Error when not all of them were taken: those that were come twice when the caller tries again */
  async put(due: readonly Due[], delaySeconds: number): Promise<void> {
    for (let start = 0; start < due.length; start += MOST_ENTRIES) {
      await this.send(due.slice(start, start + MOST_ENTRIES), delaySeconds);
    }
  }

  private async send(due: readonly Due[], delaySeconds: number): Promise<void> {
    const { client, url } = this.options;
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: due.map((each, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify(each),
          DelaySeconds: delaySeconds,
        })),
      }),
    );
    const [first] = Failed;
    if (first) throw new Error(`${Failed.length} messages were not taken by the queue: ${first.Code} ${first.Message}`);
  }
}
