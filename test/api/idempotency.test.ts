import { COMMAND_IDS, exampleOf, makeWorld, makeWorldFor } from '../support/commands';
import { startRegistry, type TestRegistry } from '../support/registry';
import { refused, writesTo } from '../support/unchanged';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterEach(() => jest.useRealTimers());
afterAll(() => registry.close());

const HOUR = 3_600_000;
function travel(to: number): void {
  jest.useFakeTimers({
    now: to,
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
}

async function newestEvent(model: string): Promise<number> {
  const { body } = await registry.request('GET', `/v1/models/${model}/events?limit=1`);
  return body.items?.[0]?.sequence;
}

test.each(COMMAND_IDS)('%s under a key: the same answer and one effect; another request is refused', async (id) => {
  const world = await makeWorldFor(id, registry, id.toLowerCase());
  const { method, path, body } = exampleOf(id, world);
  const said = body ? { body } : {};
  const headers = { 'idempotency-key': `key-${id}` };
  const first = await registry.request(method, path, { ...said, headers });
  expect(first.status).toBeLessThan(300);
  const before = writesTo(registry);
  const second = await registry.request(method, path, { ...said, headers });
  expect(writesTo(registry)).toBe(before);
  if (id === 'requestUploads') expect(second.body.uploads[0].path).toBe(first.body.uploads[0].path);
  else expect(second).toEqual(first);

  const spaced = { headers, body: `${JSON.stringify(body ?? {})} ` };
  const expected = { code: 'idempotency_key_reused', field: 'header.Idempotency-Key' } as const;
  await refused(registry, method, path, spaced, expected);
});

test('the key of another caller, and of another workspace, is another key', async () => {
  const { request } = registry;
  const { model } = await makeWorld(registry, 'callers');
  await request('POST', '/v1/workspaces', { body: { name: 'elsewhere' } });
  await request('POST', '/w/elsewhere/v1/models', { body: { name: model } });
  const headers = { 'idempotency-key': 'shared' };
  const path = `/v1/models/${model}/versions`;
  const numbers = [
    await request('POST', path, { body: {}, headers, as: 'ada' }),
    await request('POST', path, { body: {}, headers, as: 'bob' }),
    await request('POST', path, { body: {}, headers, as: 'ada' }),
    await request('POST', `/w/elsewhere${path}`, { body: {}, headers, as: 'ada' }),
  ].map(({ body }) => body.version);
  expect(numbers).toEqual([5, 6, 5, 1]);
});

test('the sessions of a role share their keys, so that a job that is run again finds its answer; other roles do not', async () => {
  const { request } = registry;
  const { model } = await makeWorld(registry, 'sessions');
  const session = (role: string, name: string) => `arn:aws:sts::123456789012:assumed-role/${role}/${name}`;
  for (const role of ['Trainer', 'Nightly']) {
    const body = { subject: { kind: 'iam', name: session(role, '*') }, role: 'contributor' };
    await request('POST', `/v1/models/${model}/grants`, { body });
  }
  const headers = { 'idempotency-key': 'job-7' };
  const number = async (arn: string) =>
    (await request('POST', `/v1/models/${model}/versions`, { body: {}, headers, arn })).body.version;
  expect(await number(session('Trainer', '1763928000000'))).toBe(5);
  expect(await number(session('Trainer', '1763928999999'))).toBe(5);
  expect(await number(session('Nightly', '1763928000000'))).toBe(6);
});

test.each([
  ['empty', ''],
  ['256 characters', 'k'.repeat(256)],
  ['a blank inside', 'a b'],
  ['a control character', 'a\u0001b'],
  ['a newline', 'a\nb'],
  ['not ASCII', 'schlüssel'],
])('a key is refused when it is or has %s', async (_, key) => {
  const event = { headers: { 'content-type': 'application/json', 'idempotency-key': key } };
  const options = { body: { name: 'keyed' }, event };
  await refused(registry, 'POST', '/v1/models', options, {
    code: 'invalid_input',
    field: 'header.Idempotency-Key',
  });
});

test('a refusal is not remembered: the request under its key is tried again', async () => {
  const { request } = registry;
  const { model } = await makeWorld(registry, 'again');
  const move = { body: { stage: 'Production' }, headers: { 'idempotency-key': 'first-refused' } };
  const path = `/v1/models/${model}/versions/1`;
  await refused(registry, 'POST', `${path}/transition`, move, { code: 'approval_required', field: 'body.stage' });
  await request('POST', `${path}/approval`, { body: { status: 'Approved' } });
  expect((await request('POST', `${path}/transition`, move)).body).toMatchObject({ stage: 'Production' });
});

test('a key is forgotten after 48 hours', async () => {
  const { request } = registry;
  const { model } = await makeWorld(registry, 'expiry');
  const start = Date.now();
  const headers = { 'idempotency-key': 'expires' };
  const path = `/v1/models/${model}/versions`;
  const number = async (hours: number, body: object) => {
    travel(start + hours * HOUR);
    return (await request('POST', path, { body, headers })).body;
  };
  expect((await number(0, {})).version).toBe(5);
  expect((await number(47.9, {})).version).toBe(5);
  expect((await number(47.9, { description: 'other' })).code).toBe('idempotency_key_reused');
  const events = await newestEvent(model);
  expect((await number(48.1, { description: 'other' })).version).toBe(6);
  expect(await newestEvent(model)).toBe(events + 1);
});
