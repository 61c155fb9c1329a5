import type { Version } from '../../core/domain/version';
import type { TargetPlace } from '../../core/ports';
import { handleDeployMessage } from '../../core/use-cases';
import { deploying, serveable, toProduction, withTarget } from '../support/deployments';
import { memoryRegistry } from '../support/memory-registry';
import { sagemaker } from '../support/targets';
import { sender } from '../support/trials';

const HOUR = 3_600_000;
let count = 0;
const { registry, now, forward } = memoryRegistry();
const { ports } = registry;
const send = sender(registry);
const world = deploying(registry);
const body = async (path: string) => (await registry.request('GET', path)).body;

interface Served {
  readonly name: string;
  readonly place: TargetPlace;
  readonly endpoint: string;
  target(): Promise<{ refused?: object; tolerated?: { version: number; objections: string[] } }>;
  told(): Promise<string[]>;
  version(): number | undefined;
}

/** A model whose target says something, without any version. */
async function withModel(said: object = {}): Promise<Served> {
  const name = `g${++count}`;
  const place = await withTarget(send, name, said);
  const endpoint = `signet-${name}`;
  return {
    name,
    place,
    endpoint,
    target: () => body(`/v1/models/${name}/targets/Production`),
    told: async () =>
      (await body(`/v1/models/${name}/events?limit=100`)).items.map(({ type }: { type: string }) => type),
    version: () => world.host.versionOf(endpoint),
  };
}

/** A model with a version in service. */
async function serving(said: object = {}): Promise<Served> {
  const served = await withModel(said);
  await next(served);
  return served;
}

async function next({ name, place }: Served): Promise<number> {
  const version = await serveable(send, name);
  await toProduction(send, name, version);
  await world.quiesce(place);
  return version;
}

const guardProduction = ({ name }: Served, guard: object) =>
  send('PUT', `/v1/models/${name}/policy`, { guards: [{ target: { stage: 'Production' }, ...guard }] });

/** Brings a version to Production by a request that rita approves. */
async function byRequest({ name }: Served, version: number): Promise<void> {
  const requests = `/v1/models/${name}/requests`;
  await send('POST', `/v1/models/${name}/versions/${version}/transition`, { stage: 'Staging' });
  const { body: request } = await send('POST', requests, {
    version,
    target: { stage: 'Production' },
    reason: 'better',
  });
  const vote = await registry.request('POST', `${requests}/${request.id}/vote`, {
    as: 'rita',
    body: { vote: 'approve' },
  });
  expect(vote.status).toBe(200);
  await send('POST', `${requests}/${request.id}/commit`, {});
}

test('a version that a request let in is deployed, and stays deployed when its metadata is edited', async () => {
  const model = await withModel();
  await guardProduction(model, { approvals: { count: 1 } });
  await byRequest(model, await serveable(send, model.name));
  await world.quiesce(model.place);
  expect(model.version()).toBe(1);
  await send('PATCH', `/v1/models/${model.name}/versions/1`, { description: 'another one' });
  expect(await world.look(model.place)).toBe('settled');
  expect(await model.target()).not.toHaveProperty('tolerated');
});

test('a policy that is tightened later keeps out what is deployed anew, and what serves goes on with a notice', async () => {
  const model = await serving();
  await guardProduction(model, { conditions: [{ metric: 'auc', op: '>=', value: 0.9 }] });
  const before = [...world.host.changes];
  await world.quiesce(model.place);
  await world.quiesce(model.place);
  expect(model.version()).toBe(1);
  expect(world.host.changes).toEqual(before);
  expect((await model.target()).tolerated).toEqual({
    version: 1,
    objections: ['policy_unsatisfied: auc >= 0.9: the version has no metric auc'],
  });
  expect((await model.told()).filter((type) => type === 'deployment.tolerated')).toHaveLength(1);
  // Redeploying it would be a new deployment: it goes on as it is, and another one starts under the policy alone.
  await send('PATCH', `/v1/models/${model.name}/versions/1`, { metrics: { auc: 0.95 } });
  await world.quiesce(model.place);
  expect(await model.target()).not.toHaveProperty('tolerated');
});

test('what is tolerated is not deployed anew: neither when somebody asks for it, nor after a change by hand', async () => {
  const model = await serving();
  await guardProduction(model, { conditions: [{ metric: 'auc', op: '>=', value: 0.9 }] });
  const target = `/v1/models/${model.name}/targets/Production`;
  const objection = 'policy_unsatisfied: auc >= 0.9: the version has no metric auc';
  // Also before anybody has looked: it is judged as it is now.
  const refused = await registry.request('POST', `${target}/redeploy`);
  expect([refused.status, refused.body.code]).toEqual([409, 'nothing_to_deploy']);
  expect(refused.body.errors).toEqual([{ field: 'path.stage', value: 1, rule: objection }]);
  await world.quiesce(model.place);
  world.host.meddle(model.endpoint, 'delete');
  await world.quiesce(model.place);
  const { items } = await body(`/v1/models/${model.name}/deployments`);
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ state: 'deleted', reason: 'the endpoint is gone' });
  expect(await body(target)).toMatchObject({ refused: { version: 1, objections: [objection] } });
});

test('who is in the stage and not deployed yet is kept out by a policy of today', async () => {
  const model = await withModel();
  await toProduction(send, model.name, await serveable(send, model.name));
  await guardProduction(model, { approvals: { count: 1 } });
  await world.quiesce(model.place);
  expect(model.version()).toBeUndefined();
  expect((await model.target()).refused).toEqual({
    version: 1,
    objections: ['policy_unsatisfied: 0 of 1 approval, not by the author'],
  });
  await guardProduction(model, { required: { documentation: true } });
  await send('PATCH', `/v1/models/${model.name}`, { description: 'churn' });
  await send('PATCH', `/v1/models/${model.name}/versions/1`, { description: 'churn' });
  await world.quiesce(model.place);
  expect(model.version()).toBe(1);
});

test('who passed over the policy is deployed all the same', async () => {
  const model = await withModel();
  await guardProduction(model, { approvals: { count: 1 } });
  const version = `/v1/models/${model.name}/versions/${await serveable(send, model.name)}`;
  await send('POST', `${version}/transition`, { stage: 'Staging' });
  await send('POST', `${version}/transition`, { stage: 'Production', bypass: true, reason: 'the old one is down' });
  await world.quiesce(model.place);
  expect(model.version()).toBe(1);
});

test('whoever passed over one policy has not passed over another that is written later', async () => {
  const model = await withModel();
  const first = { approvals: { count: 1 } };
  await guardProduction(model, first);
  const version = `/v1/models/${model.name}/versions/${await serveable(send, model.name)}`;
  await send('POST', `${version}/transition`, { stage: 'Staging' });
  await send('POST', `${version}/transition`, { stage: 'Production', bypass: true, reason: 'the old one is down' });
  await guardProduction(model, { ...first, required: { tags: ['owner'] } });
  await world.quiesce(model.place);
  expect(model.version()).toBeUndefined();
  expect((await model.target()).refused).toEqual({
    version: 1,
    objections: ['policy_unsatisfied: 0 of 1 approval, not by the author', 'policy_unsatisfied: tag owner is missing'],
  });
  // Guards of other targets, and the same guard written again, are no other policy.
  await send('PUT', `/v1/models/${model.name}/policy`, {
    guards: [
      { target: { alias: 'champion' }, ...first },
      { target: { stage: 'Production' }, ...first },
    ],
  });
  await world.quiesce(model.place);
  expect(model.version()).toBe(1);
});

test('whoever passed over the rule of a stage alone has passed over no policy', async () => {
  const model = await withModel({ requiresApproval: false });
  const version = `/v1/models/${model.name}/versions/${await serveable(send, model.name, false)}`;
  await send('POST', `${version}/transition`, { stage: 'Staging' });
  await send('POST', `${version}/transition`, { stage: 'Production', bypass: true, reason: 'the old one is down' });
  await send('POST', `${version}/approval`, { status: 'Approved' });
  await guardProduction(model, { required: { tags: ['owner'] } });
  await world.quiesce(model.place);
  expect(model.version()).toBeUndefined();
  expect(await model.target()).toMatchObject({
    refused: { version: 1, objections: ['policy_unsatisfied: tag owner is missing'] },
  });
});

test('a rollback passes over the policy of today, also within the stage, and that is told', async () => {
  const model = await serving();
  await next(model);
  await guardProduction(model, { approvals: { count: 1 } });
  await world.quiesce(model.place);
  await send('POST', `/v1/models/${model.name}/targets/Production/rollback`, { reason: 'wrong prices' });
  await world.quiesce(model.place);
  expect(model.version()).toBe(1);
  expect(await model.target()).not.toHaveProperty('tolerated');
  const { items } = await body(`/v1/models/${model.name}/events?limit=100`);
  expect(
    items.some(({ bypassed, version }: { bypassed?: boolean; version?: number }) => bypassed && version === 1),
  ).toBe(true);
});

describe.each(['keep', 'replace'] as const)('an approval that expires while its version serves (%s)', (whenExpired) => {
  const start = async () => {
    const model = await serving({ whenExpired });
    const version = await serveable(send, model.name, false);
    const expiresAt = new Date(now().getTime() + HOUR).toISOString();
    await send('POST', `/v1/models/${model.name}/versions/${version}/approval`, { status: 'Approved', expiresAt });
    await toProduction(send, model.name, version);
    await world.quiesce(model.place);
    expect(model.version()).toBe(2);
    forward(2 * HOUR);
    return { model, expiresAt };
  };

  test('is noticed without any event, and the target says what follows', async () => {
    const { model, expiresAt } = await start();
    await world.quiesce(model.place);
    const objections = [`approval_expired: its approval expired at ${expiresAt}`];
    const target = await model.target();
    if (whenExpired === 'keep') {
      expect(model.version()).toBe(2);
      expect(target).toMatchObject({ tolerated: { version: 2, objections } });
      expect(await model.told()).toContain('deployment.tolerated');
    } else {
      expect(model.version()).toBe(1);
      expect(target).toMatchObject({ refused: { version: 2, objections } });
      expect(await model.told()).toContain('deployment.refused');
    }
  });

  test('and is renewed: the notice goes, and what was replaced comes back', async () => {
    const { model } = await start();
    await world.quiesce(model.place);
    await send('POST', `/v1/models/${model.name}/versions/2/approval`, { status: 'Approved' });
    await world.quiesce(model.place);
    expect(model.version()).toBe(2);
    const target = await model.target();
    expect([target.refused, target.tolerated]).toEqual([undefined, undefined]);
  });
});

test('a policy gives its own time, whatever the version was approved for before, and a new approval renews it', async () => {
  const model = await serving();
  await guardProduction(model, { approvals: { count: 1 }, expiresAfterHours: 24 });
  const version = await serveable(send, model.name);
  forward(1_000);
  await byRequest(model, version);
  await world.quiesce(model.place);
  expect(model.version()).toBe(version);
  forward(25 * HOUR);
  await world.quiesce(model.place);
  const { tolerated } = await model.target();
  expect(tolerated?.objections).toEqual([expect.stringMatching(/^approval_expired: /)]);
  forward(1_000);
  const approval = `/v1/models/${model.name}/versions/${version}/approval`;
  await send('POST', approval, { status: 'Approved' });
  await world.quiesce(model.place);
  expect(await model.target()).not.toHaveProperty('tolerated');
  const again = await registry.request('POST', approval, { body: { status: 'Approved' } });
  expect([again.status, again.body.code]).toEqual([400, 'invalid_input']);
});

test('a version whose approval is over is not deployed anew, whatever its target says of those that serve', async () => {
  const model = await serving();
  const version = await serveable(send, model.name, false);
  const expiresAt = new Date(now().getTime() + HOUR).toISOString();
  await send('POST', `/v1/models/${model.name}/versions/${version}/approval`, { status: 'Approved', expiresAt });
  await toProduction(send, model.name, version);
  forward(2 * HOUR);
  await world.quiesce(model.place);
  expect(model.version()).toBe(1);
});

test('a rejection after approval ends the service, also of what a request let in', async () => {
  const model = await serving();
  await guardProduction(model, { approvals: { count: 1 } });
  await byRequest(model, await serveable(send, model.name));
  await world.quiesce(model.place);
  expect(model.version()).toBe(2);
  // The one before came in without the policy of today: what falls back is judged by it too, and nothing else is left.
  const reject = { status: 'Rejected', reason: 'leaks' };
  await send('POST', `/v1/models/${model.name}/versions/2/approval`, reject);
  await world.quiesce(model.place);
  expect((await model.target()).refused).toEqual({
    version: 2,
    objections: ['not_approved: its approval is Rejected'],
  });
  expect(model.version()).toBe(2);
  await send('PUT', `/v1/models/${model.name}/policy`, { guards: [] });
  await world.quiesce(model.place);
  expect(model.version()).toBe(1);
});

test('files that are others than those approved are never deployed', async () => {
  const model = await serving();
  const version = await serveable(send, model.name);
  const key = { kind: 'version', ...model.place, number: version } as const;
  const stored = (await ports.store.get<'version'>(key, { consistent: true })) as Version;
  const artifacts = { ...stored.artifacts, digest: 'a'.repeat(64) } as NonNullable<Version['artifacts']>;
  await ports.store.commit({ heads: [], writes: [{ put: key, value: { ...stored, artifacts } }], absent: [] });
  await toProduction(send, model.name, version);
  await world.quiesce(model.place);
  expect(model.version()).toBe(1);
  expect(await model.target()).toMatchObject({
    refused: { version, objections: ['other_files: other files were approved than it has'] },
  });
});

test('containers that are edited after approval are not deployed, until they are approved', async () => {
  const model = await withModel();
  const version = await serveable(send, model.name);
  await toProduction(send, model.name, version);
  const path = `/v1/models/${model.name}/versions/${version}`;
  const containers = [{ image: 'example.com/evil:1', modelData: 'model.tar.gz' }];
  await send('PATCH', path, { containers });
  await world.quiesce(model.place);
  expect(model.version()).toBeUndefined();
  expect((await model.target()).refused).toEqual({
    version,
    objections: ['other_containers: other containers were approved than it has'],
  });
  await send('POST', `${path}/approval`, { status: 'Approved' });
  await world.quiesce(model.place);
  expect(model.version()).toBe(version);
  await send('PATCH', path, { containers: [{ image: 'example.com/other:1', modelData: 'model.tar.gz' }] });
  await world.quiesce(model.place);
  expect(model.version()).toBe(version);
  expect(await model.target()).toHaveProperty('tolerated');
});

test('containers that are edited while files are packed do not slip in', async () => {
  const model = await withModel({ requiresApproval: false });
  const version = await serveable(send, model.name);
  await toProduction(send, model.name, version);
  await send('POST', `/v1/models/${model.name}/targets/Production/redeploy`);
  const { items } = await body(`/v1/models/${model.name}/deployments`);
  expect(items[0]).toMatchObject({ state: 'requested' });
  await send('PATCH', `/v1/models/${model.name}/versions/${version}`, {
    containers: [{ image: 'example.com/evil:1', modelData: 'model.tar.gz' }],
  });
  await world.quiesce(model.place);
  // The stage asks for approved versions: nothing of the deployment that was requested before comes up.
  expect(model.version()).toBeUndefined();
  const after = (await body(`/v1/models/${model.name}/deployments`)).items;
  expect(after.map(({ state }: { state: string }) => state)).toEqual(['superseded']);
});

test('a change of the policy of a model leads to its targets', async () => {
  const model = await serving();
  await guardProduction(model, { approvals: { count: 1 } });
  const { workspace, modelId } = model.place;
  await handleDeployMessage(world.ports)({ source: 'signet', id: 'change', detail: { workspace, modelId } });
  expect(await model.target()).toHaveProperty('tolerated');
});

describe('what runs beside a version that goes on although the gate objects to it', () => {
  const capacity = { instanceType: 'ml.m5.large', instanceCount: 1 };
  const shadow = { name: 'shadow', stage: 'Staging', traffic: 'shadow', weight: 1, capacity };

  /** Version 1 in Production and tolerated, version 2 beside it from Staging. */
  async function beside(
    tolerated: (model: Served) => Promise<unknown>,
  ): Promise<Served & { running(): Promise<object> }> {
    const name = `g${count + 1}`;
    const model = await withModel({ sagemaker: sagemaker({ name, variants: [shadow] }) });
    await next(model);
    await stage(model);
    expect(await running(model)).toMatchObject({ shadow: 2 });
    await tolerated(model);
    await world.quiesce(model.place);
    expect(await model.target()).toHaveProperty('tolerated');
    return { ...model, running: () => running(model) };
  }

  /** Another version enters Staging, with an image of its own if one is given. */
  async function stage({ name, place }: Served, image?: string): Promise<number> {
    const version = await serveable(send, name);
    const path = `/v1/models/${name}/versions/${version}`;
    if (image !== undefined) await send('PATCH', path, { containers: [{ image, modelData: 'model.tar.gz' }] });
    await send('POST', `${path}/transition`, { stage: 'Staging' });
    await world.quiesce(place);
    return version;
  }

  /** The model and the image of the stage's own variant, and which version runs beside it. */
  async function running({ name, endpoint }: Served): Promise<{ model: string; image: string; shadow: number }> {
    const { config = '' } = world.host.endpoints.get(endpoint) ?? {};
    const { serving } = await body(`/v1/models/${name}/targets/Production`);
    const { variants } = await body(`/v1/models/${name}/deployments/${serving}`);
    const { model = '' } = world.host.configs.get(config)?.variants[0] ?? {};
    return { model, image: world.host.images.get(model) ?? '', shadow: variants[0]?.version };
  }

  const tightened = (model: Served) =>
    guardProduction(model, { conditions: [{ metric: 'auc', op: '>=', value: 0.9 }] });

  test('follows its own stage, while the version itself goes on with the very model that it has', async () => {
    const model = await beside(tightened);
    const before = await model.running();
    expect(await stage(model)).toBe(3);
    expect(await model.running()).toEqual({ ...before, shadow: 3 });
    expect(await model.target()).toMatchObject({ tolerated: { version: 1 } });
    await send('POST', `/v1/models/${model.name}/versions/3/lock`, { reason: 'court order' });
    await world.quiesce(model.place);
    expect(await model.running()).toEqual({ ...before, shadow: 2 });
    expect(world.host.violations).toEqual([]);
  });

  test('brings no containers into service that were edited after they were approved', async () => {
    const model = await beside(({ name }) =>
      send('PATCH', `/v1/models/${name}/versions/1`, { containers: [{ image: 'evil:1', modelData: 'model.tar.gz' }] }),
    );
    const before = await model.running();
    expect(before).not.toMatchObject({ image: 'evil:1' });
    await stage(model);
    expect(await model.running()).toEqual({ ...before, shadow: 3 });
  });

  test('does not run what failed there, is not tried again for it, and takes the next one', async () => {
    const model = await beside(tightened);
    const before = await model.running();
    world.host.poisoned.add('bad:1');
    await stage(model, 'bad:1');
    expect(await model.running()).toEqual({ ...before, shadow: 2 });
    const tried = async () => (await body(`/v1/models/${model.name}/deployments`)).items.length;
    const times = await tried();
    await world.quiesce(model.place);
    expect(await tried()).toBe(times);
    expect(await stage(model)).toBe(4);
    expect(await model.running()).toEqual({ ...before, shadow: 4 });
    expect(model.version()).toBe(1);
  });

  test('leaves nothing behind at the host, and neither does the version when both go', async () => {
    const model = await beside(tightened);
    world.host.poisoned.add('bad:2');
    await stage(model, 'bad:2');
    await stage(model);
    const { models, configs, violations } = world.host;
    const own = (name: string) => name.startsWith(`${model.endpoint}-`);
    expect([[...models].filter(own).length, [...configs.keys()].filter(own).length]).toEqual([2, 1]);
    await send('DELETE', `/v1/models/${model.name}/targets/Production`);
    await world.quiesce(model.place);
    await world.quiesce(model.place);
    expect([[...models].filter(own), [...configs.keys()].filter(own), violations]).toEqual([[], [], []]);
  });
});
