import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { TABLE } from '../../contract/names';
import type { Kind, Records, Write } from '../../core/domain/records';
import { type Change, Contention } from '../../core/ports';
import { encode } from './items';
import { itemKey, overflowKey, replayItemKey } from './keys';
import type { DynamoRegistryOptions } from './options';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** DynamoDB's limit. Every command stays below it by the limits of what it takes. */
const MOST_ITEMS = 100;

/** Reasons for which a transaction was cancelled that go away by themselves. */
const PASSING = new Set([
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/** Errors of a call that was refused before it did anything, and may be taken later. */
const REFUSED = new Set([
  'TransactionConflictException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);

/** Commits all writes of a change in one transaction, under its conditions. */
export async function commitTransaction(options: DynamoRegistryOptions, change: Change): Promise<void> {
  const items = transactItems(options, change);
  if (items.length === 0) return;
  if (items.length > MOST_ITEMS) throw new Error(`a change of ${items.length} items does not fit one transaction`);
  try {
    await options.client.send(new TransactWriteCommand({ TransactItems: items }));
  } catch (error) {
    throw contentionOf(error) ?? error;
  }
}

/**
 * The contention that an error of a call tells of, if it does: nothing was written. Of a transaction that is still in
 * progress nobody knows that, so to decide again could make its change twice.
 */
export function contentionOf(error: unknown): Contention | undefined {
  if (!(error instanceof Error)) return undefined;
  if (REFUSED.has(error.name)) return new Contention(error.message, { cause: error });
  if (error.name !== 'TransactionCanceledException') return undefined;
  const reasons = (error as { CancellationReasons?: { Code?: string }[] }).CancellationReasons ?? [];
  const codes = reasons.map(({ Code }) => Code ?? 'None').filter((code) => code !== 'None');
  return codes.every((code) => PASSING.has(code)) ? new Contention(codes.join(', '), { cause: error }) : undefined;
}

function transactItems({ table, clock }: DynamoRegistryOptions, change: Change): TransactItem[] {
  const absent = new Set(change.absent.map((key) => JSON.stringify(itemKey(key))));
  const heads = new Map(change.heads.map(({ key, expected }) => [JSON.stringify(itemKey(key)), expected]));
  const items = [
    ...change.writes.flatMap((write) => writeItems(table, write, absent, heads)),
    ...(change.unchanged ?? []).map(({ key, revision }) => ({
      ConditionCheck: { TableName: table, Key: itemKey(key), ...isAt(revision) },
    })),
  ];
  const { replay } = change;
  if (!replay) return items;
  const { fingerprint, answer, expiresAt } = replay;
  const now = Math.floor(clock().getTime() / 1000);
  return [
    ...items,
    {
      Put: {
        TableName: table,
        Item: {
          ...replayItemKey(replay),
          data: JSON.stringify({ fingerprint, answer }),
          [TABLE.expiry]: Math.floor(expiresAt.getTime() / 1000),
        },
        ConditionExpression: 'attribute_not_exists(#pk) OR #expiry <= :now',
        ExpressionAttributeNames: { '#pk': TABLE.partitionKey, '#expiry': TABLE.expiry },
        ExpressionAttributeValues: { ':now': now },
      },
    },
  ];
}

function writeItems(
  table: string,
  write: Write,
  absent: ReadonlySet<string>,
  heads: ReadonlyMap<string, number>,
): TransactItem[] {
  if ('delete' in write) return [{ Delete: { TableName: table, Key: itemKey(write.delete) } }];
  const key = itemKey(write.put);
  const { item, overflow } = encode(write.put.kind as Kind, key, write.value as Records[Kind]);
  const place = JSON.stringify(key);
  const put: TransactItem = {
    Put: { TableName: table, Item: item, ...condition(absent.has(place), heads.get(place)) },
  };
  if (!overflow) return [put];
  return [put, { Put: { TableName: table, Item: { ...overflowKey(key), ...overflow } } }];
}

function condition(absent: boolean, expected: number | undefined) {
  if (absent || expected === 0) {
    return {
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': TABLE.partitionKey },
    };
  }
  return expected === undefined ? {} : isAt(expected);
}

function isAt(expected: number) {
  return {
    ConditionExpression: '#sequence = :expected',
    ExpressionAttributeNames: { '#sequence': 'sequence' },
    ExpressionAttributeValues: { ':expected': expected },
  };
}
