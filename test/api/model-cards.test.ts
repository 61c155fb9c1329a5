import { LIMITS } from '../../core/domain/limits';
import { invariants } from '../support/invariants';
import { startRegistry, type TestRegistry } from '../support/registry';
import { refused } from '../support/unchanged';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterEach(async () => {
  await invariants(registry);
});
afterAll(() => registry.close());

/** A model with one READY version. */
async function withVersion(name: string): Promise<string> {
  await registry.request('POST', '/v1/models', { body: { name } });
  await registry.request('POST', `/v1/models/${name}/versions`, { body: { final: true } });
  return `/v1/models/${name}/versions/1`;
}

async function get(path: string) {
  const { status, body, headers } = await registry.request('GET', path);
  expect(status).toBe(200);
  return { ...body, etag: headers['etag'] };
}

async function put(path: string, body: object, as?: string) {
  const response = await registry.request('PUT', path, { body, ...(as !== undefined && { as, groups: [] }) });
  if (response.status !== 200) throw new Error(JSON.stringify(response.body));
  return response.body;
}

const DRAFT = {
  riskRating: 'Medium',
  modelOverview: { modelOwner: 'growth' },
  intendedUses: { purposeOfModel: 'To help before somebody leaves.', intendedUses: 'Ranking.' },
  additionalInformation: { customDetails: { reviewed_by: 'rita' } },
};

test('each change of a card is a revision that stays, and an event that says what changed', async () => {
  const version = await withVersion('revisions');
  await refused(registry, 'GET', `${version}/card`, {}, { code: 'card_not_found', field: 'path.version' });
  const first = await put(`${version}/card`, { ...DRAFT, reason: 'the workshop' });
  expect(first).toMatchObject({
    version: 1,
    revision: 1,
    status: 'Draft',
    createdBy: { name: 'ada' },
    ...DRAFT,
  });
  const { intendedUses: _, ...rest } = DRAFT;
  await put(`${version}/card`, {
    ...rest,
    riskRating: 'High',
    intendedUses: { purposeOfModel: ' ' },
    status: 'Archived',
  });

  expect(await get(`${version}/card`)).toMatchObject({ revision: 2, status: 'Archived', riskRating: 'High' });
  expect(await get(`${version}/card`)).not.toHaveProperty('intendedUses');
  expect(await get(`${version}/card/revisions/1`)).toMatchObject(first);
  await refused(registry, 'GET', `${version}/card/revisions/3`, {}, { code: 'card_not_found', field: 'path.revision' });
  const { items } = await get(`${version}/card/revisions`);
  expect(items).toEqual([
    expect.objectContaining({ revision: 2, status: 'Archived', riskRating: 'High' }),
    expect.objectContaining({ revision: 1, status: 'Draft', riskRating: 'Medium', reason: 'the workshop' }),
  ]);
  expect(items[0]).not.toHaveProperty('modelOverview');
  const shown = await get(version);
  expect(shown.card).toEqual({
    revision: 2,
    status: 'Archived',
    riskRating: 'High',
    contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const [event] = (await get('/v1/models/revisions/events')).items;
  expect(event).toMatchObject({
    type: 'version.card_changed',
    version: 1,
    changed: ['revision', 'status', 'riskRating', 'intendedUses.intendedUses', 'intendedUses.purposeOfModel'],
    previous: { revision: 1, riskRating: 'Medium', 'intendedUses.intendedUses': 'Ranking.' },
    current: { revision: 2, status: 'Archived', riskRating: 'High' },
  });
});

test('the same card again, or its status again, leaves no trace', async () => {
  const version = await withVersion('same');
  await put(`${version}/card`, DRAFT);
  const before = await get('/v1/models/same/events');
  expect(await put(`${version}/card`, { ...DRAFT, trainingDetails: {}, reason: 'again' })).toMatchObject({
    revision: 1,
  });
  expect(await put(`${version}/card/status`, { status: 'Draft', reason: 'again' })).toMatchObject({ revision: 1 });
  expect(await get('/v1/models/same/events')).toEqual(before);
});

test('who was slower overwrites nothing with If-Match, and only adds a revision without', async () => {
  const version = await withVersion('slower');
  await put(`${version}/card`, DRAFT);
  const { etag } = await get(`${version}/card`);
  await put(`${version}/card`, { riskRating: 'High' });
  const late = { body: { riskRating: 'Low' }, headers: { 'if-match': etag } };
  await refused(registry, 'PUT', `${version}/card`, late, { code: 'precondition_failed' });
  const atOnce = Array.from({ length: 8 }, (_, index) =>
    put(`${version}/card`, { riskRating: 'Low', modelOverview: { modelOwner: `owner ${index}` } }),
  );
  const revisions = (await Promise.all(atOnce)).map(({ revision }) => revision);
  expect(revisions.sort((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
});

test('who may edit writes a card, and who may approve approves it', async () => {
  const version = await withVersion('rights');
  for (const [name, role] of [
    ['cora', 'contributor'],
    ['rita', 'reviewer'],
    ['olaf', 'owner'],
    ['vera', 'viewer'],
  ]) {
    await registry.request('POST', '/v1/models/rights/grants', { body: { subject: { kind: 'person', name }, role } });
  }
  const said = (body: object, as: string) => ({ body, as, groups: [] });
  await put(`${version}/card`, { ...DRAFT, status: 'PendingReview' }, 'cora');
  const approved = { ...DRAFT, status: 'Approved' };
  const forbidden = { code: 'forbidden' } as const;
  await refused(registry, 'PUT', `${version}/card`, said(approved, 'cora'), { ...forbidden, field: 'body.status' });
  await refused(registry, 'PUT', `${version}/card`, said(DRAFT, 'rita'), forbidden);
  await refused(registry, 'PUT', `${version}/card`, said(DRAFT, 'vera'), forbidden);
  await refused(registry, 'PUT', `${version}/card/status`, said({ status: 'Approved' }, 'cora'), forbidden);
  const reviewed = await put(`${version}/card/status`, { status: 'Approved', reason: 'complete' }, 'rita');
  expect(reviewed).toMatchObject({ revision: 2, status: 'Approved', createdBy: { name: 'rita' }, ...DRAFT });
  // What was approved is not edited under the approval, but by a revision that has none.
  const edited = { ...approved, riskRating: 'Low' };
  await refused(registry, 'PUT', `${version}/card`, said(edited, 'cora'), { ...forbidden, field: 'body.status' });
  expect(await put(`${version}/card`, { ...edited, status: 'Draft' }, 'cora')).toMatchObject({ revision: 3 });
  expect(await put(`${version}/card`, edited, 'olaf')).toMatchObject({ revision: 4, status: 'Approved' });
  expect((await registry.request('GET', `${version}/card`, { as: 'vera', groups: [] })).body).toMatchObject({
    revision: 4,
  });
});

test('a status is of a card that there is', async () => {
  const version = await withVersion('none');
  const body = { status: 'Approved' };
  await refused(registry, 'PUT', `${version}/card/status`, { body }, { code: 'card_not_found', field: 'path.version' });
});

test('the longest card is kept whole before and after, and one byte more is refused', async () => {
  const version = await withVersion('long');
  const card = (letter: string, rest: number) => {
    const prose = letter.repeat(LIMITS.cardProse);
    return {
      riskRating: 'High',
      modelOverview: { modelDescription: prose },
      intendedUses: {
        purposeOfModel: prose,
        intendedUses: prose,
        factorsAffectingModelEfficiency: prose,
        explanationsForRiskRating: prose,
      },
      businessDetails: { businessProblem: prose, businessStakeholders: prose },
      trainingDetails: { objectiveFunction: letter.repeat(rest) },
    };
  };
  const room = LIMITS.entityBytes - JSON.stringify(card('a', 0)).length;
  const more = { body: card('a', room + 1) };
  await refused(registry, 'PUT', `${version}/card`, more, { code: 'limit_exceeded', field: 'body' });
  await put(`${version}/card`, card('a', room));
  await put(`${version}/card`, { ...card('b', room), reason: 'r'.repeat(LIMITS.reason) });
  expect(await get(`${version}/card`)).toMatchObject(card('b', room));
  expect(await get(`${version}/card/revisions/1`)).toMatchObject(card('a', room));
  const [newest] = (await get(`${version}/card/revisions`)).items;
  expect(newest).toMatchObject({ revision: 2, omitted: ['reason'] });
});

test('custom details have plain names', async () => {
  const version = await withVersion('details');
  for (const name of ['a b', '1st', 'ä', 'a.b']) {
    const body = JSON.parse(`{"additionalInformation":{"customDetails":{"${name}":"x"}}}`);
    const field = `body.additionalInformation.customDetails.${name}`;
    await refused(registry, 'PUT', `${version}/card`, { body }, { code: 'invalid_input', field });
  }
});

test('a copy carries the newest card, whose approval it has not', async () => {
  const version = await withVersion('original');
  await registry.request('POST', '/v1/models', { body: { name: 'copy' } });
  await put(`${version}/card`, DRAFT);
  await put(`${version}/card/status`, { status: 'Approved' });
  const copied = await registry.request('POST', `${version}/copy`, { body: { model: 'copy' } });
  expect(copied.body.card).toMatchObject({ revision: 1, status: 'PendingReview', riskRating: 'Medium' });
  const { card } = await get(version);
  expect(copied.body.card.contentDigest).toBe(card.contentDigest);
  const there = '/v1/models/copy/versions/1';
  expect(await get(`${there}/card`)).toMatchObject({ model: 'copy', revision: 1, status: 'PendingReview', ...DRAFT });
  const headers = { 'if-match': (await get(there)).etag };
  const tagged = await registry.request('PUT', `${there}/tags/a`, { body: { value: '1' }, headers });
  expect(tagged.body.card).toEqual(copied.body.card);
});

test('a policy asks for an approved card of no higher risk, and a card that says something else outdates a request', async () => {
  const version = await withVersion('guarded');
  const guards = [{ target: { stage: 'Staging' }, required: { card: { approved: true, risk: 'Medium' } } }];
  await put('/v1/models/guarded/policy', { guards });
  const asked = await registry.request('POST', '/v1/models/guarded/requests', {
    body: { version: 1, target: { stage: 'Staging' }, reason: 'better' },
  });
  const request = `/v1/models/guarded/requests/${asked.body.id}`;
  const state = async () => {
    const { status, requirements } = await get(request);
    return [status, requirements.find(({ kind }: { kind: string }) => kind === 'card').says];
  };
  expect(await state()).toEqual(['open', 'the version has no model card']);
  await put(`${version}/card`, { ...DRAFT, riskRating: 'High' });
  const above = 'revision 1 of the model card is Draft, not Approved and rates the risk High, where Medium is the most';
  expect(await state()).toEqual(['outdated', above]);
  await put(`${version}/card`, DRAFT);
  await registry.request('POST', `${request}/refresh`, { body: {} });
  await put(`${version}/card/status`, { status: 'Approved' });
  expect(await state()).toEqual(['approved', 'revision 3 of the model card is Approved and rates the risk Medium']);
  expect((await registry.request('POST', `${request}/commit`, { body: {} })).status).toBe(200);
  expect(await get(version)).toMatchObject({ stage: 'Staging' });
});
