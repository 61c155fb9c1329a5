import { setTimeout as pause } from 'node:timers/promises';
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type BatchGetCommandOutput,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  DeleteCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { TABLE } from '../../contract/names';
import { canonicalJson, utf8Length } from '../../core/domain/json';
import { LIMITS } from '../../core/domain/limits';
import type { Key, Kind, Records } from '../../core/domain/records';
import type { Posted, SearchCopy } from '../../core/domain/search';
import type {
  Desk,
  DeskReading,
  Posting,
  PostingRange,
  PostingSource,
  PostingStore,
  RegistryStore,
} from '../../core/ports';
import { wholeModel, wholeVersion } from '../../core/search/copy';
import { markKey } from '../../core/search/marks';
import { contentionOf } from './commit';
import { decode, decodePosting, encode, encodePosting, type Item, missingFields, noteStamp } from './items';
import { type ItemKey, itemKey, postingPartition } from './keys';
import type { DynamoRegistryOptions } from './options';

/** DynamoDB's limits of one call. */
const BATCH = 25;
const READ_BATCH = 100;
/** Calls that run at the same time. */
const AT_ONCE = 4;
/** How often what was not taken is sent again, with pauses that double. */
const ATTEMPTS = 8;
const FIRST_PAUSE = 25;
/** Marks that a search reads at most: what it must see and nobody has posted yet. */
const MOST_NOTES = 150;
const UNIT = 4_096;
/** Sort key of the lease: before all notes. */
const LEASE = 'A';
/** Enough to see a note behind the lease and all indexes that a workspace may declare. */
const FIRST_ITEMS = LIMITS.searchIndexes + 2;

type Requests = NonNullable<BatchWriteCommandInput['RequestItems']>[string];
type Keys = NonNullable<BatchGetCommandInput['RequestItems']>[string]['Keys'];

/** Postings in the single table: in partitions of their own, so that what writes them may write nothing else. */
export class DynamoPostingStore implements PostingStore {
  constructor(
    private readonly options: DynamoRegistryOptions,
    private readonly store: RegistryStore,
  ) {}

  source(workspace: string, { consistent }: { readonly consistent: boolean }): PostingSource {
    return {
      page: (range) => this.page(workspace, range, consistent),
      whole: async (copy) => {
        const whole = await this.whole(workspace, copy, consistent);
        const units = Math.ceil((whole ? utf8Length(canonicalJson(whole)) : 1) / UNIT);
        return { copy: whole, units: consistent ? units : units / 2 };
      },
    };
  }

  async desk(workspace: string, { marks, consistent, behind }: DeskReading): Promise<Desk> {
    const { pk } = itemKey({ kind: 'index', workspace, name: '' });
    // The text that follows a key: nothing lies between.
    const from = behind ? `${itemKey(markKey(workspace, behind)).sk}\u0000` : 'I#';
    const { Items, LastEvaluatedKey, units } = await this.query({
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#pk': TABLE.partitionKey, '#sk': TABLE.sortKey },
      ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': marks ? 'P$' : 'J$' },
      ConsistentRead: consistent,
      Limit: MOST_NOTES,
    });
    const notes = <K extends Kind>(kind: K, prefix: string): Records[K][] =>
      Items.filter(({ sk }) => String(sk).startsWith(prefix)).map((item) => decode(kind, item));
    return {
      marks: notes('mark', 'P#'),
      indexes: notes('index', 'I#'),
      walks: notes('walk', 'J#'),
      units,
      more: LastEvaluatedKey !== undefined,
    };
  }

  async waits(workspace: string): Promise<boolean> {
    const { pk } = itemKey({ kind: 'index', workspace, name: '' });
    const { Items } = await this.query({
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#pk': TABLE.partitionKey, '#sk': TABLE.sortKey },
      ExpressionAttributeValues: { ':pk': pk, ':from': LEASE, ':to': 'P$' },
      ConsistentRead: true,
      Limit: FIRST_ITEMS,
    });
    const lease = Items.find(({ sk }) => sk === LEASE);
    if (lease && Number(lease['until']) >= this.options.clock().getTime()) return false;
    return Items.some(({ sk }) => !(String(sk) === LEASE || String(sk).startsWith('I#')));
  }

  async read(keys: readonly Key[]): Promise<readonly (Records[Kind] | undefined)[]> {
    const found = new Map<string, Item>();
    const batches = inBatches(
      keys.map((key) => itemKey(key)),
      READ_BATCH,
    );
    await Promise.all(
      batches.map(async (batch) => {
        for (const item of await this.readBatch(batch)) found.set(placeOf(item), item);
      }),
    );
    return Promise.all(
      keys.map(async (key) => {
        const item = found.get(placeOf(itemKey(key)));
        if (!item) return undefined;
        return missingFields(item).length === 0 ? decode(key.kind, item) : this.store.get(key, { consistent: true });
      }),
    );
  }

  async write(
    workspace: string,
    puts: readonly Posting[],
    removed: readonly (readonly [partition: string, sort: string])[],
  ): Promise<void> {
    await this.writeAll([
      ...puts.map((posting) => ({ PutRequest: { Item: encodePosting(workspace, posting) } })),
      ...removed.map(([partition, sk]) => ({
        DeleteRequest: { Key: { pk: postingPartition(workspace, partition), sk } },
      })),
    ]);
  }

  async putPosted(all: readonly (readonly [Key<'posted'>, Posted | undefined])[]): Promise<void> {
    await this.writeAll(
      all.map(([key, posted]) => {
        const place = itemKey(key);
        // One item whatever its size: no list shows it.
        return posted
          ? { PutRequest: { Item: { ...place, data: JSON.stringify(posted) } } }
          : { DeleteRequest: { Key: { ...place } } };
      }),
    );
  }

  async settle<K extends 'mark' | 'walk'>(
    key: Key<K>,
    before: Records[K],
    after: Records[K] | undefined,
  ): Promise<boolean> {
    const { client, table } = this.options;
    const condition = {
      ConditionExpression: '#note = :before',
      ExpressionAttributeNames: { '#note': 'note' },
      ExpressionAttributeValues: { ':before': noteStamp(before) },
    };
    const place = itemKey(key as Key);
    if (!after) return this.ifSo(client.send(new DeleteCommand({ TableName: table, Key: place, ...condition })));
    const { item } = encode(key.kind as K, place, after);
    return this.ifSo(client.send(new PutCommand({ TableName: table, Item: item, ...condition })));
  }

  async lease(workspace: string, token: string, until: Date): Promise<boolean> {
    const { client, table, clock } = this.options;
    const item = { ...itemKey({ kind: 'index', workspace, name: '' }), sk: LEASE, token, until: until.getTime() };
    return this.ifSo(
      client.send(
        new PutCommand({
          TableName: table,
          Item: item,
          ConditionExpression: 'attribute_not_exists(#until) OR #until < :now',
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: { ':now': clock().getTime() },
        }),
      ),
    );
  }

  async release(workspace: string, token: string): Promise<void> {
    const { client, table } = this.options;
    await this.ifSo(
      client.send(
        new DeleteCommand({
          TableName: table,
          Key: { ...itemKey({ kind: 'index', workspace, name: '' }), sk: LEASE },
          ConditionExpression: '#token = :token',
          ExpressionAttributeNames: { '#token': 'token' },
          ExpressionAttributeValues: { ':token': token },
        }),
      ),
    );
  }

  /** Whether the condition of a write held. */
  private async ifSo(write: Promise<unknown>): Promise<boolean> {
    try {
      await write;
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
      throw contentionOf(error) ?? error;
    }
  }

  private async page(workspace: string, range: PostingRange, consistent: boolean) {
    const { partition, order, from, to, after, limit } = range;
    const pk = postingPartition(workspace, partition);
    const bounds =
      from !== undefined && to !== undefined
        ? ' AND #sk BETWEEN :from AND :to'
        : from !== undefined
          ? ' AND #sk >= :from'
          : to !== undefined
            ? ' AND #sk <= :to'
            : '';
    const { Items, LastEvaluatedKey, units } = await this.query({
      KeyConditionExpression: `#pk = :pk${bounds}`,
      ExpressionAttributeNames: { '#pk': TABLE.partitionKey, ...(bounds !== '' && { '#sk': TABLE.sortKey }) },
      ExpressionAttributeValues: {
        ':pk': pk,
        ...(from !== undefined && { ':from': from }),
        ...(to !== undefined && { ':to': to }),
      },
      ScanIndexForward: order === 'ascending',
      Limit: limit,
      ...(consistent && { ConsistentRead: true }),
      ...(after !== undefined && { ExclusiveStartKey: { pk, sk: after } }),
    });
    const items = Items.map(decodePosting);
    return { items, units, ...(LastEvaluatedKey && { next: String(LastEvaluatedKey['sk']) }) };
  }

  private async query(input: Omit<QueryCommandInput, 'TableName'>) {
    const { client, table } = this.options;
    try {
      const {
        Items = [],
        LastEvaluatedKey,
        ConsumedCapacity,
      } = await client.send(new QueryCommand({ TableName: table, ReturnConsumedCapacity: 'TOTAL', ...input }));
      return { Items: Items as Item[], LastEvaluatedKey, units: ConsumedCapacity?.CapacityUnits ?? 0 };
    } catch (error) {
      throw contentionOf(error) ?? error;
    }
  }

  private async whole(workspace: string, copy: SearchCopy, consistent: boolean): Promise<SearchCopy | undefined> {
    const { modelId } = copy;
    if (copy.of === 'model') {
      const model = await this.store.get<'model'>({ kind: 'model', workspace, modelId }, { consistent });
      return model && model.state !== 'deleted' ? wholeModel(copy, model) : undefined;
    }
    const key: Key<'version'> = { kind: 'version', workspace, modelId, number: copy.number };
    const version = await this.store.get<'version'>(key, { consistent });
    return version && !('deleted' in version) ? wholeVersion(copy, version) : undefined;
  }

  private async writeAll(requests: Requests): Promise<void> {
    const batches = inBatches(requests, BATCH);
    for (let start = 0; start < batches.length; start += AT_ONCE) {
      await Promise.all(batches.slice(start, start + AT_ONCE).map((batch) => this.writeBatch(batch)));
    }
  }

  private async writeBatch(requests: Requests): Promise<void> {
    const { client, table } = this.options;
    let left: Requests | undefined = requests;
    for (let attempt = 0; left && left.length > 0; attempt++) {
      await again(attempt, `${left.length} postings were not taken`);
      const { UnprocessedItems }: { UnprocessedItems?: BatchWriteCommandInput['RequestItems'] } = await client.send(
        new BatchWriteCommand({ RequestItems: { [table]: left } }),
      );
      left = UnprocessedItems?.[table];
    }
  }

  private async readBatch(keys: readonly ItemKey[]): Promise<Item[]> {
    const { client, table } = this.options;
    const items: Item[] = [];
    let left: Keys = keys.map((key) => ({ ...key }));
    for (let attempt = 0; left && left.length > 0; attempt++) {
      await again(attempt, `${left.length} records were not read`);
      const answer: BatchGetCommandOutput = await client.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: true } } }),
      );
      items.push(...((answer.Responses?.[table] ?? []) as Item[]));
      left = answer.UnprocessedKeys?.[table]?.Keys;
    }
    return items;
  }
}

/** Waits before another attempt. @throws Error that says what was not done, after the last one */
async function again(attempt: number, failure: string): Promise<void> {
  if (attempt === ATTEMPTS) throw new Error(failure);
  if (attempt > 0) await pause(FIRST_PAUSE * 2 ** attempt);
}

function inBatches<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}

const placeOf = ({ pk, sk }: Item | ItemKey): string => JSON.stringify([pk, sk]);
