import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DurableMap } from '../../../local/durable-map';
import { engineClient, ensureTable, startEngine } from '../../../local/dynamodb';
import { DynamoDbPoller, type Mapping, type StreamRecord } from '../../../local/streams';

const TABLE = {
  TableName: 'Things',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' as const },
};

const MAPPING: Mapping = {
  logicalId: 'Mapping',
  uuid: 'u-u-i-d',
  sourceArn: 'arn:stream',
  functionArn: 'arn:fn',
  batchSize: 4,
  mostAtOnce: 50,
  batchingWindowMs: 0,
  fromTheStart: true,
  bisect: false,
  maximumRetries: -1,
  maximumAgeSeconds: -1,
  reportsFailures: false,
  onFailure: undefined,
  passes: (record) => !(record as StreamRecord).dynamodb['OldImage'],
};

let folder: string;
let engine: Awaited<ReturnType<typeof startEngine>>;
let streamArn: string;
let client: DynamoDBClient;
let checkpoints: DurableMap<string>;
let read: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signet-poller-'));
  engine = await startEngine({ dbPath: join(folder, 'table.db') });
  streamArn = (await ensureTable(engine.endpoint, TABLE)).LatestStreamArn ?? '';
  client = engineClient(engine.endpoint);
  checkpoints = new DurableMap(join(folder, 'checkpoints.jsonl'));
  read = 0;
  const { fetch } = globalThis;
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (...request) => {
    const response = await fetch(...request);
    const { Records = [] } = (await response.clone().json()) as { Records?: object[] };
    read += Records.length;
    return response;
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  client.destroy();
  checkpoints.close();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (name: string, value = 'x') =>
  client.send(new PutItemCommand({ TableName: 'Things', Item: { pk: { S: name }, value: { S: value } } }));

/** Follows the stream until so many records were delivered. @returns the batches, as keys of their items */
async function follow(mapping: Partial<Mapping>, count: number): Promise<{ batches: string[][]; first: StreamRecord }> {
  const events: StreamRecord[][] = [];
  const poller = new DynamoDbPoller({
    mapping: { ...MAPPING, ...mapping },
    endpoint: engine.endpoint,
    streamArn,
    checkpoints,
    invoker: {
      has: () => true,
      invoke: async (_arn, event) => {
        events.push((event as { Records: StreamRecord[] }).Records);
        return { requestId: 'r', payload: 'null' };
      },
    },
    discard: async () => {},
    log: (text) => process.stderr.write(text),
  });
  while (events.flat().length < count) await sleep(10);
  await poller.close();
  const keyOf = ({ dynamodb }: StreamRecord) => (dynamodb['Keys'] as { pk: { S: string } }).pk.S;
  return { batches: events.map((batch) => batch.map(keyOf)), first: events[0]?.[0] as StreamRecord };
}

test('passes records on as the service sends them, in full batches, without those that the filter drops', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await put(name);
  await put('a', 'again');
  await put('f');
  const { batches, first } = await follow({}, 6);
  expect(batches).toEqual([
    ['a', 'b', 'c', 'd'],
    ['e', 'f'],
  ]);
  expect(first).toMatchObject({
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    eventSourceARN: 'arn:stream',
    awsRegion: 'us-east-1',
    dynamodb: { NewImage: { pk: { S: 'a' }, value: { S: 'x' } }, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
  expect(Math.abs(first.dynamodb.ApproximateCreationDateTime - Date.now() / 1_000)).toBeLessThan(60);
});

test('goes on after what was done before, filtered or not', async () => {
  await put('a');
  await put('a', 'again');
  await follow({}, 1);
  await put('b');
  expect((await follow({}, 1)).batches).toEqual([['b']]);
});

test('collects records until the batch is full, and reads each of them once', async () => {
  const following = follow({ batchingWindowMs: 600_000, batchSize: 3 }, 3);
  for (const name of ['a', 'b', 'c']) {
    await put(name);
    await sleep(150);
  }
  expect((await following).batches).toEqual([['a', 'b', 'c']]);
  expect(read).toBe(3);
});

test('delivers a batch that is not full at the end of its window', async () => {
  await put('a');
  expect((await follow({ batchingWindowMs: 50, batchSize: 3 }, 1)).batches).toEqual([['a']]);
});
