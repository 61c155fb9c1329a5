import { OPERATIONS } from '../../contract/operations';
import { exampleOf, makeWorld } from '../support/commands';
import { startRegistry, type TestRegistry } from '../support/registry';
import { refused, writesTo } from '../support/unchanged';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  await registry.request('POST', '/v1/workspaces', { body: { name: 'team' } });
  await makeWorld(registry, 'm');
});
afterAll(() => registry.close());

test.each([
  '/',
  '',
  '/v1',
  '/v1/',
  '/v2/models',
  '/V1/models',
  '/v1/Models',
  '/v1/models/',
  '//v1/models',
  '/v1//models',
  '/v1/models/m/',
  '/v1/models//versions',
  '/v1/models/m/versions/1/nothing',
  '/v1/models/%2E%2E/%2E%2E/etc/passwd',
  '/w',
  '/w/team',
  '/w/team/',
  '/w/team/w/team/v1/models',
  '/constructor',
  '/__proto__',
])('nothing is at %s', async (path) => {
  const code = path === '/w' ? 'invalid_input' : 'route_not_found';
  await refused(registry, 'GET', path, {}, { code, field: path === '/w' ? 'path.workspace' : 'path' });
});

const paths = [...new Set(Object.values(OPERATIONS).map(({ path }) => path))];
test.each(paths)('%s names the methods that it takes', async (path) => {
  const allowed = Object.values(OPERATIONS).flatMap((operation) => (operation.path === path ? [operation.method] : []));
  const there = path.replace(/\{\w+\}/g, '1');
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']) {
    if ((allowed as string[]).includes(method)) continue;
    const { headers } = await refused(registry, method, there, {}, { code: 'method_not_allowed', field: 'method' });
    expect(headers['allow']?.split(', ').sort()).toEqual([...allowed].sort());
  }
});

test.each(['Team', 'a_b', '-a', 'a-', '..', '%20', 'a%23b', 'a'.repeat(64), 'é', '%00'])(
  'the workspace %s in a path is refused',
  async (workspace) => {
    await refused(registry, 'GET', `/w/${workspace}/v1/models`, {}, { code: 'invalid_input', field: 'path.workspace' });
  },
);

const ANYWHERE: readonly string[] = ['Workspaces', 'System', 'Links in mails'];
const inWorkspace = Object.values(OPERATIONS).filter(({ tag }) => !ANYWHERE.includes(tag));
test.each(inWorkspace.map(({ id }) => id))('%s finds nothing in a workspace that does not exist', async (id) => {
  const { method, path } = inWorkspace.find((operation) => operation.id === id) as (typeof inWorkspace)[number];
  const mails = { subscription: 's', notification: 'n', unconfirmed: 'u', confirm: 't', unsubscribe: 't' };
  const world = {
    model: 'm',
    comment: 'x',
    evaluation: 'e',
    webhook: 'w',
    delivery: 'd',
    grant: 'g',
    modelGrant: 'g',
    deployment: 'e',
    check: 'c',
    request: 'r',
    subject: '0'.repeat(64),
    approved: 'r',
    index: 'i',
    ...mails,
  };
  const values: Record<string, string> = {
    ...world,
    version: '1',
    alias: 'champion',
    stage: 'Staging',
    key: 'a',
    sequence: '1',
    metric: 'auc',
    revision: '1',
  };
  const needs = /upload|download|Upload|Download/.test(id)
    ? '?path=a'
    : /Holder/.test(id)
      ? '?at=2026-01-01T00:00:00Z'
      : '';
  const { path: there, body } =
    method !== 'GET'
      ? exampleOf(id, world)
      : { path: `${path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')}${needs}`, body: undefined };
  const options = body === undefined ? {} : { body };
  const found = await refused(registry, method, `/w/nowhere${there}`, options, { code: 'workspace_not_found' });
  expect(found.body.errors[0]).toMatchObject({ field: 'path.workspace', value: 'nowhere' });
});

test('a model of one workspace is not seen from another', async () => {
  const { request } = registry;
  const { body: model } = await request('GET', '/v1/models/m');
  expect((await request('GET', '/w/default/v1/models/m')).body).toEqual(model);
  for (const named of ['m', `id:${model.id}`, '../default/m', 'default%23m']) {
    const { body } = await request('GET', `/w/team/v1/models/${named}/events`);
    expect(['model_not_found', 'route_not_found']).toContain(body.code);
  }
  expect((await request('GET', '/w/team/v1/models')).body.items).toEqual([]);
  expect((await request('GET', '/w/team/v1/events')).body.items).toHaveLength(1);
  await refused(registry, 'DELETE', '/w/team/v1/models/m', {}, { code: 'model_not_found', field: 'path.model' });
  const parent = { parent: { workspace: 'team', model: 'm', version: 1 } };
  const refusal = { code: 'invalid_input', field: 'body.parent' } as const;
  await refused(registry, 'POST', '/v1/models/m/versions', { body: parent }, refusal);
});

test('what is missing is named where the caller wrote it', async () => {
  const copy = (body: object) => ['POST', '/v1/models/m/versions/1/copy', { body }] as const;
  const cases = [
    [...copy({ model: 'none' }), { code: 'model_not_found', field: 'body.model' }],
    [...copy({ model: 'm', workspace: 'none' }), { code: 'workspace_not_found', field: 'body.workspace' }],
    ['PUT', '/v1/models/m/aliases/x', { body: { version: 9 } }, { code: 'version_not_found', field: 'body.version' }],
    ['PUT', '/v1/models/m/aliases/x', { body: { version: 2 } }, { code: 'version_not_ready', field: 'body.version' }],
    ['PUT', '/v1/models/m/aliases/x', { body: { version: 3 } }, { code: 'version_locked', field: 'body.version' }],
    ['GET', '/v1/models/none', {}, { code: 'model_not_found', field: 'path.model' }],
    ['GET', '/v1/models/m/versions/9', {}, { code: 'version_not_found', field: 'path.version' }],
    ['GET', '/v1/models/m/aliases/none', {}, { code: 'alias_not_found', field: 'path.alias' }],
    ['GET', '/v1/models/m/stages/None/history', {}, { code: 'invalid_input', field: 'path.stage' }],
    ['GET', '/v1/models/m/events/999', {}, { code: 'event_not_found', field: 'path.sequence' }],
    ['GET', '/v1/models/m/versions/1/download?path=none', {}, { code: 'artifact_not_found', field: 'query.path' }],
  ] as const;
  for (const [method, path, options, expected] of cases) await refused(registry, method, path, options, expected);
});

test('without an authoriser nobody is let in, whatever the request says', async () => {
  const before = writesTo(registry);
  const context = { requestId: 'r', http: { path: '', protocol: '', sourceIp: '', userAgent: '' } };
  for (const authorizer of [
    undefined,
    {},
    { jwt: null },
    { jwt: { claims: { sub: '' } } },
    { iam: { userArn: '' } },
    { lambda: { sub: 'ada' } },
  ]) {
    for (const [method, path] of [
      ['GET', '/v1/models'],
      ['POST', '/v1/models'],
      ['DELETE', '/v1/models/m'],
    ] as const) {
      const event = { requestContext: { ...context, authorizer, http: { ...context.http, method } } } as never;
      const headers = { authorization: 'Bearer ada', 'x-signet-principal': 'ada' };
      const { status, body } = await registry.request(method, path, { event, headers });
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'unauthenticated' });
    }
    const event = { requestContext: { ...context, authorizer, http: { ...context.http, method: 'GET' } } } as never;
    expect((await registry.request('GET', '/health', { event })).status).toBe(200);
  }
  expect(writesTo(registry)).toBe(before);
});
