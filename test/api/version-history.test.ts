import { startRegistry, type TestRegistry } from '../support/registry';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  const { request } = registry;
  await request('POST', '/v1/models', { body: { name: 'busy' } });
  for (let version = 1; version <= 3; version++) {
    await request('POST', '/v1/models/busy/versions', { body: { final: true } });
  }
  for (let turn = 0; turn < 4; turn++) {
    for (const version of [1, 2, 3]) {
      await request('PUT', `/v1/models/busy/versions/${version}/tags/turn`, { body: { value: String(turn) } });
    }
  }
  await request('PUT', '/v1/models/busy/tags/owner', { body: { value: 'speech' } });
});
afterAll(() => registry.close());

interface Event {
  readonly sequence: number;
  readonly version?: number;
  readonly type: string;
}

async function eventsOf(query: string, model = 'busy'): Promise<readonly Event[]> {
  const { status, body } = await registry.request('GET', `/v1/models/${model}/events?${query}`);
  expect(status).toBe(200);
  return body.items;
}

test.each(['asc', 'desc'])(
  'the history of a version is what the history of its model says of it, %s',
  async (order) => {
    const all = await eventsOf(`order=${order}&limit=100`);
    for (const version of [1, 2, 3]) {
      const own = all.filter((event) => event.version === version);
      expect(own).toHaveLength(5);
      expect(await eventsOf(`order=${order}&limit=100&version=${version}`)).toEqual(own);
    }
  },
);

test('it comes in pages, and takes the other filters', async () => {
  const seen: Event[] = [];
  let path: string | undefined = '/v1/models/busy/events?version=2&limit=2';
  while (path !== undefined) {
    const { body } = await registry.request('GET', path);
    seen.push(...body.items);
    path = body.cursor && `/v1/models/busy/events?version=2&limit=2&cursor=${encodeURIComponent(body.cursor)}`;
  }
  expect(seen).toEqual(await eventsOf('version=2'));
  expect((await eventsOf('version=2&type=version.registered')).map(({ type }) => type)).toEqual(['version.registered']);
  expect(await eventsOf('version=2&actor=nobody')).toEqual([]);
});

test('a version that is not there has none, and one that was deleted keeps its own', async () => {
  expect(await eventsOf('version=4')).toEqual([]);
  await registry.request('DELETE', '/v1/models/busy/versions/3');
  expect((await eventsOf('version=3'))[0]?.type).toBe('version.deleted');
});

test('so does one of a model that was deleted and made anew: each has its own', async () => {
  const { request } = registry;
  const { body } = await request('POST', '/v1/models', { body: { name: 'again' } });
  await request('POST', '/v1/models/again/versions', { body: { final: true } });
  await request('DELETE', '/v1/models/again');
  await request('POST', '/v1/models', { body: { name: 'again' } });
  expect(await eventsOf('version=1', 'again')).toEqual([]);
  expect((await eventsOf('version=1', `id:${body.id}`)).map(({ type }) => type)).toContain('version.registered');
});

test.each(['0', '-1', '1.5', 'x', '10000000000', ''])('version %j is refused', async (version) => {
  const { status, body } = await registry.request('GET', `/v1/models/busy/events?version=${version}`);
  expect([status, body.code]).toEqual([400, 'invalid_input']);
  expect(body.errors[0]).toMatchObject({ field: 'query.version' });
});
