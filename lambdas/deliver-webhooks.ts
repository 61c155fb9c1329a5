import { createHash, randomInt } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { documentClient } from '../adapters/dynamodb/client';
import { DynamoRegistryStore } from '../adapters/dynamodb/registry-store';
import { SqsDueQueue } from '../adapters/sqs/due-queue';
import { ENV } from '../contract/names';
import { required } from './environment';
import { webhookSender } from './ports';
import { handleMessage } from './webhook-messages';

const clock = () => new Date();

const handle = handleMessage({
  store: new DynamoRegistryStore({ client: documentClient(), table: required(ENV.table), clock }),
  webhooks: webhookSender(),
  queue: new SqsDueQueue({ client: new SQSClient({ maxAttempts: 4 }), url: required(ENV.webhookQueue) }),
  clock,
  random: () => randomInt(2 ** 32) / 2 ** 32,
  sha256: (data) => createHash('sha256').update(data).digest('hex'),
});

/**
 * Handles a batch of the queue of webhooks, each message by itself: one that fails is handed out again later, without the
 * others.
 */
export async function handler(batch: SQSEvent): Promise<SQSBatchResponse> {
  const failed = await Promise.all(
    batch.Records.map(async ({ messageId, body }) => {
      try {
        await handle(body);
        return [];
      } catch (error) {
        console.error({ message: messageId, error: String(error) });
        return [{ itemIdentifier: messageId }];
      }
    }),
  );
  return { batchItemFailures: failed.flat() };
}
