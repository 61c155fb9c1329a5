import { setTimeout as pause } from 'node:timers/promises';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { documentClient } from '../adapters/dynamodb/client';
import { eventOfImage } from '../adapters/dynamodb/stream-event';
import { publish } from '../adapters/eventbridge/publish';
import { ENV } from '../contract/names';
import type { RegistryEvent } from '../core/domain/event';
import { required } from './environment';

const table = { client: documentClient(), table: required(ENV.table) };
const bus = {
  client: new EventBridgeClient({ maxAttempts: 4 }),
  bus: required(ENV.bus),
  pause: (milliseconds: number) => pause(milliseconds),
};

/**
 * Publishes the events of a batch of stream records. The batch is taken up to the first record that could not be
 * published; from there on the stream delivers again, so consumers may see an event twice and never miss one.
 * @throws Error when the very first record of several fails: only then does Lambda split the batch, until a record that
 * can never be published stands alone and is put aside without holding up the others
 */
export async function handler(batch: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const records = batch.Records.map(({ dynamodb = {} }) => dynamodb);
  const events: (RegistryEvent | undefined)[] = await Promise.all(
    records.map(async ({ NewImage }) => {
      try {
        return await eventOfImage(NewImage as Record<string, AttributeValue>, table);
      } catch (error) {
        console.error({ record: 'unreadable', error: String(error) });
        return undefined;
      }
    }),
  );
  const unreadable = events.indexOf(undefined);
  const readable = (unreadable < 0 ? events : events.slice(0, unreadable)) as RegistryEvent[];
  const unpublished = await publish(readable, bus);
  const failed = readable.findIndex((event) => unpublished.has(event.id));
  const first = failed < 0 ? unreadable : failed;
  if (first === 0 && records.length > 1) throw new Error('the first record of the batch cannot be published');
  const itemIdentifier = records[first]?.SequenceNumber;
  return { batchItemFailures: itemIdentifier === undefined ? [] : [{ itemIdentifier }] };
}
