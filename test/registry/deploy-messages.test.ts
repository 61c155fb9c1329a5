import { handleDeployMessage } from '../../core/use-cases';
import { type Deploying, deploying, serveable, toProduction, withTarget } from '../support/deployments';
import { derivedEvents, type PublishedEvent, publishedEvent } from '../support/published';
import { startRegistry, type TestRegistry } from '../support/registry';
import { type Send, sender } from '../support/trials';

let registry: TestRegistry;
let send: Send;
let world: Deploying;
beforeAll(async () => {
  registry = await startRegistry();
  send = sender(registry);
  world = deploying(registry);
});
afterAll(() => registry.close());

const put: object[] = [];
const handle = () => {
  const queue = {
    put: async (places: readonly object[]) => {
      put.push(...places);
    },
  };
  return handleDeployMessage({ ...world.ports, queue });
};
const status = async (model: string) => (await send('GET', `/v1/models/${model}/deployments`)).body.items[0]?.state;

/** Events as EventBridge delivers them, in the form that SageMaker documents. */
const ofEndpoint = (EndpointName: string, EndpointStatus: string, more: object = {}) => ({
  source: 'aws.sagemaker',
  id: '0bd4a141-0a02-9d8a-f977-3924c3fb259c',
  detail: {
    EndpointName,
    EndpointArn: `arn:aws:sagemaker:us-west-2:111122223333:endpoint/${EndpointName}`,
    EndpointStatus,
    ...more,
  },
});
const ofModel = (modelId: string, type = 'version.stage_changed') => ({
  source: 'signet',
  id: '7b4f8b7f-d655-4479-985e-4e2e1c0e2dd4',
  detail: { type, workspace: 'default', modelId },
});
const TICK = { source: 'aws.events', id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa', detail: {} };

test("a change of the model begins a deployment, SageMaker's events carry it on, doubled and for strangers too", async () => {
  const { modelId } = await withTarget(send, 'm');
  await serveable(send, 'm');
  await toProduction(send, 'm', 1);
  await handle()(ofModel(modelId));
  expect(await status('m')).toBe('creating');
  await handle()(ofEndpoint('signet-m', 'CREATING'));
  world.host.tick();
  for (const name of ['signet-nobody', 'signet-m', 'signet-m']) await handle()(ofEndpoint(name, 'IN_SERVICE'));
  expect(await status('m')).toBe('in_service');
  await handle()(ofEndpoint('signet-m', 'DELETED'));
  await handle()({ source: 'aws.sagemaker', id: 'x', detail: {} });
  expect(await status('m')).toBe('in_service');
});

// Before there are many targets: a tick looks at each.
test('where every event was lost, the tick finds what is to be done', async () => {
  await withTarget(send, 'n');
  await serveable(send, 'n');
  await toProduction(send, 'n', 1);
  await handle()(TICK);
  world.host.tick();
  await handle()(TICK);
  expect(await status('n')).toBe('in_service');
});

describe('events of SageMaker', () => {
  const events = new Map([
    ...derivedEvents('endpoints'),
    ...(['documented-state', 'documented-deployment-baking', 'documented-deployment-capacity'] as const).map(
      (name) => [name, publishedEvent('endpoints', name)] as const,
    ),
  ]);
  /** Each status as SageMaker describes it when it is asked, whether traffic bakes, and what a first deployment comes to. */
  const told = [
    ['CREATING', 'Creating', 'creating'],
    ['SYSTEM_UPDATING', 'SystemUpdating', 'creating'],
    ['DELETING', 'Deleting', 'creating'],
    ['IN_SERVICE', 'InService', 'in_service'],
    ['documented-state', 'InService', 'in_service'],
    ['FAILED', 'Failed', 'failed'],
    ['OUT_OF_SERVICE', 'OutOfService', 'failed'],
    ['UPDATE_ROLLBACK_FAILED', 'UpdateRollbackFailed', 'failed'],
  ] as const;
  /** The same of an update, whether its traffic bakes. */
  const updating = [
    ['UPDATING', 'Updating', 'creating'],
    ['UPDATING, its variant Creating', 'Updating', 'creating'],
    ['UPDATING, its variant ActivatingTraffic', 'Updating', 'creating'],
    ['UPDATING, its variant Updating', 'Updating', 'creating'],
    ['UPDATING, its variant Deleting', 'Updating', 'creating'],
    ['documented-deployment-capacity', 'Updating', 'creating'],
    ['UPDATING, its variant Baking', 'Updating', 'baking'],
    ['documented-deployment-baking', 'Updating', 'baking'],
    ['ROLLING_BACK', 'RollingBack', 'creating'],
  ] as const;
  let count = 0;
  beforeEach(() => {
    world = deploying(registry);
  });

  test('there is one of every status', () => {
    const tried = [...told, ...updating].map(([name]) => name as string);
    expect([...events.keys()].sort()).toEqual(tried.sort());
  });

  /** Delivers an event about an endpoint of ours, twice, when SageMaker describes it in a status. */
  async function deliver(model: string, name: string, status: (typeof told | typeof updating)[number][1]) {
    const endpoint = `signet-${model}`;
    const found = world.host.endpoints.get(endpoint);
    if (!found) throw new Error(`${endpoint} is not there`);
    found.status = status;
    found.baking = /[Bb]aking/.test(name);
    const { source, id, detail } = events.get(name) as PublishedEvent;
    for (const each of [id, id]) await handle()({ source, id: each, detail: { ...detail, EndpointName: endpoint } });
  }

  test.each(told)('%s, doubled, about a first deployment', async (name, described, expected) => {
    const model = `e${++count}`;
    const { modelId } = await withTarget(send, model);
    await serveable(send, model);
    await toProduction(send, model, 1);
    await handle()(ofModel(modelId));
    await deliver(model, name, described);
    expect(await status(model)).toBe(expected);
    expect(world.host.violations).toEqual([]);
  });

  test.each(updating)('%s, doubled, about an update', async (name, described, expected) => {
    const model = `e${++count}`;
    const place = await withTarget(send, model);
    await serveable(send, model);
    await toProduction(send, model, 1);
    await world.quiesce(place);
    await serveable(send, model);
    await toProduction(send, model, 2);
    await handle()(ofModel(place.modelId));
    await deliver(model, name, described);
    expect(await status(model)).toBe(expected);
    expect(world.host.violations).toEqual([]);
  });
});

test('a target that somebody else is busy with is looked at again', async () => {
  const place = await withTarget(send, 'o');
  await serveable(send, 'o');
  await toProduction(send, 'o', 1);
  const until = new Date(Date.now() + 60_000).toISOString();
  const key = { kind: 'turn', ...place } as const;
  await registry.ports.store.commit({ heads: [], writes: [{ put: key, value: { sequence: 1, until } }], absent: [] });
  await handle()(place);
  expect(put).toEqual([place]);
  expect(await status('o')).toBe('requested');
});
