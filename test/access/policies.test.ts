import type { Role } from '../../core/domain/access';
import { startRegistry, type TestRegistry } from '../support/registry';
import { refused, writesTo } from '../support/unchanged';

let registry: TestRegistry;
const CARL = { as: 'carl', groups: [] };
const OLGA = { as: 'olga', groups: [] };
const ANNA = { as: 'anna', groups: ['chiefs'] };
const MLFLOW = '/w/team/api/2.0/mlflow';

async function send(method: string, path: string, body?: unknown, who = {}) {
  return registry.request(method, `/w/team${path}`, { ...who, ...(body !== undefined && { body }) });
}

async function give(name: string, role: Role, kind = 'person', path = '/v1/grants') {
  expect((await send('POST', path, { subject: { kind, name }, role })).status).toBe(200);
}

async function policy(name: string, text: string) {
  const { status, body } = await send('PUT', `/v1/access-policies/${name}`, { text }, ANNA);
  expect({ status, body }).toMatchObject({ status: 200, body: { name, text } });
}

beforeAll(async () => {
  registry = await startRegistry();
  await registry.request('POST', '/v1/workspaces', { body: { name: 'team' } });
  await registry.request('POST', '/v1/workspaces', { body: { name: 'other' } });
  await give('chiefs', 'admin', 'group');
  await give('carl', 'contributor');
  await give('olga', 'owner');
  await send('POST', '/v1/models', { name: 'churn', tags: { tier: 'gold' } });
  for (let number = 1; number <= 3; number++) await send('POST', '/v1/models/churn/versions', { final: true });
  await send('POST', '/v1/models/churn/versions/1/transition', { stage: 'Staging' });
});
afterAll(() => registry.close());
afterEach(async () => {
  const { items } = (await send('GET', '/v1/access-policies')).body;
  for (const { name } of items) expect((await send('DELETE', `/v1/access-policies/${name}`)).status).toBe(204);
});

test('contributors set any alias but champion', async () => {
  await policy(
    'champion',
    'forbid (principal, action == Action::"setAlias", resource) when { context has alias && context.alias == "champion" } unless { principal in Role::"owner" || principal in Role::"admin" };',
  );
  expect((await send('PUT', '/v1/models/churn/aliases/canary', { version: 1 }, CARL)).status).toBe(200);
  const before = writesTo(registry);
  const { status, body } = await send('PUT', '/v1/models/churn/aliases/champion', { version: 1 }, CARL);
  expect({ status, code: body.code }).toEqual({ status: 403, code: 'forbidden' });
  const alias = { name: 'churn', alias: 'champion', version: '1' };
  const mlflow = await registry.request('POST', `${MLFLOW}/registered-models/alias`, { ...CARL, body: alias });
  expect([mlflow.status, mlflow.body.error_code]).toEqual([403, 'PERMISSION_DENIED']);
  expect(writesTo(registry)).toBe(before);
  expect((await send('PUT', '/v1/models/churn/aliases/champion', { version: 1 }, OLGA)).status).toBe(200);
  expect((await send('DELETE', '/v1/models/churn/aliases/champion', undefined, CARL)).status).toBe(403);
  const removed = await registry.request('DELETE', `${MLFLOW}/registered-models/alias`, { ...CARL, body: alias });
  expect(removed.status).toBe(403);
});

test('versions are read-only once promoted', async () => {
  await policy(
    'promoted',
    'forbid (principal, action in [Action::"edit", Action::"register", Action::"setAlias"], resource is Version) when { resource.stage == "Staging" || resource.stage == "Production" };',
  );
  const tag = (version: number) => send('PUT', `/v1/models/churn/versions/${version}/tags/a`, { value: 'b' }, CARL);
  expect((await tag(2)).status).toBe(200);
  const before = writesTo(registry);
  expect((await tag(1)).body.code).toBe('forbidden');
  const body = { name: 'churn', version: '1', key: 'a', value: 'c' };
  const mlflow = await registry.request('POST', `${MLFLOW}/model-versions/set-tag`, { ...CARL, body });
  expect([mlflow.status, mlflow.body.error_code]).toEqual([403, 'PERMISSION_DENIED']);
  expect(writesTo(registry)).toBe(before);
  expect((await send('GET', '/v1/models/churn/versions/1', undefined, CARL)).status).toBe(200);
});

test('a stage can be kept for some, and a permit gives what no role gives', async () => {
  await policy(
    'stage-it',
    'permit (principal == Caller::"carl", action == Action::"promote", resource) when { context has stage && context.stage == "Staging" };',
  );
  const move = (version: number, stage: string) =>
    send('POST', `/v1/models/churn/versions/${version}/transition`, { stage }, CARL);
  expect((await move(3, 'Archived')).status).toBe(403);
  expect((await move(3, 'Staging')).body.stage).toBe('Staging');
});

test('who is forbidden to read a model finds it nowhere', async () => {
  await send('POST', '/v1/models', { name: 'secret', tags: { secret: 'yes' } });
  await policy(
    'secret',
    'forbid (principal, action, resource is Model) when { resource.hasTag("secret") } unless { principal in Role::"admin" };',
  );
  const names = async (who: object) =>
    (await send('GET', '/v1/models', undefined, who)).body.items.map(({ name }: { name: string }) => name);
  expect(await names(CARL)).not.toContain('secret');
  expect(await names(ANNA)).toContain('secret');
  const found = await registry.request('GET', `${MLFLOW}/registered-models/search`, CARL);
  expect(JSON.stringify(found.body)).not.toContain('secret');
  const [hidden, missing] = await Promise.all(
    ['secret', 'nothing'].map(async (name) => {
      const { requestId, ...body } = (await send('GET', `/v1/models/${name}`, undefined, CARL)).body;
      return JSON.stringify(body).replaceAll(name, '·');
    }),
  );
  expect(hidden).toBe(missing);
});

test('policies reach no other workspace, and no administrator of the registry', async () => {
  await policy('all', 'permit (principal, action, resource);');
  const { status, body } = await registry.request('GET', '/w/other/v1/models', CARL);
  expect({ status, code: body.code }).toEqual({ status: 404, code: 'workspace_not_found' });
  expect((await send('DELETE', '/v1/access-policies/all', undefined, CARL)).body.code).toBe('forbidden');
  await policy('none', 'forbid (principal, action, resource) unless { principal in Role::"admin" };');
  expect((await send('GET', '/v1/models/churn')).status).toBe(200);
});

test('a policy that would lock out every admin is refused, one that spares one of them is not', async () => {
  const text = 'forbid (principal, action == Action::"administer", resource);';
  await refused(
    registry,
    'PUT',
    '/w/team/v1/access-policies/lock',
    { body: { text } },
    { code: 'access_policy_locks_out', field: 'body.text' },
  );
  await give('bert', 'admin');
  await policy(
    'most',
    'forbid (principal, action == Action::"administer", resource) unless { principal == Caller::"bert" };',
  );
  expect((await send('GET', '/v1/grants', undefined, ANNA)).body.code).toBe('forbidden');
  expect((await send('GET', '/v1/grants', undefined, { as: 'bert', groups: [] })).status).toBe(200);
});

test('only admins of the workspace decide on policies; trying one stores nothing', async () => {
  const text = 'permit (principal, action, resource);';
  const refusal = { code: 'forbidden', field: 'path.workspace' } as const;
  await refused(registry, 'PUT', '/w/team/v1/access-policies/mine', { ...OLGA, body: { text } }, refusal);
  await refused(registry, 'PUT', '/w/team/v1/access-policies/mine', { ...CARL, body: { text } }, refusal);
  const before = writesTo(registry);
  expect((await send('PUT', '/v1/access-policies/mine?dryRun=true', { text }, ANNA)).status).toBe(200);
  expect(writesTo(registry)).toBe(before);
  const wrong = { ...ANNA, body: { text: 'permit (principal, action == Action::"fly", resource);' } };
  await refused(registry, 'PUT', '/w/team/v1/access-policies/mine', wrong, {
    code: 'invalid_input',
    field: 'body.text',
    rule: /fly/,
  });
  for (const name of ['A', '-a', 'a_b', '..']) {
    await refused(
      registry,
      'PUT',
      `/w/team/v1/access-policies/${name}`,
      { ...ANNA, body: { text } },
      { code: 'invalid_input', field: 'path.policy' },
    );
  }
});

test('whoami tells what policies leave', async () => {
  await policy(
    'no-alias',
    'forbid (principal, action == Action::"setAlias", resource) unless { principal in Role::"admin" };',
  );
  const { access } = (await send('GET', '/v1/whoami?model=churn', undefined, CARL)).body;
  expect(access).toMatchObject({ model: 'churn', administrator: false, roles: ['contributor'] });
  expect(access.rights).toEqual(['read', 'download', 'register', 'edit', 'request']);
  expect(access.denied).toContainEqual({ right: 'setAlias', needs: expect.stringContaining('policy') });
});
