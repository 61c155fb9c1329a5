import { readFileSync } from 'node:fs';
import { BatchWriteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { OPERATIONS } from '../../contract/operations';
import { StepCounter } from '../support/capacity';
import { furnish, READS } from '../support/reads';
import { startRegistry, type TestRegistry } from '../support/registry';
import { type Send, sender, TRIALS } from '../support/trials';

const DOCUMENT = `${__dirname}/../../docs/access-patterns.md`;

interface Row {
  readonly trips: number;
  readonly reads: number;
  readonly writes: number;
  readonly calls: string;
}

/** Rows of the document's table by operation and variant. */
function documented(): Map<string, Row> {
  const rows = readFileSync(DOCUMENT, 'utf8').matchAll(
    /^\| `(\w+)`(?: \(([^)]+)\))? \| (\d+) \| ([\d.]+) \| ([\d.]+) \| ([^|]*?) \|/gm,
  );
  return new Map(
    [...rows].map(([, operation, variant, trips, reads, writes, calls]) => [
      [operation, variant].filter(Boolean).join(' '),
      { trips: Number(trips), reads: Number(reads), writes: Number(writes), calls: calls as string },
    ]),
  );
}

let registry: TestRegistry;
let send: Send;
let steps: StepCounter;

beforeAll(async () => {
  registry = await startRegistry();
  send = sender(registry);
  steps = new StepCounter(registry.table.client);
});
afterAll(() => registry.close());

const SHORT: Record<string, string> = {
  GetItem: 'Get',
  UpdateItem: 'Update',
  TransactGetItems: 'TransactGet',
  TransactWriteItems: 'TransactWrite',
};

/** Capacity units, calls and round trips of one request, which is sent for the second time in a read. */
async function spent(method: string, path: string, body?: unknown): Promise<Row> {
  registry.capacity.take();
  const trips = await steps.during(() => send(method, path, body));
  const { reads, writes, calls } = registry.capacity.take();
  const counts = new Map<string, number>();
  for (const call of calls) counts.set(SHORT[call] ?? call, (counts.get(SHORT[call] ?? call) ?? 0) + 1);
  const text = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([call, count]) => (count > 1 ? `${count} ${call}` : call));
  return { trips, reads, writes, calls: text.join(', ') || '–' };
}

test('every operation costs the units that docs/access-patterns.md states', async () => {
  const measured = new Map<string, Row>();
  for (const [index, trial] of TRIALS.entries()) {
    const name = `t${String(index).padStart(2, '0')}`;
    const prepared = await trial.prepare?.(send, name);
    // The id of the model's name is remembered, as in a function that has served it before.
    if (trial.prepare) await registry.request('GET', `/v1/models/${name}`);
    const label = [trial.operation, trial.variant].filter(Boolean).join(' ');
    measured.set(label, await spent(...trial.command(name, prepared)));
  }
  await furnish(send, 'm');
  await send('POST', '/v1/workspaces', { name: 'team', description: 'Ours.' });
  for (let row = 0; row < 50; row++) {
    await send('POST', '/v1/models', { name: `row-${row}`, description: 'A model.', tags: { team: 'speech' } });
  }
  await send('POST', '/v1/models', { name: 'rows' });
  for (let row = 0; row < 50; row++) {
    await send('POST', '/v1/models/rows/versions', { tags: { a: '1' }, metrics: { auc: 0.9, loss: 0.1, f1: 0.8 } });
  }
  await registry.post();
  for (const { operation, variant, path, body } of READS) {
    const label = [operation, variant].filter(Boolean).join(' ');
    const read = [body ? 'POST' : 'GET', path('m'), body?.('m')] as const;
    await send(...read);
    measured.set(label, await spent(...read));
  }
  if (process.env['SHOW_CAPACITY']) {
    const rows = [...measured].map(
      ([label, row]) => `${label} | ${row.trips} | ${row.reads} | ${row.writes} | ${row.calls}`,
    );
    process.stdout.write(`${rows.join('\n')}\n`);
  }
  expect(Object.fromEntries(measured)).toEqual(Object.fromEntries(documented()));
  for (const { calls } of measured.values()) expect(calls).not.toContain('Scan');
}, 300_000);

test('the hot reads wait for the table once, the hot writes twice', () => {
  const trips = (operation: string) => documented().get(operation)?.trips;
  for (const read of ['getModel', 'getVersion', 'getAlias'])
    expect({ read, trips: trips(read) }).toEqual({ read, trips: 1 });
  const writes = ['createModel', 'registerVersion', 'setVersionTag', 'setAlias', 'transitionVersion', 'setApproval'];
  for (const write of writes) expect({ write, trips: trips(write) }).toEqual({ write, trips: 2 });
});

test('an idempotency key costs one read, and the write of the answer', async () => {
  await send('POST', '/v1/models', { name: 'keyed' });
  await send('POST', '/v1/models/keyed/versions', {});
  const plain = await spent('PUT', '/v1/models/keyed/versions/1/tags/a', { value: '1' });
  registry.capacity.take();
  const body = { value: '2' };
  await registry.request('PUT', '/v1/models/keyed/versions/1/tags/a', { body, headers: { 'idempotency-key': 'k' } });
  const keyed = registry.capacity.take();
  expect({ reads: keyed.reads, writes: keyed.writes }).toEqual({ reads: plain.reads + 1, writes: plain.writes + 2 });
});

test('every operation of the contract has a row', () => {
  const rows = [...documented().keys()].map((label) => label.split(' ')[0]);
  expect([...new Set(rows)].sort()).toEqual(Object.keys(OPERATIONS).sort());
});

/** Puts versions into a model as they are stored, so that it has as many as asked for. */
async function inflate(name: string, count: number): Promise<void> {
  const { client, name: table } = registry.table;
  const { id } = (await send('GET', `/v1/models/${name}`)).body;
  const pk = `M#default#${id}`;
  const item = async (sk: string) =>
    (await client.send(new GetCommand({ TableName: table, Key: { pk, sk } }))).Item ?? {};
  const [version, member, head] = await Promise.all([item('V#0000000001'), item('P#None#0000000001'), item('Z')]);
  const renumbered = (data: string, field: string, number: number) =>
    JSON.stringify({ ...JSON.parse(data), [field]: number });
  const items = Array.from({ length: count - 1 }, (_, index) => index + 2).flatMap((number) => {
    const digits = String(number).padStart(10, '0');
    return [
      { ...version, sk: `V#${digits}`, data: renumbered(version['data'], 'number', number) },
      { ...member, sk: `P#None#${digits}`, data: renumbered(member['data'], 'version', number) },
    ];
  });
  for (let start = 0; start < items.length; start += 25) {
    const puts = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteCommand({ RequestItems: { [table]: puts } }));
  }
  await client.send(
    new PutCommand({ TableName: table, Item: { ...head, data: renumbered(head['data'], 'lastVersion', count) } }),
  );
}

/** How many versions the larger of two models has: set it to 100,000 to see that nothing grows. */
const MANY = Number(process.env['SIGNET_VERSIONS'] ?? 1_000);

test(
  'no operation costs more with very many versions under the model than with 10',
  async () => {
    const costs = async (count: number) => {
      const name = `of-${String(count).padStart(4, '0')}`;
      await send('POST', '/v1/models', { name });
      await send('POST', `/v1/models/${name}/versions`, { final: true, tags: { a: '1' } });
      await inflate(name, count);
      const model = `/v1/models/${name}`;
      const version = `${model}/versions/${count}`;
      const steps: [string, string, unknown?][] = [
        ['POST', `${model}/versions`, { final: true, semanticVersion: '1.0.0' }],
        ['POST', `${version}/transition`, { stage: 'Staging' }],
        ['POST', `${version}/approval`, { status: 'Approved' }],
        ['POST', `${version}/transition`, { stage: 'Production' }],
        ['PUT', `${model}/aliases/champion`, { version: count }],
        ['PUT', `${model}/aliases/champion`, { version: count - 1 }],
        ['PATCH', version, { description: 'x' }],
        ['PUT', `${version}/tags/b`, { value: 'x' }],
        ['DELETE', `${version}/tags/b`],
        ['POST', `${version}/lock`, { reason: 'x' }],
        ['POST', `${version}/unlock`, {}],
        ['POST', `${version}/comments`, { text: 'x' }],
        ['POST', `${model}/versions`, {}],
        ['POST', `${model}/versions/${count + 2}/artifacts`, { references: [{ path: 'a', uri: 's3://b/a' }] }],
        ['POST', `${model}/versions/${count + 2}/finalise`],
        ['DELETE', `${model}/versions/${count + 2}`],
        ['DELETE', `${model}/aliases/champion`],
        ['PATCH', model, { tags: { a: 'b' } }],
        [
          'PATCH',
          model,
          { stages: { stages: [{ name: 'None' }, { name: 'Production' }, { name: 'Archived' }], transitions: [] } },
        ],
        ...['', '/versions?limit=10', '/versions?limit=10&order=asc', '/aliases/latest', '/stages', '/stages/None'].map(
          (path): [string, string] => ['GET', `${model}${path}`],
        ),
        ['GET', version],
        ['GET', `${model}/events`],
        ['GET', `${model}/stages/Production/history`],
        ['GET', `${model}/stages/Production/holder?at=${new Date().toISOString()}`],
        ['POST', `${model}/rename`, { name: `${name}-b` }],
        ['POST', `${model}-b/archive`, {}],
        ['POST', `${model}-b/restore`, {}],
        ['DELETE', `${model}-b`],
      ];
      const rows = [];
      for (const [method, path, body] of steps) {
        rows.push({
          step: `${method} ${path}`.replaceAll(name, 'm').replace(/\/\d+/g, '/n'),
          ...(await spent(method, path, body)),
        });
      }
      return rows.map((row) => ({ ...row, step: row.step.replace(/at=.*/, 'at') }));
    };
    expect(await costs(MANY)).toEqual(await costs(10));
  },
  90_000 + 10 * MANY,
);

/** Follows a list to its end. */
async function pages(path: string): Promise<{ rows: number; most: number }> {
  let [rows, most] = [0, 0];
  let cursor: string | undefined;
  do {
    registry.capacity.take();
    const { body } = await send('GET', `${path}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    most = Math.max(most, registry.capacity.take().reads);
    rows += body.items.length;
    cursor = body.cursor;
  } while (cursor);
  return { rows, most };
}

test('no page costs more than 25 read units, whatever its rows hold', async () => {
  const long = (bytes: number) => 'x'.repeat(bytes);
  const tags = (count: number, bytes: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`.padEnd(60, 'k'), long(bytes)]));
  const said = {
    description: long(1_500),
    tags: tags(20, 100),
    metrics: Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`metric-${index}`, 1 / (index + 3)])),
    environment: { A: long(1_000) },
    notebooks: [long(900), long(900)],
    run: { id: long(100), experiment: long(100) },
    code: { repository: `https://example.com/${long(60)}`, commit: 'abcdef0123' },
  };
  await send('POST', '/v1/workspaces', { name: 'wide' });
  const base = '/w/wide/v1/models';
  await send('POST', base, { name: 'wide', description: long(50_000), tags: tags(20, 500) });
  await send('POST', base, { name: 'talk' });
  await send('POST', `${base}/talk/versions`, {});
  const rows = Array.from({ length: 101 }, (_, row) => row);
  await Promise.all([
    (async () => {
      for (const row of rows) {
        await send('POST', `${base}/wide/versions`, { ...said, semanticVersion: `1.0.${row}-${'a'.repeat(100)}` });
      }
    })(),
    (async () => {
      for (const row of rows) {
        await send('POST', `${base}/talk/versions/1/comments`, { text: long(row % 3 === 0 ? 10_000 : 1_700) });
      }
    })(),
    ...rows.map((row) =>
      send('POST', base, { name: `m${row}`.padEnd(250, 'n'), description: long(5_000), tags: tags(3, 100) }),
    ),
  ]);
  for (let start = 0; start < 120; start += 40) {
    const references = Array.from({ length: 40 }, (_, index) => ({
      path: `${start + index}`.padEnd(700, 'p'),
      uri: `s3://bucket/${long(2_000)}`,
    }));
    await send('POST', `${base}/wide/versions/2/artifacts`, { references });
  }
  const lists = {
    [`${base}/wide/versions`]: 101,
    [`${base}/talk/versions/1/comments`]: 101,
    [`${base}/wide/versions/2/artifacts`]: 120,
    [base]: 103,
    [`${base}/wide/events`]: 105,
    [`${base}/talk/events`]: 103,
    '/w/wide/v1/events': 310,
  };
  for (const [path, count] of Object.entries(lists)) {
    const read = await pages(`${path}?limit=100`);
    expect({ path, rows: read.rows }).toEqual({ path, rows: count });
    expect({ path, most: read.most, bounded: read.most <= 25 }).toEqual({ path, most: read.most, bounded: true });
  }
}, 120_000);
