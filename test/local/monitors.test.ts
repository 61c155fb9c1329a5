import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeDataQualityJobDefinitionCommand,
  DescribeMonitoringScheduleCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { SageMakerHost } from '../../adapters/sagemaker/host';
import type { MonitorKind } from '../../core/domain/monitoring';
import { type HostMonitor, HostRefusal } from '../../core/ports';
import { serveAwsJson } from '../../local/aws-json';
import type { Listening } from '../../local/listen';
import { LocalSageMaker } from '../../local/sagemaker';

const credentials = { accessKeyId: 'AKIALOCALLOCALLOCAL0', secretAccessKey: 'local-secret' };
const folder = mkdtempSync(join(tmpdir(), 'signet-monitors-'));
let local: LocalSageMaker;
let aws: Listening;
let client: SageMakerClient;
let host: SageMakerHost;

beforeAll(async () => {
  const quiet = { publish: () => {}, log: () => {} };
  const s3Endpoint = 'http://127.0.0.1:9';
  local = new LocalSageMaker({ file: join(folder, 'sagemaker.jsonl'), s3Endpoint, credentials, ...quiet });
  aws = await serveAwsJson(local.actions(), 0);
  client = new SageMakerClient({ endpoint: aws.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  host = new SageMakerHost(client);
});

afterAll(async () => {
  client.destroy();
  await aws.close();
  await local.close();
  rmSync(folder, { recursive: true, force: true });
});

function monitor(kind: MonitorKind, name: string): HostMonitor {
  return {
    kind,
    name,
    endpoint: 'signet-churn',
    executionRoleArn: 'arn:aws:iam::123456789012:role/endpoints',
    how: { image: 'example.com/analyser', every: 'hour', instanceType: 'ml.m5.xlarge', volumeGb: 20 },
    outputUrl: `s3://reports/${name}`,
    constraintsUrl: 's3://bucket/constraints.json',
    statisticsUrl: 's3://bucket/statistics.json',
    ...(kind === 'model_quality' && {
      quality: {
        baseline: 'monitoring/model-quality',
        problemType: 'Regression',
        groundTruthS3Uri: 's3://truth',
        inferenceAttribute: '0',
      },
    }),
    tags: { 'signet:version': '1' },
  };
}

test.each(['data_quality', 'model_quality'] as const)(
  'a monitor of %s can be made twice and removed twice, and says how it is',
  async (kind) => {
    const one = monitor(kind, `signet-churn-${kind.replace('_', '-')}`);
    expect(await host.describeMonitor(one)).toBeUndefined();
    await host.createMonitor(one);
    await host.createMonitor(one);
    expect(await host.describeMonitor(one)).toEqual({ status: 'Scheduled' });
    const shown = await client.send(new DescribeMonitoringScheduleCommand({ MonitoringScheduleName: one.name }));
    expect(shown).toMatchObject({
      MonitoringScheduleConfig: {
        MonitoringType: kind === 'data_quality' ? 'DataQuality' : 'ModelQuality',
        MonitoringJobDefinitionName: one.name,
        ScheduleConfig: { ScheduleExpression: 'cron(0 * ? * * *)' },
      },
    });
    expect([await host.removeMonitor(one), await host.removeMonitor(one)]).toEqual([true, true]);
    expect(await host.describeMonitor(one)).toBeUndefined();
  },
);

test('a job compares with its baseline, on the endpoint, and reports where it is told to', async () => {
  const one = monitor('data_quality', 'signet-churn-job');
  await host.createMonitor(one);
  const job = await client.send(new DescribeDataQualityJobDefinitionCommand({ JobDefinitionName: one.name }));
  expect(job).toMatchObject({
    DataQualityBaselineConfig: {
      ConstraintsResource: { S3Uri: one.constraintsUrl },
      StatisticsResource: { S3Uri: one.statisticsUrl },
    },
    DataQualityJobInput: { EndpointInput: { EndpointName: 'signet-churn' } },
    DataQualityJobOutputConfig: { MonitoringOutputs: [{ S3Output: { S3Uri: one.outputUrl } }] },
    RoleArn: one.executionRoleArn,
    StoppingCondition: { MaxRuntimeInSeconds: 1_800 },
  });
  await host.removeMonitor(one);
});

test.each([
  ['ResourceLimitExceeded', true],
  ['ThrottlingException', false],
])('a monitor that is answered by %s is refused for good: %s', async (name, isRefused) => {
  const send = async (command: object) => {
    const isLook = command.constructor.name.startsWith('Describe');
    throw Object.assign(new Error('not now'), { name: isLook ? 'ResourceNotFound' : name });
  };
  const error = await new SageMakerHost({ send } as unknown as SageMakerClient)
    .createMonitor(monitor('data_quality', 'signet-churn-dq'))
    .catch((thrown: unknown) => thrown);
  expect(error instanceof HostRefusal).toBe(isRefused);
});

test('the last execution is told with when it was due, and whether it found violations', async () => {
  const answers = (MonitoringExecutionStatus: string) =>
    new SageMakerHost({
      send: async () => ({
        MonitoringScheduleStatus: 'Scheduled',
        LastMonitoringExecutionSummary: {
          ScheduledTime: new Date('2027-03-01T10:00:00Z'),
          MonitoringExecutionStatus,
          ProcessingJobArn: 'arn:aws:sagemaker:us-east-1:123456789012:processing-job/one',
        },
      }),
    } as unknown as SageMakerClient);
  const last = {
    at: '2027-03-01T10:00:00.000Z',
    job: 'arn:aws:sagemaker:us-east-1:123456789012:processing-job/one',
  };
  const one = monitor('data_quality', 'signet-churn-dq');
  for (const [status, isViolated] of [
    ['CompletedWithViolations', true],
    ['Completed', false],
    ['Failed', false],
  ] as const) {
    const told = await answers(status).describeMonitor(one);
    expect(told).toEqual({ status: 'Scheduled', last: { ...last, isViolated } });
  }
});
