import { ADMINISTRATORS } from '../../contract/access';
import { LIMITS } from '../../core/domain/limits';
import { expireRequests } from '../../core/use-cases';
import { TOKEN } from '../support/commands';
import { invariants } from '../support/invariants';
import { type Response, startRegistry, type TestRegistry } from '../support/registry';
import { type Send, sender } from '../support/trials';
import { refused } from '../support/unchanged';

let registry: TestRegistry;
let send: Send;
/** Milliseconds by which the registry's clock is ahead. */
let ahead = 0;
beforeAll(async () => {
  registry = await startRegistry((real) => ({ ...real, clock: () => new Date(Date.now() + ahead) }));
  send = sender(registry);
});
afterEach(async () => {
  await invariants(registry);
});
afterAll(() => registry.close());

const HOUR = 3_600_000;
const production = { stage: 'Production' };
const guard = (more: object = {}) => ({ target: production, approvals: { count: 1 }, ...more });

/** Sends a request as somebody, of some groups besides the one that may do everything. */
function as(name: string, path: string, body: object, groups: readonly string[] = []): Promise<Response> {
  return registry.request('POST', path, { body, as: name, groups: [...groups, ADMINISTRATORS] });
}

async function taken(answer: Promise<Response>) {
  const { status, body } = await answer;
  expect({ status, body }).toEqual({
    status: expect.any(Number),
    body: expect.not.objectContaining({ code: expect.anything() }),
  });
  return body;
}

let models = 0;
interface Asked {
  readonly model: string;
  readonly version: string;
  readonly request: string;
  readonly subject: string;
}

/** A request of ada's to bring version 1, which tom registered, from Staging to Production. */
async function asked(guards: object[], said: object = {}): Promise<Asked> {
  const model = `/v1/models/model-${models++}`;
  await send('POST', '/v1/models', { name: model.split('/').at(-1) });
  await as('tom', `${model}/versions`, { final: true, ...said });
  await send('POST', `${model}/versions/1/transition`, { stage: 'Staging' });
  await send('PUT', `${model}/policy`, { guards });
  for (const check of ['scan', 'ticket']) {
    if (JSON.stringify(guards).includes(`"${check}"`))
      await send('PUT', `${model}/policy/checks/${check}/token`, { token: TOKEN });
  }
  const { body } = await send('POST', `${model}/requests`, { version: 1, target: production, reason: 'it is better' });
  return { model, version: `${model}/versions/1`, request: `${model}/requests/${body.id}`, subject: body.subject };
}

const vote = (name: string, request: string, said: string, more: object = {}) =>
  as(name, `${request}/vote`, { vote: said, ...(said !== 'approve' && { reason: 'because' }), ...more });
const statusOf = async (request: string) => (await send('GET', request)).body.status;

test('a request goes from its reason over a discussion and an approval to the transition, in one transaction', async () => {
  const { model, version, request } = await asked([guard()]);
  await as('rita', `${request}/comments`, { text: 'On which data?' });
  await send('POST', `${request}/comments`, { text: 'The noisy set.' });
  const { items } = (await send('GET', `${request}/comments`)).body;
  expect(items.map(({ text }: { text: string }) => text)).toEqual(['On which data?', 'The noisy set.']);
  await refused(
    registry,
    'POST',
    `${request}/commit`,
    {},
    { code: 'request_unsatisfied', field: 'path.request', rule: /0 of 1 approval/ },
  );
  const approved = await taken(vote('rita', request, 'approve'));
  expect(approved).toMatchObject({
    state: 'open',
    status: 'approved',
    votes: [{ by: { name: 'rita' }, vote: 'approve' }],
  });
  const committed = (await send('POST', `${request}/commit`)).body;
  expect(committed).toMatchObject({ state: 'committed', status: 'committed', ended: { by: { name: 'ada' } } });
  expect((await send('GET', version)).body).toMatchObject({
    stage: 'Production',
    approval: {
      status: 'Approved',
      by: { name: 'rita' },
      approvers: [{ name: 'rita' }],
      request: committed.id,
      reason: 'it is better',
    },
  });
  const events = (await send('GET', `${model}/events?order=asc`)).body.items.slice(-4);
  expect(events.map(({ type, request: id }: { type: string; request: string }) => [type, id === committed.id])).toEqual(
    [
      ['request.voted', true],
      ['version.approval_changed', true],
      ['version.stage_changed', true],
      ['request.committed', true],
    ],
  );
  expect(new Set(events.slice(1).map(({ requestId }: { requestId: string }) => requestId)).size).toBe(1);
  for (const what of ['vote', 'refresh', 'close', 'commit']) {
    const body = what === 'vote' ? { vote: 'reject', reason: 'late' } : what === 'commit' ? undefined : {};
    await refused(
      registry,
      'POST',
      `${request}/${what}`,
      { body },
      { code: 'request_not_open', field: 'path.request' },
    );
  }
});

test('neither who asks nor who registered the version approves it, unless the policy says so', async () => {
  const { request } = await asked([guard()]);
  for (const name of ['ada', 'tom']) {
    expect((await vote(name, request, 'approve')).body).toMatchObject({
      code: 'forbidden',
      errors: [{ field: 'body.vote' }],
    });
    expect((await vote(name, request, 'reject')).status).toBe(200);
  }
  const lenient = await asked([guard({ approvals: { count: 1, authorMayApprove: true } })]);
  expect((await taken(vote('ada', lenient.request, 'approve'))).status).toBe('approved');
});

test('the sessions of a role are one author and one reviewer', async () => {
  const { model } = await asked([{ target: { alias: 'next' }, approvals: { count: 2 } }]);
  const session = (role: string, name: string) => `arn:aws:sts::123456789012:assumed-role/${role}/${name}`;
  const roles = ['Trainer', 'Reviewer', 'Other'].map((name) => ({ kind: 'iam', name: session(name, '*') }));
  for (const subject of roles) await send('POST', `${model}/grants`, { subject, role: 'owner' });
  const post = (path: string, body: object, arn: string) => registry.request('POST', path, { body, arn });
  const asks = { version: 1, target: { alias: 'next' }, reason: 'better' };
  const { id } = await taken(post(`${model}/requests`, asks, session('Trainer', 'monday')));
  const path = `${model}/requests/${id}/vote`;
  const own = await post(path, { vote: 'approve' }, session('Trainer', 'tuesday'));
  expect(own.body).toMatchObject({ code: 'forbidden', errors: [{ field: 'body.vote' }] });
  await taken(post(path, { vote: 'reject', reason: 'late' }, session('Reviewer', 'a')));
  const { votes } = await taken(post(path, { vote: 'approve' }, session('Reviewer', 'b')));
  expect(votes).toMatchObject([{ vote: 'approve', by: { id: session('Reviewer', 'b') } }]);
});

test('the last vote of a person counts, and one rejection blocks until who gave it withdraws it', async () => {
  const { request } = await asked([guard()]);
  await taken(vote('rita', request, 'approve'));
  expect((await taken(vote('sam', request, 'reject'))).status).toBe('rejected');
  await refused(
    registry,
    'POST',
    `${request}/commit`,
    {},
    { code: 'request_unsatisfied', rule: /rejected by sam/, field: 'path.request' },
  );
  expect((await taken(vote('rita', request, 'reject'))).status).toBe('rejected');
  expect((await taken(vote('sam', request, 'withdraw'))).status).toBe('rejected');
  const last = await taken(vote('rita', request, 'approve'));
  expect(last).toMatchObject({ status: 'approved', votes: [{ by: { name: 'rita' }, vote: 'approve' }] });
  expect((await taken(vote('rita', request, 'withdraw'))).status).toBe('open');
  for (const said of ['reject', 'withdraw']) {
    const body = { vote: said };
    await refused(registry, 'POST', `${request}/vote`, { body }, { code: 'invalid_input', field: 'body.reason' });
  }
  const body = { vote: 'withdraw', reason: 'x' };
  await refused(registry, 'POST', `${request}/vote`, { body }, { code: 'invalid_input', field: 'body.vote' });
});

test('approvals are bound to what was looked at: a change makes them worth nothing, and says so', async () => {
  const { request, version, subject } = await asked([guard()]);
  await taken(vote('rita', request, 'approve', { subject }));
  await send('PATCH', version, { tags: { team: 'growth' } });
  expect(await statusOf(request)).toBe('outdated');
  const refusal = { code: 'request_unsatisfied', field: 'path.request', rule: /has changed since/ } as const;
  await refused(registry, 'POST', `${request}/commit`, {}, refusal);
  expect((await vote('sam', request, 'approve')).body.code).toBe('request_outdated');
  const refreshed = (await send('POST', `${request}/refresh`, { reason: 'tagged' })).body;
  expect(refreshed).toMatchObject({ status: 'open', votes: [] });
  expect((await vote('sam', request, 'approve', { subject })).body).toMatchObject({
    code: 'request_outdated',
    errors: [{ field: 'body.subject', rule: `now ${refreshed.subject}` }],
  });
  await taken(vote('sam', request, 'approve', { subject: refreshed.subject }));
  await send('POST', `${request}/commit`);
  expect((await send('GET', version)).body.approval.approvers).toMatchObject([{ name: 'sam' }]);
});

test('a rejection survives a refresh, an answer and a check do not', async () => {
  const { request, subject } = await asked([
    guard({ checklist: [{ id: 'bias', text: 'Any?' }], checks: [{ name: 'scan' }] }),
  ]);
  await send('POST', `${request}/checklist`, { item: 'bias', checked: true });
  await send('POST', `${request}/checks/scan`, { token: TOKEN, result: 'passed', subject });
  await taken(vote('sam', request, 'reject'));
  expect((await send('POST', `${request}/refresh`, {})).body).toMatchObject({
    status: 'rejected',
    answers: [],
    results: [],
    votes: [{ by: { name: 'sam' } }],
  });
});

test('nobody but its author and who administers the model refreshes or closes a request', async () => {
  const { request } = await asked([guard()]);
  const { body } = await send('POST', `${request}/close`, { reason: 'not now' });
  expect(body).toMatchObject({ state: 'closed', ended: { reason: 'not now' } });
});

test('there is one open request for a version and a target', async () => {
  const { model, request } = await asked([guard()]);
  const body = { version: 1, target: production, reason: 'again' };
  const id = request.split('/').at(-1);
  const refusal = await refused(
    registry,
    'POST',
    `${model}/requests`,
    { body },
    { code: 'request_exists', field: 'body.target' },
  );
  expect(refusal.body.detail).toContain(id);
  await send('POST', `${model}/requests`, { ...body, target: { alias: 'champion' } });
  await send('POST', `${request}/close`, {});
  await send('POST', `${model}/requests`, body);
});

test.each<[string, object, string]>([
  ['a stage where any version may go', { target: { stage: 'Archived' } }, 'body.target.stage'],
  ['no stage of the model', { target: { stage: 'Shadow' } }, 'body.target.stage'],
  ['the stage in which it is', { target: { stage: 'Staging' } }, 'body.target'],
  ['an alias that nobody sets', { target: { alias: 'v1' } }, 'body.target.alias'],
  ['neither', { target: {} }, 'body.target'],
  ['both', { target: { stage: 'Production', alias: 'a' } }, 'body.target'],
  ['no reason', { reason: '' }, 'body.reason'],
])('a request for %s is refused', async (_what, more, field) => {
  const { model } = await asked([guard({ target: { alias: 'other' } })]);
  await refused(
    registry,
    'POST',
    `${model}/requests`,
    { body: { version: 1, target: { alias: 'a' }, reason: 'x', ...more } },
    { code: 'invalid_input', field },
  );
});

test('a request whose time is over is never carried out, marked or not, and leaves room for another one', async () => {
  const { model, request, version } = await asked([guard({ expiresAfterHours: 2 })]);
  await taken(vote('rita', request, 'approve'));
  ahead = 2 * HOUR;
  try {
    expect(await statusOf(request)).toBe('expired');
    const refusal = { code: 'request_not_open', field: 'path.request', rule: /before/ } as const;
    await refused(registry, 'POST', `${request}/commit`, {}, refusal);
    expect((await vote('sam', request, 'approve')).body.code).toBe('request_not_open');
    const { body } = await send('POST', `${model}/requests`, { version: 1, target: production, reason: 'again' });
    expect((await send('GET', request)).body).toMatchObject({ state: 'expired', ended: {} });
    await taken(vote('rita', `${model}/requests/${body.id}`, 'approve'));
    await send('POST', `${model}/requests/${body.id}/commit`);
    expect((await send('GET', version)).body).toMatchObject({
      stage: 'Production',
      approval: { expiresAt: body.expiresAt },
    });
  } finally {
    ahead = 0;
  }
});

test('what was approved by a request is over when the request would have been', async () => {
  const { request, version } = await asked([guard({ expiresAfterHours: 2 })]);
  await taken(vote('rita', request, 'approve'));
  await send('POST', `${request}/commit`);
  await send('POST', `${version}/transition`, { stage: 'Staging' });
  const model = version.replace('/versions/1', '');
  await send('PUT', `${model}/policy`, { guards: [] });
  ahead = 2 * HOUR;
  try {
    const refusal = { code: 'approval_required', field: 'body.stage', rule: /expired at/ } as const;
    await refused(registry, 'POST', `${version}/transition`, { body: production }, refusal);
  } finally {
    ahead = 0;
  }
  await send('POST', `${version}/transition`, production);
});

test('the schedule marks what is over, once, and nothing else', async () => {
  const [over, other] = [
    await asked([guard({ expiresAfterHours: 1 })]),
    await asked([guard({ expiresAfterHours: 3 })]),
  ];
  ahead = HOUR;
  try {
    expect((await expireRequests(registry.ports, 'first')).failed).toEqual([]);
    expect((await send('GET', over.request)).body).toMatchObject({
      state: 'expired',
      ended: { by: { name: 'signet' } },
    });
    expect(await statusOf(other.request)).toBe('open');
    expect(await expireRequests(registry.ports, 'second')).toEqual({ expired: 0, failed: [] });
    const { items } = (await send('GET', `${over.model}/events`)).body;
    expect(items[0]).toMatchObject({ type: 'request.expired', actor: { id: 'signet' }, requestId: 'first' });
    expect(items[1].type).not.toBe('request.expired');
  } finally {
    ahead = 0;
  }
});

test('a request that is refreshed or closed while the schedule runs is not marked', async () => {
  const [refreshed, closed] = [
    await asked([guard({ expiresAfterHours: 1 })]),
    await asked([guard({ expiresAfterHours: 1 })]),
  ];
  const { query } = registry.ports.store;
  const stale = await query.call(
    registry.ports.store,
    { kind: 'pending', until: '9' },
    { limit: 100, order: 'ascending' },
  );
  await send('POST', `${refreshed.request}/refresh`, {});
  await send('POST', `${closed.request}/close`, {});
  registry.ports.store.query = (async () => stale) as never;
  try {
    expect(await expireRequests({ ...registry.ports, store: registry.ports.store }, 'late')).toMatchObject({
      expired: 0,
      failed: [],
    });
  } finally {
    registry.ports.store.query = query;
  }
  expect(await statusOf(refreshed.request)).toBe('open');
});

test('the checklist is answered by those that it names, with evidence where it asks for it', async () => {
  const checklist = [
    { id: 'bias', text: 'Was bias measured?', evidence: 'required' },
    { id: 'risk', text: 'Is the risk accepted?', groups: ['risk'] },
  ];
  const { request } = await asked([guard({ approvals: { count: 0 }, checklist })]);
  const path = `${request}/checklist`;
  const yes = (item: string) => ({ item, checked: true });
  await refused(
    registry,
    'POST',
    path,
    { body: yes('none') },
    { code: 'invalid_input', field: 'body.item', rule: /bias, risk/ },
  );
  await refused(registry, 'POST', path, { body: yes('bias') }, { code: 'invalid_input', field: 'body.evidence' });
  await refused(
    registry,
    'POST',
    path,
    { body: yes('risk') },
    { code: 'forbidden', field: 'body.item', rule: /group risk/ },
  );
  await send('POST', path, { ...yes('bias'), evidence: 'https://example.com/report' });
  expect((await taken(as('rob', path, yes('risk'), ['risk', 'else']))).status).toBe('approved');
  const { body } = await send('POST', path, { item: 'bias', checked: false });
  expect(body).toMatchObject({ status: 'open' });
  expect(body.answers).toHaveLength(2);
});

test('an external check answers with its token about what it looked at, and the token is nowhere', async () => {
  const { request, version, subject } = await asked([
    guard({ approvals: { count: 0 }, checks: [{ name: 'scan' }, { name: 'ticket' }] }),
  ]);
  const path = `${request}/checks/scan`;
  const passed = { token: TOKEN, result: 'passed', subject };
  const wrong = await refused(
    registry,
    'POST',
    path,
    { body: { ...passed, token: 'of somebody else' } },
    { code: 'forbidden', field: 'body.token' },
  );
  expect(JSON.stringify(wrong.body)).not.toContain('of somebody else');
  await refused(
    registry,
    'POST',
    `${request}/checks/other`,
    { body: passed },
    { code: 'check_not_found', field: 'path.check' },
  );
  const other = { ...passed, subject: '0'.repeat(64) };
  await refused(registry, 'POST', path, { body: other }, { code: 'request_outdated', field: 'body.subject' });
  const secret = { ...passed, url: 'https://user:pass@example.com/' };
  await refused(registry, 'POST', path, { body: secret }, { code: 'invalid_input', field: 'body.url' });
  const headers = { 'idempotency-key': 'scan' };
  const answer = await registry.request('POST', path, {
    body: { ...passed, detail: 'clean', url: 'https://example.com/1' },
    headers,
  });
  expect(answer.body).toEqual({ request: expect.any(String), check: 'scan', result: 'passed' });
  await send('POST', `${request}/checks/ticket`, { ...passed, result: 'failed' });
  expect(await statusOf(request)).toBe('open');
  await send('POST', `${request}/checks/ticket`, passed);
  expect(await statusOf(request)).toBe('approved');
  await send('PATCH', version, { description: 'another' });
  await refused(registry, 'POST', path, { body: passed }, { code: 'request_outdated', field: 'path.request' });
  const { items } = await invariants(registry);
  expect(JSON.stringify(items)).not.toContain(TOKEN);
});

test('a scanner needs the token alone, and who has neither token nor rights learns nothing of what there is', async () => {
  const { model, request, subject } = await asked([guard({ approvals: { count: 0 }, checks: [{ name: 'scan' }] })]);
  const answer = (path: string, token: string) =>
    registry.request('POST', path, { as: 'scanner', groups: [], body: { token, result: 'passed', subject } });
  const paths = [
    `${request}/checks/scan`,
    `${request}/checks/other`,
    `${model}/requests/none/checks/scan`,
    '/v1/models/none/requests/none/checks/scan',
  ];
  for (const path of paths) expect((await answer(path, 'a guess')).body.code).toBe('model_not_found');
  expect((await answer(`${request}/checks/scan`, TOKEN)).status).toBe(200);
  expect(await statusOf(request)).toBe('approved');
});

test('the last word that was missing carries an automatic request out, in the transaction of that word', async () => {
  const { request, version } = await asked([guard({ commit: 'automatic', checklist: [{ id: 'bias', text: 'Any?' }] })]);
  expect((await taken(vote('rita', request, 'approve'))).state).toBe('open');
  const { body } = await send('POST', `${request}/checklist`, { item: 'bias', checked: true });
  expect(body).toMatchObject({ state: 'committed', status: 'committed' });
  expect((await send('GET', version)).body).toMatchObject({ stage: 'Production', approval: { by: { name: 'rita' } } });
});

test('an automatic request whose transition is refused keeps the vote, and is carried out by hand later', async () => {
  const { model, request, version } = await asked([guard({ commit: 'automatic' })]);
  await send('POST', `${version}/lock`, { reason: 'audit' });
  expect(await taken(vote('rita', request, 'approve'))).toMatchObject({ state: 'open', status: 'approved' });
  await refused(registry, 'POST', `${request}/commit`, {}, { code: 'version_locked', field: 'path.version' });
  await send('POST', `${version}/unlock`, {});
  expect((await send('POST', `${request}/commit`)).body.state).toBe('committed');
  expect((await send('GET', `${model}/stages/Production`)).body.holder.version).toBe(1);
});

test('a request for what no policy guards needs one approval by somebody else, and is carried out by hand', async () => {
  const { model } = await asked([]);
  const { body } = await send('POST', `${model}/requests`, {
    version: 1,
    target: { alias: 'champion' },
    reason: 'best',
  });
  const path = `${model}/requests/${body.id}`;
  expect((await vote('ada', path, 'approve')).body.code).toBe('forbidden');
  expect((await taken(vote('rita', path, 'approve'))).state).toBe('open');
  await send('POST', `${path}/commit`);
  expect((await send('GET', `${model}/aliases/champion`)).body.version).toBe(1);
});

test('a version that reviewers reject by itself is held up, and a policy that changes judges anew', async () => {
  const { model, request, version } = await asked([guard()]);
  await taken(vote('rita', request, 'approve'));
  await send('POST', `${version}/approval`, { status: 'Rejected', reason: 'biased' });
  expect(await statusOf(request)).toBe('open');
  await send('POST', `${version}/approval`, { status: 'PendingApproval', reason: 'measured wrongly' });
  await send('PUT', `${model}/policy`, { guards: [guard({ approvals: { count: 2 } })] });
  expect(await statusOf(request)).toBe('open');
  await send('PUT', `${model}/policy`, { guards: [] });
  expect(await statusOf(request)).toBe('approved');
});

test('a request for a version that was deleted shows so, and ends by its time', async () => {
  const { request, version } = await asked([guard({ expiresAfterHours: 1 })]);
  await send('DELETE', version);
  expect((await send('GET', request)).body).toMatchObject({
    status: 'outdated',
    requirements: [{ says: 'version 1 was deleted' }],
  });
  expect((await registry.request('POST', `${request}/commit`)).body.code).toBe('version_not_found');
  ahead = HOUR;
  await expireRequests(registry.ports, 'x').finally(() => {
    ahead = 0;
  });
  expect(await statusOf(request)).toBe('expired');
});

test('lists tell what is open, what is done, what is mine and what waits for me', async () => {
  await send('POST', '/v1/workspaces', { name: 'lists' });
  const base = '/w/lists/v1';
  await send('PUT', `${base}/policy`, { guards: [{ target: production, approvals: { count: 1, groups: ['risk'] } }] });
  const ids: Record<string, string> = {};
  for (const [name, author] of [
    ['a', 'ada'],
    ['b', 'bob'],
    ['c', 'ada'],
  ] as const) {
    await send('POST', `${base}/models`, { name });
    await send('POST', `${base}/models/${name}/versions`, { final: true });
    const body = { version: 1, target: production, reason: 'x' };
    ids[name] = (await taken(as(author, `${base}/models/${name}/requests`, body))).id;
  }
  await as('ada', `${base}/models/c/requests/${ids['c']}/close`, {});
  await send('POST', `${base}/models/a/rename`, { name: 'renamed' });
  const list = async (path: string, who = 'ada', groups: readonly string[] = []) => {
    const { body } = await registry.request('GET', path, { as: who, groups: [...groups, ADMINISTRATORS] });
    return body.items.map(({ model }: { model: string }) => model);
  };
  expect(await list(`${base}/requests`)).toEqual(['b', 'renamed']);
  expect(await list(`${base}/requests?order=asc`)).toEqual(['renamed', 'b']);
  expect(await list(`${base}/requests?state=done`)).toEqual(['c']);
  expect(await list(`${base}/requests?mine=true`)).toEqual(['renamed']);
  expect(await list(`${base}/requests?waiting=true`, 'rita')).toEqual([]);
  expect(await list(`${base}/requests?waiting=true`, 'rita', ['risk'])).toEqual(['b', 'renamed']);
  expect(await list(`${base}/requests?waiting=true`, 'bob', ['risk'])).toEqual(['renamed']);
  await as('rita', `${base}/models/b/requests/${ids['b']}/vote`, { vote: 'reject', reason: 'no' }, ['risk']);
  expect(await list(`${base}/requests?waiting=true`, 'rita', ['risk'])).toEqual(['renamed']);
  expect(await list(`${base}/models/b/requests`)).toEqual(['b']);
  expect(await list(`${base}/models/c/requests?state=open`)).toEqual([]);
  expect(await list(`${base}/models/c/requests?state=done&mine=true`)).toEqual(['c']);
  await send('DELETE', `${base}/models/b`);
  expect(await list(`${base}/requests`)).toEqual(['renamed']);
  expect((await registry.request('GET', `${base}/requests?mine=yes`)).body.errors[0].field).toBe('query.mine');
});

test('lists tell nobody of models that they may not read, and what waits for reviewers of one model alone', async () => {
  const [one, other] = [await asked([guard()]), await asked([guard()])];
  const grant = { subject: { kind: 'person', name: 'mona' }, role: 'reviewer' };
  await send('POST', `${one.model}/grants`, grant);
  const list = async (path: string, who: string) => {
    const { status, body } = await registry.request('GET', path, { as: who, groups: [] });
    return status === 200 ? body.items.map(({ id }: { id: string }) => id) : body.code;
  };
  const id = ({ request }: Asked) => request.split('/').at(-1);
  const seen = await list('/v1/requests?limit=100', 'mona');
  expect(seen).toEqual([id(one)]);
  expect(await list('/v1/requests?waiting=true', 'mona')).toEqual([id(one)]);
  expect(await list(`${one.model}/requests?waiting=true`, 'mona')).toEqual([id(one)]);
  expect(await list(`${other.model}/requests`, 'mona')).toBe('model_not_found');
  expect(
    (await registry.request('POST', `${one.request}/vote`, { as: 'mona', groups: [], body: { vote: 'approve' } }))
      .status,
  ).toBe(200);
  expect(await list('/v1/requests?waiting=true', 'mona')).toEqual([]);
});

test('a list of the workspace goes on where a page ends, whatever its rows hold', async () => {
  await send('POST', '/v1/workspaces', { name: 'many' });
  const base = '/w/many/v1';
  await send('POST', `${base}/models`, { name: 'm' });
  await send('POST', `${base}/models/m/versions`, { final: true });
  for (let index = 0; index < 45; index++) {
    await send('POST', `${base}/models/m/requests`, {
      version: 1,
      target: { alias: `a${index}` },
      reason: 'x'.repeat(index % 2 ? 2_000 : 1),
    });
  }
  for (const path of [`${base}/requests`, `${base}/models/m/requests`]) {
    const seen: string[] = [];
    let cursor = '';
    do {
      registry.capacity.take();
      const { body } = await send('GET', `${path}?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      expect(registry.capacity.take().reads).toBeLessThanOrEqual(25);
      seen.push(...body.items.map(({ target }: { target: { alias: string } }) => target.alias));
      cursor = body.cursor ?? '';
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: 45 }, (_, index) => `a${44 - index}`));
  }
});

test(`${LIMITS.votes} people vote on a request, and their longest reasons fit it`, async () => {
  const groups = Array.from(
    { length: LIMITS.groups },
    (_, index) => '\u{10400}'.repeat(LIMITS.groupName - 2) + (index + 10),
  );
  const { request } = await asked([guard({ approvals: { count: 10, groups } })]);
  const reason = '\u0001'.repeat(LIMITS.reason);
  const long = (index: number) => `${'p'.repeat(900)}${index + 10}`;
  const cast = (index: number) =>
    as(long(index), `${request}/vote`, { vote: index === 0 ? 'reject' : 'approve', reason }, groups);
  for (let index = 0; index < LIMITS.votes; index++) await taken(cast(index));
  expect((await cast(LIMITS.votes)).body).toMatchObject({ code: 'limit_exceeded', errors: [{ field: 'body.vote' }] });
  const withdrawn = await taken(as(long(0), `${request}/vote`, { vote: 'withdraw', reason }, groups));
  expect(withdrawn.status).toBe('approved');
  await taken(cast(LIMITS.votes));
  await send('POST', `${request}/commit`);
}, 20_000);

test(`answers take ${LIMITS.answerBytes} bytes together, each ${LIMITS.evidence} characters`, async () => {
  const checklist = Array.from({ length: LIMITS.checklist }, (_, index) => ({ id: `i${index}`, text: 'x' }));
  const { request } = await asked([guard({ approvals: { count: 0 }, checklist })]);
  const answer = (index: number, evidence: string) =>
    registry.request('POST', `${request}/checklist`, { body: { item: `i${index}`, checked: true, evidence } });
  expect((await answer(0, '\u{10400}'.repeat(LIMITS.evidence))).status).toBe(200);
  const body = { item: 'i0', checked: true, evidence: 'x'.repeat(LIMITS.evidence + 1) };
  await refused(registry, 'POST', `${request}/checklist`, { body }, { code: 'invalid_input', field: 'body.evidence' });
  const of = (bytes: number) => '\u{10400}'.repeat(bytes >> 2) + 'x'.repeat(bytes % 4);
  let index = 1;
  let last = await answer(index, of(4 * LIMITS.evidence));
  while (last.status === 200) last = await answer(++index, of(4 * LIMITS.evidence));
  expect(last.body).toMatchObject({ code: 'limit_exceeded', errors: [{ field: 'body' }] });
  let [fits, not]: [number, number] = [0, 4 * LIMITS.evidence];
  while (not - fits > 1) {
    const middle = (fits + not) >> 1;
    if ((await answer(index, of(middle))).status === 200) fits = middle;
    else not = middle;
  }
  const stored = await registry.ports.store.query<'request'>(
    { kind: 'request', workspace: 'default', open: true },
    { limit: 1, order: 'descending' },
  );
  const [{ answers, results } = { answers: [], results: [] }] = stored.items;
  expect(Buffer.byteLength(JSON.stringify([answers, results]))).toBe(LIMITS.answerBytes);
});

test('a request expires after 720 hours where nothing else is said', async () => {
  const { request } = await asked([guard()]);
  const { openedAt, expiresAt } = (await send('GET', request)).body;
  expect(Date.parse(expiresAt) - Date.parse(openedAt)).toBe(LIMITS.defaultRequestHours * HOUR);
});
