import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  AddTagsCommand,
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateModelPackageCommand,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  type DescribeEndpointOutput,
  ListEndpointsCommand,
  ListTagsCommand,
  SageMakerClient,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import fc from 'fast-check';
import { SageMakerHost } from '../../adapters/sagemaker/host';
import { type HttpService, serveAwsJson } from '../../local/aws-json';
import type { Listening } from '../../local/listen';
import { startLocalS3 } from '../../local/s3';
import { LocalSageMaker } from '../../local/sagemaker';
import type { SageMakerEvent } from '../../local/sagemaker/endpoints';
import { sharesOf } from '../../local/sagemaker/lifecycle';
import { aboutWindow, vowel, WINDOW } from '../../scripts/demo/sound';
import { until as untilIs } from '../support/until';
import { modelData, vadModel } from '../support/vad';

const folder = mkdtempSync(join(tmpdir(), 'signet-sagemaker-'));
const credentials = { accessKeyId: 'AKIALOCALLOCALLOCAL0', secretAccessKey: 'local-secret' };
const events: SageMakerEvent[] = [];
const actions: Record<string, never> = {};
const services: HttpService[] = [];
let s3: Awaited<ReturnType<typeof startLocalS3>>;
let aws: Listening;
let local: LocalSageMaker;
let bytes: S3Client;
let client: SageMakerClient;
let runtime: SageMakerRuntimeClient;

/** Starts the stand-in on what an earlier one left. */
function start(random = 0.5): void {
  local = new LocalSageMaker({
    file: join(folder, 'sagemaker.jsonl'),
    s3Endpoint: s3.url,
    credentials,
    publish: (event) => events.push(event),
    log: () => {},
    timing: { stepMs: 20, longestBakeMs: 60_000 },
    random: () => random,
  });
  Object.assign(actions, local.actions());
  services.splice(0, 1, local.service());
  local.start();
}

beforeAll(async () => {
  s3 = await startLocalS3({
    directory: join(folder, 's3'),
    buckets: [{ name: 'models', versioned: false }],
    credentials: [credentials],
  });
  aws = await serveAwsJson(actions, 0, services);
  start();
  const options = { endpoint: aws.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  [client, runtime] = [new SageMakerClient(options), new SageMakerRuntimeClient(options)];
  bytes = new S3Client({ endpoint: s3.url, region: 'us-east-1', credentials, forcePathStyle: true });
  for (const [Key, files] of Object.entries({
    v5: { 'model.onnx': vadModel('v5') },
    v6: { 'vad/1/model.onnx': vadModel('v6') },
    broken: { 'model.onnx': 'not a model' },
    none: { 'weights.bin': 'weights' },
  })) {
    await bytes.send(new PutObjectCommand({ Bucket: 'models', Key: `${Key}.tar.gz`, Body: await modelData(files) }));
  }
  for (const name of ['v5', 'v6', 'broken', 'none']) {
    await client.send(new CreateModelCommand(model(name, `s3://models/${name}.tar.gz`)));
    await client.send(
      new CreateEndpointConfigCommand({ EndpointConfigName: `config-${name}`, ProductionVariants: [variant(name)] }),
    );
  }
});

afterAll(async () => {
  for (const each of [bytes, client, runtime]) each.destroy();
  await local.close();
  await aws.close();
  await s3.close();
  rmSync(folder, { recursive: true, force: true });
});

function model(ModelName: string, ModelDataUrl: string) {
  const PrimaryContainer = { Image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/server:1', ModelDataUrl };
  return { ModelName, PrimaryContainer, ExecutionRoleArn: 'arn:aws:iam::123456789012:role/endpoints' };
}

function variant(ModelName: string, VariantName = 'primary', InitialVariantWeight = 1) {
  return {
    VariantName,
    ModelName,
    InstanceType: 'ml.m5.large' as const,
    InitialInstanceCount: 1,
    InitialVariantWeight,
  };
}

const describe_ = (EndpointName: string) => client.send(new DescribeEndpointCommand({ EndpointName }));

const until = (EndpointName: string, what: string, holds: (found: DescribeEndpointOutput) => boolean) =>
  untilIs(
    `${EndpointName}: ${what}`,
    async () => {
      const found = await describe_(EndpointName);
      return holds(found) && found;
    },
    30_000,
  );

const rests = (name: string) =>
  until(name, 'its rest', ({ EndpointStatus }) => EndpointStatus === 'InService' || EndpointStatus === 'Failed');

async function create(EndpointName: string, config: string) {
  await client.send(
    new CreateEndpointCommand({
      EndpointName,
      EndpointConfigName: config,
      Tags: [{ Key: 'signet:version', Value: '1' }],
    }),
  );
  return rests(EndpointName);
}

async function invoke(
  EndpointName: string,
  body: unknown,
  more: { TargetVariant?: string; ContentType?: string } = {},
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const command = new InvokeEndpointCommand({ EndpointName, Body: text, ContentType: 'application/json', ...more });
  const { Body, InvokedProductionVariant } = await runtime.send(command);
  return { variant: InvokedProductionVariant, answer: JSON.parse(Body?.transformToString() ?? '') };
}

/** How sure the endpoint is that it hears speech in a vowel. */
async function heard(name: string): Promise<number> {
  return (await invoke(name, aboutWindow(vowel(WINDOW)))).answer.outputs[0].data[0];
}

const statesOf = (name: string) =>
  events
    .filter(
      ({ detailType, detail }) => detailType === 'SageMaker Endpoint State Change' && detail['EndpointName'] === name,
    )
    .map(({ detail }) => detail['EndpointStatus']);

const canary = (WaitIntervalInSeconds: number, alarm?: string) => ({
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: {
      Type: 'CANARY' as const,
      WaitIntervalInSeconds,
      CanarySize: { Type: 'CAPACITY_PERCENT' as const, Value: 10 },
    },
  },
  ...(alarm !== undefined && { AutoRollbackConfiguration: { Alarms: [{ AlarmName: alarm }] } }),
});

function update(EndpointName: string, EndpointConfigName: string, DeploymentConfig = canary(0)) {
  return client.send(new UpdateEndpointCommand({ EndpointName, EndpointConfigName, DeploymentConfig }));
}

test('an endpoint comes into service and the real model answers', async () => {
  const made = await create('speech', 'config-v5');
  expect(made).toMatchObject({
    EndpointStatus: 'InService',
    EndpointConfigName: 'config-v5',
    ProductionVariants: [{ VariantName: 'primary', CurrentWeight: 1, CurrentInstanceCount: 1 }],
  });
  expect(made.LastModifiedTime?.getTime()).toBeGreaterThan(made.CreationTime?.getTime() ?? 0);
  expect(statesOf('speech')).toEqual(['CREATING', 'IN_SERVICE']);
  const arn = made.EndpointArn ?? '';
  expect(events.at(-1)).toMatchObject({ resource: arn, detail: { EndpointArn: arn, Tags: { 'signet:version': '1' } } });

  const { variant, answer } = await invoke('speech', { id: 'a', ...aboutWindow(vowel(WINDOW)) });
  expect(variant).toBe('primary');
  expect(answer).toMatchObject({
    model_name: 'v5',
    id: 'a',
    outputs: [{ name: 'output', datatype: 'FP32', shape: [1, 1] }],
  });
  expect(answer.outputs[0].data[0]).toBeGreaterThan(0.6);
  const silence = await invoke('speech', aboutWindow(Array<number>(WINDOW).fill(0)));
  expect(silence.answer.outputs[0].data[0]).toBeLessThan(0.1);

  await client.send(new AddTagsCommand({ ResourceArn: arn, Tags: [{ Key: 'team', Value: 'speech' }] }));
  const { Tags } = await client.send(new ListTagsCommand({ ResourceArn: arn }));
  expect(Tags).toEqual([
    { Key: 'signet:version', Value: '1' },
    { Key: 'team', Value: 'speech' },
  ]);
  const { Endpoints } = await client.send(
    new ListEndpointsCommand({ StatusEquals: 'InService', NameContains: 'spee' }),
  );
  expect(Endpoints?.map(({ EndpointName }) => EndpointName)).toEqual(['speech']);
});

test('what it does not take is refused as SageMaker refuses it', async () => {
  await expect(invoke('nobody', {})).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Endpoint nobody of account 000000000000 not found.',
  });
  await expect(invoke('speech', { inputs: [] })).rejects.toMatchObject({ name: 'ModelError', OriginalStatusCode: 400 });
  await expect(invoke('speech', '<xml>')).rejects.toMatchObject({
    OriginalMessage: '{"error":"the request is not JSON"}',
  });
  const short = { inputs: [{ name: 'input', datatype: 'FP32', shape: [1, 3], data: [1, 2] }] };
  await expect(invoke('speech', short)).rejects.toThrow("input 'input' has 2 values, its shape [1, 3] takes 3");
  await expect(invoke('speech', '1,2', { ContentType: 'text/csv' })).rejects.toMatchObject({ OriginalStatusCode: 415 });
  await expect(invoke('speech', {}, { TargetVariant: 'other' })).rejects.toMatchObject({ name: 'ValidationError' });

  const refused = async (call: Promise<unknown>, words: string) =>
    expect(call).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(words) });
  await refused(
    describe_('nobody'),
    'Could not find endpoint "arn:aws:sagemaker:us-east-1:000000000000:endpoint/nobody".',
  );
  await refused(create('speech', 'config-v5'), 'Cannot create already existing endpoint');
  await refused(create('other', 'config-missing'), 'Could not find endpoint configuration');
  await refused(create('-', 'config-v5'), 'regular expression pattern');
  await refused(
    client.send(new CreateModelCommand(model('lost', 's3://models/lost.tar.gz'))),
    'Could not find model data',
  );
  const unknown = client.send(new CreateModelPackageCommand({ ModelPackageName: 'package' }));
  await expect(unknown).rejects.toMatchObject({ name: 'UnknownOperationException' });
});

test('one whose model cannot be loaded fails, and can only be deleted', async () => {
  for (const [name, words] of [
    ['broken', 'Failed to load model'],
    ['none', 'only ONNX models run locally'],
  ] as const) {
    const { EndpointStatus, FailureReason } = await create(name, `config-${name}`);
    expect(EndpointStatus).toBe('Failed');
    expect(FailureReason).toContain('production variant primary did not pass the ping health check');
    expect(FailureReason).toContain(words);
    await expect(update(name, 'config-v5')).rejects.toMatchObject({ name: 'ValidationException' });
    await client.send(new DeleteEndpointCommand({ EndpointName: name }));
    expect(statesOf(name)).toEqual(['CREATING', 'FAILED', 'DELETING']);
  }
});

test('an update whose model cannot be loaded goes back, and requests are answered all the time', async () => {
  await update('speech', 'config-broken');
  expect(await heard('speech')).toBeGreaterThan(0.6);
  const after = await rests('speech');
  expect(after).toMatchObject({
    EndpointConfigName: 'config-v5',
    FailureReason: expect.stringContaining('ping health'),
  });
  expect(after.PendingDeploymentSummary).toBeUndefined();
  expect(statesOf('speech').slice(-3)).toEqual(['UPDATING', 'ROLLING_BACK', 'IN_SERVICE']);
  expect(await heard('speech')).toBeGreaterThan(0.6);
});

test('an alarm calls a canary back while it bakes', async () => {
  await update('speech', 'config-v6', canary(600, 'churn-errors'));
  const baking = await until('speech', 'baking', ({ PendingDeploymentSummary: pending }) =>
    Boolean(pending?.ProductionVariants?.[0]?.VariantStatus?.some(({ Status }) => Status === 'Baking')),
  );
  expect(baking).toMatchObject({ EndpointStatus: 'Updating', EndpointConfigName: 'config-v5' });
  await expect(update('speech', 'config-v6')).rejects.toThrow('Cannot update in-progress endpoint');
  const deployments = events.filter(({ detailType }) => detailType === 'SageMaker Endpoint Deployment State Change');
  expect(deployments.at(-1)?.detail).toMatchObject({
    EndpointStatus: 'UPDATING',
    PendingDeploymentSummary: {
      EndpointConfigName: 'config-v6',
      ProductionVariants: [{ VariantStatus: [{ Status: 'Baking' }] }],
    },
  });
  const alarm = (StateValue: string) =>
    fetch(aws.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'GraniteServiceVersion20100801.SetAlarmState' },
      body: JSON.stringify({ AlarmName: 'churn-errors', StateValue, StateReason: 'tried' }),
    });
  await alarm('ALARM');
  const after = await rests('speech');
  expect(after).toMatchObject({
    EndpointConfigName: 'config-v5',
    FailureReason: expect.stringContaining('churn-errors'),
  });
  await alarm('OK');
});

test('what a restart interrupts goes on, and what served serves again', async () => {
  await update('speech', 'config-v6');
  await local.close();
  start(0);
  expect(await rests('speech')).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'config-v6' });
  expect(await heard('speech')).toBeLessThan(0.1);
});

test('requests are shared among variants by their weights', async () => {
  const ProductionVariants = [variant('v5', 'old', 3), variant('v6', 'new', 1)];
  await client.send(new CreateEndpointConfigCommand({ EndpointConfigName: 'config-two', ProductionVariants }));
  await create('two', 'config-two');
  const body = aboutWindow(vowel(WINDOW));
  expect((await invoke('two', body)).variant).toBe('old');
  const aimed = await invoke('two', body, { TargetVariant: 'new' });
  expect([aimed.variant, aimed.answer.model_name]).toEqual(['new', 'v6']);
});

/** What was captured of the one request under a prefix. */
async function captured(Prefix: string): Promise<unknown> {
  for (const end = Date.now() + 30_000; Date.now() < end; await pause(10)) {
    const { Contents: [found] = [] } = await bytes.send(new ListObjectsV2Command({ Bucket: 'models', Prefix }));
    if (!found) continue;
    expect(found.Key).toMatch(/\/\d{4}\/\d\d\/\d\d\/\d\d\/[\w-]+\.jsonl$/);
    const { Body } = await bytes.send(new GetObjectCommand({ Bucket: 'models', Key: found.Key }));
    return JSON.parse((await Body?.transformToString()) ?? '');
  }
  throw new Error('nothing was captured');
}

test('the adapter of the registry drives it from the first deployment to the last', async () => {
  const host = new SageMakerHost(client);
  const config = (name: string, url: string) => ({
    name,
    executionRoleArn: 'arn:aws:iam::123456789012:role/endpoints',
    variants: [
      {
        name: 'primary',
        model: `${name}-0`,
        containers: [{ image: 'example.com/server:1', environment: {}, modelDataUrl: url }],
        capacity: { instanceType: 'ml.m5.large', instanceCount: 1 },
        weight: 1,
        traffic: 'weighted' as const,
      },
    ],
    dataCapture: { s3Uri: 's3://models/captures', percent: 100 },
    tags: { 'signet:version': '1' },
  });
  const [first, second] = [config('signet-1', 's3://models/v5.tar.gz'), config('signet-2', 's3://models/v6.tar.gz')];
  expect(await host.describe('signet-speech')).toBeUndefined();
  for (const each of [first, first, second]) await host.prepare(each);
  await host.create('signet-speech', first.name, first.tags);
  await rests('signet-speech');
  const before = await host.describe('signet-speech');
  await heard('signet-speech');
  expect(await captured('captures/signet-speech/primary/')).toMatchObject({
    captureData: {
      endpointInput: { observedContentType: 'application/json', mode: 'INPUT', encoding: 'JSON' },
      endpointOutput: { mode: 'OUTPUT', data: expect.stringContaining('"outputs":[{"name":"output"') },
    },
    eventVersion: '0',
  });
  const policy = { strategy: 'all_at_once' as const, bakeSeconds: 1, alarms: ['churn-errors'] };
  await host.update('signet-speech', second.name, policy);
  await host.update('signet-speech', second.name, policy);
  await rests('signet-speech');
  const after = await host.describe('signet-speech');
  expect(after).toMatchObject({ status: 'InService', config: 'signet-2', baking: false });
  expect((after?.lastModified ?? '') > (before?.lastModified ?? '')).toBe(true);
  const updates = events.map(({ detail }) => JSON.stringify(detail['PendingDeploymentSummary'] ?? ''));
  expect(updates.some((each) => each.includes('"signet-2"') && each.includes('"Baking"'))).toBe(true);
  await host.remove('signet-speech');
  await until('speech', 'the end of the other', () => statesOf('signet-speech').at(-1) === 'DELETING');
  for (const end = Date.now() + 30_000; Date.now() < end && (await host.describe('signet-speech')); ) await pause(10);
  expect(await host.describe('signet-speech')).toBeUndefined();
  await host.discard({ config: first.name, models: ['signet-1-0'] });
  await host.discard({ config: first.name, models: ['signet-1-0'] });
});

test('a monitor of the registry is kept, and goes with its job', async () => {
  const host = new SageMakerHost(client);
  const name = { kind: 'data_quality' as const, name: 'signet-monitor' };
  const monitor = {
    ...name,
    endpoint: 'speech',
    executionRoleArn: 'arn:aws:iam::123456789012:role/endpoints',
    how: { image: 'example.com/monitor:1', every: 'hour' as const, instanceType: 'ml.m5.large', volumeGb: 20 },
    outputUrl: 's3://models/reports',
    constraintsUrl: 's3://models/constraints.json',
    tags: {},
  };
  expect(await host.describeMonitor(name)).toBeUndefined();
  await host.createMonitor(monitor);
  await host.createMonitor(monitor);
  expect(await host.describeMonitor(name)).toEqual({ status: 'Scheduled' });
  expect(await host.removeMonitor(name)).toBe(true);
  expect(await host.removeMonitor(name)).toBe(true);
});

test('an update shifts all traffic in the end, never back before', () => {
  fc.assert(
    fc.property(fc.constantFrom('CANARY', 'LINEAR', 'ALL_AT_ONCE'), fc.integer({ min: 5, max: 50 }), (Type, Value) => {
      const size = { Type: 'CAPACITY_PERCENT', Value };
      const routing = { Type, CanarySize: size, LinearStepSize: size };
      const shares = sharesOf({ BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: routing } });
      expect(shares.at(-1)).toBe(1);
      expect(shares.every((share, index) => share > (shares[index - 1] ?? 0))).toBe(true);
    }),
  );
});
