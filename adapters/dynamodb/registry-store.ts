import { GetCommand, QueryCommand, TransactGetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { INDEXES, TABLE } from '../../contract/names';
import type { StoredFile } from '../../core/domain/artifact';
import type { AuditRecord } from '../../core/domain/audit';
import type { Key, Kind, Records } from '../../core/domain/records';
import type {
  AuditPlace,
  AuditSummary,
  Between,
  ModelRecords,
  Page,
  PageRequest,
  Range,
  ReadMode,
  RegistryStore,
  Replay,
  ReplayKey,
  Row,
} from '../../core/ports';
import { commitTransaction, contentionOf } from './commit';
import { declarationOf, decode, decodeSummary, type Item, missingFields, restOf } from './items';
import { auditDay, conditionOf, type ItemKey, itemKey, type KeyCondition, overflowKey, replayItemKey } from './keys';

import type { DynamoRegistryOptions } from './options';

/** How many names the store remembers the ids of: a hint that every use checks. */
const REMEMBERED = 10_000;

/** Records that callers can read one by one, and whose rows may therefore lack their large fields. */
const SHORTENED: ReadonlySet<Kind> = new Set([
  'workspace',
  'model',
  'version',
  'card',
  'evaluation',
  'event',
  'delivery',
  'notification',
]);

/** Rows of a page of other records, and the read units that those of them which are large may take besides. */
const WHOLE_ROWS = 64;
const WHOLE_UNITS = 9;

/** How often a record is read again that changes while it is read. */
const REREADS = 20;

/** The registry's records in the single table. */
export class DynamoRegistryStore implements RegistryStore {
  private readonly ids = new Map<string, string>();

  constructor(private readonly options: DynamoRegistryOptions) {}

  async get<K extends Kind>(
    key: Key<K>,
    { consistent = false, hasty = false }: { consistent?: boolean; hasty?: boolean } = {},
  ): Promise<Records[K] | undefined> {
    // What a relaxed read did not find may just have been written: a caller sees its own writes.
    const item =
      (await this.item(itemKey(key as Key), consistent)) ??
      (consistent || hasty ? undefined : await this.item(itemKey(key as Key), true));
    return item && this.record(key.kind, item);
  }

  async getOfModel<const K extends readonly Kind[]>(
    workspace: string,
    name: string,
    keys: (modelId: string) => { [I in keyof K]: Key<K[I]> },
    mode: ReadMode,
  ): Promise<ModelRecords<K> | undefined> {
    const read = async (modelId: string) => {
      const wanted = keys(modelId) as readonly Key[];
      const records = await this.read(wanted, mode);
      return isNamed(wanted, records, name) ? { modelId, records: records as ModelRecords<K>['records'] } : undefined;
    };
    // Where the model is not among the records, its name is asked beside them.
    const guess = async (modelId: string) => {
      const tells = keys(modelId).some(({ kind }) => kind === 'model');
      const [found, named] = await Promise.all([read(modelId), tells ? modelId : this.modelId(workspace, name, mode)]);
      return named === modelId ? found : undefined;
    };
    return this.byName(workspace, name, mode, guess, read);
  }

  async ofModel<T extends { readonly model: Records['model'] | undefined }>(
    workspace: string,
    name: string,
    read: (modelId: string) => Promise<T>,
  ): Promise<T | undefined> {
    const named = async (modelId: string) => {
      const value = await read(modelId);
      return bears(value.model, name) ? value : undefined;
    };
    return this.byName(workspace, name, 'relaxed', named, named);
  }

  async query<K extends Range['kind']>(range: Extract<Range, { kind: K }>, page: PageRequest): Promise<Page<Row<K>>> {
    const whole = !SHORTENED.has(range.kind);
    const limit = whole ? Math.min(page.limit, WHOLE_ROWS) : page.limit;
    const condition = conditionOf(range);
    const { items, next } = await this.page(condition, { ...page, limit });
    const shown = whole ? affordable(items) : items;
    const rows = await Promise.all(shown.map((item) => this.row<K>(range.kind as K, item)));
    const after = shown.length < items.length ? positionOf(shown.at(-1) as Item, condition) : next;
    return { items: rows.filter((row) => row !== undefined), ...(after !== undefined && { next: after }) };
  }

  async auditOfDay(workspace: string, day: string, between: Between, page: PageRequest): Promise<Page<AuditSummary>> {
    const { items, next } = await this.dayOfAudit(workspace, day, between, page);
    return { items: items.map(decodeSummary), ...(next !== undefined && { next }) };
  }

  async placesOfDay(workspace: string, day: string, between: Between, page: PageRequest): Promise<Page<AuditPlace>> {
    const { items, next } = await this.dayOfAudit(workspace, day, between, page);
    const places = items.map((item) => ({ position: auditPositionOf(item), read: () => this.audited(item) }));
    return { items: places, ...(next !== undefined && { next }) };
  }

  private dayOfAudit(workspace: string, day: string, { from, to }: Between, page: PageRequest) {
    const { audit } = INDEXES;
    return this.page(
      {
        index: audit.name,
        partitionKey: audit.partitionKey,
        partition: auditDay(workspace, day),
        sortKey: audit.sortKey,
        from,
        upTo: `${to}#~`,
      },
      page,
    );
  }

  /** The record that an entry of the audit's index stands for. */
  private async audited({ pk, sk }: Item): Promise<AuditRecord> {
    const key = { pk, sk } as unknown as ItemKey;
    // The index may know what the nearest replica of the table does not yet.
    const item = (await this.item(key, false)) ?? (await this.item(key, true));
    const record = item && (await this.record('event', item));
    if (!record) throw new Error(`the record ${key.pk} ${key.sk} is gone`);
    return record;
  }

  async replay(key: ReplayKey): Promise<Replay | undefined> {
    const item = await this.item(replayItemKey(key), true);
    if (!item || (item[TABLE.expiry] as number) * 1000 <= this.options.clock().getTime()) return undefined;
    return JSON.parse(item['data'] as string) as Replay;
  }

  commit(change: Parameters<RegistryStore['commit']>[0]): Promise<void> {
    return commitTransaction(this.options, change);
  }

  async noteUpload(
    key: Key<'file'>,
    declared: StoredFile,
    note: { readonly uploadId: string } | { readonly objectVersion: string },
  ): Promise<StoredFile | undefined> {
    const [[attribute, value] = []] = Object.entries(note);
    try {
      const { Attributes } = await this.options.client.send(
        new UpdateCommand({
          TableName: this.options.table,
          Key: itemKey(key),
          UpdateExpression: 'SET #noted = if_not_exists(#noted, :value)',
          ConditionExpression: 'declaration = :declaration',
          ExpressionAttributeNames: { '#noted': attribute as string },
          ExpressionAttributeValues: { ':value': value, ':declaration': declarationOf(declared) },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Attributes && (decode('file', Attributes) as StoredFile);
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
      throw contentionOf(error) ?? error;
    }
  }

  /**
   * Reads something of the model that has a name: by the id that is remembered of it, or else by the one that the name has.
   * @param guess reads by an id that may be the name's no more; undefined where it is not
   * @param read reads by the name's id; undefined where the model lost the name meanwhile
   */
  private async byName<T>(
    workspace: string,
    name: string,
    mode: ReadMode,
    guess: (modelId: string) => Promise<T | undefined>,
    read: (modelId: string) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const place = `${workspace}#${name}`;
    const remembered = this.ids.get(place);
    if (remembered !== undefined) {
      const value = await guess(remembered);
      if (value !== undefined) return value;
      this.ids.delete(place);
    }
    const modelId = await this.modelId(workspace, name, mode);
    if (modelId === undefined) return undefined;
    const value = await read(modelId);
    if (value !== undefined) this.remember(place, modelId);
    return value;
  }

  private remember(place: string, modelId: string): void {
    if (this.ids.size >= REMEMBERED) this.ids.delete(this.ids.keys().next().value as string);
    this.ids.set(place, modelId);
  }

  private async modelId(workspace: string, name: string, mode: ReadMode): Promise<string | undefined> {
    const key: Key<'name'> = { kind: 'name', workspace, name };
    return (await this.get<'name'>(key, { consistent: mode === 'snapshot' || mode === 'consistent' }))?.modelId;
  }

  private async read(keys: readonly Key[], mode: ReadMode): Promise<(Records[Kind] | undefined)[]> {
    if (mode === 'snapshot') return this.snapshot(keys);
    return Promise.all(
      keys.map((key) => this.get(key, { consistent: mode === 'consistent', hasty: mode === 'hasty' })),
    );
  }

  private async snapshot(keys: readonly Key[]): Promise<(Records[Kind] | undefined)[]> {
    const { client, table } = this.options;
    try {
      const { Responses = [] } = await client.send(
        new TransactGetCommand({
          TransactItems: keys.map((key) => ({ Get: { TableName: table, Key: itemKey(key) } })),
        }),
      );
      return await Promise.all(
        keys.map(async (key, index) => {
          const item = Responses[index]?.Item;
          return item && this.record(key.kind, item);
        }),
      );
    } catch (error) {
      throw contentionOf(error) ?? error;
    }
  }

  /** A row of a page: whole, unless it can be read by itself as well. Nothing where it was deleted meanwhile. */
  private async row<K extends Kind>(kind: K, item: Item): Promise<Row<K> | undefined> {
    const omitted = missingFields(item);
    if (omitted.length === 0) return decode(kind, item);
    return SHORTENED.has(kind) ? { ...decode(kind, item), omitted } : this.record(kind, item);
  }

  /**
   * Decodes an item, with its overflow where it has one: both of the same write, or both are read again. Nothing where
   * it was deleted meanwhile.
   */
  private async record<K extends Kind>(kind: K, item: Item): Promise<Records[K] | undefined> {
    const key = item as unknown as ItemKey;
    let main: Item | undefined = item;
    for (let attempt = 0; main && attempt < REREADS; attempt++) {
      if (missingFields(main).length === 0) return decode(kind, main);
      const overflow = await this.item(overflowKey(key), attempt > 0);
      if (overflow && overflow['stamp'] === main['stamp']) return decode(kind, main, overflow);
      main = await this.item({ pk: key.pk, sk: key.sk }, true);
    }
    if (main) throw new Error(`the rest of ${key.pk} ${key.sk} is missing or changes all the time`);
    return undefined;
  }

  private async item(key: ItemKey, consistent: boolean): Promise<Item | undefined> {
    const { client, table } = this.options;
    const { Item } = await passing(
      client.send(new GetCommand({ TableName: table, Key: { ...key }, ...(consistent && { ConsistentRead: true }) })),
    );
    return Item;
  }

  private async page(condition: KeyCondition & { readonly from?: string }, page: PageRequest) {
    const { client, table } = this.options;
    const { index, partitionKey, partition, sortKey, prefix, from, upTo } = condition;
    const bound = sortCondition({ prefix, from, upTo });
    const { Items = [], LastEvaluatedKey } = await passing(
      client.send(
        new QueryCommand({
          TableName: table,
          ...(index !== undefined && { IndexName: index }),
          KeyConditionExpression: `#pk = :pk${bound.expression}`,
          ExpressionAttributeNames: { '#pk': partitionKey, ...(bound.expression !== '' && { '#sk': sortKey }) },
          ExpressionAttributeValues: { ':pk': partition, ...bound.values },
          Limit: page.limit,
          ScanIndexForward: page.order === 'ascending',
          ...(page.consistent && { ConsistentRead: true }),
          ...(page.after !== undefined && { ExclusiveStartKey: JSON.parse(page.after) as Item }),
        }),
      ),
    );
    return { items: Items as Item[], ...(LastEvaluatedKey && { next: JSON.stringify(LastEvaluatedKey) }) };
  }
}

/** The first rows of a page, as many as can be read whole; at least one. */
function affordable(items: readonly Item[]): readonly Item[] {
  let units = 0;
  const first = items.findIndex((item, index) => {
    units += Math.ceil(restOf(item) / 4_096) / 2;
    return units > WHOLE_UNITS && index > 0;
  });
  return first < 0 ? items : items.slice(0, first);
}

/** Where the page after a row starts: its keys in the table, and in the index that the page is read from. */
function positionOf(item: Item, { index, partitionKey, sortKey }: KeyCondition): string {
  const names = ['pk', 'sk', ...(index === undefined ? [] : [partitionKey, sortKey])];
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, item[name]])));
}

/** Where the page after an entry of the audit's index starts. */
function auditPositionOf(item: Item): string {
  const { partitionKey, sortKey } = INDEXES.audit;
  const { pk, sk, [partitionKey]: day, [sortKey]: place } = item;
  return JSON.stringify({ pk, sk, [partitionKey]: day, [sortKey]: place });
}

/**
 * Follows `#`: keys that start with `A#` lie between `A#` and `A$`, which no key is. An engine that has its table in SQL finds
 * these by its index, where it looks at a whole partition for `begins_with`; to DynamoDB both are the same.
 */
const AFTER_PREFIX = '$';

function sortCondition({
  prefix,
  from,
  upTo,
}: {
  prefix?: string | undefined;
  from?: string | undefined;
  upTo?: string | undefined;
}) {
  if (prefix?.endsWith('#')) return between(prefix, `${prefix.slice(0, -1)}${AFTER_PREFIX}`);
  if (prefix) return { expression: ' AND begins_with(#sk, :prefix)', values: { ':prefix': prefix } };
  if (from !== undefined && upTo !== undefined) return between(from, upTo);
  if (upTo !== undefined) return { expression: ' AND #sk <= :upTo', values: { ':upTo': upTo } };
  return { expression: '', values: {} };
}

/** Whether the model among the records, if there is one, exists under that name. */
function isNamed(keys: readonly Key[], records: readonly (Records[Kind] | undefined)[], name: string): boolean {
  return keys.every(({ kind }, index) => kind !== 'model' || bears(records[index] as Records['model'], name));
}

/** Whether there is a model, and it has a name now. */
function bears(model: Records['model'] | undefined, name: string): boolean {
  return model !== undefined && model.name === name && model.state !== 'deleted';
}

/** Tells of a read that was throttled as of contention: commands try again, queries answer that it passes. */
async function passing<T>(read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    throw contentionOf(error) ?? error;
  }
}

function between(from: string, upTo: string) {
  return { expression: ' AND #sk BETWEEN :from AND :upTo', values: { ':from': from, ':upTo': upTo } };
}
