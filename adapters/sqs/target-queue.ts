import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { TargetPlace, TargetQueue } from '../../core/ports';

/** SQS's limit for one call. */
const MOST_ENTRIES = 10;

/** The queue of targets that are to be looked after. */
export class SqsTargetQueue implements TargetQueue {
  constructor(private readonly options: { readonly client: SQSClient; readonly url: string }) {}

  /** @throws Error when not all of them were taken: who comes again looks after some twice, which is no harm */
  async put(places: readonly TargetPlace[], delaySeconds: number): Promise<void> {
    const { client, url } = this.options;
    for (let start = 0; start < places.length; start += MOST_ENTRIES) {
      const Entries = places.slice(start, start + MOST_ENTRIES).map((place, index) => ({
        Id: String(index),
        MessageBody: JSON.stringify(place),
        DelaySeconds: delaySeconds,
      }));
      const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
      if (Failed.length > 0) throw new Error(`${Failed.length} targets were not taken by the queue`);
    }
  }
}
