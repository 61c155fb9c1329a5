import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  constantFrom,
  gen,
  integer,
  record,
  shuffledSubarray,
} from 'fast-check';
import { PACKAGE_APPROVALS, PACKAGE_STATUSES } from '../../core/domain/package-facts';
import { containersText } from '../../core/domain/request';
import { handlePackageMessage, type PackageGroup, type PackageMessage } from '../../core/use-cases';
import { sized } from '../support/examples';
import { PackagesModel, published, REGION, role } from '../support/packages';
import { derivedEvents, type PublishedEvent } from '../support/published';
import { startRegistry, type TestRegistry } from '../support/registry';
import { type Send, sender } from '../support/trials';

const TOM = role('Trainer');
const RITA = role('Reviewer');
const REGISTRY = 'arn:aws:events:us-east-1:123456789012:event-bus/signet';

let registry: TestRegistry;
let send: Send;
let serial = 0;
beforeAll(async () => {
  registry = await startRegistry();
  send = sender(registry);
});
afterAll(() => registry.close());

/** A model of its own that a group of its own stands for; Rita may approve it. */
async function world(group = `group-${++serial}`, account = REGION) {
  const model = `model-${++serial}`;
  await send('POST', '/v1/models', { name: model });
  const subject = { kind: 'iam', name: 'arn:aws:iam::123456789012:role/Reviewer' };
  await send('POST', `/v1/models/${model}/grants`, { subject, role: 'reviewer' });
  const sagemaker = new PackagesModel();
  const groups: PackageGroup[] = [{ group: `${account}:model-package-group/${group}`, workspace: 'default', model }];
  const handle = handlePackageMessage({
    ...registry.ports,
    pause: async () => {},
    packages: sagemaker,
    groups,
    access: { administrators: [{ kind: 'group', name: 'signet-admins' }] },
    registry: REGISTRY,
  });
  return {
    model,
    group,
    sagemaker,
    handle,
    /** Delivers all events that were told so far. */
    deliver: async () => {
      for (const event of sagemaker.events.splice(0)) await handle(event);
    },
    version: async (number = 1) => (await send('GET', `/v1/models/${model}/versions/${number}`)).body,
    versions: async () => (await send('GET', `/v1/models/${model}`)).body.lastVersion,
    types: async () =>
      (await send('GET', `/v1/models/${model}/events?order=asc`)).body.items.map(({ type }: { type: string }) => type),
  };
}

describe('published events', () => {
  test.each([
    ['documented-2021', 'versionedmp-p-idy6c3e1fiqj', 'Rejected'],
    ['documented-2025-updated-fields', 'versionedmp-p-idy6c3e1fiqj', 'Rejected'],
    ['captured-2021-approved', 'drift-pipeline', 'Approved'],
  ])('%s becomes a version, doubled and late: one', async (name, group, approval) => {
    const event = published(name);
    const account = event.detail.ModelPackageArn.split(':model-package/')[0];
    const { sagemaker, handle, version, versions } = await world(group, account);
    sagemaker.know(event);
    await handle(event);
    const first = await version();
    await handle(event);
    await handle({ ...event, id: 'another-delivery' });
    expect(await version()).toEqual(first);
    expect(await versions()).toBe(1);
    const [container] = (
      event.detail as unknown as { InferenceSpecification: { Containers: Record<string, string>[] } }
    ).InferenceSpecification.Containers;
    expect(first).toMatchObject({
      status: 'READY',
      source: event.detail.ModelPackageArn,
      containers: [{ image: container?.['Image'], digest: container?.['ImageDigest'], modelData: 'model.tar.gz' }],
      // Published events do not say who decided: it is noted, and decides nothing.
      approval: { status: 'PendingApproval' },
      modelPackage: { arn: event.detail.ModelPackageArn, origin: 'sagemaker', status: 'Completed', approval },
    });
    expect(first.modelPackage.objection).toBe('SageMaker does not tell who decided');
    const { body: manifest } = await send('GET', `/v1/models/${first.model}/versions/1/artifacts`);
    expect(manifest.items).toEqual([{ path: 'model.tar.gz', kind: 'reference', uri: container?.['ModelDataUrl'] }]);
  });

  test('lineage and reports of the documented example are there', async () => {
    const event = published('documented-2021');
    const { sagemaker, handle, version } = await world(
      'versionedmp-p-idy6c3e1fiqj',
      'arn:aws:sagemaker:us-east-2:123456789012',
    );
    sagemaker.know(event);
    await handle(event);
    const execution =
      'arn:aws:sagemaker:us-east-2:123456789012:pipeline/versionedmp-p-idy6c3e1fiqj/execution/4r83jejmhorv';
    const { run, metadata } = await version();
    expect(run).toEqual({ id: execution, system: 'sagemaker', experiment: 'versionedmp-p-idy6c3e1fiqj' });
    expect(metadata['sagemaker.modelQuality.statistics'].value).toMatch(/^s3:.*\/evaluation\.json$/);
  });
});

describe('events of every status', () => {
  const events = derivedEvents('model-packages');
  const detailOf = (event: PublishedEvent) => event.detail as Record<string, string>;
  const placeOf = (event: PublishedEvent) => {
    const { ModelPackageArn: arn = '', ModelPackageGroupName: group = '' } = detailOf(event);
    return [group, arn.split(':model-package/')[0]] as const;
  };

  test('there is one of each status and approval, with and without the fields that were updated', () => {
    const seen = events.map(([, { detail }]) => [
      detail['ModelPackageStatus'],
      detail['ModelApprovalStatus'],
      detail['UpdatedModelPackageFields'] !== undefined,
    ]);
    for (const told of [true, false]) {
      for (const status of PACKAGE_STATUSES) expect(seen).toContainEqual([status, 'PendingManualApproval', told]);
      for (const approval of PACKAGE_APPROVALS) expect(seen).toContainEqual(['Completed', approval, told]);
    }
  });

  test.each(events)('%s, doubled: of a package that is new only what is completed is a version', async (_, event) => {
    const { sagemaker, handle, versions, version } = await world(...placeOf(event));
    sagemaker.know(event);
    for (const id of ['first', 'first', 'another delivery']) await handle({ ...event, id });
    const { ModelPackageStatus: status, ModelApprovalStatus: approval } = detailOf(event);
    expect(await versions()).toBe(status === 'Completed' ? 1 : 0);
    if (status !== 'Completed') return;
    const { modelPackage, approval: here } = await version();
    // Nobody is named who decided: whatever it says approves nothing.
    expect([modelPackage.status, here.status]).toEqual(['Completed', 'PendingApproval']);
    expect(modelPackage.approval ?? 'PendingManualApproval').toBe(approval);
  });

  test.each(events)('%s, doubled: of a package that is a version it tells what became of it', async (_, event) => {
    const { sagemaker, handle, versions, version } = await world(...placeOf(event));
    const before = { ModelPackageStatus: 'Completed', ModelApprovalStatus: 'PendingManualApproval' };
    const completed = { ...event, id: 'completed', detail: { ...event.detail, ...before } };
    sagemaker.know(completed);
    await handle(completed);
    sagemaker.know(event);
    for (const id of ['first', 'first', 'another delivery']) await handle({ ...event, id });
    expect(await versions()).toBe(1);
    const { modelPackage, approval, status } = await version();
    expect([modelPackage.status, approval.status, status]).toEqual([
      detailOf(event)['ModelPackageStatus'],
      'PendingApproval',
      'READY',
    ]);
  });
});

test('only what is completed becomes a version; a package that goes leaves its version', async () => {
  const { sagemaker, group, deliver, versions, version } = await world();
  const failing = sagemaker.make(group, TOM, { ModelPackageStatus: 'Pending' });
  const arn = sagemaker.make(group, TOM, { ModelPackageStatus: 'Pending' });
  await deliver();
  sagemaker.change(failing, TOM, { ModelPackageStatus: 'Failed' });
  sagemaker.change(arn, TOM, { ModelPackageStatus: 'InProgress' });
  await deliver();
  expect(await versions()).toBe(0);
  sagemaker.change(arn, TOM, { ModelPackageStatus: 'Completed' });
  await deliver();
  sagemaker.remove(failing);
  sagemaker.remove(arn);
  await deliver();
  expect(await versions()).toBe(1);
  expect(await version()).toMatchObject({
    status: 'READY',
    createdBy: { id: TOM },
    modelPackage: { arn, status: 'Deleted' },
  });
});

test('a package of another group, or without its ARN, is nobody of ours', async () => {
  const { sagemaker, handle, versions, group } = await world();
  const arn = sagemaker.make(`${group}-2`, TOM);
  for (const event of sagemaker.events) await handle(event);
  await handle({ id: 'e', time: '2026-01-01T00:00:00Z', detail: { ModelPackageName: arn } });
  expect(await versions()).toBe(0);
});

test('an event that is ahead of what SageMaker describes comes again', async () => {
  const { sagemaker, group, handle, versions } = await world();
  const arn = sagemaker.make(group, TOM);
  const time = new Date().toISOString();
  const [made] = sagemaker.events as [PackageMessage];
  const described = sagemaker.packages.get(arn);
  sagemaker.packages.delete(arn);
  await expect(handle({ ...made, time })).rejects.toThrow('not there yet');
  sagemaker.packages.set(arn, described as NonNullable<typeof described>);
  const ahead = { ...made.detail, LastModifiedTime: '2026-01-02T00:00:00Z' };
  await expect(handle({ id: 'e', time, detail: ahead })).rejects.toThrow('as it was before');
  await handle({ ...made, time });
  expect(await versions()).toBe(1);
});

test('a model that is not there makes the event wait to be given back, and nothing is lost', async () => {
  const { sagemaker, group, handle, model, versions } = await world();
  await send('POST', `/v1/models/${model}/archive`, { reason: 'pause' });
  sagemaker.make(group, TOM);
  const [event] = sagemaker.events as [PackageMessage];
  await expect(handle(event)).rejects.toThrow('archived');
  await send('POST', `/v1/models/${model}/restore`);
  await handle(event);
  expect(await versions()).toBe(1);
});

describe('approval in SageMaker', () => {
  test('counts here when who approved may approve here', async () => {
    const { sagemaker, group, deliver, version, types } = await world();
    const arn = sagemaker.make(group, TOM);
    sagemaker.change(arn, RITA, { ModelApprovalStatus: 'Approved', ApprovalDescription: 'better on the noisy set' });
    await deliver();
    const { approval, artifacts, modelPackage } = await version();
    expect(approval).toMatchObject({
      status: 'Approved',
      by: { id: RITA, name: 'Reviewer/session' },
      reason: 'better on the noisy set',
    });
    expect(approval.artifactDigest).toBe(artifacts.digest);
    expect(modelPackage).toMatchObject({ approval: 'Approved', approvalBy: RITA });
    expect(modelPackage.objection).toBeUndefined();
    expect((await types()).filter((type: string) => type === 'version.approval_changed')).toHaveLength(1);
  });

  test('is about the containers of the package, whatever was said of the version here', async () => {
    const { sagemaker, group, deliver, version, model } = await world();
    const arn = sagemaker.make(group, TOM);
    await deliver();
    const { containers } = await version();
    await send('PATCH', `/v1/models/${model}/versions/1`, { containers: [{ ...containers[0], image: 'another:1' }] });
    sagemaker.change(arn, RITA, { ModelApprovalStatus: 'Approved' });
    await deliver();
    const { approval } = await version();
    expect(approval).toMatchObject({
      status: 'Approved',
      containersDigest: registry.ports.sha256(containersText({ containers })),
    });
  });

  test('is noted with what speaks against it: by strangers, by the author, and when it was made approved', async () => {
    const { sagemaker, group, deliver, version } = await world();
    const strange = sagemaker.make(group, TOM);
    const own = sagemaker.make(group, RITA);
    sagemaker.make(group, RITA, { ModelApprovalStatus: 'Approved' });
    // Who may assume a role names its sessions as they like.
    const sessions = sagemaker.make(group, RITA.replace('session', 'another'));
    sagemaker.change(sessions, RITA, { ModelApprovalStatus: 'Approved' });
    sagemaker.change(strange, role('Deployer'), { ModelApprovalStatus: 'Approved' });
    sagemaker.change(own, RITA, { ModelApprovalStatus: 'Approved' });
    await deliver();
    const all = await Promise.all([1, 2, 3, 4].map(version));
    expect(all.map(({ approval }) => approval.status)).toEqual(Array(4).fill('PendingApproval'));
    expect(all.map(({ modelPackage }) => modelPackage.objection)).toEqual([
      `${role('Deployer')} may not approve this model here`,
      'who made the package does not approve it',
      'who made the package does not approve it',
      'who made the package does not approve it',
    ]);
  });

  test('passes over no policy: the stage still asks for its votes', async () => {
    const { sagemaker, group, deliver, model, version } = await world();
    const guards = [{ target: { stage: 'Staging' }, approvals: { count: 1 } }];
    await send('PUT', `/v1/models/${model}/policy`, { guards });
    const arn = sagemaker.make(group, TOM);
    sagemaker.change(arn, RITA, { ModelApprovalStatus: 'Approved' });
    await deliver();
    expect((await version()).approval.status).toBe('Approved');
    await expect(send('POST', `/v1/models/${model}/versions/1/transition`, { stage: 'Staging' })).rejects.toThrow(
      'request_required',
    );
  });

  test('is not given anew by edits of anything else, whether events name what changed or not', async () => {
    const { sagemaker, group, deliver, handle, model, version } = await world();
    const arn = sagemaker.make(group, TOM);
    sagemaker.change(arn, RITA, { ModelApprovalStatus: 'Approved' });
    await deliver();
    await send('POST', `/v1/models/${model}/versions/1/approval`, { status: 'Rejected', reason: 'biased' });
    const stamp = sagemaker.change(arn, RITA, { CustomerMetadataProperties: { deployed: 'yes' } });
    await deliver();
    const { UpdatedModelPackageFields: _, ...unnamed } = stamp.detail;
    await handle({ ...stamp, id: 'unnamed', detail: unnamed });
    expect(await version()).toMatchObject({
      approval: { status: 'Rejected' },
      metadata: { deployed: { value: 'yes' } },
    });
    // Approved once more, by somebody who may: a decision of its own.
    sagemaker.change(arn, RITA, { ModelApprovalStatus: 'Approved' });
    await deliver();
    expect(await version()).toMatchObject({ approval: { status: 'Approved', by: { id: RITA } } });
  });

  test('cannot be ascribed to who changed something else after it', async () => {
    const { sagemaker, group, deliver, version } = await world();
    const arn = sagemaker.make(group, TOM);
    sagemaker.change(arn, TOM, { ModelApprovalStatus: 'Approved' });
    sagemaker.change(arn, RITA, { CustomerMetadataProperties: { reviewed: 'no' } });
    await deliver();
    const { approval, modelPackage } = await version();
    expect(approval.status).toBe('PendingApproval');
    expect(modelPackage).toMatchObject({ approval: 'Approved', objection: 'SageMaker does not tell who decided' });
  });

  test('is rejected and withdrawn as well, and a locked version stays as it is', async () => {
    const { sagemaker, group, deliver, model, version } = await world();
    const arn = sagemaker.make(group, TOM);
    sagemaker.change(arn, RITA, { ModelApprovalStatus: 'Rejected', ApprovalDescription: 'leaks' });
    await deliver();
    expect((await version()).approval).toMatchObject({ status: 'Rejected', reason: 'leaks' });
    sagemaker.change(arn, RITA, { ModelApprovalStatus: 'PendingManualApproval' });
    await deliver();
    expect((await version()).approval).toMatchObject({ status: 'PendingApproval' });
    await send('POST', `/v1/models/${model}/versions/1/lock`, { reason: 'audit' });
    sagemaker.change(arn, RITA, { ModelApprovalStatus: 'Approved', CustomerMetadataProperties: { late: 'yes' } });
    await deliver();
    expect(await version()).toMatchObject({
      approval: { status: 'PendingApproval' },
      metadata: {},
      modelPackage: { objection: 'the version is locked' },
    });
  });
});

test('what is edited there is edited here, and what was edited here alone stays', async () => {
  const { sagemaker, group, deliver, model, version } = await world();
  const card = {
    training_details: {
      training_job_details: {
        hyper_parameters: [{ name: 'eta', value: '0.2' }],
        training_arn: `${REGION}:training-job/t-1`,
      },
    },
    evaluation_details: [
      { metric_groups: [{ name: 'test', metric_data: [{ name: 'auc', type: 'number', value: 0.91 }] }] },
    ],
  };
  const arn = sagemaker.make(group, TOM, {
    CustomerMetadataProperties: { team: 'growth', 'cost=center': '7' },
    ModelCard: { ModelCardContent: JSON.stringify(card), ModelCardStatus: 'Draft' },
  });
  await deliver();
  expect(await version()).toMatchObject({
    metrics: { auc: 0.91 },
    hyperParameters: { eta: '0.2' },
    run: { id: `${REGION}:training-job/t-1` },
    metadata: { team: { value: 'growth' }, cost_center: { value: '7' } },
  });
  await send('PATCH', `/v1/models/${model}/versions/1`, { metadata: { owner: { type: 'string', value: 'lea' } } });
  sagemaker.change(arn, TOM, { CustomerMetadataProperties: { team: 'risk' } });
  await deliver();
  const { metadata } = await version();
  expect(metadata).toMatchObject({ team: { value: 'risk' }, owner: { value: 'lea' } });
  expect(metadata).not.toHaveProperty('cost_center');
});

test('a card that cannot be read is said to be so, takes nothing back that it had told, and is read once it may be', async () => {
  const { sagemaker, group, deliver, version, types } = await world();
  const card = (auc: number) => ({
    ModelCardStatus: 'Draft' as const,
    ModelCardContent: JSON.stringify({
      training_details: { training_job_details: { training_arn: `${REGION}:training-job/t-1` } },
      evaluation_details: [
        {
          name: 'holdout',
          metric_groups: [{ name: 'binary', metric_data: [{ name: 'auc', type: 'number', value: auc }] }],
        },
      ],
    }),
  });
  const arn = sagemaker.make(group, TOM, { ModelCard: card(0.91) });
  await deliver();
  expect(await version()).toMatchObject({ metrics: { auc: 0.91 }, run: { id: `${REGION}:training-job/t-1` } });
  sagemaker.hidden.add(arn);
  sagemaker.change(arn, TOM, { ModelPackageDescription: 'encrypted by now' });
  await deliver();
  const hidden = await version();
  expect(hidden).toMatchObject({
    description: 'encrypted by now',
    metrics: { auc: 0.91 },
    run: { id: `${REGION}:training-job/t-1` },
  });
  expect(hidden.metadata['sagemaker.modelCard'].value).toMatch(/^not read: /);
  expect((await types()).filter((type: string) => type === 'version.updated')).toHaveLength(1);
  sagemaker.hidden.delete(arn);
  sagemaker.change(arn, TOM, { ModelCard: card(0.95) });
  await deliver();
  const read = await version();
  expect(read.metrics).toEqual({ auc: 0.95 });
  expect(read.metadata).not.toHaveProperty('sagemaker.modelCard');
});

test('a package whose card was never read is a version all the same', async () => {
  const { sagemaker, group, handle, version } = await world();
  const arn = sagemaker.make(group, TOM, { ModelCard: { ModelCardContent: '{}', ModelCardStatus: 'Draft' } });
  sagemaker.hidden.add(arn);
  for (const event of sagemaker.events.splice(0)) await handle(event);
  const { metrics, metadata, modelPackage } = await version();
  expect([metrics, modelPackage.status]).toEqual([{}, 'Completed']);
  expect(metadata['sagemaker.modelCard'].value).toMatch(/^not read: /);
});

test('files never change: a package whose model data were replaced is the next version', async () => {
  const { sagemaker, group, deliver, version, versions, handle } = await world();
  const arn = sagemaker.make(group, TOM);
  sagemaker.change(arn, RITA, { ModelApprovalStatus: 'Approved' });
  await deliver();
  const Containers = [{ Image: 'server:2', ModelDataUrl: 's3://models/other/model.tar.gz' }];
  const event = sagemaker.change(arn, TOM, { InferenceSpecification: { Containers } });
  await deliver();
  await handle(event);
  expect(await versions()).toBe(2);
  expect((await version(1)).approval.status).toBe('Approved');
  const next = await version(2);
  expect(next).toMatchObject({ parent: { version: 1 }, approval: { status: 'PendingApproval' } });
  expect(next.modelPackage.objection).toBe('SageMaker does not tell who decided');
});

describe('files that were replaced', () => {
  const files = (name: string) => ({
    InferenceSpecification: { Containers: [{ Image: 'server:2', ModelDataUrl: `s3://models/${name}/model.tar.gz` }] },
  });

  test('are of who replaced them, who does not approve them', async () => {
    const { sagemaker, group, deliver, version } = await world();
    const arn = sagemaker.make(group, TOM);
    await deliver();
    sagemaker.change(arn, RITA, { ...files('other'), ModelApprovalStatus: 'Approved' });
    await deliver();
    expect(await version(2)).toMatchObject({
      createdBy: { id: RITA },
      approval: { status: 'PendingApproval' },
      modelPackage: { objection: 'who made the package does not approve it' },
    });
    sagemaker.change(arn, RITA, { ModelApprovalStatus: 'Approved', ApprovalDescription: 'once more' });
    await deliver();
    expect((await version(2)).approval.status).toBe('PendingApproval');
    sagemaker.change(arn, TOM, files('third'));
    await deliver();
    sagemaker.change(arn, RITA, { ModelApprovalStatus: 'Approved' });
    await deliver();
    expect(await version(3)).toMatchObject({
      createdBy: { id: TOM },
      approval: { status: 'Approved', by: { id: RITA } },
    });
  });

  test('are approved by nobody there where it is not known who replaced them', async () => {
    const { sagemaker, group, deliver, version } = await world();
    const arn = sagemaker.make(group, TOM);
    await deliver();
    sagemaker.change(arn, RITA, files('other'));
    sagemaker.change(arn, TOM, { CustomerMetadataProperties: { stamp: 'a' } });
    await deliver();
    sagemaker.change(arn, RITA, { ModelApprovalStatus: 'Approved' });
    await deliver();
    expect(await version(2)).toMatchObject({
      createdBy: { id: 'signet:sagemaker' },
      approval: { status: 'PendingApproval' },
      modelPackage: { objection: 'SageMaker does not tell who made what was approved' },
    });
  });
});

test.each([
  ['image', { Image: 'server:2' }],
  ['digest of the image', { ImageDigest: `sha256:${'a'.repeat(64)}` }],
  ['environment', { Environment: { LOADER: 'pickle' } }],
])('what runs never changes: a package with another %s is the next version', async (_, change) => {
  const { sagemaker, group, deliver, version, versions } = await world();
  const container = { Image: 'server:1', ModelDataUrl: 's3://models/one/model.tar.gz' };
  const arn = sagemaker.make(group, TOM, { InferenceSpecification: { Containers: [container] } });
  sagemaker.change(arn, RITA, { ModelApprovalStatus: 'Approved' });
  await deliver();
  const { containers, approval } = await version(1);
  expect(approval.status).toBe('Approved');
  sagemaker.change(arn, RITA, {
    InferenceSpecification: { Containers: [{ ...container, ...change }] },
    ModelApprovalStatus: 'Approved',
  });
  await deliver();
  expect(await versions()).toBe(2);
  expect((await version(1)).containers).toEqual(containers);
  const next = await version(2);
  expect(next).toMatchObject({ parent: { version: 1 }, approval: { status: 'PendingApproval' } });
  expect(next.containers).not.toEqual(containers);
});

test('a package that this registry made is no version; one of another registry is', async () => {
  const { sagemaker, group, deliver, versions } = await world();
  sagemaker.make(group, TOM, { CustomerMetadataProperties: { 'signet:registry': REGISTRY, 'signet:version': 'v' } });
  await deliver();
  expect(await versions()).toBe(0);
  sagemaker.make(group, TOM, { CustomerMetadataProperties: { 'signet:registry': `${REGISTRY}-dev` } });
  await deliver();
  expect(await versions()).toBe(1);
});

test('in any order and however often they come, the events of a package end in the same state', async () => {
  const change = record({
    by: constantFrom(TOM, RITA, role('Deployer')),
    what: constantFrom(
      { ModelApprovalStatus: 'Approved' as const },
      { ModelApprovalStatus: 'Rejected' as const, ApprovalDescription: 'leaks' },
      { ModelApprovalStatus: 'PendingManualApproval' as const },
      { CustomerMetadataProperties: { stamp: 'a' } },
      { ModelLifeCycle: { Stage: 'Staging', StageStatus: 'Approved' } },
    ),
  });
  const changes: Arbitrary<{ by: string; what: object }[]> = array(change, { maxLength: 4 });
  await assert(
    asyncProperty(changes, gen(), async (all, g) => {
      const orders = [
        (events: PackageMessage[]) => events,
        shuffled,
        (events: PackageMessage[]) => [...events].reverse(),
      ];
      const states = [];
      for (const order of orders) {
        const { sagemaker, group, handle, version, versions } = await world();
        const arn = sagemaker.make(group, TOM);
        for (const { by, what } of all) sagemaker.change(arn, by, what);
        for (const event of order(sagemaker.events)) await handle(event);
        expect(await versions()).toBe(1);
        const { metadata, approval, modelPackage, status } = await version();
        const { approval: there, objection, approvalBy } = modelPackage;
        states.push({ metadata, status, approval: approval.status, by: approval.by?.id, there, objection, approvalBy });
      }
      expect(states[1]).toEqual(states[0]);
      expect(states[2]).toEqual(states[0]);

      function shuffled(events: PackageMessage[]): PackageMessage[] {
        const doubled = [...events, ...events];
        const kept = g(shuffledSubarray<PackageMessage>, doubled, { minLength: doubled.length });
        return kept.concat(g(integer, { min: 0, max: 1 }) ? events : []);
      }
    }),
    { numRuns: sized(100, 5) },
  );
}, 120_000);
