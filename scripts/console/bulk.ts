import { createHash } from 'node:crypto';
import {
  DescribeTableCommand,
  DynamoDBClient,
  type StreamSpecification,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { decode, encode, encodePosting, type Item } from '../../adapters/dynamodb/items';
import { itemKey } from '../../adapters/dynamodb/keys';
import type { Key, Kind, Records } from '../../core/domain/records';
import type { SearchCopy } from '../../core/domain/search';
import type { Version } from '../../core/domain/version';
import { modelCopy, rowOf, versionCopy } from '../../core/search/copy';
import { postingKeys } from '../../core/search/postings';
import type { Local } from '../../local';

const WORKSPACE = 'default';
/** DynamoDB's limit of one call, and how many calls run at the same time. */
const BATCH = 25;
const AT_ONCE = 8;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Lets a table tell its stream nothing of what is written. @returns what lets it tell again, as before */
export async function pauseStream(client: DynamoDBClient, TableName: string): Promise<() => Promise<void>> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const { StreamViewType } = Table?.StreamSpecification ?? {};
  const set = async (StreamSpecification: StreamSpecification) => {
    await client.send(new UpdateTableCommand({ TableName, StreamSpecification }));
  };
  await set({ StreamEnabled: false });
  return () => set({ StreamEnabled: true, StreamViewType });
}

/**
 * Writes what a large registry would have: the records and postings of models and versions, as the registry writes them, made
 * after one that it made itself. Their histories are left out; no list and no search reads them.
 */
export class Bulk {
  private readonly client: DynamoDBClient;
  private readonly documents: DynamoDBDocumentClient;
  private readonly table: string;
  private batch: Item[] = [];
  private readonly running = new Set<Promise<unknown>>();

  constructor(local: Local) {
    this.client = new DynamoDBClient({
      endpoint: local.urls.dynamodb,
      region: 'us-east-1',
      credentials: local.credentials,
    });
    this.documents = DynamoDBDocumentClient.from(this.client);
    this.table = local.outputs['TableName'] ?? '';
  }

  /** Versions up to a number, after the first one of a model. */
  async versions(modelName: string, most: number): Promise<void> {
    const { modelId } = await this.read<'name'>({ kind: 'name', workspace: WORKSPACE, name: modelName });
    const at = { workspace: WORKSPACE, modelId };
    const first = (await this.read<'version'>({ kind: 'version', ...at, number: 1 })) as Version;
    const head = await this.read<'head'>({ kind: 'head', ...at });
    for (let number = 2; number <= most; number += 1) {
      const time = new Date(Date.parse(first.createdAt) + number).toISOString();
      const version: Version = {
        ...first,
        number,
        createdAt: time,
        updatedAt: time,
        editedAt: time,
        metrics: { auc: 0.5 + (number % 4_999) / 10_000 },
        tags: { dataset: `calls-${number % 50}` },
      };
      await this.put<'version'>({ kind: 'version', ...at, number }, version);
      await this.put<'member'>({ kind: 'member', ...at, stage: version.stage, number }, { version: number });
      await this.post(modelId, number, versionCopy(version, modelName));
    }
    await this.put<'head'>({ kind: 'head', ...at }, { ...head, lastVersion: most });
  }

  /** Models, after one that is there. */
  async models(template: string, count: number, nameOf: (index: number) => string): Promise<void> {
    const { modelId } = await this.read<'name'>({ kind: 'name', workspace: WORKSPACE, name: template });
    const model = await this.read<'model'>({ kind: 'model', workspace: WORKSPACE, modelId });
    const head = await this.read<'head'>({ kind: 'head', workspace: WORKSPACE, modelId });
    for (let index = 1; index <= count; index += 1) {
      const id = `${modelId.slice(0, -6)}${String(index).padStart(6, '0')}`;
      const [name, time] = [nameOf(index), new Date(Date.parse(model.createdAt) + index).toISOString()];
      const at = { workspace: WORKSPACE, modelId: id };
      const made = { ...model, id, name, createdAt: time, updatedAt: time, tags: { team: `team-${index % 40}` } };
      await this.put<'name'>({ kind: 'name', workspace: WORKSPACE, name }, { modelId: id });
      await this.put<'model'>({ kind: 'model', ...at }, made);
      await this.put<'head'>({ kind: 'head', ...at }, head);
      await this.post(id, undefined, modelCopy(made, { ...head, activityAt: time }, { stages: [], aliases: [] }));
    }
  }

  /** Writes what is left, and ends. */
  async close(): Promise<void> {
    await this.send();
    await Promise.all(this.running);
    this.client.destroy();
  }

  /** Lets the table tell its stream nothing: what is written here is nobody's change. */
  async pauseStream(): Promise<void> {
    await pauseStream(this.client, this.table);
  }

  private async read<K extends Kind>(key: Key<K>): Promise<Records[K]> {
    const { Item: item } = await this.documents.send(
      new GetCommand({ TableName: this.table, Key: itemKey(key as Key), ConsistentRead: true }),
    );
    if (!item) throw new Error(`There is no ${key.kind} to go by.`);
    return decode(key.kind as K, item);
  }

  private async put<K extends Kind>(key: Key<K>, value: Records[K]): Promise<void> {
    await this.add(encode(key.kind as K, itemKey(key as Key), value).item);
  }

  private async post(modelId: string, number: number | undefined, copy: SearchCopy): Promise<void> {
    const place = { modelId, ...(number !== undefined && { number }) };
    for (const [partition, sort] of postingKeys(place, rowOf(copy), [], sha256)) {
      await this.add(encodePosting(WORKSPACE, { partition, sort, copy }));
    }
  }

  private async add(item: Item): Promise<void> {
    this.batch.push(item);
    if (this.batch.length < BATCH) return;
    await this.send();
    while (this.running.size >= AT_ONCE) await Promise.race(this.running);
  }

  private async send(): Promise<void> {
    const items = this.batch.splice(0);
    if (items.length === 0) return;
    const requests = { [this.table]: items.map((Item) => ({ PutRequest: { Item } })) };
    const sent = this.documents.send(new BatchWriteCommand({ RequestItems: requests })).then(({ UnprocessedItems }) => {
      this.running.delete(sent);
      if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error('The engine did not take all items.');
    });
    this.running.add(sent);
  }
}
