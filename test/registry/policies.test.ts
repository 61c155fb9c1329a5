import { accessOf } from '../../core/domain/access';
import { transitionVersion } from '../../core/use-cases';
import { invariants } from '../support/invariants';
import { startRegistry, type TestRegistry } from '../support/registry';
import { ready, type Send, sender } from '../support/trials';
import { refused } from '../support/unchanged';

let registry: TestRegistry;
let send: Send;
beforeAll(async () => {
  registry = await startRegistry();
  send = sender(registry);
});
afterAll(async () => {
  await invariants(registry);
  await registry.close();
});

let models = 0;
/** A model whose version 1 is in Staging and approved by itself. */
async function staged(metrics: Record<string, number> = {}, base = '/v1'): Promise<string> {
  const name = `model-${models++}`;
  const path = `${base}/models/${name}`;
  await send('POST', `${base}/models`, { name });
  await send('POST', `${path}/versions`, { final: true, metrics });
  await send('POST', `${path}/versions/1/transition`, { stage: 'Staging' });
  await send('POST', `${path}/versions/1/approval`, { status: 'Approved' });
  return path;
}

const production = { target: { stage: 'Production' }, approvals: { count: 1 } };
const auc = (value: number) => ({
  target: { stage: 'Production' },
  conditions: [{ metric: 'auc', op: '>=', value }],
});
const toProduction = { stage: 'Production' };

test('a guarded stage and a guarded alias are not reached without a request, and the refusal says what to do', async () => {
  const model = await staged();
  const guards = [production, { target: { alias: 'champion' }, approvals: { count: 2, groups: ['risk'] } }];
  await send('PUT', `${model}/policy`, { guards });
  const stage = await refused(
    registry,
    'POST',
    `${model}/versions/1/transition`,
    { body: toProduction },
    { code: 'request_required', field: 'body.stage', rule: /0 of 1 approval/ },
  );
  expect(stage.body.detail).toContain(`POST ${model}/requests`);
  await refused(
    registry,
    'PUT',
    `${model}/aliases/champion`,
    { body: { version: 1 } },
    { code: 'request_required', field: 'path.alias', rule: /0 of 2 approvals by group risk/ },
  );
  await send('PUT', `${model}/aliases/canary`, { version: 1 });
});

test("MLflow's endpoints do not reach it either", async () => {
  const name = (await staged()).split('/').at(-1) as string;
  await send('PUT', `/v1/models/${name}/policy`, {
    guards: [production, { ...production, target: { alias: 'champion' } }],
  });
  for (const [path, body] of [
    ['model-versions/transition-stage', { name, version: '1', stage: 'Production', archive_existing_versions: true }],
    ['registered-models/alias', { name, alias: 'champion', version: '1' }],
  ] as const) {
    const answer = await registry.request('POST', `/api/2.0/mlflow/${path}`, { body });
    expect(answer).toMatchObject({ status: 403, body: { error_code: 'PERMISSION_DENIED' } });
    expect(answer.body.message).toContain(`Open a transition request for version 1: POST /v1/models/${name}/requests`);
  }
});

test('what its policy asks for without people lets a version in by itself', async () => {
  const model = await staged({ auc: 0.91 });
  await send('PUT', `${model}/policy`, { guards: [auc(0.92)] });
  const refusal = { code: 'request_required', field: 'body.stage', rule: /auc >= 0.92: it is 0.91/ } as const;
  await refused(registry, 'POST', `${model}/versions/1/transition`, { body: toProduction }, refusal);
  await send('PATCH', `${model}/versions/1`, { metrics: { auc: 0.92 } });
  expect((await send('POST', `${model}/versions/1/transition`, toProduction)).body.stage).toBe('Production');
});

test('a metric is compared with that of the version in Production, which the candidate would replace', async () => {
  const model = await staged({ auc: 0.9 });
  const compared = {
    target: { stage: 'Production' },
    conditions: [{ metric: 'auc', op: '>=', than: { stage: 'Production' } }],
  };
  await send('PUT', `${model}/policy`, { guards: [compared] });
  await send('POST', `${model}/versions/1/transition`, toProduction);
  await send('POST', `${model}/versions`, { final: true, metrics: { auc: 0.89 } });
  await send('POST', `${model}/versions/2/transition`, { stage: 'Staging' });
  await send('POST', `${model}/versions/2/approval`, { status: 'Approved' });
  const refusal = { code: 'request_required', field: 'body.stage', rule: /it is 0.89, that of version 1 0.9/ } as const;
  await refused(registry, 'POST', `${model}/versions/2/transition`, { body: toProduction }, refusal);
  await send('PATCH', `${model}/versions/2`, { metrics: { auc: 0.9 } });
  await send('POST', `${model}/versions/2/transition`, toProduction);
});

test('a stage that several hold is compared by its newest other version', async () => {
  const name = `open-${models++}`;
  await registry.request('POST', '/api/2.0/mlflow/registered-models/create', { body: { name } });
  const model = `/v1/models/${name}`;
  for (const value of [0.5, 0.9, 0.6])
    await send('POST', `${model}/versions`, { final: true, metrics: { auc: value } });
  for (const version of [1, 2]) await send('POST', `${model}/versions/${version}/transition`, toProduction);
  await send('PUT', `${model}/policy`, {
    guards: [{ target: { alias: 'champion' }, conditions: [{ metric: 'auc', op: '>=', than: toProduction }] }],
  });
  const refusal = { code: 'request_required', field: 'path.alias', rule: /version 2 0.9/ } as const;
  await refused(registry, 'PUT', `${model}/aliases/champion`, { body: { version: 3 } }, refusal);
  await send('PUT', `${model}/aliases/champion`, { version: 2 });
});

test('who may pass over a policy says so and why, and the audit marks it with what was missing', async () => {
  const model = await staged();
  await send('PUT', `${model}/policy`, { guards: [production] });
  const path = `${model}/versions/1/transition`;
  const bypass = { ...toProduction, bypass: true };
  await refused(registry, 'POST', path, { body: bypass }, { code: 'invalid_input', field: 'body.reason' });
  await refused(
    registry,
    'POST',
    path,
    { body: { ...bypass, reason: ' ' } },
    { code: 'invalid_input', field: 'body.reason' },
  );
  await send('POST', path, { ...bypass, reason: 'the old one is down' });
  const { items } = (await send('GET', `${model}/events`)).body;
  expect(items[0]).toMatchObject({
    type: 'version.stage_changed',
    reason: 'the old one is down',
    bypassed: true,
    missing: ['0 of 1 approval, not by the author'],
  });
  const alias = { version: 1, bypass: true, reason: 'no policy' };
  await send('PUT', `${model}/aliases/champion`, alias);
  const [event] = (await send('GET', `${model}/events`)).body.items;
  expect(event).toMatchObject({ type: 'alias.set', reason: 'no policy' });
  expect(event).not.toHaveProperty('bypassed');
});

test('who has not the right to pass over policies does not, and a policy may refuse it to everybody', async () => {
  const model = await staged();
  const name = model.split('/').at(-1) as string;
  await send('PUT', `${model}/policy`, { guards: [production] });
  const input = { params: { model: name, version: 1 }, body: { ...toProduction, bypass: true, reason: 'now' } };
  const principal = { id: 'olga', kind: 'person', name: 'olga', groups: [] } as const;
  const call = { workspace: 'default', principal, access: accessOf(['owner']), requestId: 'r' };
  await expect(transitionVersion(registry.ports)(input, call)).rejects.toMatchObject({
    code: 'forbidden',
    violations: [{ field: 'body.bypass' }],
  });
  await send('PUT', `${model}/policy`, { guards: [{ ...production, bypass: false }] });
  const { body } = input;
  await refused(
    registry,
    'POST',
    `${model}/versions/1/transition`,
    { body },
    { code: 'forbidden', field: 'body.bypass' },
  );
});

test('nothing is archived ahead of a transition that its policy refuses', async () => {
  const name = `many-${models++}`;
  await registry.request('POST', '/api/2.0/mlflow/registered-models/create', { body: { name } });
  const model = `/v1/models/${name}`;
  for (let version = 1; version <= 13; version++) {
    await ready(send, name);
    if (version < 13) await send('POST', `${model}/versions/${version}/transition`, toProduction);
  }
  await send('PUT', `${model}/policy`, { guards: [production] });
  const body = { ...toProduction, archiveExisting: true };
  await refused(
    registry,
    'POST',
    `${model}/versions/13/transition`,
    { body },
    { code: 'request_required', field: 'body.stage' },
  );
});

test("the workspace's policy guards the models that have no other, and one that is enforced all of them", async () => {
  await send('POST', '/v1/workspaces', { name: 'team' });
  const [plain, own] = [await staged({}, '/w/team/v1'), await staged({ auc: 0.9 }, '/w/team/v1')];
  await send('PUT', '/w/team/v1/policy', { guards: [production] });
  await send('PUT', `${own}/policy`, { guards: [auc(0.5)] });
  const transition = (model: string) =>
    registry.request('POST', `${model}/versions/1/transition`, { body: toProduction });
  expect((await transition(plain)).body.code).toBe('request_required');
  expect((await transition(own)).status).toBe(200);
  const { effective, guards } = (await send('GET', `${own}/policy`)).body;
  expect(effective).toEqual([{ guard: guards[0], from: 'model' }]);
  expect((await send('GET', `${plain}/policy`)).body).toMatchObject({ guards: [], effective: [{ from: 'workspace' }] });

  await send('PUT', '/w/team/v1/policy', { guards: [{ ...production, enforced: true }] });
  expect((await send('GET', `${own}/policy`)).body.effective).toMatchObject([{ from: 'workspace' }]);
  const body = { guards: [auc(0.4)] };
  await refused(
    registry,
    'PUT',
    `${own}/policy`,
    { body },
    { code: 'invalid_input', field: 'body.guards.0.target', rule: /enforces/ },
  );
});

test('a workspace that changes its policy just before a transition is committed has it judged by the new one', async () => {
  await send('POST', '/v1/workspaces', { name: 'late' });
  const model = await staged({ auc: 0.9 }, '/w/late/v1');
  await send('PUT', '/w/late/v1/policy', { guards: [auc(0.5)] });
  let waiting = true;
  registry.table.client.middlewareStack.add(
    (next, context) => async (args) => {
      const first = waiting && context.commandName === 'TransactWriteItemsCommand';
      if (first) {
        waiting = false;
        await send('PUT', '/w/late/v1/policy', { guards: [auc(0.95)] });
      }
      return next(args);
    },
    { step: 'initialize', name: 'late', priority: 'high' },
  );
  const answer = await registry.request('POST', `${model}/versions/1/transition`, { body: toProduction });
  registry.table.client.middlewareStack.remove('late');
  expect({ waiting, code: answer.body.code, rule: answer.body.errors[0].rule }).toEqual({
    waiting: false,
    code: 'request_required',
    rule: 'auc >= 0.95: it is 0.9',
  });
});

test('a policy is replaced as a whole, keeps the tokens of its checks, and tells no token', async () => {
  const model = await staged();
  const token = 'an-unguessable-token-of-the-scanner';
  const checked = { target: { stage: 'Production' }, checks: [{ name: 'scan' }, { name: 'ticket' }] };
  await send('PUT', `${model}/policy`, { guards: [checked] });
  const path = `${model}/policy/checks`;
  await refused(
    registry,
    'PUT',
    `${path}/nothing/token`,
    { body: { token } },
    { code: 'check_not_found', field: 'path.check' },
  );
  const short = await refused(
    registry,
    'PUT',
    `${path}/scan/token`,
    { body: { token: 'short' } },
    { code: 'invalid_input', field: 'body.token' },
  );
  expect(JSON.stringify(short.body)).not.toContain('"short"');
  for (let times = 0; times < 2; times++) await send('PUT', `${path}/scan/token`, { token });
  expect((await send('GET', `${model}/policy`)).body.tokens).toEqual(['scan']);
  await send('PUT', `${model}/policy`, { guards: [{ ...checked, expiresAfterHours: 1 }], reason: 'faster' });
  expect((await send('GET', `${model}/policy`)).body.tokens).toEqual(['scan']);
  const same = (await send('GET', `${model}/policy`)).body.guards;
  expect((await send('PUT', `${model}/policy`, { guards: same })).body.guards).toEqual(same);
  await send('PUT', `${model}/policy`, { guards: [] });
  expect((await send('GET', `${model}/policy`)).body).toMatchObject({ guards: [], tokens: [], effective: [] });
  const { items } = (await send('GET', `${model}/events?order=asc`)).body;
  const changes = items.filter(({ type }: { type: string }) => type === 'policy.changed');
  expect(changes.map(({ changed }: { changed: string[] }) => changed)).toEqual([
    ['guards'],
    ['tokens.scan'],
    ['guards'],
    ['guards'],
  ]);
  const { items: stored } = await invariants(registry);
  expect(JSON.stringify(stored)).not.toContain(token);
});

test('a version approval that is over lets nothing in any more, and can be given again', async () => {
  const model = await staged();
  const approve = (expiresAt?: string) => ({ status: 'Approved', ...(expiresAt && { expiresAt }) });
  const path = `${model}/versions/1/approval`;
  await send('POST', path, { status: 'PendingApproval', reason: 'again' });
  const past = new Date(Date.now() - 1_000).toISOString();
  await refused(registry, 'POST', path, { body: approve(past) }, { code: 'invalid_input', field: 'body.expiresAt' });
  const body = { status: 'Rejected', reason: 'x', expiresAt: '2999-01-01T00:00:00Z' };
  await refused(registry, 'POST', path, { body }, { code: 'invalid_input', field: 'body.expiresAt' });
  await send('POST', path, approve(new Date(Date.now() + 300).toISOString()));
  await new Promise((done) => setTimeout(done, 350));
  const refusal = { code: 'approval_required', field: 'body.stage', rule: /expired at/ } as const;
  await refused(registry, 'POST', `${model}/versions/1/transition`, { body: toProduction }, refusal);
  await send('POST', path, approve('2999-01-01T00:00:00Z'));
  await refused(registry, 'POST', path, { body: approve() }, { code: 'invalid_input', field: 'body.status' });
  await send('POST', `${model}/versions/1/transition`, toProduction);
});
