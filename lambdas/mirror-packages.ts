import { setTimeout as pause } from 'node:timers/promises';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SQSClient } from '@aws-sdk/client-sqs';
import { monotonicFactory } from 'ulid';
import { S3Archives } from '../adapters/s3/archives';
import { s3Client } from '../adapters/s3/client';
import { SageMakerPackages } from '../adapters/sagemaker/packages';
import { retrySoon } from '../adapters/sqs/retry';
import { ENV } from '../contract/names';
import { handleMirrorMessage, type MirrorMessage, type PackageGroup } from '../core/use-cases';
import { required } from './environment';
import { tablePorts } from './ports';
import { queueHandler } from './queue-handler';

const requestHandler = { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

const handle = handleMirrorMessage({
  ...tablePorts(),
  newId: monotonicFactory(),
  pause: (milliseconds) => pause(milliseconds),
  packages: new SageMakerPackages(new SageMakerClient({ maxAttempts: 6, requestHandler }), 'leave'),
  archives: new S3Archives({ client: s3Client(), bucket: required(ENV.bucket) }),
  groups: JSON.parse(required(ENV.mirrorGroups)) as PackageGroup[],
  sources: JSON.parse(required(ENV.packageGroups)) as PackageGroup[],
  registry: required(ENV.registryName),
});

/** Makes model packages in SageMaker of approved versions, and tells them what becomes of the approval. */
export const handler = queueHandler(
  (body) => handle(JSON.parse(body) as MirrorMessage),
  retrySoon(new SQSClient({ maxAttempts: 3, requestHandler }), required(ENV.mirrorQueue)),
);
