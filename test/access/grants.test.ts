import { invariants } from '../support/invariants';
import { startRegistry, type TestRegistry } from '../support/registry';
import { refused, writesTo } from '../support/unchanged';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  for (const name of ['team', 'other', 'third']) await registry.request('POST', '/v1/workspaces', { body: { name } });
});
afterAll(async () => {
  await invariants(registry);
  await registry.close();
});

const person = (as: string) => ({ as, groups: [] });
const TRAINER = 'arn:aws:sts::123456789012:assumed-role/Trainer/job-1';

async function give(path: string, kind: string, name: string, role: string, who = {}) {
  return registry.request('POST', path, { ...who, body: { subject: { kind, name }, role } });
}

async function names(path: string, who: object): Promise<string[]> {
  return (await registry.request('GET', path, who)).body.items.map(({ name }: { name: string }) => name);
}

test('who makes a model owns it: a person, or all sessions of a role', async () => {
  await give('/w/team/v1/grants', 'iam', 'arn:aws:iam::123456789012:role/Trainer', 'contributor');
  await registry.request('POST', '/w/team/v1/models', { arn: TRAINER, body: { name: 'of-trainer' } });
  const later = TRAINER.replace('job-1', 'job-2');
  const { body } = await registry.request('GET', '/w/team/v1/whoami?model=of-trainer', { arn: later });
  expect(body.access).toMatchObject({ roles: ['contributor', 'owner'], administrator: false });
  const { items } = (await registry.request('GET', '/w/team/v1/models/of-trainer/grants', { arn: later })).body;
  expect(items).toMatchObject([
    { subject: { kind: 'iam', name: 'arn:aws:iam::123456789012:role/Trainer' }, role: 'owner' },
  ]);
  const events = (await registry.request('GET', '/w/team/v1/models/of-trainer/events?order=asc')).body.items;
  expect(events.map(({ type }: { type: string }) => type)).toEqual(['model.created', 'grant.set']);
  const other = TRAINER.replace('Trainer', 'Deployer');
  expect((await registry.request('GET', '/w/team/v1/models/of-trainer', { arn: other })).body.code).toBe(
    'workspace_not_found',
  );
});

test('the same grant again is the same; another role of the same subject is another', async () => {
  const path = '/w/team/v1/models/of-trainer/grants';
  const first = (await give(path, 'person', 'Rita@example.com', 'viewer')).body;
  const before = writesTo(registry);
  expect((await give(path, 'person', 'rita@example.com', 'viewer')).body).toEqual(first);
  expect(writesTo(registry)).toBe(before);
  const second = (await give(path, 'person', 'rita@example.com', 'reviewer')).body;
  const rita = { as: 'sub-9', groups: [], email: 'rita@example.com' };
  const roles = async () =>
    (await registry.request('GET', '/w/team/v1/whoami?model=of-trainer', rita)).body.access?.roles;
  expect(await roles()).toEqual(['viewer', 'reviewer']);
  await registry.request('DELETE', `${path}/${first.id}`);
  expect(await roles()).toEqual(['reviewer']);
  await registry.request('DELETE', `${path}/${second.id}`);
  expect(await roles()).toBeUndefined();
  await refused(registry, 'DELETE', `${path}/${second.id}`, {}, { code: 'grant_not_found', field: 'path.grant' });
});

test('nobody gives or takes a role with rights that they have not', async () => {
  await give('/w/team/v1/grants', 'person', 'olga', 'owner');
  const admin = (await give('/w/team/v1/grants', 'person', 'anna', 'admin')).body;
  const body = { subject: { kind: 'person', name: 'olga' }, role: 'admin' };
  const refusal = { code: 'forbidden', field: 'path.workspace', rule: /bypass/ } as const;
  await refused(registry, 'POST', '/w/team/v1/grants', { ...person('olga'), body }, refusal);
  await refused(registry, 'DELETE', `/w/team/v1/grants/${admin.id}`, person('olga'), refusal);
  expect((await give('/w/team/v1/grants', 'person', 'bob', 'reviewer', person('olga'))).status).toBe(200);
  const onModel = { body: { subject: { kind: 'person', name: 'bob' }, role: 'admin' } };
  await refused(registry, 'POST', '/w/team/v1/models/of-trainer/grants', onModel, {
    code: 'invalid_input',
    field: 'body.role',
  });
});

test('lists show who has no role in the workspace the models that they have one on, and the workspaces of those', async () => {
  for (const name of ['a1', 'a2', 'b1', 'b2']) {
    await registry.request('POST', '/w/other/v1/models', { body: { name } });
    await registry.request('POST', `/w/other/v1/models/${name}/versions`, { body: { final: true } });
  }
  await give('/w/other/v1/models/a2/grants', 'person', 'gus', 'viewer');
  await give('/w/other/v1/models/b1/grants', 'group', 'guests', 'viewer');
  const gus = { as: 'gus', groups: ['guests'] };
  expect(await names('/w/other/v1/models', gus)).toEqual(['a2', 'b1']);
  expect(await names('/w/other/v1/models?prefix=b', gus)).toEqual(['b1']);
  expect(await names('/w/other/v1/models', { as: 'x', groups: ['guests'] })).toEqual(['b1']);
  expect(await names('/v1/workspaces', gus)).toEqual(['other']);
  expect(await names('/v1/workspaces', person('nobody'))).toEqual([]);
  expect(await names('/v1/workspaces', person('olga'))).toEqual(['team']);
  expect(await names('/v1/workspaces', {})).toEqual(['default', 'other', 'team', 'third']);
  expect(await names('/v1/workspaces', { arn: TRAINER })).toEqual(['team']);
  expect((await registry.request('GET', '/v1/workspaces/other', gus)).status).toBe(200);
  expect((await registry.request('GET', '/v1/workspaces/team', gus)).body.code).toBe('workspace_not_found');
  const mlflow = '/w/other/api/2.0/mlflow';
  const models = (await registry.request('GET', `${mlflow}/registered-models/search`, gus)).body.registered_models;
  expect(models.map(({ name }: { name: string }) => name)).toEqual(['a2', 'b1']);
  const versions = (await registry.request('GET', `${mlflow}/model-versions/search`, gus)).body.model_versions;
  expect(versions.map(({ name }: { name: string }) => name).sort()).toEqual(['a2', 'b1']);
  expect((await registry.request('GET', '/w/other/v1/events', gus)).body.code).toBe('forbidden');
});

test('pages of the own workspaces go on where the page before ended, in both orders', async () => {
  await give('/w/third/v1/grants', 'person', 'wanda', 'viewer');
  await give('/w/team/v1/grants', 'person', 'wanda', 'viewer');
  await give('/v1/grants', 'person', 'wanda', 'viewer');
  for (const [order, expected] of [
    ['asc', ['default', 'team', 'third']],
    ['desc', ['third', 'team', 'default']],
  ] as const) {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const path = `/v1/workspaces?limit=1&order=${order}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
      const { body } = await registry.request('GET', path, person('wanda'));
      found.push(...body.items.map(({ name }: { name: string }) => name));
      cursor = body.cursor;
      if (cursor && order === 'asc') {
        const options = { path: `/v1/workspaces?limit=1&order=asc&cursor=${encodeURIComponent(cursor)}` };
        expect((await registry.request('GET', options.path)).body.code).toBe('invalid_input');
      }
    } while (cursor);
    expect(found).toEqual(expected);
  }
});

test('a deleted model takes its grants along; a model of the same name is another', async () => {
  await give('/w/other/v1/models/b2/grants', 'person', 'dora', 'owner');
  expect(await names('/v1/workspaces', person('dora'))).toEqual(['other']);
  await registry.request('DELETE', '/w/other/v1/models/b2', person('dora'));
  await registry.request('POST', '/w/other/v1/models', { body: { name: 'b2' } });
  expect(await names('/v1/workspaces', person('dora'))).toEqual([]);
  expect((await registry.request('GET', '/w/other/v1/models/b2', person('dora'))).body.code).toBe(
    'workspace_not_found',
  );
});

test('a copy needs the right to register where it arrives, and leads to no model that the caller may not see', async () => {
  await give('/w/other/v1/models/a1/grants', 'person', 'carl', 'contributor');
  const copy = (model: string, workspace?: string) => ({
    ...person('carl'),
    body: { model, ...(workspace && { workspace }) },
  });
  const path = '/w/other/v1/models/a1/versions/1/copy';
  await refused(registry, 'POST', path, copy('b1'), { code: 'model_not_found', field: 'body.model' });
  await refused(registry, 'POST', path, copy('of-trainer', 'team'), {
    code: 'workspace_not_found',
    field: 'body.workspace',
  });
  await give('/w/other/v1/models/b1/grants', 'person', 'carl', 'viewer');
  await refused(registry, 'POST', path, copy('b1'), { code: 'forbidden', field: 'body.model' });
  await give('/w/other/v1/models/b1/grants', 'person', 'carl', 'contributor');
  expect((await registry.request('POST', path, copy('b1'))).body).toMatchObject({ model: 'b1', version: 2 });
  const parent = (model: string) => ({ ...person('carl'), body: { parent: { model, version: 1 } } });
  await refused(registry, 'POST', '/w/other/v1/models/a1/versions', parent('a2'), {
    code: 'invalid_input',
    field: 'body.parent',
  });
  const source = (model: string) => ({ ...person('carl'), body: { name: 'a1', source: `models:/${model}/1` } });
  const create = '/w/other/api/2.0/mlflow/model-versions/create';
  const told = async (model: string) =>
    (await registry.request('POST', create, source(model))).body.message.replaceAll(model, '·');
  expect(await told('a2')).toBe(await told('zz'));
  const rename = { ...person('carl'), body: { name: 'a2' } };
  await give('/w/other/v1/models/a1/grants', 'person', 'carl', 'owner');
  await refused(registry, 'POST', '/w/other/v1/models/a1/rename', rename, {
    code: 'forbidden',
    field: 'path.workspace',
  });
});

test('stages are for who administers the model; a comment for its author, and for who does', async () => {
  await give('/w/other/v1/models/a1/grants', 'person', 'cora', 'contributor');
  await give('/w/other/v1/models/a1/grants', 'person', 'rob', 'reviewer');
  const stages = { stages: [{ name: 'None' }, { name: 'Archived' }], transitions: [] };
  const change = { ...person('cora'), body: { stages } };
  await refused(registry, 'PATCH', '/w/other/v1/models/a1', change, {
    code: 'forbidden',
    field: 'path.model',
    rule: /administer/,
  });
  const comments = '/w/other/v1/models/a1/versions/1/comments';
  const say = async () =>
    (await registry.request('POST', comments, { ...person('cora'), body: { text: 'x' } })).body.id;
  const remove = async (id: string, who: string) =>
    (await registry.request('DELETE', `${comments}/${id}`, person(who))).status;
  const [first, second] = [await say(), await say()];
  expect(await remove(first, 'rob')).toBe(403);
  expect(await remove(first, 'cora')).toBe(204);
  expect(await remove(second, 'carl')).toBe(204);
});

test('an answer that is kept for a key is not told to who may no longer ask', async () => {
  const given = (await give('/w/other/v1/models/a1/grants', 'person', 'kim', 'contributor')).body;
  const request = { ...person('kim'), headers: { 'idempotency-key': 'k1' }, body: { description: 'x' } };
  expect((await registry.request('PATCH', '/w/other/v1/models/a1', request)).status).toBe(200);
  await registry.request('DELETE', `/w/other/v1/models/a1/grants/${given.id}`);
  expect((await registry.request('PATCH', '/w/other/v1/models/a1', request)).body.code).toBe('workspace_not_found');
});

test('a new grant holds at once, and so does its end', async () => {
  const ask = async () => (await registry.request('GET', '/w/third/v1/models', person('nina'))).status;
  for (let round = 0; round < 3; round++) {
    expect(await ask()).toBe(404);
    const { id } = (await give('/w/third/v1/grants', 'person', 'nina', 'viewer')).body;
    expect(await ask()).toBe(200);
    await registry.request('DELETE', `/w/third/v1/grants/${id}`);
  }
});

test('without a confirmed address nobody is who has it; groups come from the claim alone', async () => {
  await give('/w/third/v1/grants', 'person', 'eve@example.com', 'viewer');
  const claims = { sub: 'mallory', email: 'eve@example.com', 'cognito:groups': '[x,signet-admins]' };
  const context = { requestId: 'r', http: { method: 'GET', path: '/', protocol: '', sourceIp: '', userAgent: '' } };
  const ask = async (more: object) => {
    const event = { requestContext: { ...context, authorizer: { jwt: { claims: { ...claims, ...more } } } } } as never;
    return (await registry.request('GET', '/w/third/v1/models', { event })).status;
  };
  expect(await ask({})).toBe(404);
  expect(await ask({ email_verified: 'false' })).toBe(404);
  expect(await ask({ email_verified: 'true' })).toBe(200);
});
