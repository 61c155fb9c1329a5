import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DescribeModelPackageCommand,
  ListModelPackagesCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { startLocal } from '../../local';

type Handler = (batch: SQSEvent) => Promise<SQSBatchResponse>;
type Check = (what: string, holds: boolean) => void;

const [IN, OUT] = ['Scores-In', 'Scores-Out'];
const ARNS = 'arn:aws:sagemaker:us-east-1:123456789012';

/** Settings of the deployed functions of model packages, as their stack would say them. */
const SETTINGS = {
  SIGNET_REGISTRY: 'arn:aws:events:us-east-1:123456789012:event-bus/signet',
  SIGNET_ADMINISTRATORS: 'signet-admins',
  SIGNET_EVERYONE: 'nobody',
  SIGNET_PACKAGE_GROUPS: JSON.stringify([
    { group: `${ARNS}:model-package-group/${IN}`, workspace: 'default', model: 'scores' },
    { group: `${ARNS}:model-package-group/${OUT}`, workspace: 'default', model: 'scores' },
  ]),
  // moto knows groups by their names alone.
  SIGNET_MIRROR_GROUPS: JSON.stringify([{ group: OUT, workspace: 'default', model: 'scores' }]),
  // Nothing fails here, so no message is handed out again.
  SIGNET_MIRROR_QUEUE: 'http://127.0.0.1:9/123456789012/mirrors',
};

/** Runs the functions that take packages in and make them, as they are deployed, between the local run and moto. */
export async function driveFunctions(client: SageMakerClient, endpoint: string, check: Check): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'signet-sagemaker-'));
  const local = await startLocal({ data, port: 0 });
  try {
    const { TableName, BucketName } = local.outputs;
    const settings = { ...SETTINGS, SIGNET_TABLE: TableName, SIGNET_BUCKET: BucketName };
    Object.assign(process.env, local.env, settings, { AWS_ENDPOINT_URL_SAGEMAKER: endpoint });
    const [{ handler: takeIn }, { handler: mirror }] = await Promise.all([
      import('../../lambdas/record-packages') as Promise<{ handler: Handler }>,
      import('../../lambdas/mirror-packages') as Promise<{ handler: Handler }>,
    ]);
    await bothWays(client, String(local.urls.people), { takeIn, mirror }, check);
  } finally {
    await local.close();
    rmSync(data, { recursive: true, force: true });
  }
}

async function bothWays(
  client: SageMakerClient,
  url: string,
  { takeIn, mirror }: { readonly takeIn: Handler; readonly mirror: Handler },
  check: Check,
): Promise<void> {
  for (const ModelPackageGroupName of [IN, OUT]) {
    await client.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName }));
  }
  const { id: modelId } = await call(url, 'POST', '/v1/models', { name: 'scores' });
  const Containers = [{ Image: 'server:1', ModelDataUrl: 's3://models/scores/model.tar.gz' }];
  const { ModelPackageArn: arn } = await client.send(
    new CreateModelPackageCommand({ ModelPackageGroupName: IN, InferenceSpecification: { Containers } }),
  );
  check('an event of a package is handled, twice', (await deliver(takeIn, eventOf(arn), eventOf(arn))) === 0);
  const versions = '/v1/models/scores/versions';
  const first = await call(url, 'GET', `${versions}/1`);
  check('it is one version', (await call(url, 'GET', '/v1/models/scores'))['lastVersion'] === 1);
  check('the version names its package and container', JSON.stringify(first).includes(`"arn":"${arn}"`));
  check('and its file', (first['containers'] as { modelData: string }[])[0]?.modelData === 'model.tar.gz');

  await call(url, 'POST', versions, {
    final: true,
    containers: [{ image: 'server:2', modelData: 'model.tar.gz' }],
    references: [{ path: 'model.tar.gz', uri: 's3://models/scores/2/model.tar.gz' }],
  });
  for (const version of [1, 2]) await call(url, 'POST', `${versions}/${version}/approval`, { status: 'Approved' });
  const change = (version: number) => ({
    source: 'signet',
    id: 'e',
    detail: { workspace: 'default', modelId, version },
  });
  check(
    'approvals are handled, twice',
    (await deliver(mirror, change(1), change(2))) + (await deliver(mirror, change(2))) === 0,
  );
  const { ModelPackageSummaryList: made = [] } = await client.send(
    new ListModelPackagesCommand({ ModelPackageGroupName: OUT }),
  );
  check('one package was made, of the version that came from none', made.length === 1);
  const there = () => client.send(new DescribeModelPackageCommand({ ModelPackageName: made[0]?.ModelPackageArn }));
  check('it is approved', (await there()).ModelApprovalStatus === 'Approved');
  check('it comes back as no version', (await deliver(takeIn, eventOf(made[0]?.ModelPackageArn))) === 0);
  check('there are still two', (await call(url, 'GET', '/v1/models/scores'))['lastVersion'] === 2);
  await call(url, 'POST', `${versions}/2/approval`, { status: 'Rejected', reason: 'leaks' });
  check('what is taken back is handled', (await deliver(mirror, change(2))) === 0);
  check('it is taken back there', (await there()).ModelApprovalStatus === 'Rejected');
}

function eventOf(arn: string | undefined): object {
  const detail = {
    ModelPackageArn: arn,
    ModelPackageStatus: 'Completed',
    ModelApprovalStatus: 'PendingManualApproval',
  };
  return { source: 'aws.sagemaker', id: 'event', time: new Date().toISOString(), detail };
}

/** @returns how many messages were not handled */
async function deliver(handler: Handler, ...messages: readonly object[]): Promise<number> {
  const Records = messages.map((message, index) => ({ messageId: String(index), body: JSON.stringify(message) }));
  return (await handler({ Records } as unknown as SQSEvent)).batchItemFailures.length;
}

async function call(url: string, method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url + path, { method, ...(body && { headers, body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}
