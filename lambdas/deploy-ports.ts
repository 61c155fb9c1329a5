import { createHash, randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SQSClient } from '@aws-sdk/client-sqs';
import { monotonicFactory } from 'ulid';
import { documentClient } from '../adapters/dynamodb/client';
import { DynamoRegistryStore } from '../adapters/dynamodb/registry-store';
import { S3Archives } from '../adapters/s3/archives';
import { s3Client } from '../adapters/s3/client';
import { SageMakerHost } from '../adapters/sagemaker/host';
import { SqsTargetQueue } from '../adapters/sqs/target-queue';
import { ENV } from '../contract/names';
import type { DeployPorts } from '../core/use-cases';
import { required } from './environment';

/** The world of the functions that deploy. */
export function deployPorts(): DeployPorts {
  const clock = () => new Date();
  const requestHandler = { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true };
  return {
    store: new DynamoRegistryStore({ client: documentClient(), table: required(ENV.table), clock }),
    host: new SageMakerHost(new SageMakerClient({ maxAttempts: 3, requestHandler })),
    archives: new S3Archives({ client: s3Client(), bucket: required(ENV.bucket) }),
    queue: new SqsTargetQueue({ client: new SQSClient({ maxAttempts: 4 }), url: required(ENV.deployQueue) }),
    clock,
    newId: monotonicFactory(),
    sha256: (data) => createHash('sha256').update(data).digest('hex'),
    pause: (milliseconds) => pause(milliseconds),
    random: () => randomInt(2 ** 32) / 2 ** 32,
  };
}
