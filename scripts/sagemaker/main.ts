/**
 * Drives the adapters of SageMaker against moto's server, which knows SageMaker's own checks of requests. It needs Python 3
 * with venv, and installs moto into `.venv/`. moto has no UpdateEndpoint: updates are shown against the state model of
 * test/support/sagemaker.ts.
 */
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import {
  DescribeDataQualityJobDefinitionCommand,
  DescribeModelQualityJobDefinitionCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { SageMakerHost } from '../../adapters/sagemaker/host';
import { SageMakerMonitors } from '../../adapters/sagemaker/monitors';
import { type HostConfig, type HostMonitor, HostRefusal } from '../../core/ports';
import { freePort } from '../free-port';
import { pythonWith } from '../venv';
import { driveFunctions } from './functions';
import { drivePackages } from './packages';

const MOTO = '5.2.5';

let passed = 0;
function check(what: string, holds: boolean): void {
  if (!holds) throw new Error(`not so: ${what}`);
  passed += 1;
  console.log(`  ✓ ${what}`);
}

const CONFIG: HostConfig = {
  name: 'signet-churn-1-abcdef',
  executionRoleArn: 'arn:aws:iam::123456789012:role/endpoints',
  variants: [
    {
      name: 'primary',
      model: 'signet-churn-1-abcdef-0',
      containers: [
        {
          image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/server:1',
          environment: { A: '1' },
          modelDataUrl: 's3://b/m.tar.gz',
        },
      ],
      capacity: { instanceType: 'ml.m5.large', instanceCount: 1 },
      weight: 1,
      traffic: 'weighted',
    },
  ],
  dataCapture: { s3Uri: 's3://b/captures', percent: 20 },
  tags: { 'signet:version': '1' },
};
const ENDPOINT = 'signet-churn';

async function drive(host: SageMakerHost): Promise<void> {
  check('an endpoint that nobody made is not there', (await host.describe(ENDPOINT)) === undefined);
  const refusal = await host.create(ENDPOINT, 'signet-none', {}).catch((error: unknown) => error);
  check('an endpoint without its configuration is refused for good', refusal instanceof HostRefusal);
  await host.prepare(CONFIG);
  await host.prepare(CONFIG);
  check('models and configuration can be made twice', true);
  await host.create(ENDPOINT, CONFIG.name, CONFIG.tags);
  await host.create(ENDPOINT, CONFIG.name, CONFIG.tags);
  const made = await host.describe(ENDPOINT);
  check('an endpoint can be made twice and uses its configuration', made?.config === CONFIG.name);
  check('it says how it is and when it was changed', made?.status === 'InService' && made.lastModified > '2020');
  await host.remove(ENDPOINT);
  await host.remove(ENDPOINT);
  check('it can be deleted twice', (await host.describe(ENDPOINT)) === undefined);
  await host.discard({ config: CONFIG.name, models: [CONFIG.variants[0]?.model ?? ''] });
  await host.discard({ config: CONFIG.name, models: [CONFIG.variants[0]?.model ?? ''] });
  const gone = await host.create(ENDPOINT, CONFIG.name, {}).catch((error: unknown) => error);
  check('what it used can be discarded twice, and is gone', gone instanceof HostRefusal);
}

const DATA_QUALITY: HostMonitor = {
  kind: 'data_quality',
  name: `${CONFIG.name}-dq`,
  endpoint: ENDPOINT,
  executionRoleArn: CONFIG.executionRoleArn,
  how: {
    image: '156813124566.dkr.ecr.us-east-1.amazonaws.com/analyser',
    every: 'hour',
    instanceType: 'ml.m5.xlarge',
    volumeGb: 20,
  },
  outputUrl: 's3://b/reports',
  constraintsUrl: 's3://b/constraints.json',
  statisticsUrl: 's3://b/statistics.json',
  tags: CONFIG.tags,
};
const MODEL_QUALITY: HostMonitor = {
  ...DATA_QUALITY,
  kind: 'model_quality',
  name: `${CONFIG.name}-mq`,
  quality: { baseline: 'b', problemType: 'Regression', groundTruthS3Uri: 's3://b/truth', inferenceAttribute: '0' },
};

/** Jobs of monitors; moto has no monitoring schedules: those are shown against the stand-in of `local/sagemaker`. */
async function driveMonitors(client: SageMakerClient): Promise<void> {
  const monitors = new SageMakerMonitors(client);
  for (const monitor of [DATA_QUALITY, MODEL_QUALITY]) {
    await monitors.define(monitor);
    await monitors.define(monitor);
  }
  const input = (monitor: HostMonitor) => ({ JobDefinitionName: monitor.name });
  const data = await client.send(new DescribeDataQualityJobDefinitionCommand(input(DATA_QUALITY)));
  const baseline = data.DataQualityBaselineConfig;
  check(
    'a job of data quality can be made twice and compares with its baseline',
    baseline?.StatisticsResource?.S3Uri === DATA_QUALITY.statisticsUrl &&
      baseline?.ConstraintsResource?.S3Uri === DATA_QUALITY.constraintsUrl,
  );
  const model = await client.send(new DescribeModelQualityJobDefinitionCommand(input(MODEL_QUALITY)));
  check(
    'a job of model quality can be made twice and compares with the truth',
    model.ModelQualityJobInput?.GroundTruthS3Input?.S3Uri === 's3://b/truth',
  );
  for (const monitor of [DATA_QUALITY, MODEL_QUALITY]) {
    await monitors.discard(monitor);
    await monitors.discard(monitor);
  }
  const gone = await client
    .send(new DescribeDataQualityJobDefinitionCommand(input(DATA_QUALITY)))
    .catch((error: unknown) => error);
  check('jobs can be discarded twice, and are gone', gone instanceof Error);
}

async function main(): Promise<void> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const [interpreter, port] = [pythonWith('moto', `moto[server]==${MOTO}`), await freePort()];
  const server = spawn(interpreter, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SageMakerClient({ endpoint, region: 'us-east-1', credentials });
  try {
    for (let waited = 0; waited < 60_000; waited += 250) {
      if (
        await fetch(`${endpoint}/moto-api/data.json`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        break;
      await pause(250);
    }
    await drive(new SageMakerHost(client));
    await driveMonitors(client);
    await drivePackages(client, check);
    await driveFunctions(client, endpoint, check);
    console.log(`${passed} passed`);
  } finally {
    client.destroy();
    server.kill();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
