import type { TargetPlace } from '../../core/ports';
import { handleDeployMessage } from '../../core/use-cases';
import { deploying, serveable, toProduction, watched, withTarget } from '../support/deployments';
import { memoryRegistry } from '../support/memory-registry';
import { sagemaker } from '../support/targets';
import { sender } from '../support/trials';

const { registry } = memoryRegistry();
const send = sender(registry);
const world = deploying(registry);
let count = 0;

const body = async (path: string) => (await registry.request('GET', path)).body;
const target = (name: string) => body(`/v1/models/${name}/targets/Production`);
const told = async (name: string, type: string) =>
  (await body(`/v1/models/${name}/events?limit=100&order=asc`)).items.filter(
    (event: { type: string }) => event.type === type,
  );
const monitorsOf = (name: string) =>
  [...world.host.monitors.values()].flatMap(({ monitor }) => (monitor.endpoint === `signet-${name}` ? [monitor] : []));

async function serving(
  onViolation: 'rollback' | 'tell' = 'tell',
  versions = 1,
  baselines?: string[],
): Promise<{ name: string; place: TargetPlace; endpoint: string }> {
  const name = `w${++count}`;
  const place = await withTarget(send, name, { sagemaker: sagemaker({ name, ...watched(onViolation) }) });
  for (let version = 1; version <= versions; version++) {
    await toProduction(send, name, await serveable(send, name, true, baselines));
    await world.quiesce(place);
    await world.quiesce(place);
  }
  return { name, place, endpoint: `signet-${name}` };
}

test('a version that carries baselines is watched once it serves, by names and files of its own', async () => {
  const { name } = await serving();
  const shown = await target(name);
  expect(shown.monitors).toMatchObject([
    { kind: 'data_quality', version: 1, state: 'scheduled' },
    { kind: 'model_quality', version: 1, state: 'scheduled' },
  ]);
  const [data, model] = monitorsOf(name);
  expect(data).toMatchObject({
    name: shown.monitors[0].name,
    constraintsUrl: `s3://bucket/${name}/monitoring/data-quality/constraints.json`,
    statisticsUrl: `s3://bucket/${name}/monitoring/data-quality/statistics.json`,
    outputUrl: `s3://reports/churn/${shown.monitors[0].name}`,
  });
  expect(model).toMatchObject({ quality: { problemType: 'BinaryClassification' } });
  expect(model).not.toHaveProperty('statisticsUrl');
  expect(await told(name, 'monitoring.scheduled')).toHaveLength(2);
});

test.each([
  [[], []],
  [['monitoring/data-quality'], ['data_quality']],
  [['monitoring/model-quality'], ['model_quality']],
  [['elsewhere'], []],
])('of a version with baselines in %j the monitors are %j', async (baselines, kinds) => {
  const { name } = await serving('tell', 1, baselines);
  expect(monitorsOf(name).map(({ kind }) => kind)).toEqual(kinds);
});

test('the next version has monitors of its own, and those of the one before are gone', async () => {
  const { name } = await serving('tell', 2);
  expect((await target(name)).monitors.map(({ version }: { version: number }) => version)).toEqual([2, 2]);
  expect(monitorsOf(name)).toHaveLength(2);
  expect(world.host.violations).toEqual([]);
});

test('before an endpoint is deleted its monitors are, and their names are free', async () => {
  const { name, place } = await serving();
  const [monitor] = monitorsOf(name);
  const key = { kind: 'endpoint', name: monitor?.name ?? '' } as const;
  expect(await registry.ports.store.get<'endpoint'>(key)).toEqual(place);
  await send('DELETE', `/v1/models/${name}/targets/Production`);
  await world.quiesce(place);
  expect(monitorsOf(name)).toEqual([]);
  expect(world.host.violations).toEqual([]);
  expect(await registry.ports.store.get<'endpoint'>(key)).toBeUndefined();
});

test('a monitor that somebody deleted is made again; one that is refused is told and not asked for again', async () => {
  const { name, place } = await serving();
  const [gone] = monitorsOf(name);
  world.host.monitors.delete(gone?.name ?? '');
  await world.quiesce(place);
  expect(monitorsOf(name)).toHaveLength(2);
  world.host.refusedMonitors.add('model_quality');
  const other = await serving();
  world.host.refusedMonitors.clear();
  await world.quiesce(other.place);
  expect(monitorsOf(other.name).map(({ kind }) => kind)).toEqual(['data_quality']);
  expect((await target(other.name)).monitors).toMatchObject([
    { kind: 'data_quality', state: 'scheduled' },
    { kind: 'model_quality', state: 'failed', reason: 'no model_quality here' },
  ]);
  expect(await told(other.name, 'monitoring.failed')).toHaveLength(1);
});

test('violations are events on the version with where the report is, once for each execution', async () => {
  const { name, place, endpoint } = await serving();
  const [monitor] = monitorsOf(name);
  const event = {
    source: 'aws.sagemaker',
    id: 'job',
    detail: {
      ProcessingJobStatus: 'Completed',
      MonitoringScheduleArn: `arn:aws:sagemaker:us-east-1:123456789012:monitoring-schedule/${monitor?.name}`,
    },
  };
  world.host.violate(endpoint, '2027-03-01T10:00:00.000Z');
  // The job's event, doubled; and whoever looks later finds nothing new.
  await handleDeployMessage(world.ports)(event);
  await handleDeployMessage(world.ports)(event);
  await world.quiesce(place);
  const violated = await told(name, 'monitoring.violated');
  expect(violated).toHaveLength(2);
  expect(violated[0]).toMatchObject({
    version: 1,
    current: {
      monitoring: {
        kind: 'data_quality',
        schedule: monitor?.name,
        at: '2027-03-01T10:00:00.000Z',
        output: `s3://reports/churn/${monitor?.name}`,
        job: 'arn:aws:sagemaker:us-east-1:123456789012:processing-job/2027-03-01T10:00:00.000Z',
      },
    },
  });
  expect((await target(name)).monitors[0].violatedAt).toBe('2027-03-01T10:00:00.000Z');
  world.host.violate(endpoint, '2027-03-01T11:00:00.000Z');
  await world.quiesce(place);
  expect(await told(name, 'monitoring.violated')).toHaveLength(4);
  expect(world.host.versionOf(endpoint)).toBe(1);
});

test('where the target says so, violations take a version out of service, for the one that served before', async () => {
  const { name, place, endpoint } = await serving('rollback', 2);
  expect(world.host.versionOf(endpoint)).toBe(2);
  world.host.violate(endpoint, '2027-03-01T10:00:00.000Z');
  await world.quiesce(place);
  await world.quiesce(place);
  expect(world.host.versionOf(endpoint)).toBe(1);
  const { items } = await body(`/v1/models/${name}/deployments`);
  expect(items.map(({ version, state, cause }: Record<string, unknown>) => `${version} ${state} ${cause}`)).toEqual([
    '1 in_service fallback',
    '2 rolled_back stage',
    '1 superseded stage',
  ]);
  expect(items[1].reason).toBe('monitoring_violated: data_quality is not as the baseline of the version');
  expect((await target(name)).monitors.map(({ version }: { version: number }) => version)).toEqual([1, 1]);
  // The last one that may serve goes on, whatever its monitors say.
  world.host.violate(endpoint, '2027-03-01T12:00:00.000Z');
  await world.quiesce(place);
  expect(world.host.versionOf(endpoint)).toBe(1);
  expect((await body(`/v1/models/${name}/deployments`)).items).toHaveLength(3);
});
