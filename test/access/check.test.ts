import { startRegistry, type TestRegistry } from '../support/registry';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  const send = (path: string, body: unknown) => registry.request('POST', path, { body });
  await send('/v1/workspaces', { name: 'team' });
  for (const name of ['churn', 'fraud']) await send('/w/team/v1/models', { name, tags: { tier: 'gold' } });
  const give = (path: string, kind: string, name: string, role: string) =>
    send(`/w/team/v1${path}`, { subject: { kind, name }, role });
  await give('/grants', 'group', 'reviewers', 'reviewer');
  await give('/grants', 'person', 'ada@example.com', 'admin');
  await give('/models/churn/grants', 'person', 'tom', 'owner');
  await give('/models/churn/grants', 'iam', 'arn:aws:iam::123456789012:role/Trainer', 'contributor');
  const policy = {
    text: 'forbid (principal, action == Action::"approve", resource is Model) when { resource.name == "churn" && principal in Group::"visitors" };',
  };
  expect((await registry.request('PUT', '/w/team/v1/access-policies/visitors', { body: policy })).status).toBe(200);
});
afterAll(() => registry.close());

async function check(principal: object, model?: string, more = {}) {
  const path = model === undefined ? '/w/team/v1/access/check' : `/w/team/v1/models/${model}/access/check`;
  return registry.request('POST', path, { body: { principal, ...more } });
}

const SESSION = 'arn:aws:sts::123456789012:assumed-role/Trainer/job-1';
const CALLERS = [
  [
    { kind: 'person', id: 'tom' },
    { as: 'tom', groups: [] },
  ],
  [
    { kind: 'person', id: 'rita', groups: ['reviewers', 'visitors'] },
    { as: 'rita', groups: ['reviewers', 'visitors'] },
  ],
  [
    { kind: 'person', id: 'stranger', groups: ['nobody'] },
    { as: 'stranger', groups: ['nobody'] },
  ],
  [{ kind: 'machine', id: SESSION }, { arn: SESSION }],
] as const;

test.each(CALLERS)('what is told of somebody is what they are told themselves: %j', async (principal, caller) => {
  for (const model of [undefined, 'churn', 'fraud']) {
    const said = await check(principal, model);
    expect(said.status).toBe(200);
    const own = await registry.request('GET', `/w/team/v1/whoami${model ? `?model=${model}` : ''}`, caller);
    if (own.status === 200) expect(said.body.access).toEqual(own.body.access);
    else expect(said.body.access.rights).toEqual([]);
  }
});

test('the grants from which it follows are named, those of groups and of addresses too', async () => {
  const rita = (await check({ kind: 'person', id: 'rita', groups: ['reviewers'] }, 'churn')).body;
  expect(rita.grants).toMatchObject([{ on: 'workspace', role: 'reviewer', subject: { name: 'reviewers' } }]);
  const tom = (await check({ kind: 'person', id: 'tom' }, 'churn')).body;
  expect(tom.grants).toMatchObject([{ on: 'model', role: 'owner', subject: { name: 'tom' } }]);
  const ada = (await check({ kind: 'person', id: 'Ada@Example.com' })).body;
  expect(ada).toMatchObject({ access: { roles: ['admin'] }, grants: [{ on: 'workspace', role: 'admin' }] });
});

test('a policy that forbids is the reason, not a role', async () => {
  const { access } = (await check({ kind: 'person', id: 'rita', groups: ['reviewers', 'visitors'] }, 'churn')).body;
  expect(access.rights).not.toContain('approve');
  const { needs } = access.denied.find(({ right }: { right: string }) => right === 'approve');
  expect(needs).toContain('a policy of the workspace forbids it');
});

test('administrators of the registry may do everything', async () => {
  const { body } = await check({ kind: 'person', id: 'root', groups: ['signet-admins'] }, 'churn');
  expect(body.access).toMatchObject({ administrator: true, denied: [] });
});

test('who does not administer is told nothing of others', async () => {
  for (const [path, as] of [
    ['/w/team/v1/access/check', { as: 'rita', groups: ['reviewers'] }],
    ['/w/team/v1/models/fraud/access/check', { as: 'tom', groups: [] }],
  ] as const) {
    const { status } = await registry.request('POST', path, {
      ...as,
      body: { principal: { kind: 'person', id: 'x' } },
    });
    expect([403, 404]).toContain(status);
  }
  const own = { as: 'tom', groups: [], body: { principal: { kind: 'person', id: 'rita' } } };
  expect((await registry.request('POST', '/w/team/v1/models/churn/access/check', own)).status).toBe(200);
});

test.each([
  [{ kind: 'person', id: 'two words' }, 'body.principal.name'],
  [{ kind: 'machine', id: 'tom' }, 'body.principal.name'],
  [{ kind: 'person', id: 'tom', groups: ['a b'] }, 'body.principal.groups.0.name'],
])('nobody is called %j', async (principal, field) => {
  const { status, body } = await check(principal);
  expect([status, body.errors[0].field]).toEqual([400, field]);
});

test('a policy that is wrong is told with its place', async () => {
  const at = async (text: string) => {
    const path = '/w/team/v1/access-policies/wrong?dryRun=true';
    return (await registry.request('PUT', path, { body: { text } })).body.detail as string;
  };
  expect(await at('forbid (principal, action, resource)\nwhen { resource.stage =  };')).toMatch(
    /line 2, column \d+: unexpected token/,
  );
  expect(await at('forbid (principal, action == Action::"é", resource);')).toMatch(/line 1, column 30: unrecognized/);
});
