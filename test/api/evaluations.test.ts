import { invariants } from '../support/invariants';
import { startRegistry, type TestRegistry } from '../support/registry';
import { refused } from '../support/unchanged';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterEach(async () => {
  await invariants(registry);
});
afterAll(() => registry.close());

/** A model with one READY version that has a report. */
async function withVersion(name: string): Promise<string> {
  await registry.request('POST', '/v1/models', { body: { name } });
  const references = [{ path: 'report.html', uri: 's3://bucket/report.html' }];
  await registry.request('POST', `/v1/models/${name}/versions`, { body: { final: true, references } });
  return `/v1/models/${name}/versions/1`;
}

const NIGHTLY = {
  name: 'nightly',
  outcome: 'passed',
  description: '**better** on the noisy set',
  dataset: { name: 'hold-out', uri: 's3://data/hold-out', digest: 'sha256:6f1d', role: 'test' },
  metrics: { auc: 0.913, 'recall/age 60': 0.87, tiny: 5e-324 },
  run: { id: '8123', system: 'github', url: 'https://example.com/8123' },
  report: { path: 'report.html' },
};

const post = (path: string, body: object, headers = {}) => registry.request('POST', path, { body, headers });

test('an evaluation says all that was said of it, what it tested, by whom and when', async () => {
  const version = await withVersion('tested');
  const { artifacts } = (await registry.request('GET', version)).body;
  const made = await post(`${version}/evaluations`, NIGHTLY);
  expect(made).toMatchObject({ status: 201, headers: { etag: `"${made.body.id}"` } });
  expect(made.body).toEqual({
    workspace: 'default',
    model: 'tested',
    version: 1,
    id: expect.any(String),
    ...NIGHTLY,
    artifactDigest: artifacts.digest,
    createdAt: expect.any(String),
    createdBy: expect.objectContaining({ name: 'ada' }),
  });
  expect((await registry.request('GET', `${version}/evaluations/${made.body.id}`)).body).toEqual(made.body);
  const [event] = (await registry.request('GET', '/v1/models/tested/events')).body.items;
  expect(event).toMatchObject({
    type: 'version.evaluated',
    version: 1,
    artifactDigest: artifacts.digest,
    current: { id: made.body.id, name: 'nightly', outcome: 'passed', 'metrics.auc': 0.913 },
  });
  const bare = await post(`${version}/evaluations`, { name: 'bare' });
  expect(bare.body).toMatchObject({ outcome: 'none', metrics: {} });
});

test('evaluations are listed newest first, page by page, and long ones name what they leave out', async () => {
  const version = await withVersion('listed');
  const ids: string[] = [];
  for (let index = 0; index < 3; index++) {
    const metrics = Object.fromEntries(Array.from({ length: index === 1 ? 500 : 1 }, (_, at) => [`metric-${at}`, at]));
    ids.unshift((await post(`${version}/evaluations`, { name: `n${index}`, metrics })).body.id);
  }
  const first = (await registry.request('GET', `${version}/evaluations?limit=2`)).body;
  const cursor = encodeURIComponent(first.cursor);
  const second = (await registry.request('GET', `${version}/evaluations?limit=2&cursor=${cursor}`)).body;
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
  expect(first.items[1]).toMatchObject({ name: 'n1', omitted: ['metrics'] });
  expect(first.items[1]).not.toHaveProperty('metrics');
  const whole = (await registry.request('GET', `${version}/evaluations/${ids[1]}`)).body;
  expect(Object.keys(whole.metrics)).toHaveLength(500);
});

test('the same key records it once', async () => {
  const version = await withVersion('once');
  const headers = { 'idempotency-key': 'nightly-1' };
  const [one, other] = await Promise.all([1, 2].map(() => post(`${version}/evaluations`, NIGHTLY, headers)));
  expect(other?.body).toEqual(one?.body);
  expect((await registry.request('GET', `${version}/evaluations`)).body.items).toHaveLength(1);
});

test.each<[what: string, said: object, field: string]>([
  ['a name of blanks', { name: ' ' }, 'body.name'],
  ['a metric of no name', { metrics: { 'a//b': 1 } }, 'body.metrics.a//b'],
  ['a metric that is a text', { metrics: { auc: 'NaN' } }, 'body.metrics.auc'],
  ['a metric that is none', { metrics: { auc: null } }, 'body.metrics.auc'],
  ['another outcome', { outcome: 'aborted' }, 'body.outcome'],
  ['an address of a script', { report: { uri: 'javascript:alert(1)' } }, 'body.report.uri'],
  ['an address with a password', { dataset: { name: 'd', uri: 'https://a:b@example.com' } }, 'body.dataset.uri'],
  ['a report twice', { report: { path: 'a', uri: 's3://b/k' } }, 'body.report'],
])('%s is refused', async (_what, said, field) => {
  const version = await withVersion('refused');
  const body = { name: 'n', ...said };
  await refused(registry, 'POST', `${version}/evaluations`, { body }, { code: 'invalid_input', field });
});

test('more metrics than a version may have are refused', async () => {
  const version = await withVersion('many');
  const of = (count: number) => ({
    body: { name: 'n', metrics: Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, 1])) },
  });
  await refused(registry, 'POST', `${version}/evaluations`, of(1_001), {
    code: 'invalid_input',
    field: 'body.metrics',
  });
  expect((await registry.request('POST', `${version}/evaluations`, of(1_000))).status).toBe(201);
});

test('numbers that JSON cannot say are refused', async () => {
  const version = await withVersion('numbers');
  for (const number of ['NaN', '1e999', '-Infinity']) {
    const body = `{"name":"n","metrics":{"auc":${number}}}`;
    const { status } = await registry.request('POST', `${version}/evaluations`, { body });
    expect({ number, status }).toEqual({ number, status: 400 });
  }
});

test('a report is a file that the version has, also where its files are those of another', async () => {
  const version = await withVersion('report');
  await registry.request('POST', '/v1/models', { body: { name: 'report-copy' } });
  await post(`${version}/copy`, { model: 'report-copy' });
  for (const path of [version, '/v1/models/report-copy/versions/1']) {
    expect((await post(`${path}/evaluations`, NIGHTLY)).status).toBe(201);
    const missing = { body: { ...NIGHTLY, report: { path: 'other.html' } } };
    const refusal = { code: 'artifact_not_found', field: 'body.report.path' } as const;
    await refused(registry, 'POST', `${path}/evaluations`, missing, refusal);
  }
});

test('what has no final files is not evaluated, and evaluations stay with the version', async () => {
  const version = await withVersion('final');
  await post('/v1/models/final/versions', {});
  const pending = '/v1/models/final/versions/2/evaluations';
  await refused(registry, 'POST', pending, { body: NIGHTLY }, { code: 'version_not_ready', field: 'path.version' });
  const { id } = (await post(`${version}/evaluations`, NIGHTLY)).body;
  await refused(
    registry,
    'GET',
    `/v1/models/final/versions/2/evaluations/${id}`,
    {},
    { code: 'evaluation_not_found', field: 'path.evaluation' },
  );
  await registry.request('DELETE', version);
  await refused(registry, 'GET', `${version}/evaluations/${id}`, {}, { code: 'version_not_found' });
});
