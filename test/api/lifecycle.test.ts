import { DEFAULT_STAGES } from '../../core/domain/stages';
import { COMMAND_IDS, exampleOf, makeWorld, NOT_OF_MODELS } from '../support/commands';
import { startRegistry, type TestRegistry } from '../support/registry';
import { refused } from '../support/unchanged';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

let models = 0;
async function newVersion(body: object = { final: true }): Promise<string> {
  const name = `model-${models++}`;
  await registry.request('POST', '/v1/models', { body: { name } });
  await registry.request('POST', `/v1/models/${name}/versions`, { body });
  return `/v1/models/${name}/versions/1`;
}
const move = (version: string, stage: string) => registry.request('POST', `${version}/transition`, { body: { stage } });

/** The moves by which a new version gets to a stage. */
const WAYS: Record<string, string[]> = {
  None: [],
  Staging: ['Staging'],
  Production: ['Staging', 'Production'],
  Archived: ['Archived'],
};
const names = DEFAULT_STAGES.stages.map(({ name }) => name);
const pairs = names.flatMap((from) => names.map((to) => [from, to] as const));
test.each(pairs)('from %s to %s a version moves as the table says', async (from, to) => {
  const version = await newVersion();
  await registry.request('POST', `${version}/approval`, { body: { status: 'Approved' } });
  for (const stage of WAYS[from] ?? []) expect((await move(version, stage)).status).toBe(200);
  if (DEFAULT_STAGES.transitions.some((move) => move.from === from && move.to === to)) {
    expect((await move(version, to)).body.stage).toBe(to);
  } else {
    const body = { stage: to };
    const expected = { code: 'transition_not_allowed', field: 'body.stage', rule: /^from \w+ one of / } as const;
    await refused(registry, 'POST', `${version}/transition`, { body }, expected);
  }
});

test.each(['Prod', 'production', 'Staging ', 'STAGING', 'constructor', '__proto__', '\u0421taging'])(
  'no version moves to a stage named %s',
  async (stage) => {
    const version = await newVersion();
    const expected = {
      code: 'invalid_input',
      field: 'body.stage',
      rule: /None, Staging, Production, Archived/,
    } as const;
    await refused(registry, 'POST', `${version}/transition`, { body: { stage } }, expected);
  },
);

test('only READY and approved versions are promoted, only READY ones reviewed', async () => {
  const pending = await newVersion({});
  for (const [path, body] of [
    ['transition', { stage: 'Staging' }],
    ['approval', { status: 'Approved' }],
  ] as const) {
    await refused(
      registry,
      'POST',
      `${pending}/${path}`,
      { body },
      { code: 'version_not_ready', field: 'path.version' },
    );
  }
  const ready = await newVersion();
  await move(ready, 'Staging');
  const body = { stage: 'Production' };
  await refused(registry, 'POST', `${ready}/transition`, { body }, { code: 'approval_required', field: 'body.stage' });
});

test('a review needs a reason unless it approves, and changes the status', async () => {
  const version = await newVersion();
  const say = (body: object, field: string) =>
    refused(registry, 'POST', `${version}/approval`, { body }, { code: 'invalid_input', field });
  for (const reason of [undefined, '', ' \n']) await say({ status: 'Rejected', reason }, 'body.reason');
  await say({ status: 'PendingApproval', reason: 'x' }, 'body.status');
  for (const status of ['approved', 'Maybe', null, 1, '']) await say({ status }, 'body.status');
  const { body } = await registry.request('POST', `${version}/approval`, { body: { status: 'Approved' } });
  expect(body.approval).toMatchObject({ status: 'Approved', artifactDigest: body.artifacts.digest });
  await say({ status: 'Approved' }, 'body.status');
  await say({ status: 'PendingApproval' }, 'body.reason');
});

const none = { name: 'None' };
const archived = { name: 'Archived' };
test.each<[string, unknown, string]>([
  ['one stage', { stages: [none], transitions: [] }, 'stages'],
  ['no None', { stages: [archived, { name: 'A' }], transitions: [] }, 'stages'],
  ['no Archived', { stages: [none, { name: 'A' }], transitions: [] }, 'stages'],
  ['an exclusive None', { stages: [{ ...none, exclusive: true }, archived], transitions: [] }, 'stages'],
  [
    'an Archived that needs approval',
    { stages: [none, { ...archived, requiresApproval: true }], transitions: [] },
    'stages',
  ],
  ['a stage twice', { stages: [none, archived, { name: 'A' }, { name: 'A' }], transitions: [] }, 'stages.3.name'],
  ['a stage twice in other case', { stages: [none, archived, { name: 'none' }], transitions: [] }, 'stages.2.name'],
  [
    'a move from an unknown stage',
    { stages: [none, archived], transitions: [{ from: 'A', to: 'None' }] },
    'transitions.0.from',
  ],
  [
    'a move to an unknown stage',
    { stages: [none, archived], transitions: [{ from: 'None', to: 'A' }] },
    'transitions.0.to',
  ],
  ['a move to itself', { stages: [none, archived], transitions: [{ from: 'None', to: 'None' }] }, 'transitions.0'],
  [
    'a move twice',
    { stages: [none, archived], transitions: Array(2).fill({ from: 'None', to: 'Archived' }) },
    'transitions.1',
  ],
  ['no moves at all', { stages: [none, archived] }, 'transitions'],
])('a model has no scheme with %s', async (_, stages, field) => {
  const version = await newVersion();
  const expected = { code: 'invalid_input', field: `body.stages.${field}` } as const;
  await refused(registry, 'POST', '/v1/models', { body: { name: 'schemed', stages } }, expected);
  await refused(registry, 'PATCH', version.replace('/versions/1', ''), { body: { stages } }, expected);
});

test('a stage in use is neither removed nor made exclusive for two', async () => {
  const first = await newVersion();
  const model = first.replace('/versions/1', '');
  await registry.request('POST', `${model}/versions`, { body: { final: true } });
  await move(first, 'Staging');
  await move(`${model}/versions/2`, 'Staging');
  const stages = (staging: object[]) => ({
    body: { stages: { stages: [none, archived, ...staging], transitions: [] } },
  });
  const inUse = { code: 'stage_in_use', field: 'body.stages' } as const;
  await refused(registry, 'PATCH', model, stages([]), inUse);
  await refused(registry, 'PATCH', model, stages([{ name: 'Staging', exclusive: true }]), inUse);
  await move(first, 'Archived');
  expect((await registry.request('PATCH', model, stages([{ name: 'Staging', exclusive: true }]))).status).toBe(200);
  expect((await registry.request('GET', `${model}/stages/Staging`)).body.holder).toMatchObject({ version: 2 });
});

const onVersion = COMMAND_IDS.filter(
  (id) =>
    /Version|Alias|Artifact|Upload|Approval|Comment|Card|Evaluation/.test(id) && !/^(register|unlock)Version$/.test(id),
);
test('on a locked version every command is refused but comments, evaluations, copies and the unlocking', async () => {
  const world = await makeWorld(registry, 'locked');
  for (const version of [1, 2, 4]) {
    await registry.request('POST', `/v1/models/locked/versions/${version}/lock`, { body: { reason: 'audit' } });
  }
  const allowed = ['addComment', 'deleteComment', 'recordEvaluation', 'copyVersion'];
  for (const id of onVersion.filter((id) => !allowed.includes(id))) {
    const { method, path, body } = exampleOf(id, world);
    const field = id === 'setAlias' ? 'body.version' : id === 'deleteAlias' ? 'path.alias' : 'path.version';
    await refused(registry, method, path, body ? { body } : {}, { code: 'version_locked', field });
  }
  for (const id of [...allowed, 'unlockVersion']) {
    const { method, path, body } = exampleOf(id, world);
    expect((await registry.request(method, path, body ? { body } : {})).status).toBeLessThan(300);
  }
});

test('a model with a locked version is not deleted, and no locked version is replaced', async () => {
  const world = await makeWorld(registry, 'kept');
  const model = `/v1/models/${world.model}`;
  await refused(registry, 'DELETE', model, {}, { code: 'model_has_locked_versions', field: 'path.model' });
  for (const version of [1, 4]) {
    await registry.request('POST', `${model}/versions/${version}/approval`, { body: { status: 'Approved' } });
  }
  await move(`${model}/versions/1`, 'Production');
  await registry.request('POST', `${model}/versions/1/lock`, { body: { reason: 'audit' } });
  await move(`${model}/versions/4`, 'Staging');
  const body = { stage: 'Production' };
  await refused(
    registry,
    'POST',
    `${model}/versions/4/transition`,
    { body },
    { code: 'version_locked', field: 'body.stage' },
  );
});

const inModel = COMMAND_IDS.filter(
  (id) =>
    !/^(create|archiveModel|restoreModel|deleteModel$|reportDeployment)|ModelGrant$/.test(id) &&
    !NOT_OF_MODELS.includes(id),
);
test('in an archived model every command is refused but its restoring and deletion, who may do so, and reports', async () => {
  const world = await makeWorld(registry, 'archived');
  await registry.request('POST', '/v1/models/archived/archive', { body: {} });
  for (const id of inModel) {
    const { method, path, body } = exampleOf(id, world);
    await refused(registry, method, path, body ? { body } : {}, { code: 'model_archived', field: 'path.model' });
  }
  expect((await registry.request('POST', '/v1/models/archived/restore', { body: {} })).body.state).toBe('active');
});

test('nothing is copied into an archived model', async () => {
  const { model } = await makeWorld(registry, 'to-archived');
  await registry.request('POST', `/v1/models/${model}-other/archive`, { body: {} });
  const body = { model: `${model}-other` };
  const expected = { code: 'model_archived', field: 'body.model' } as const;
  await refused(registry, 'POST', `/v1/models/${model}/versions/1/copy`, { body }, expected);
});

test('a deleted version is found by no command, and its number is never given again', async () => {
  const world = await makeWorld(registry, 'deleted');
  const versions = '/v1/models/deleted/versions';
  await registry.request('POST', `${versions}/3/unlock`, { body: {} });
  for (const version of [1, 2, 3, 4]) {
    expect((await registry.request('DELETE', `${versions}/${version}`)).status).toBe(204);
  }
  for (const id of onVersion.concat('unlockVersion')) {
    const { method, path, body } = exampleOf(id, world);
    const code = id === 'deleteAlias' ? 'alias_not_found' : 'version_not_found';
    await refused(registry, method, path, body ? { body } : {}, { code });
  }
  for (const path of [
    '',
    '/artifacts',
    '/manifest',
    '/comments',
    '/card',
    '/card/revisions',
    '/evaluations',
    '/download?path=a',
    '/uploads?path=a',
  ]) {
    expect((await registry.request('GET', `${versions}/1${path}`)).body).toMatchObject({ code: 'version_not_found' });
  }
  expect((await registry.request('POST', versions, { body: {} })).body.version).toBe(5);
});

test('a deleted model leaves its name and its history, and nothing else is found', async () => {
  const { request } = registry;
  const world = await makeWorld(registry, 'gone');
  const { body: model } = await request('GET', '/v1/models/gone');
  await request('POST', '/v1/models/gone/versions/3/unlock', { body: {} });
  expect((await request('DELETE', '/v1/models/gone')).status).toBe(204);
  for (const id of inModel.concat('archiveModel', 'restoreModel')) {
    const { method, path, body } = exampleOf(id, world);
    expect((await request(method, path, body ? { body } : {})).body).toMatchObject({ code: 'model_not_found' });
  }
  expect((await request('GET', `/v1/models/id:${model.id}/events`)).body.items[0]).toMatchObject({
    type: 'model.deleted',
  });
  await request('POST', '/v1/models', { body: { name: 'gone' } });
  expect((await request('GET', '/v1/models/gone')).body).toMatchObject({ lastVersion: 0, tags: {} });
  expect((await request('GET', '/v1/models/gone/versions/1')).body.code).toBe('version_not_found');
});

test('a semantic version of a deleted version is not given again', async () => {
  const version = await newVersion({ final: true, semanticVersion: '1.0.0' });
  await registry.request('DELETE', version);
  const body = { semanticVersion: '1.0.0' };
  const expected = { code: 'semantic_version_taken', field: 'body.semanticVersion' } as const;
  await refused(registry, 'POST', version.replace('/1', ''), { body }, expected);
});

test.each(['1', '1.0', 'v1.0.0', '1.0.0 ', '01.0.0', '1.0.0-', '1.0.0-01', '1.0.0+', '1.0.0\n', 'latest'])(
  '%s is no semantic version',
  async (semanticVersion) => {
    const version = await newVersion();
    const expected = { code: 'invalid_input', field: 'body.semanticVersion' } as const;
    await refused(registry, 'POST', version.replace('/1', ''), { body: { semanticVersion } }, expected);
  },
);

test('metrics are kept as JSON has them, to the last bit', async () => {
  const text =
    '{"a":1e308,"b":5e-324,"c":9007199254740993,"d":0.1,"e":-1.7976931348623157e308,"f":123456789012345680000}';
  const version = await newVersion({});
  const { body } = await registry.request('PATCH', version, { body: `{"metrics":${text}}` });
  expect(body.metrics).toEqual(JSON.parse(text));
  expect((await registry.request('GET', version)).body.metrics).toEqual(JSON.parse(text));
  const zero = await registry.request('PATCH', version, { body: '{"metrics":{"z":-0}}' });
  expect(Object.is(zero.body.metrics.z, 0)).toBe(true);
});
