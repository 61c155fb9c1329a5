import { reconcile } from '../../core/use-cases';
import { type Deploying, deploying, serveable, toProduction, withTarget } from '../support/deployments';
import { startRegistry, type TestRegistry } from '../support/registry';
import { sagemaker } from '../support/targets';
import { type Send, sender } from '../support/trials';

let registry: TestRegistry;
let send: Send;
let world: Deploying;
let count = 0;

beforeAll(async () => {
  registry = await startRegistry();
  send = sender(registry);
});
afterAll(() => registry.close());
beforeEach(() => {
  world = deploying(registry);
});

const get = async (path: string) => (await send('GET', path)).body;
const states = async (name: string) =>
  (await get(`/v1/models/${name}/deployments?order=asc`)).items.map(
    (each: { version: number; state: string }) => `${each.version} ${each.state}`,
  );
const told = async (name: string) =>
  (await get(`/v1/models/${name}/events?order=asc&limit=100`)).items
    .map(({ type }: { type: string }) => type)
    .filter((type: string) => type.startsWith('deployment.'));
const approve = (name: string, version: number, status: string) =>
  send('POST', `/v1/models/${name}/versions/${version}/approval`, { status, reason: 'test' });

/** A model with a target whose version 1 serves. */
async function serving(body: object = {}) {
  const name = `m${++count}`;
  const place = await withTarget(send, name, body);
  await serveable(send, name);
  await toProduction(send, name, 1);
  await world.quiesce(place);
  return { name, place, endpoint: `signet-${name}` };
}

test('a version that enters the stage comes into service, step by step, and each step is told', async () => {
  const { name, endpoint } = await serving();
  expect(await states(name)).toEqual(['1 in_service']);
  expect(await told(name)).toEqual(['deployment.requested', 'deployment.creating', 'deployment.in_service']);
  expect(world.host.versionOf(endpoint)).toBe(1);
  const target = await get(`/v1/models/${name}/targets/Production`);
  expect(target).toMatchObject({ generation: 1, current: target.serving, removing: false });
});

test('the next version takes over under the eyes of alarms, and what it replaces is superseded and tidied up', async () => {
  const { name, place, endpoint } = await serving();
  await serveable(send, name);
  await toProduction(send, name, 2);
  await world.look(place);
  world.host.tick();
  await world.look(place);
  expect(await states(name)).toEqual(['1 in_service', '2 baking']);
  await world.quiesce(place);
  expect(await states(name)).toEqual(['1 superseded', '2 in_service']);
  expect(world.host.versionOf(endpoint)).toBe(2);
  expect(world.host.configs.size).toBe(1);
  expect(world.host.models.size).toBe(1);
});

test('what alarms call back is rolled back and not tried again, until somebody asks for it', async () => {
  const { name, place, endpoint } = await serving();
  world.host.poisoned.add('2');
  await serveable(send, name);
  await toProduction(send, name, 2);
  await world.quiesce(place);
  expect(await states(name)).toEqual(['1 in_service', '2 rolled_back']);
  await world.quiesce(place);
  expect(world.host.versionOf(endpoint)).toBe(1);
  expect(world.host.changes.filter((each) => each.startsWith('update'))).toHaveLength(1);
  world.host.poisoned.clear();
  await send('POST', `/v1/models/${name}/targets/Production/redeploy`);
  await world.quiesce(place);
  expect(await states(name)).toEqual(['1 superseded', '2 rolled_back', '2 in_service']);
});

test('a first deployment that fails leaves nothing in the way of the next', async () => {
  const name = `m${++count}`;
  const place = await withTarget(send, name);
  world.host.poisoned.add('1');
  await serveable(send, name);
  await toProduction(send, name, 1);
  await world.quiesce(place);
  expect(await states(name)).toEqual(['1 failed']);
  await serveable(send, name);
  await toProduction(send, name, 2);
  await world.quiesce(place);
  expect(await states(name)).toEqual(['1 failed', '2 in_service']);
});

test('the gate lets only approved files through, and tells once what it keeps out', async () => {
  const { name, place, endpoint } = await serving();
  await send('PATCH', `/v1/models/${name}`, {
    stages: {
      stages: ['None', 'Staging', 'Production', 'Archived'].map((each) => ({
        name: each,
        exclusive: each === 'Production',
      })),
      transitions: [{ from: 'None', to: 'Production' }],
    },
  });
  await serveable(send, name, false);
  await send('POST', `/v1/models/${name}/versions/2/transition`, { stage: 'Production' });
  await world.quiesce(place);
  await world.quiesce(place);
  expect(world.host.versionOf(endpoint)).toBe(1);
  expect((await told(name)).filter((type: string) => type === 'deployment.refused')).toHaveLength(1);
  const { refused } = await get(`/v1/models/${name}/targets/Production`);
  expect(refused).toEqual({ version: 2, objections: ['not_approved: its approval is PendingApproval'] });
  await approve(name, 2, 'Approved');
  await world.quiesce(place);
  expect(world.host.versionOf(endpoint)).toBe(2);
  expect((await get(`/v1/models/${name}/targets/Production`)).refused).toBeUndefined();
});

test.each([
  ['its approval is withdrawn', (name: string) => approve(name, 3, 'Rejected')],
  ['it is locked', (name: string) => send('POST', `/v1/models/${name}/versions/3/lock`, { reason: 'court' })],
])('the newest version that is still approved is redeployed when %s', async (_, withdraw) => {
  const { name, place, endpoint } = await serving();
  for (const version of [2, 3]) {
    await serveable(send, name);
    await toProduction(send, name, version);
    await world.quiesce(place);
  }
  await approve(name, 1, 'PendingApproval');
  await withdraw(name);
  await world.quiesce(place);
  expect(world.host.versionOf(endpoint)).toBe(2);
  expect((await get(`/v1/models/${name}/deployments`)).items[0]).toMatchObject({ version: 2, cause: 'fallback' });
});

test('edits of what serves start no deployment, even if somebody looked after each', async () => {
  const { name, place } = await serving();
  const before = [...world.host.changes];
  for (let edit = 0; edit < 20; edit++) {
    await send('PUT', `/v1/models/${name}/versions/1/tags/k`, { value: String(edit) });
    await send('PATCH', `/v1/models/${name}/versions/1`, { containers: [{ image: `other:${edit}` }] });
    expect(await world.look(place)).toBe('settled');
  }
  expect(world.host.changes).toEqual(before);
  expect(await states(name)).toEqual(['1 in_service']);
});

test.each([['after all of it'], ['between each two']])(
  'approve, reject, approve deploys once, looked at %s',
  async (when) => {
    const { name, place } = await serving();
    await serveable(send, name, false);
    await send('POST', `/v1/models/${name}/versions/2/transition`, { stage: 'Staging' });
    await approve(name, 2, 'Approved');
    await send('POST', `/v1/models/${name}/versions/2/transition`, { stage: 'Production' });
    if (when === 'between each two') await world.look(place);
    for (const status of ['Rejected', 'Approved']) {
      await approve(name, 2, status);
      if (when === 'between each two') await world.look(place);
    }
    await world.quiesce(place);
    expect(world.host.changes.filter((each) => each.startsWith('update'))).toHaveLength(1);
    expect((await states(name)).filter((state: string) => state.startsWith('2'))).toEqual(['2 in_service']);
  },
);

test('a burst of changes deploys the last one', async () => {
  const { name, place, endpoint } = await serving();
  for (const version of [2, 3, 4, 5]) {
    await serveable(send, name);
    await toProduction(send, name, version);
    await world.look(place);
  }
  await world.quiesce(place);
  expect(world.host.versionOf(endpoint)).toBe(5);
  // The one that was under way could not be stopped; those in between never began.
  expect(world.host.changes.filter((each) => each.startsWith('update'))).toHaveLength(2);
});

test('a rollback takes the stage back, and the version that was bad does not return', async () => {
  const { name, place, endpoint } = await serving();
  await serveable(send, name);
  await toProduction(send, name, 2);
  await world.quiesce(place);
  await send('POST', `/v1/models/${name}/targets/Production/rollback`, { reason: 'wrong prices' });
  await world.quiesce(place);
  expect(world.host.versionOf(endpoint)).toBe(1);
  expect((await get(`/v1/models/${name}/stages/Production`)).holder.version).toBe(1);
  expect((await get(`/v1/models/${name}/versions/2`)).stage).toBe('Archived');
  const again = await registry.request('POST', `/v1/models/${name}/targets/Production/rollback`, { body: {} });
  expect(again.body.code).toBe('nothing_to_deploy');
  await approve(name, 1, 'Rejected');
  await world.quiesce(place);
  expect(world.host.versionOf(endpoint)).toBe(1);
});

test('an endpoint that somebody changed by hand is put right', async () => {
  const { name, place, endpoint } = await serving();
  world.host.meddle(endpoint, { config: 'by-hand' });
  await world.quiesce(place);
  expect(world.host.versionOf(endpoint)).toBe(1);
  world.host.meddle(endpoint, 'delete');
  await world.quiesce(place);
  expect(world.host.versionOf(endpoint)).toBe(1);
  expect((await get(`/v1/models/${name}/deployments`)).items[0].cause).toBe('drift');
});

test('a target that is deleted takes its endpoint with it, and its name is free again', async () => {
  const { name, place, endpoint } = await serving();
  const other = `m${++count}`;
  await send('POST', '/v1/models', { name: other });
  const body = { sagemaker: sagemaker({ name }) };
  const taken = await registry.request('PUT', `/v1/models/${other}/targets/Production`, { body });
  expect(taken.body.code).toBe('endpoint_taken');
  await send('DELETE', `/v1/models/${name}/targets/Production`);
  await world.quiesce(place);
  expect(world.host.endpoints.has(endpoint)).toBe(false);
  expect(world.host.configs.size).toBe(0);
  expect(await states(name)).toEqual(['1 deleted']);
  expect((await registry.request('GET', `/v1/models/${name}/targets/Production`)).body.code).toBe('target_not_found');
  await send('PUT', `/v1/models/${other}/targets/Production`, body);
});

test('an endpoint without any version that may be deployed goes on, or goes, as its target says', async () => {
  const keep = await serving();
  await approve(keep.name, 1, 'Rejected');
  await world.quiesce(keep.place);
  expect(world.host.versionOf(keep.endpoint)).toBe(1);
  const remove = await serving({ whenNothingQualifies: 'delete' });
  await approve(remove.name, 1, 'Rejected');
  await world.quiesce(remove.place);
  expect(world.host.endpoints.has(remove.endpoint)).toBe(false);
  await approve(remove.name, 1, 'Approved');
  await world.quiesce(remove.place);
  expect(world.host.versionOf(remove.endpoint)).toBe(1);
});

test('files are packed once, by their digest, and packing that never ends is a failure', async () => {
  world.archives.packs = false;
  const name = `m${++count}`;
  const place = await withTarget(send, name);
  await send('POST', `/v1/models/${name}/versions`, { containers: [{ image: 'example.com/server:1' }] });
  const empty = {
    path: 'empty.bin',
    size: 0,
    sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  };
  await send('POST', `/v1/models/${name}/versions/1/artifacts`, { files: [empty] });
  const { body } = await send('POST', `/v1/models/${name}/versions/1/uploads`, { files: [{ path: empty.path }] });
  const { url, headers } = body.uploads[0].request;
  await fetch(url, { method: 'PUT', headers, body: '' });
  await send('POST', `/v1/models/${name}/versions/1/finalise`);
  await approve(name, 1, 'Approved');
  await toProduction(send, name, 1);
  expect(await world.look(place)).toBe('waiting');
  expect(await states(name)).toEqual(['1 preparing']);
  const clock = world.ports.clock;
  for (let hour = 1; hour < 4; hour++) {
    const later = { ...world.ports, clock: () => new Date(clock().getTime() + hour * 3_600_000) };
    await reconcile(later, place, 'test');
  }
  expect(await states(name)).toEqual(['1 failed']);
  expect((await told(name)).filter((type: string) => type === 'deployment.preparing')).toHaveLength(3);
});

test('who deploys elsewhere is told by an event and reports back', async () => {
  const name = `m${++count}`;
  const place = await withTarget(send, name, { sagemaker: undefined, external: { system: 'kubernetes' } });
  const report = (id: string, state: string) =>
    registry.request('PUT', `/v1/models/${name}/deployments/${id}/status`, { body: { state } });
  await serveable(send, name);
  await toProduction(send, name, 1);
  expect(await world.look(place)).toBe('waiting');
  const first = (await get(`/v1/models/${name}/deployments`)).items[0];
  expect(first).toMatchObject({ state: 'requested', system: 'kubernetes', version: 1 });
  for (const state of ['creating', 'in_service', 'in_service']) {
    expect((await report(first.id, state)).body.state).toBe(state);
  }
  expect((await told(name)).length).toBe(3);
  await serveable(send, name);
  await toProduction(send, name, 2);
  await world.look(place);
  const second = (await get(`/v1/models/${name}/deployments`)).items[0];
  await report(second.id, 'failed');
  expect(await world.look(place)).toBe('settled');
  expect(await states(name)).toEqual(['1 in_service', '2 failed']);
  expect((await report(second.id, 'in_service')).body.code).toBe('deployment_over');
});

describe('what others deployed', () => {
  /** A model whose target others deploy to. */
  const elsewhere = async () => {
    const name = `m${++count}`;
    const place = await withTarget(send, name, { sagemaker: undefined, external: { system: 'kubernetes' } });
    await serveable(send, name);
    await toProduction(send, name, 1);
    await world.look(place);
    const newest = async () => (await get(`/v1/models/${name}/deployments`)).items[0];
    return {
      name,
      place,
      newest,
      target: `/v1/models/${name}/targets/Production`,
      report: async (state: string, id?: string) =>
        registry.request('PUT', `/v1/models/${name}/deployments/${id ?? (await newest()).id}/status`, {
          body: { state },
        }),
      asked: async () => (await told(name)).filter((type: string) => type === 'deployment.removing').length,
    };
  };

  test('they are asked to take down when its target is deleted, which goes when they have', async () => {
    const { name, place, target, report, asked } = await elsewhere();
    await report('in_service');
    await send('DELETE', target);
    expect(await world.look(place)).toBe('waiting');
    expect(await world.look(place)).toBe('waiting');
    expect([await states(name), await asked()]).toEqual([['1 removing'], 1]);
    expect((await get(target)).removing).toBe(true);
    expect((await report('deleted')).status).toBe(200);
    await world.look(place);
    expect((await registry.request('GET', target)).status).toBe(404);
    expect(await states(name)).toEqual(['1 deleted']);
  });

  test('they report so of a model that was archived meanwhile, too', async () => {
    const { name, place, target, report } = await elsewhere();
    await report('in_service');
    await send('DELETE', target);
    await world.look(place);
    await send('POST', `/v1/models/${name}/archive`, {});
    expect((await report('deleted')).status).toBe(200);
    await world.look(place);
    expect((await registry.request('GET', target)).status).toBe(404);
    expect(await states(name)).toEqual(['1 deleted']);
  });

  test.each(['requested', 'creating', 'baking'])('so are those who have begun (%s)', async (state) => {
    const { name, place, target, report, asked } = await elsewhere();
    if (state !== 'requested') await report(state);
    await send('DELETE', target);
    await world.look(place);
    expect([await states(name), await asked()]).toEqual([['1 removing'], 1]);
    expect((await report('creating')).body.code).toBe('deployment_over');
    // Who brought it up all the same is asked once more.
    await report('in_service');
    await world.look(place);
    expect([await states(name), await asked()]).toEqual([['1 removing'], 2]);
    await report('deleted');
    await world.look(place);
    expect((await registry.request('GET', target)).status).toBe(404);
  });

  test('what is under way makes way for what serves, and they are asked once', async () => {
    const { name, place, target, report, newest, asked } = await elsewhere();
    await report('in_service');
    const { id } = await newest();
    await serveable(send, name);
    await toProduction(send, name, 2);
    await world.look(place);
    await send('DELETE', target);
    await world.look(place);
    expect([await states(name), await asked()]).toEqual([['1 removing', '2 superseded'], 1]);
    await report('deleted', id);
    await world.look(place);
    expect((await registry.request('GET', target)).status).toBe(404);
  });

  test('a target that is set again while they take down asks for the version again', async () => {
    const { name, place, target, report } = await elsewhere();
    await report('in_service');
    await send('DELETE', target);
    await world.look(place);
    await send('PUT', target, { external: { system: 'kubernetes' } });
    await world.look(place);
    expect(await states(name)).toEqual(['1 superseded', '1 requested']);
  });

  test('when the model is deleted they are told, and nothing waits for a report that nobody can send', async () => {
    const { name, place, report } = await elsewhere();
    await report('in_service');
    await send('DELETE', `/v1/models/${name}`);
    expect(await world.look(place)).toBe('waiting');
    const { workspace, modelId } = place;
    const { items } = await registry.ports.store.query<'event'>(
      { kind: 'event', workspace, modelId },
      { limit: 100, order: 'ascending' },
    );
    expect(items.map(({ type }) => type).slice(-2)).toEqual(['deployment.removing', 'deployment.deleted']);
    expect(
      await registry.ports.store.get<'target'>({ kind: 'target', ...place }, { consistent: true }),
    ).toBeUndefined();
  });
});

test('a model that is deleted takes its endpoint with it, whose name is free again', async () => {
  const name = `m${++count}`;
  const place = await withTarget(send, name);
  await serveable(send, name);
  await toProduction(send, name, 1);
  await world.quiesce(place);
  await send('DELETE', `/v1/models/${name}`);
  await world.quiesce(place);
  expect(world.host.endpoints.size + world.host.configs.size).toBe(0);
  await withTarget(send, `${name}-again`, { sagemaker: sagemaker({ name }) });
});

test('a deployment that somebody made by themselves is recorded with what the gate says against it', async () => {
  const name = `m${++count}`;
  await send('POST', '/v1/models', { name });
  await serveable(send, name, false);
  const { body } = await send('POST', `/v1/models/${name}/deployments`, { version: 1, system: 'edge' });
  expect(body).toMatchObject({
    state: 'in_service',
    cause: 'recorded',
    objections: ['not_approved: its approval is PendingApproval'],
  });
  await send('PUT', `/v1/models/${name}/deployments/${body.id}/status`, { state: 'deleted' });
  expect(await states(name)).toEqual(['1 deleted']);
});

test('an extra variant takes its version from another stage, and follows it', async () => {
  const shadow = {
    name: 'shadow',
    stage: 'Staging',
    traffic: 'shadow',
    weight: 1,
    capacity: { instanceType: 'ml.m5.large', instanceCount: 1 },
  };
  const name = `m${++count}`;
  const place = await withTarget(send, name, { sagemaker: sagemaker({ name, variants: [shadow] }) });
  for (const version of [1, 2]) {
    await serveable(send, name);
    await send('POST', `/v1/models/${name}/versions/${version}/transition`, { stage: 'Staging' });
  }
  await send('POST', `/v1/models/${name}/versions/1/transition`, { stage: 'Production' });
  await world.quiesce(place);
  const { variants } = [...world.host.configs.values()].at(-1) ?? { variants: [] };
  expect(variants.map(({ name, traffic }) => [name, traffic])).toEqual([
    ['primary', 'weighted'],
    ['shadow', 'shadow'],
  ]);
  await serveable(send, name);
  await send('POST', `/v1/models/${name}/versions/3/transition`, { stage: 'Staging' });
  await world.quiesce(place);
  expect((await get(`/v1/models/${name}/deployments`)).items[0]).toMatchObject({
    cause: 'variant',
    version: 1,
    variants: [{ name: 'shadow', version: 3 }],
  });
});
