import * as fc from 'fast-check';
import { publish } from '../../adapters/eventbridge/publish';
import { eventDetail } from '../../contract/events';
import type { RegistryEvent } from '../../core/domain/event';
import { type FakeBus, startFakeBus } from '../support/bus';

let bus: FakeBus;
let pauses: number[];
beforeEach(async () => {
  bus = await startFakeBus();
  pauses = [];
  jest.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(async () => {
  jest.restoreAllMocks();
  await bus.close();
});

function eventOf(model: string, sequence: number, more: Partial<RegistryEvent> = {}): RegistryEvent {
  return {
    id: `${model}-${sequence}`,
    sequence,
    type: 'version.updated',
    at: '2026-01-15T12:00:00.000Z',
    workspace: 'default',
    model,
    modelId: model,
    version: 1,
    actor: { id: 'ada', kind: 'person', name: 'ada' },
    changed: ['description'],
    previous: {},
    current: { description: 'x' },
    requestId: 'r',
    previousHash: '',
    hash: 'a'.repeat(64),
    ...more,
  };
}

async function published(events: readonly RegistryEvent[]): Promise<string[]> {
  const options = { client: bus.client, bus: 'signet', pause: async (ms: number) => void pauses.push(ms) };
  return [...(await publish(events, options))];
}

const ids = () => bus.taken.map(({ id }) => id);

test('events go to the bus with what rules match', async () => {
  expect(await published([eventOf('a', 1)])).toEqual([]);
  expect(bus.calls).toEqual([
    [
      {
        EventBusName: 'signet',
        Source: 'signet',
        DetailType: 'version.updated',
        Time: Date.UTC(2026, 0, 15, 12) / 1000,
        Detail: JSON.stringify(eventOf('a', 1)),
      },
    ],
  ]);
});

test('events of one model go out one after the other, those of others beside them, ten in a call', async () => {
  const events = Array.from({ length: 24 }, (_, index) => eventOf(`m${index % 12}`, 1 + Math.floor(index / 12)));
  expect(await published(events)).toEqual([]);
  for (const entries of bus.calls) {
    expect(entries.length).toBeLessThanOrEqual(10);
    const models = entries.map(({ Detail }) => JSON.parse(Detail).modelId);
    expect(new Set(models).size).toBe(models.length);
  }
  for (let model = 0; model < 12; model++) {
    expect(ids().filter((id) => id.startsWith(`m${model}-`))).toEqual([`m${model}-1`, `m${model}-2`]);
  }
});

test('an entry that was refused for now is sent again before what follows it', async () => {
  bus.reply = (entries, call) =>
    call === 0 ? entries.map((_, index) => (index === 0 ? 'ThrottlingException' : undefined)) : [];
  expect(await published([eventOf('a', 1), eventOf('b', 1), eventOf('a', 2)])).toEqual([]);
  expect(ids()).toEqual(['b-1', 'a-1', 'a-2']);
  expect(pauses).toHaveLength(1);
});

test('what is refused three times is given back, with what waits behind it and nothing else', async () => {
  bus.reply = (entries) =>
    entries.map(({ Detail }) => (JSON.parse(Detail).id === 'a-2' ? 'InternalFailure' : undefined));
  const events = [eventOf('a', 1), eventOf('a', 2), eventOf('b', 1), eventOf('a', 3), eventOf('b', 2)];
  expect(await published(events)).toEqual(['a-2', 'a-3']);
  expect(ids()).toEqual(['a-1', 'b-1', 'b-2']);
  expect(bus.calls.flat().filter(({ Detail }) => JSON.parse(Detail).id === 'a-2')).toHaveLength(3);
});

test.each(['MalformedDetail', 'InvalidArgument', 'NotAuthorizedForSourceException'])(
  '%s is not tried again, and holds up only its own model',
  async (code) => {
    bus.reply = (entries) => entries.map(({ Detail }) => (JSON.parse(Detail).id === 'a-1' ? code : undefined));
    expect(await published([eventOf('a', 1), eventOf('b', 1), eventOf('a', 2)])).toEqual(['a-1', 'a-2']);
    expect(ids()).toEqual(['b-1']);
    expect(pauses).toEqual([]);
    expect(bus.calls.flat().filter(({ Detail }) => JSON.parse(Detail).id === 'a-1')).toHaveLength(1);
  },
);

test('a call that fails as a whole is made again', async () => {
  bus.reply = (_, call) => (call < 2 ? 500 : []);
  expect(await published([eventOf('a', 1), eventOf('b', 1)])).toEqual([]);
  expect(ids()).toEqual(['a-1', 'b-1']);
});

test('when no call succeeds everything is given back', async () => {
  bus.reply = () => 500;
  expect(await published([eventOf('a', 1), eventOf('b', 1), eventOf('a', 2)])).toEqual(['a-1', 'a-2', 'b-1']);
  expect(bus.taken).toEqual([]);
});

test('a bus that answers fewer results than entries has not taken the rest', async () => {
  bus.client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      (result.output as { Entries: unknown[] }).Entries.length = 1;
      return result;
    },
    { step: 'initialize' },
  );
  expect(await published([eventOf('a', 1), eventOf('b', 1)])).toEqual([]);
  expect(ids().filter((id) => id === 'b-1').length).toBeGreaterThan(0);
});

/** EventBridge counts 14 bytes for the time, and the UTF-8 of source, type and detail. */
function bytesOf(entries: FakeBus['calls'][number]): number {
  return entries.reduce(
    (sum, { Source, DetailType, Detail }) => sum + 14 + Buffer.byteLength(Source + DetailType + Detail),
    0,
  );
}

test('calls stay below the size that the bus takes', async () => {
  const large = { description: 'ä'.repeat(60_000) };
  const events = Array.from({ length: 7 }, (_, index) => eventOf(`m${index}`, 1, { current: large }));
  expect(await published(events)).toEqual([]);
  expect(bus.calls.length).toBe(4);
  for (const entries of bus.calls) expect(bytesOf(entries)).toBeLessThanOrEqual(256 * 1024);
});

const many = (count: number, key: (index: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [key(index), 'v'.repeat(200)]));

test.each<[string, Partial<RegistryEvent>]>([
  [
    'one large value',
    { previous: { description: 'x'.repeat(140_000) }, current: { description: 'y'.repeat(140_000) } },
  ],
  [
    'very many small ones',
    {
      changed: Object.keys(many(600, (index) => `tags.${index}`)),
      previous: many(600, (index) => `tags.${index}`),
      current: many(600, (index) => `tags.${index}`),
    },
  ],
  [
    'very many long paths',
    {
      changed: Object.keys(many(900, (index) => `tags.${String(index).padEnd(320, 'k')}`)),
      previous: {},
      current: { 'tags.a': 'b' },
    },
  ],
])('an event that is too large for the bus (%s) arrives shortened, and says so', async (_, more) => {
  const event = eventOf('a', 1, more);
  expect(Buffer.byteLength(JSON.stringify(event))).toBeGreaterThan(256 * 1024);
  expect(await published([event, eventOf('a', 2)])).toEqual([]);
  for (const entries of bus.calls) expect(bytesOf(entries)).toBeLessThanOrEqual(256 * 1024);
  const [first, second] = bus.calls.flat().map(({ Detail }) => JSON.parse(Detail));
  expect(first).toMatchObject({ id: 'a-1', truncated: true, hash: event.hash, type: event.type, actor: event.actor });
  expect(second.truncated).toBeUndefined();
  expect(eventDetail().safeParse(first).error).toBeUndefined();
  for (const side of ['previous', 'current'] as const) expect(event[side]).toMatchObject(first[side]);
  expect(event.changed).toEqual(expect.arrayContaining(first.changed));
});

test('whatever fails: taken events of each model are in order without a gap, and all that was not given back was taken', async () => {
  const codes = fc.constantFrom(
    'ThrottlingException',
    'InternalFailure',
    'MalformedDetail',
    undefined,
    undefined,
    undefined,
  );
  const replies = fc.array(
    fc.oneof(
      { weight: 1, arbitrary: fc.constant(500) },
      { weight: 4, arbitrary: fc.array(codes, { minLength: 10, maxLength: 10 }) },
    ),
    { maxLength: 12 },
  );
  const batch = fc.array(fc.integer({ min: 0, max: 13 }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(batch, replies, async (models, told) => {
      bus.taken.length = 0;
      bus.calls.length = 0;
      bus.reply = (entries, call) => {
        const reply = told[call] ?? [];
        return typeof reply === 'number' ? reply : entries.map((_, index) => reply[index]);
      };
      const next = new Map<number, number>();
      const events = models.map((model) => {
        const sequence = (next.get(model) ?? 0) + 1;
        next.set(model, sequence);
        return eventOf(`m${model}`, sequence);
      });
      const back = new Set(await published(events));
      for (const model of next.keys()) {
        const own = events.filter(({ modelId }) => modelId === `m${model}`).map(({ id }) => id);
        const seen = [...new Set(ids().filter((id) => id.startsWith(`m${model}-`)))];
        expect(seen).toEqual(own.slice(0, seen.length));
        expect(own.filter((id) => !back.has(id))).toEqual(seen);
      }
    }),
    { seed: 20260115, numRuns: 200 },
  );
});
