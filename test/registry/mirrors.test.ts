import { handleMirrorMessage, handlePackageMessage, type MirrorPorts, type PackageGroup } from '../../core/use-cases';
import type { TestArchives } from '../support/deployments';
import { ALL_EXAMPLES } from '../support/examples';
import { type Fault, faultsOf, injectIntoTable, under } from '../support/faults';
import { PackagesModel, REGION, role } from '../support/packages';
import { startRegistry, type TestRegistry } from '../support/registry';
import { type Send, sender } from '../support/trials';

const TOM = role('Trainer');
const REGISTRY = 'arn:aws:events:us-east-1:123456789012:event-bus/signet';
const ADMINISTRATORS = [{ kind: 'group', name: 'signet-admins' } as const];

let registry: TestRegistry;
let send: Send;
let now: Date | undefined;
let serial = 0;
beforeAll(async () => {
  registry = await startRegistry((real) => ({ ...real, clock: () => now ?? new Date() }));
  injectIntoTable(registry);
  send = sender(registry);
});
afterAll(() => registry.close());
afterEach(() => {
  now = undefined;
});

/** A model whose approved versions become packages of a group. */
async function world(more: Partial<Pick<MirrorPorts, 'sources' | 'groups'>> = {}) {
  const model = `model-${++serial}`;
  const { body } = await send('POST', '/v1/models', { name: model });
  const groups: PackageGroup[] = [{ group: `${REGION}:model-package-group/${model}`, workspace: 'default', model }];
  const sagemaker = new PackagesModel();
  const archives: TestArchives = { made: [], packs: false };
  const base = { ...registry.ports, pause: async () => {}, packages: sagemaker, registry: REGISTRY };
  const mirrored = handleMirrorMessage({
    ...base,
    archives: {
      exists: async (key) => archives.made.includes(key),
      url: (key) => `s3://artifacts/_deploy/${key}`,
      make: async ({ key }) => {
        archives.made.push(key);
      },
    },
    groups,
    sources: [],
    ...more,
  });
  const detail = (version: number) => ({ workspace: 'default', modelId: body.id, version });
  const path = `/v1/models/${model}/versions`;
  return {
    model,
    sagemaker,
    archives,
    groups,
    base,
    tell: (version = 1) => mirrored({ source: 'signet', id: 'event', detail: detail(version) }),
    tellOfModel: () =>
      mirrored({ source: 'signet', id: 'gone', detail: { workspace: 'default', modelId: body.id, model } }),
    tick: () => mirrored({ source: 'aws.events', id: 'tick', detail: {} }),
    takeIn: handlePackageMessage({ ...base, groups, access: { administrators: ADMINISTRATORS } }),
    register: async (body: object = {}) =>
      (
        await send('POST', path, {
          final: true,
          description: 'With night noise.\nSee the card.',
          containers: [{ image: 'server:1', modelData: 'model.tar.gz' }],
          references: [{ path: 'model.tar.gz', uri: `s3://models/${model}/model.tar.gz` }],
          ...body,
        })
      ).body.version,
    review: (status: string, more: object = {}) =>
      send('POST', `${path}/1/approval`, { status, reason: `it is ${status}`, ...more }),
    version: async (number = 1) => (await send('GET', `${path}/${number}`)).body,
    remove: () => send('DELETE', `${path}/1`),
    modelId: body.id as string,
    last: async () => (await send('GET', `/v1/models/${model}`)).body.lastVersion,
    there: () =>
      [...sagemaker.packages.values()].map(({ ModelApprovalStatus, ApprovalDescription }) => [
        ModelApprovalStatus,
        ApprovalDescription,
      ]),
  };
}

test('an approved version becomes one package, and its approval is told, given, taken and given again', async () => {
  const { register, tell, review, there, sagemaker, version, model } = await world();
  await register();
  await tell();
  expect(there()).toEqual([]);
  await review('Approved');
  await tell();
  await tell();
  expect(there()).toEqual([['Approved', 'Approved by ada: it is Approved']]);
  const [[arn, made]] = [...sagemaker.packages] as [[string, NonNullable<ReturnType<typeof sagemaker.packages.get>>]];
  expect(made).toMatchObject({
    ModelPackageDescription: `${model} 1. With night noise. See the card.`,
    InferenceSpecification: { Containers: [{ Image: 'server:1', ModelDataUrl: `s3://models/${model}/model.tar.gz` }] },
    CustomerMetadataProperties: { 'signet:registry': REGISTRY },
  });
  const { modelPackage } = await version();
  expect(modelPackage).toMatchObject({ arn, origin: 'signet', status: 'Completed', approval: 'Approved' });
  await review('Rejected');
  await tell();
  expect(there()).toEqual([['Rejected', 'Rejected by ada: it is Rejected']]);
  expect((await version()).modelPackage.approval).toBe('Rejected');
  await review('PendingApproval');
  await tell();
  await review('Approved');
  await tell();
  expect(there()).toEqual([['Approved', 'Approved by ada: it is Approved']]);
});

test('a deleted version is approved no more', async () => {
  const { register, tell, review, there, remove } = await world();
  await register();
  await review('Approved');
  await tell();
  await remove();
  await tell();
  expect(there()).toEqual([['Rejected', 'The version was deleted.']]);
});

test('only containers that were approved become a package, and an approval of others is not shown on it', async () => {
  const { register, tell, review, there, version, model, sagemaker } = await world();
  const contain = (image: string) =>
    send('PATCH', `/v1/models/${model}/versions/1`, { containers: [{ image, modelData: 'model.tar.gz' }] });
  await register();
  await review('Approved');
  await contain('server:2');
  await tell();
  expect(there()).toEqual([]);
  expect((await version()).modelPackage.objection).toMatch(/^other_containers/);
  await review('Approved');
  await tell();
  expect([...sagemaker.packages.values()]).toMatchObject([
    { ModelApprovalStatus: 'Approved', InferenceSpecification: { Containers: [{ Image: 'server:2' }] } },
  ]);
  await contain('server:3');
  await tell();
  expect(there()).toMatchObject([['Approved', 'Approved by ada: it is Approved']]);
  await review('Rejected');
  await review('Approved');
  await tell();
  expect(there()).toEqual([['PendingManualApproval', 'Other containers were approved than this package has.']]);
  await contain('server:2');
  await review('Approved', { reason: 'as it was' });
  await tell();
  expect(there()).toEqual([['Approved', 'Approved by ada: as it was']]);
});

test('no package of a deleted model is approved any more', async () => {
  const { register, tell, tellOfModel, there, model, sagemaker } = await world();
  for (const version of [1, 2]) {
    await register();
    await send('POST', `/v1/models/${model}/versions/${version}/approval`, { status: 'Approved' });
    await tell(version);
  }
  await send('DELETE', `/v1/models/${model}`);
  await tellOfModel();
  await tellOfModel();
  expect(there()).toEqual(Array(2).fill(['Rejected', 'The version was deleted.']));
  expect(sagemaker.changes.filter((change) => change === 'update Rejected')).toHaveLength(2);
});

test('an approval that is over is told by the tick', async () => {
  const { register, tell, tick, review, there } = await world();
  await register();
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  await review('Approved', { expiresAt });
  await tell();
  await tick();
  expect(there()).toEqual([['Approved', `Approved by ada until ${expiresAt}: it is Approved`]]);
  now = new Date(Date.now() + 3_600_001);
  await tick();
  await tick();
  expect(there()).toEqual([['PendingManualApproval', `The approval expired at ${expiresAt} by ada: it is Approved`]]);
});

test('there is no echo: what Signet made is no version, and what came from a package is not made one', async () => {
  const { register, tell, review, there, takeIn, sagemaker, last, model } = await world();
  await register();
  await review('Approved');
  await tell();
  for (const event of sagemaker.events.splice(0)) await takeIn(event);
  expect(await last()).toBe(1);
  sagemaker.make(model, TOM);
  for (const event of sagemaker.events.splice(0)) await takeIn(event);
  expect(await last()).toBe(2);
  await send('POST', `/v1/models/${model}/versions/2/approval`, { status: 'Approved' });
  await tell(2);
  expect(there().map(([status]) => status)).toEqual(['Approved', 'PendingManualApproval']);
});

/** A version that came from a package, onto which the approvals that it gets are written. */
async function fromPackage() {
  const one = await world();
  const { base, groups, sagemaker, model, takeIn, modelId } = one;
  const sources = groups.map((group) => ({ ...group, writesApproval: true }));
  const archives = { exists: async () => true, url: (key: string) => key, make: async () => {} };
  const writeBack = handleMirrorMessage({ ...base, archives, groups: [], sources });
  const arn = sagemaker.make(model, TOM);
  const deliver = async () => {
    for (const event of sagemaker.events.splice(0)) await takeIn(event);
  };
  await deliver();
  return {
    ...one,
    arn,
    deliver,
    tell: () => writeBack({ source: 'signet', id: 'e', detail: { workspace: 'default', modelId, version: 1 } }),
    tellOfModel: () => writeBack({ source: 'signet', id: 'e', detail: { workspace: 'default', modelId } }),
    tick: () => writeBack({ source: 'aws.events', id: 'tick', detail: {} }),
  };
}

test('an approval that was written back is taken back when it is over here, without an echo', async () => {
  const { tell, tick, deliver, review, there, version, sagemaker, model } = await fromPackage();
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  await review('Approved', { expiresAt });
  await tell();
  await tick();
  await deliver();
  expect(there()).toEqual([['Approved', `Approved by ada until ${expiresAt}: it is Approved`]]);
  now = new Date(Date.now() + 3_600_001);
  await tick();
  await tick();
  expect(there()).toEqual([['PendingManualApproval', `The approval expired at ${expiresAt} by ada: it is Approved`]]);
  expect(sagemaker.changes).toEqual(['update Approved', 'update PendingManualApproval']);
  await deliver();
  expect(await version()).toMatchObject({ approval: { status: 'Approved', by: { id: 'ada' }, expiresAt } });
  expect((await version()).modelPackage.objection).toBeUndefined();
  const { body } = await send('GET', `/v1/models/${model}/events?limit=100`);
  const decided = body.items.filter(({ type }: { type: string }) => type === 'version.approval_changed');
  expect(decided).toHaveLength(1);
});

test('whatever call fails while an approval is written back, it ends here and there at the same time', async () => {
  const approved = async () => {
    const one = await fromPackage();
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    await one.review('Approved', { expiresAt });
    return one;
  };
  const recorded: string[] = [];
  const first = await approved();
  await under({ calls: recorded }, () => first.tell());
  const trials = recorded.flatMap((call, at) => faultsOf(call, at).map((fault: Fault) => ({ fault, at })));
  for (const { fault, at } of ALL_EXAMPLES ? trials : trials.filter((_, index) => index % 3 === 0)) {
    const { tell, tick, there } = await approved();
    await under({ fault, at, calls: [] }, () => tell()).catch(() => {});
    now = new Date(Date.now() + 3_600_001);
    await tick();
    // Once it is over, the message that failed comes again and must not bring it back.
    await tell();
    expect({ fault, at, status: there()[0]?.[0] }).toEqual({ fault, at, status: 'PendingManualApproval' });
    now = undefined;
  }
}, 60_000);

test('what was written back is taken back from a version that is deleted, and of a model that was renamed', async () => {
  const gone = await fromPackage();
  await gone.review('Approved');
  await gone.tell();
  await gone.remove();
  await gone.tell();
  expect(gone.there()).toEqual([['Rejected', 'The version was deleted.']]);
  const renamed = await fromPackage();
  await renamed.review('Approved');
  await renamed.tell();
  await send('POST', `/v1/models/${renamed.model}/rename`, { name: `${renamed.model}-new` });
  const approval = `/v1/models/${renamed.model}-new/versions/1/approval`;
  await send('POST', approval, { status: 'PendingApproval', reason: 'drifts' });
  await renamed.tell();
  expect(renamed.there()).toEqual([['PendingManualApproval', 'PendingApproval by ada: drifts']]);
});

test('a package keeps being looked after when its model is renamed, and its approval ends by the tick', async () => {
  const { register, tell, tick, review, there, model } = await world();
  await register();
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  await review('Approved', { expiresAt });
  await tell();
  await send('POST', `/v1/models/${model}/rename`, { name: `${model}-new` });
  now = new Date(Date.now() + 3_600_001);
  await tick();
  expect(there().map(([status]) => status)).toEqual(['PendingManualApproval']);
  await send('POST', `/v1/models/${model}-new/versions/1/approval`, { status: 'Rejected', reason: 'leaks' });
  await tell();
  expect(there()).toEqual([['Rejected', 'Rejected by ada: leaks']]);
});

test('a package of a group that the settings no longer name is left alone, for the rights are gone', async () => {
  const { register, tell, review, there, base, modelId } = await world();
  await register();
  await review('Approved');
  await tell();
  await review('Rejected');
  const kept = { exists: async () => true, url: (key: string) => key, make: async () => {} };
  const without = handleMirrorMessage({ ...base, archives: kept, groups: [], sources: [] });
  await without({ source: 'signet', id: 'e', detail: { workspace: 'default', modelId, version: 1 } });
  expect(there()).toEqual([['Approved', 'Approved by ada: it is Approved']]);
});

test('a package of somebody else is not taken for the one that is made, whatever it bears', async () => {
  const { register, tell, review, there, sagemaker, model, modelId, version } = await world();
  await register();
  const foreseeable = { 'signet:registry': REGISTRY, 'signet:version': `default/${modelId}/1` };
  const foreign = sagemaker.make(model, TOM, { CustomerMetadataProperties: foreseeable });
  await review('Approved');
  await tell();
  expect(there().map(([status]) => status)).toEqual(['PendingManualApproval', 'Approved']);
  expect((await version()).modelPackage.arn).not.toBe(foreign);
});

test('of a package that was made and never told, and a copy of it, the first one is ours', async () => {
  const calls: string[] = [];
  const first = await world();
  await first.register();
  await first.review('Approved');
  await under({ calls }, () => first.tell());
  const { register, tell, review, there, sagemaker, model, version } = await world();
  await register();
  await review('Approved');
  await under({ fault: 'crash', at: calls.indexOf('create'), calls: [] }, () => tell()).catch(() => {});
  const [[ours, made] = ['', {}]] = [...sagemaker.packages];
  const { CustomerMetadataProperties = {} } = made;
  sagemaker.make(model, TOM, { CustomerMetadataProperties: { ...CustomerMetadataProperties } });
  sagemaker.forgetTokens();
  await tell();
  expect((await version()).modelPackage.arn).toBe(ours);
  expect(there().map(([status]) => status)).toEqual(['Approved', 'PendingManualApproval']);
});

test('an approval of other containers does not go onto the package that the version came from', async () => {
  const { model, modelId, sagemaker, takeIn, groups, base, version } = await world();
  const sources = groups.map((group) => ({ ...group, writesApproval: true }));
  const archives = { exists: async () => true, url: (key: string) => key, make: async () => {} };
  const writeBack = handleMirrorMessage({ ...base, archives, groups: [], sources });
  sagemaker.make(model, TOM);
  for (const event of sagemaker.events.splice(0)) await takeIn(event);
  const { containers } = await version();
  const approve = async (containers: object[]) => {
    await send('PATCH', `/v1/models/${model}/versions/1`, { containers });
    await send('POST', `/v1/models/${model}/versions/1/approval`, { status: 'Approved' });
    await writeBack({ source: 'signet', id: 'e', detail: { workspace: 'default', modelId, version: 1 } });
  };
  await approve([{ ...containers[0], image: 'another:1' }]);
  expect(sagemaker.changes).toEqual([]);
  await approve(containers);
  expect(sagemaker.changes).toEqual(['update Approved']);
});

test('where it is asked for, an approval goes back onto the package that the version came from, and does not come back', async () => {
  const { model, sagemaker, takeIn, groups, base, version } = await world();
  const sources = groups.map((group) => ({ ...group, writesApproval: true }));
  const archives = { exists: async () => true, url: (key: string) => key, make: async () => {} };
  const writeBack = handleMirrorMessage({ ...base, archives, groups: [], sources });
  const arn = sagemaker.make(model, TOM);
  for (const event of sagemaker.events.splice(0)) await takeIn(event);
  await send('POST', `/v1/models/${model}/versions/1/approval`, { status: 'Approved' });
  const { body } = await send('GET', `/v1/models/${model}`);
  const message = { source: 'signet', id: 'e', detail: { workspace: 'default', modelId: body.id, version: 1 } };
  await writeBack(message);
  await writeBack(message);
  expect(sagemaker.changes).toEqual(['update Approved']);
  for (const event of sagemaker.events.splice(0)) await takeIn(event);
  expect(await version()).toMatchObject({
    approval: { by: { id: 'ada' } },
    modelPackage: { arn, approval: 'Approved' },
  });
  expect((await version()).modelPackage.objection).toBeUndefined();
});

test('the approval of a version does not go onto what replaced it in its package, before and after that is a version', async () => {
  const { model, sagemaker, takeIn, groups, base, version } = await world();
  const sources = groups.map((group) => ({ ...group, writesApproval: true }));
  const archives = { exists: async () => true, url: (key: string) => key, make: async () => {} };
  const writeBack = handleMirrorMessage({ ...base, archives, groups: [], sources });
  const arn = sagemaker.make(model, TOM);
  for (const event of sagemaker.events.splice(0)) await takeIn(event);
  await send('POST', `/v1/models/${model}/versions/1/approval`, { status: 'Approved' });
  const { id: modelId } = (await send('GET', `/v1/models/${model}`)).body;
  const message = (number: number) => ({
    source: 'signet',
    id: 'e',
    detail: { workspace: 'default', modelId, version: number },
  });
  const Containers = [{ Image: 'server:2', ModelDataUrl: 's3://models/other/model.tar.gz' }];
  sagemaker.change(arn, TOM, { InferenceSpecification: { Containers } });
  await writeBack(message(1));
  for (const event of sagemaker.events.splice(0)) await takeIn(event);
  await writeBack(message(1));
  await writeBack(message(2));
  expect(sagemaker.changes).toEqual([]);
  expect((await version(2)).approval.status).toBe('PendingApproval');
  await send('POST', `/v1/models/${model}/versions/2/approval`, { status: 'Approved' });
  await writeBack(message(1));
  await writeBack(message(2));
  expect(sagemaker.changes).toEqual(['update Approved']);
});

test('files that the registry keeps are packed; what cannot be a package is told on the version', async () => {
  const { register, tell, review, version, there, model } = await world();
  await register({ containers: [] });
  await review('Approved');
  await tell();
  await tell();
  expect(there()).toEqual([]);
  expect((await version()).modelPackage).toMatchObject({ origin: 'signet', status: 'Failed' });
  expect((await version()).modelPackage.objection).toMatch(/^containers_missing/);
  await send('PATCH', `/v1/models/${model}/versions/1`, { containers: [{ image: 'server:2' }] });
  await review('Rejected');
  await review('Approved');
  await tell();
  expect((await version()).modelPackage).toMatchObject({ status: 'Completed', approval: 'Approved' });
});

test('whatever call fails or dies, the next message ends with one package that says what the version says', async () => {
  const recorded: string[] = [];
  const prepared = async () => {
    const one = await world();
    await one.register();
    await one.review('Approved');
    return one;
  };
  const first = await prepared();
  await under({ calls: recorded }, () => first.tell());
  const trials = recorded.flatMap((call, at) => faultsOf(call, at).map((fault: Fault) => ({ fault, at })));
  expect(trials.length).toBeGreaterThan(20);
  const tried = ALL_EXAMPLES ? trials : trials.filter((_, index) => index % 4 === 1);
  for (const { fault, at } of tried) {
    const { tell, there, sagemaker } = await prepared();
    await under({ fault, at, calls: [] }, () => tell()).catch(() => {});
    sagemaker.forgetTokens();
    await tell();
    expect({ fault, at, there: there() }).toEqual({
      fault,
      at,
      there: [['Approved', 'Approved by ada: it is Approved']],
    });
  }
}, 60_000);

test('of messages that overtake each other the last word wins', async () => {
  const { register, tell, review, there, sagemaker } = await world();
  await register();
  await review('Approved');
  await tell();
  const pairs = [
    ['Rejected', 'Approved'],
    ['PendingApproval', 'Rejected'],
    ['Approved', 'Rejected'],
  ] as const;
  for (const [early, late] of pairs) {
    await review(early);
    const { reached, release } = sagemaker.holdUpdate();
    const slow = tell();
    await reached;
    await review(late);
    await tell();
    release();
    await slow;
    expect(there()).toEqual([[late, `${late} by ada: it is ${late}`]]);
  }
});
