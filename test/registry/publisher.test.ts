import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { ENV } from '../../contract/names';
import { type FakeBus, startFakeBus } from '../support/bus';
import { startRegistry, type TestRegistry } from '../support/registry';
import { ready, sender } from '../support/trials';

type Image = Record<string, { S?: string }>;

let registry: TestRegistry;
let bus: FakeBus;
let handler: (batch: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
/** Images of all events: those of one model in order, the models mixed. */
let images: Image[];

beforeAll(async () => {
  [registry, bus] = await Promise.all([startRegistry(), startFakeBus()]);
  Object.assign(process.env, {
    [ENV.table]: registry.table.name,
    [ENV.bus]: 'signet',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: registry.table.endpoint,
    AWS_ENDPOINT_URL_EVENTBRIDGE: bus.endpoint,
  });
  ({ handler } = await import('../../lambdas/publish-events'));
  const send = sender(registry);
  for (const name of ['a', 'b']) {
    await send('POST', '/v1/models', { name });
    await ready(send, name);
    await send('PATCH', `/v1/models/${name}/versions/1`, { description: `${name} `.repeat(3_000) });
    await send('PUT', `/v1/models/${name}/tags/t`, { value: 'x' });
  }
  const { Items = [] } = await registry.table.client.send(new ScanCommand({ TableName: registry.table.name }));
  const events = (Items as Image[]).filter(({ sk }) => sk?.S?.startsWith('E#'));
  images = events.sort((x, y) => ((x['sk']?.S ?? '') < (y['sk']?.S ?? '') ? -1 : 1));
});
afterAll(() => Promise.all([registry.close(), bus.close()]));
beforeEach(() => {
  bus.taken.length = 0;
  bus.reply = () => [];
  jest.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => jest.restoreAllMocks());

function batchOf(list: readonly Image[]): DynamoDBStreamEvent {
  const Records = list.map((NewImage, index) => ({ dynamodb: { NewImage, SequenceNumber: `s${index}` } }));
  return { Records } as DynamoDBStreamEvent;
}

/** Makes the bus refuse one event for good. */
function refuse(index: number): void {
  const place = `${images[index]?.['pk']?.S} ${Number(images[index]?.['sk']?.S?.slice(2))}`;
  bus.reply = (entries) =>
    entries.map(({ Detail }) => {
      const { workspace, modelId, sequence } = JSON.parse(Detail);
      return `M#${workspace}#${modelId} ${sequence}` === place ? 'MalformedDetail' : undefined;
    });
}

test('every event of a batch goes out whole, those of each model in order', async () => {
  expect(images).toHaveLength(8);
  expect(images.some((image) => 'more' in image)).toBe(true);
  expect(await handler(batchOf(images))).toEqual({ batchItemFailures: [] });
  for (const modelId of new Set(bus.taken.map((event) => event.modelId))) {
    const own = bus.taken.filter((event) => event.modelId === modelId);
    expect(own.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(own[2]).toMatchObject({ current: { description: expect.stringMatching(/^(a |b ){3000}$/) } });
  }
});

test('the stream is asked again from the first record that the bus refused', async () => {
  refuse(3);
  expect(await handler(batchOf(images))).toEqual({ batchItemFailures: [{ itemIdentifier: 's3' }] });
  // Delivered again from there: everything arrives, some of it twice, nothing out of order.
  bus.reply = () => [];
  expect(await handler(batchOf(images.slice(3)))).toEqual({ batchItemFailures: [] });
  for (const modelId of new Set(bus.taken.map((event) => event.modelId))) {
    const own = bus.taken.filter((event) => event.modelId === modelId).map(({ sequence }) => sequence);
    expect([...new Set(own)]).toEqual([1, 2, 3, 4]);
  }
});

test('a first record that the bus refuses fails the batch, so that Lambda splits it, and alone is reported', async () => {
  refuse(0);
  await expect(handler(batchOf(images))).rejects.toThrow('first record');
  expect(await handler(batchOf(images.slice(0, 1)))).toEqual({ batchItemFailures: [{ itemIdentifier: 's0' }] });
});

test('a record that cannot be read is reported, and nothing behind it goes out', async () => {
  const broken = images.map((image, index) =>
    index === 5 ? { pk: { S: 'x' }, sk: { S: 'E#1' }, data: { S: '{' } } : image,
  );
  expect(await handler(batchOf(broken))).toEqual({ batchItemFailures: [{ itemIdentifier: 's5' }] });
  expect(bus.taken).toHaveLength(5);
});

test('a record whose second item is missing is reported', async () => {
  const lost = images.map((image) => ('more' in image ? { ...image, pk: { S: 'M#default#gone' } } : image));
  const first = lost.findIndex((image) => 'more' in image);
  expect(await handler(batchOf(lost))).toEqual({ batchItemFailures: [{ itemIdentifier: `s${first}` }] });
});

test('of an unreadable record and one that the bus refuses, the first is reported', async () => {
  const broken = images.map((image, index) => (index === 5 ? {} : image));
  refuse(2);
  expect(await handler(batchOf(broken))).toEqual({ batchItemFailures: [{ itemIdentifier: 's2' }] });
  refuse(7);
  expect(await handler(batchOf(broken))).toEqual({ batchItemFailures: [{ itemIdentifier: 's5' }] });
});
