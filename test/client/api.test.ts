import { ApiError, type Client, createClient, ROUTES } from '../../client/api';
import { OPERATIONS } from '../../contract/operations';
import { startRegistry, type TestRegistry } from '../support/registry';
import { type Served, serve } from '../support/served';

let registry: TestRegistry;
let world: Served;
let client: Client;

beforeAll(async () => {
  registry = await startRegistry();
  world = await serve(registry, 'nobody');
  client = createClient({ baseUrl: world.url, headers: () => ({ 'x-caller': 'ada' }) });
});

afterAll(async () => {
  await world.close();
  await registry.close();
});

beforeEach(() => {
  world.refusals = [];
  world.seen = [];
});

const refusal = (call: Promise<unknown>): Promise<ApiError> =>
  call.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: unknown) => {
      expect(error).toBeInstanceOf(ApiError);
      return error as ApiError;
    },
  );

test('every operation of the contract has a method under its id, with the same route', () => {
  const declared = Object.values(OPERATIONS).map(({ id, method, path, effect }) => [id, { method, path, effect }]);
  const known = Object.entries(ROUTES).map(([id, { method, path, effect }]) => [id, { method, path, effect }]);
  expect(known).toEqual(declared);
  for (const [id] of declared) expect(typeof client[id as 'getModel']).toBe('function');
});

test('calls carry path, query, body and identity, and answer what the contract declares', async () => {
  const created = await client.createModel({ body: { name: 'a name/'.replace('/', ' &#%') } });
  expect(created.createdBy.name).toBe('ada');
  const version = await client.registerVersion({
    params: { model: created.name },
    body: { metrics: { auc: 0.5 }, references: [{ path: 'x', uri: 's3://b/x' }], final: true },
  });
  expect(version).toMatchObject({ version: 1, status: 'READY' });
  expect(await client.getVersion({ params: { model: created.name, version: 1 } })).toEqual(version);
  const { items } = await client.listModels({ query: { prefix: 'a name ', limit: 1 } });
  expect(items.map(({ name }) => name)).toEqual([created.name]);
  expect(await client.getHealth()).toBe('OK');
  expect(await client.deleteModel({ params: { model: created.name } })).toBeUndefined();
});

test('a client of a workspace calls it there, open operations aside', async () => {
  await client.createWorkspace({ body: { name: 'research' } });
  const there = client.in('research');
  await there.createModel({ body: { name: 'm' } });
  expect((await there.getModel({ params: { model: 'm' } })).workspace).toBe('research');
  expect((await refusal(client.getModel({ params: { model: 'm' } }))).code).toBe('model_not_found');
  expect(await there.getServerVersion()).toBe('0.0.0-test');
});

test('a refusal tells code, status, request and what is wrong with which field', async () => {
  const error = await refusal(client.createModel({ body: { name: 'a/b' } }));
  expect(error).toMatchObject({ code: 'invalid_input', status: 400 });
  expect(error.violations).toEqual([{ field: 'body.name', value: 'a/b', rule: expect.stringContaining('/') }]);
  expect(error.requestId).toMatch(/\S/);
});

test('a change with an ETag that is no longer true is refused', async () => {
  await client.createModel({ body: { name: 'etags' } });
  const { etag } = await client.exchange('getModel', { params: { model: 'etags' } });
  const change = { params: { model: 'etags' }, body: { description: 'x' } };
  await client.updateModel(change, { ifMatch: etag });
  expect((await refusal(client.updateModel(change, { ifMatch: etag }))).code).toBe('precondition_failed');
});

test('rows go on over all pages', async () => {
  for (const name of ['p1', 'p2', 'p3']) await client.createModel({ body: { name } });
  const names: string[] = [];
  for await (const { name } of client.rows('listModels', { query: { prefix: 'p', limit: 1 } })) names.push(name);
  expect(names).toEqual(['p1', 'p2', 'p3']);
});

test('what passes by itself is tried again, a command under one key, and is done once', async () => {
  const busy = {
    status: 503,
    headers: { 'retry-after': '0', 'content-type': 'application/json' },
    body: '{"message":"x"}',
  };
  world.refusals = [busy, { status: 429, headers: { 'retry-after': '0' } }];
  await client.createModel({ body: { name: 'once' } });
  expect(new Set(world.seen.map(({ key }) => key)).size).toBe(1);
  expect(world.seen).toHaveLength(3);
  expect(world.seen[0]?.key).toMatch(/^[0-9a-f-]{36}$/);

  world.refusals = Array.from({ length: 9 }, () => busy);
  world.seen = [];
  expect(await refusal(client.getModel({ params: { model: 'once' } }))).toMatchObject({
    code: 'contention',
    status: 503,
  });
  expect(world.seen).toHaveLength(5);
  expect(world.seen[0]?.key).toBeUndefined();
});

test('what does not pass is not tried again', async () => {
  world.refusals = [{ status: 500, body: '<html>' }];
  expect(await refusal(client.whoami())).toMatchObject({ code: 'unexpected_answer', status: 500 });
  world.refusals = [{ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }];
  expect(await refusal(client.whoami())).toMatchObject({ code: 'unexpected_answer', status: 200 });
  world.refusals = [{ status: 401, body: '{"message":"Unauthorized"}' }];
  expect(await refusal(client.whoami())).toMatchObject({ code: 'unauthenticated', status: 401 });
  expect(world.seen).toHaveLength(3);
});

test('no answer is told as such, and a call that is given up ends while it waits', async () => {
  const nowhere = createClient({
    baseUrl: 'http://127.0.0.1:9',
    fetch: () => Promise.reject(new TypeError('refused')),
  });
  const stop = new AbortController();
  const call = nowhere.whoami(undefined, { signal: stop.signal });
  setTimeout(() => stop.abort(new Error('given up')), 20);
  await expect(call).rejects.toThrow('given up');
  expect(await refusal(nowhere.whoami())).toMatchObject({ code: 'unreachable', status: 0 });
});

test.each(['..', '.', '', 'a/b', 'a?b'])(
  'a name that would address something else (%j) never leaves',
  async (model) => {
    expect(await refusal(client.getModel({ params: { model } }))).toMatchObject({ code: 'invalid_input', status: 0 });
    expect(world.seen).toEqual([]);
  },
);
