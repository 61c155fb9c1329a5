import { COMMAND_IDS, exampleOf, makeWorld, makeWorldFor } from '../support/commands';
import { startRegistry, type TestRegistry } from '../support/registry';
import { refused, writesTo } from '../support/unchanged';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

test.each(COMMAND_IDS)('%s honours If-Match: another ETag changes nothing, the one that was read does', async (id) => {
  const world = await makeWorldFor(id, registry, id.toLowerCase());
  const { method, path, body, reads } = exampleOf(id, world);
  const said = body ? { body } : {};
  const etag =
    reads !== undefined
      ? (await registry.request('GET', reads)).headers['etag']
      : id === 'deleteComment'
        ? `"${world.comment}"`
        : undefined;
  const stale = ['"0"', `W/${etag}`, '"a", "b"', ' ', 'x', etag?.slice(1, -1) ?? '""'];
  const before = writesTo(registry);
  for (const ifMatch of etag === undefined ? [...stale, '*'] : stale) {
    const { status, body: problem } = await registry.request(method, path, {
      ...said,
      headers: { 'if-match': ifMatch },
    });
    expect({ ifMatch, status, field: problem.errors?.[0].field }).toEqual({
      ifMatch,
      status: 412,
      field: 'header.If-Match',
    });
  }
  expect(writesTo(registry)).toBe(before);
  if (etag === undefined) return;
  const headers = { 'if-match': `"other", ${etag}` };
  expect((await registry.request(method, path, { ...said, headers })).status).toBeLessThan(300);
});

test('If-Match: * stands for anything that exists', async () => {
  const { model } = await makeWorld(registry, 'star');
  const headers = { 'if-match': '*' };
  const { request } = registry;
  expect((await request('PATCH', `/v1/models/${model}`, { body: { description: 'x' }, headers })).status).toBe(200);
  const fresh = `/v1/models/${model}/aliases/fresh`;
  await refused(registry, 'PUT', fresh, { body: { version: 1 }, headers }, { code: 'precondition_failed' });
  expect((await request('PUT', fresh, { body: { version: 1 } })).status).toBe(200);
  expect((await request('PUT', fresh, { body: { version: 4 }, headers })).status).toBe(200);
});

test('an ETag changes exactly when what it stands for does', async () => {
  const world = await makeWorld(registry, 'etags');
  const base = `/v1/models/${world.model}`;
  const reads = ['', '/versions/1', '/versions/4', '/aliases/champion', '/aliases/latest', '/stages', '/versions'];
  const commands = ['setVersionTag', 'setVersionTag', 'setAlias', 'lockVersion', 'setModelTag', 'registerVersion'];
  const look = () =>
    Promise.all(
      reads.map(async (path) => {
        const { headers, body } = await registry.request('GET', `${base}${path}`);
        return { etag: headers['etag'], text: JSON.stringify(body) };
      }),
    );
  for (const id of commands) {
    const before = await look();
    const { method, path, body } = exampleOf(id, world);
    expect((await registry.request(method, path, body ? { body } : {})).status).toBeLessThan(300);
    const after = await look();
    reads.forEach((path, index) => {
      const [was, is] = [before[index], after[index]];
      expect({ id, path, changed: was?.etag !== is?.etag }).toEqual({ id, path, changed: was?.text !== is?.text });
    });
  }
});

test('a name that was given away and taken again has other ETags', async () => {
  const { request } = registry;
  const etags = async () => {
    await request('POST', '/v1/models', { body: { name: 'again' } });
    await request('POST', '/v1/models/again/versions', { body: { final: true } });
    await request('PUT', '/v1/models/again/aliases/champion', { body: { version: 1 } });
    return Promise.all(
      ['', '/versions/1', '/aliases/champion'].map(
        async (path) => (await request('GET', `/v1/models/again${path}`)).headers['etag'] as string,
      ),
    );
  };
  const first = await etags();
  await request('DELETE', '/v1/models/again');
  const second = await etags();
  expect(new Set([...first, ...second]).size).toBe(new Set(first).size + new Set(second).size);
  const stale = { body: { description: 'x' }, headers: { 'if-match': first[1] as string } };
  await refused(registry, 'PATCH', '/v1/models/again/versions/1', stale, { code: 'precondition_failed' });
});

test('reading changes nothing', async () => {
  const { model } = await makeWorld(registry, 'reads');
  const before = writesTo(registry);
  for (const path of [
    '',
    '/versions',
    '/versions/1',
    '/aliases/latest',
    '/stages',
    '/events',
    '/versions/1/manifest',
  ]) {
    expect((await registry.request('GET', `/v1/models/${model}${path}`)).status).toBe(200);
  }
  expect(writesTo(registry)).toBe(before);
});
