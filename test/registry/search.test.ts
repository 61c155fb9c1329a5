import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import type { VersionCopy } from '../../core/domain/search';
import { rowOf } from '../../core/search/copy';
import { SIGNET_VERSIONS } from '../../core/search/dialect';
import { matcherOf } from '../../core/search/matches';
import { comparator, isOrderable, parseOrderBy } from '../../core/search/order-by';
import { parseFilter } from '../../core/search/parse';
import { postingKeys } from '../../core/search/postings';
import type { Row } from '../../core/search/row';
import { sized } from '../support/examples';
import { startRegistry, type TestRegistry } from '../support/registry';
import { type Send, sender } from '../support/trials';

let registry: TestRegistry;
let send: Send;

beforeAll(async () => {
  registry = await startRegistry();
  send = sender(registry);
});
afterAll(() => registry.close());

const at = (workspace: string) => `/w/${workspace}/v1`;

interface Asked {
  readonly of?: string;
  readonly filter?: string;
  readonly orderBy?: string;
  readonly consistency?: string;
  readonly limit?: string;
}

/** Every page of a search. */
async function search(workspace: string, asked: Asked) {
  const items: { model?: string; name?: string; version?: number }[] = [];
  const plans = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ ...asked, ...(cursor && { cursor }) } as Record<string, string>);
    const { status, body } = await registry.request('GET', `${at(workspace)}/search?${query}`);
    if (status !== 200) return { code: body.code as string, body, titles: [], plans };
    items.push(...body.items);
    plans.push(body.plan);
    cursor = body.cursor;
  } while (cursor);
  const titles = items.map(({ model, name, version }) => (version === undefined ? `${name}` : `${model} ${version}`));
  return { titles, plans, items };
}

/** Every item that search has written. */
async function postings(): Promise<Map<string, string>> {
  const { Items = [] } = await registry.table.client.send(new ScanCommand({ TableName: registry.table.name }));
  const own = Items.filter(({ pk }) => String(pk).startsWith('SP#'));
  return new Map(
    own.map(({ pk, sk, data }) => [`${pk} ${sk}`, String(data)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

async function workspace(name: string): Promise<string> {
  await send('POST', '/v1/workspaces', { name });
  return `${at(name)}/models`;
}

const BIG = 'b'.repeat(1_500);

test('a strong search sees every change at once, any other once it is posted', async () => {
  const models = await workspace('seen');
  const both = async (asked: Asked) => ({
    strong: (await search('seen', { ...asked, consistency: 'strong' })).titles,
    eventual: (await search('seen', asked)).titles,
  });
  await send('POST', models, { name: 'a', tags: { team: 'red' } });
  await send('POST', `${models}/a/versions`, { final: true, tags: { t: 'x' }, metrics: { auc: 0.5 } });
  await send('POST', `${models}/a/versions`, { final: true, tags: { t: 'x', big: BIG }, metrics: { auc: 0.7 } });
  const tagged = { filter: "tags.t = 'x'", orderBy: 'metrics.auc' };
  expect(await both(tagged)).toEqual({ strong: ['a 1', 'a 2'], eventual: [] });
  expect(await both({ of: 'models' })).toEqual({ strong: ['a'], eventual: [] });
  await registry.post(['seen']);
  expect(await both(tagged)).toEqual({ strong: ['a 1', 'a 2'], eventual: ['a 1', 'a 2'] });
  expect(await both({ of: 'models', filter: "tags.team = 'red'" })).toEqual({ strong: ['a'], eventual: ['a'] });

  await send('PATCH', `${models}/a/versions/1`, { metrics: { auc: 0.9 } });
  expect(await both(tagged)).toEqual({ strong: ['a 2', 'a 1'], eventual: ['a 1', 'a 2'] });
  await send('DELETE', `${models}/a/versions/2`);
  expect((await both(tagged)).strong).toEqual(['a 1']);
  await send('POST', `${models}/a/rename`, { name: 'z' });
  expect((await both({ filter: "name LIKE 'z%'" })).strong).toEqual(['z 1']);
  expect((await both({ filter: "name = 'z'", orderBy: 'version_number' })).strong).toEqual(['z 1']);
  await registry.post(['seen']);
  expect(await both(tagged)).toEqual({ strong: ['z 1'], eventual: ['z 1'] });
  expect((await both({ filter: "name LIKE 'a%'" })).eventual).toEqual([]);

  await send('PUT', `${models}/z/aliases/champion`, { version: 1 });
  expect((await both({ of: 'models', filter: "alias = 'champion'" })).strong).toEqual(['z']);
  await send('DELETE', `${models}/z`);
  expect(await both(tagged)).toEqual({ strong: [], eventual: ['z 1'] });
  await registry.post(['seen']);
  expect(await both(tagged)).toEqual({ strong: [], eventual: [] });
  expect([...(await postings()).keys()].filter((key) => key.startsWith('SP#seen'))).toEqual([]);
});

test('rebuilding all postings from the records gives identical items', async () => {
  const models = await workspace('rebuilt');
  const index = { name: 'staged', equals: ['stage', 'tag.n'], orderBy: 'metric.auc' };
  await send('POST', `${at('rebuilt')}/search/indexes`, index);
  for (const name of ['a', 'b', 'c']) {
    await send('POST', models, { name, tags: { team: name } });
    for (let count = 0; count < 3; count++) {
      const tags = { n: `${count}`, ...(count === 1 && { 'mlflow.prompt.is_prompt': 'true', long: BIG }) };
      await send('POST', `${models}/${name}/versions`, { final: true, tags, metrics: { auc: count / 3, loss: 1 } });
      if (count === 1) await registry.post(['rebuilt']);
    }
  }
  await send('PUT', `${models}/a/aliases/champion`, { version: 1 });
  await send('POST', `${models}/b/rename`, { name: 'bb' });
  await send('DELETE', `${models}/a/versions/3`);
  await send('DELETE', `${models}/c`);
  await registry.post(['rebuilt']);
  const own = async () => [...(await postings())].filter(([key]) => key.startsWith('SP#rebuilt'));
  const before = await own();
  expect(before.length).toBeGreaterThan(60);
  const { client, name: TableName } = registry.table;
  for (const [key] of before) {
    const cut = key.indexOf(' ');
    await client.send(new DeleteCommand({ TableName, Key: { pk: key.slice(0, cut), sk: key.slice(cut + 1) } }));
  }
  await send('POST', `${at('rebuilt')}/search/rebuild`);
  await registry.post(['rebuilt']);
  expect(await own()).toEqual(before);
});

test('what a pipeline registers is found without a read of each version, however long its name', async () => {
  const models = await workspace('pipelines');
  const role = 'arn:aws:iam::123456789012:role/sagemaker-training-pipeline-execution';
  const arn = 'arn:aws:sts::123456789012:assumed-role/sagemaker-training-pipeline-execution/SageMaker';
  await send('POST', `${at('pipelines')}/grants`, { subject: { kind: 'iam', name: role }, role: 'contributor' });
  await send('POST', models, { name: 'm' });
  for (let count = 0; count < 20; count++) {
    const body = {
      final: true,
      source: `s3://models/${count}`,
      tags: { team: 'speech' },
      metrics: { auc: count / 20 },
    };
    const { status } = await registry.request('POST', `${models}/m/versions`, { arn, body });
    expect(status).toBe(201);
  }
  await registry.post(['pipelines']);
  const found = await search('pipelines', { filter: "tags.team = 'speech' AND metrics.auc >= 0.5" });
  expect(found.titles).toHaveLength(10);
  expect(found.plans).toMatchObject([{ complete: true }]);
  expect(found.plans[0].readUnits).toBeLessThanOrEqual(2.5);
});

test('a declared index has what was there before, serves searches once it is complete, and leaves nothing behind', async () => {
  const models = await workspace('declared');
  const indexes = `${at('declared')}/search/indexes`;
  const shown = async () => (await send('GET', indexes)).body;
  await send('POST', models, { name: 'm' });
  for (let count = 0; count < 60; count++) {
    const tags = { team: count % 2 ? 'red' : 'blue', n: `${count % 3}` };
    await send('POST', `${models}/m/versions`, { final: true, tags, metrics: { auc: count / 60 } });
  }
  await registry.post(['declared']);
  const asked = { filter: "tags.team = 'red' AND tags.n = '0'", orderBy: 'metrics.auc DESC' };
  const expected = Array.from({ length: 60 }, (_, at) => 59 - at).filter((at) => at % 2 === 1 && at % 3 === 0);
  const before = await search('declared', asked);
  expect(before.titles).toEqual(expected.map((at) => `m ${at + 1}`));
  const { suggestion } = before.plans[0];
  expect(suggestion).toEqual({ equals: ['tag.n', 'tag.team'], orderBy: 'metric.auc' });

  await send('POST', indexes, { name: 'suggested', ...suggestion });
  expect(await shown()).toMatchObject({
    indexes: [{ name: 'suggested', state: 'building', posted: 0 }],
    walks: [{ id: 'suggested', task: 'fill' }],
  });
  expect((await search('declared', asked)).plans).toEqual(before.plans);
  await registry.post(['declared']);
  expect(await shown()).toMatchObject({ indexes: [{ state: 'ready' }], walks: [] });
  const after = await search('declared', asked);
  expect(after.titles).toEqual(before.titles);
  expect(after.plans).toMatchObject([{ index: 'declared suggested', residual: '', inOrder: true, complete: true }]);
  expect(after.plans[0].readUnits).toBeLessThanOrEqual(2.5);

  await send('DELETE', `${indexes}/suggested`);
  const taken = await registry.request('POST', indexes, { body: { name: 'suggested', ...suggestion } });
  expect(taken.body.code).toBe('search_index_exists');
  await registry.post(['declared']);
  expect(await shown()).toEqual({ indexes: [], walks: [] });
  expect([...(await postings()).keys()].filter((key) => key.startsWith('SP#declared#version#!'))).toEqual([]);
  expect((await search('declared', asked)).plans).toEqual(before.plans);
});

test('versions are put side by side, with what their signatures mean to callers, and a metric is listed over all of them', async () => {
  const models = await workspace('compared');
  const compare = async (said: object) => (await send('POST', `${at('compared')}/compare`, said)).body;
  const column = (name: string, more: object = {}) => ({ name, type: 'double', ...more });
  const signature = (inputs: object[]) => ({ inputs: JSON.stringify(inputs), outputs: [column('p')] });
  await send('POST', models, { name: 'a' });
  await send('POST', models, { name: 'b' });
  const references = (uri: string) => [{ path: 'model', uri }];
  const versions = [
    {
      model: 'a',
      metrics: { auc: 0.5, f1: 1 },
      signature: signature([column('x')]),
      references: references('s3://b/1'),
    },
    {
      model: 'a',
      metrics: { auc: 0.7 },
      tags: { t: 'x' },
      signature: signature([column('x'), column('y', { required: false })]),
    },
    {
      model: 'b',
      metrics: { auc: 0.5, f1: 1 },
      signature: signature([column('x', { type: 'long' })]),
      references: references('s3://b/2'),
    },
  ];
  for (const { model, ...said } of versions)
    await send('POST', `${models}/${model}/versions`, { ...said, final: true });
  const named = [
    { model: 'a', version: 1 },
    { model: 'a', version: 2 },
    { model: 'b', version: 1 },
  ];
  const all = await compare({ versions: named });
  expect(all.metrics).toEqual([
    { key: 'auc', values: [0.5, 0.7, 0.5], same: false },
    { key: 'f1', values: [1, null, 1], same: false },
  ]);
  expect(all.files).toEqual([{ key: 'model', values: ['s3://b/1', null, 's3://b/2'], same: false }]);
  expect(all.schema).toMatchObject([
    { verdict: 'backward-compatible', changes: [{ of: 'input', name: 'y', change: 'added', breaking: false }] },
    { verdict: 'breaking', changes: [{ of: 'input', name: 'x', change: 'changed', breaking: true }] },
  ]);
  const different = await compare({ versions: [named[0], named[2]], differencesOnly: true });
  expect(different).toMatchObject({ metrics: [], tags: [], files: [{ key: 'model' }], moreFiles: [] });
  const missing = await registry.request('POST', `${at('compared')}/compare`, {
    body: { versions: [named[0], { model: 'nobody', version: 1 }] },
  });
  expect(missing.body.code).toBe('model_not_found');
  const series = await send('GET', `${models}/a/metrics/auc?limit=1&order=asc`);
  expect(series.body.items).toMatchObject([{ version: 1, value: 0.5 }]);
  const rest = await send('GET', `${models}/a/metrics/auc?limit=1&order=asc&cursor=${series.body.cursor}`);
  expect(rest.body.items).toMatchObject([{ version: 2, value: 0.7 }]);
});

test('a workspace has 10 indexes at most', async () => {
  await workspace('many');
  const declare = (name: string) =>
    registry.request('POST', `${at('many')}/search/indexes`, {
      body: { name, equals: ['stage'], orderBy: 'metric.auc' },
    });
  for (let count = 1; count <= 10; count++) expect((await declare(`i${count}`)).status).toBe(201);
  expect((await declare('i11')).body.code).toBe('limit_exceeded');
});

test('over the real engine random filters find what looking at every row finds, posted or not, within 25 units', async () => {
  const models = await workspace('random');
  const rows: Row[] = [];
  const clock = { stage: 'None', approval: 'PendingApproval', status: 'READY' };
  for (const [at, name] of ['a', 'ab', 'b'].entries()) {
    await send('POST', models, { name });
    for (let number = 1; number <= 14; number++) {
      const tags = { team: number % 2 ? 'red' : 'blue', ...(number % 5 === 0 && { long: BIG }) };
      const metrics = { ...(number % 3 && { auc: (number * 7 + at) % 10 }) };
      const said = { tags, metrics, hyperParameters: { lr: number % 4 }, run: { id: `r${number % 6}` } };
      const { body } = await send('POST', `${models}/${name}/versions`, { ...said, final: true });
      rows.push({
        name,
        versionNumber: number,
        runId: said.run.id,
        stages: [clock.stage],
        aliases: [],
        tags,
        metrics,
        params: said.hyperParameters,
        creator: body.createdBy.id,
        ...clock,
        createdAt: Date.parse(body.createdAt),
        updatedAt: Date.parse(body.editedAt),
      });
    }
    // The versions of the last model are not posted: 14 notes.
    if (at < 2) await registry.post(['random']);
  }
  const filters = fc.subarray(
    [
      "tags.team = 'red'",
      "tags.long LIKE 'b%'",
      'metrics.auc >= 4',
      'metrics.auc < 8',
      "run_id = 'r2'",
      "name LIKE 'a%'",
      "name = 'b'",
      'params.lr > 1',
      'version_number != 3',
      "stage = 'None'",
      "creator = 'ada'",
    ],
    { maxLength: 3 },
  );
  const orders = fc.constantFrom(
    '',
    'metrics.auc DESC',
    'metrics.auc',
    'name DESC',
    'creation_timestamp',
    'version_number DESC',
    'params.lr',
  );
  await fc.assert(
    fc.asyncProperty(filters, orders, fc.constantFrom(7, 100), async (conditions, orderBy, limit) => {
      const filter = conditions.join(' AND ');
      const terms = parseOrderBy(orderBy === '' ? [] : [orderBy], SIGNET_VERSIONS);
      const [matches, has] = [matcherOf(parseFilter(filter, SIGNET_VERSIONS)), isOrderable(terms)];
      const expected = rows.filter((row) => has(row) && matches(row)).sort(comparator(terms));
      const found = await search('random', { filter, orderBy, limit: `${limit}`, consistency: 'strong' });
      expect(found.titles).toEqual(expected.map(({ name, versionNumber }) => `${name} ${versionNumber}`));
      for (const { readUnits } of found.plans) expect(readUnits).toBeLessThanOrEqual(25);
    }),
    { numRuns: sized(150, 40) },
  );
}, 60_000);

/** How many versions the larger of two registries has: set it to 100,000 to see that nothing grows. */
const MANY = Number(process.env['SIGNET_SEARCH_VERSIONS'] ?? 1_000);

test(
  'a search costs the same with 10 versions as with very many',
  async () => {
    const costs = async (name: string, count: number) => {
      const models = await workspace(name);
      await send('POST', models, { name: 'm' });
      const modelId: string = (await send('GET', `${models}/m`)).body.id;
      const posted = Array.from({ length: count }, (_, at) => {
        const time = new Date(Date.UTC(2026, 0, 1) + at * 60_000).toISOString();
        const by = { id: 'ada', kind: 'person', name: 'Ada' } as const;
        const copy: VersionCopy = {
          of: 'version',
          modelId,
          name: 'm',
          number: at + 1,
          status: 'READY',
          stage: 'Staging',
          approval: { status: 'Approved' },
          tags: { team: 'red' },
          metrics: { auc: at },
          createdAt: time,
          createdBy: by,
          updatedAt: time,
          updatedBy: by,
          editedAt: time,
        };
        const keys = postingKeys(copy, rowOf(copy), [], registry.ports.sha256);
        return keys.map(([partition, sort]) => ({ partition, sort, copy }));
      });
      // Several at the same time: with very many versions the writes are what takes time.
      const lanes = Array.from({ length: 4 }, async () => {
        while (posted.length > 0) await registry.ports.postings.write(name, posted.splice(-500).flat(), []);
      });
      await Promise.all(lanes);
      const searches = [
        {},
        { filter: "tags.team = 'red'" },
        { filter: "stage = 'Staging'", consistency: 'strong' },
        { filter: "name = 'm'", orderBy: 'version_number DESC' },
        { filter: "name = 'm' AND metrics.auc >= 0", orderBy: 'metrics.auc' },
        { filter: 'metrics.auc < 1e9', orderBy: 'metrics.auc DESC' },
        { orderBy: 'creation_timestamp' },
        { filter: "name LIKE 'm%'", orderBy: 'name' },
      ];
      const spent = [];
      for (const asked of searches) {
        registry.capacity.take();
        const query = new URLSearchParams({ ...asked, limit: '5' } as Record<string, string>);
        const { body } = await send('GET', `${at(name)}/search?${query}`);
        expect(body.items).toHaveLength(5);
        const { reads, calls } = registry.capacity.take();
        spent.push({ asked, index: body.plan.index, reads, calls: calls.length });
      }
      return spent;
    };
    expect(await costs('very-many', MANY)).toEqual(await costs('few', 10));
  },
  600_000 + 36 * MANY,
);
