import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { RegistryEvent } from '../../core/domain/event';
import { decode, type Item, missingFields } from './items';
import { type ItemKey, overflowKey } from './keys';

/**
 * The event that a stream record of the table carries, with the part of it that is kept in a second item.
 * @param image the record's new image
 */
export async function eventOfImage(
  image: Record<string, AttributeValue>,
  { client, table }: { client: DynamoDBDocumentClient; table: string },
): Promise<RegistryEvent> {
  const item = unmarshall(image) as Item;
  if (missingFields(item).length === 0) return decode('event', item);
  const key = overflowKey(item as unknown as ItemKey);
  const { Item: overflow } = await client.send(
    new GetCommand({ TableName: table, Key: { ...key }, ConsistentRead: true }),
  );
  if (!overflow) throw new Error(`the rest of event ${key.pk} ${key.sk} is missing`);
  return decode('event', item, overflow);
}
