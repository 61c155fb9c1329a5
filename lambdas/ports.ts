import { createHash, randomBytes, randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { monotonicFactory } from 'ulid';
import { CedarPolicyEngine } from '../adapters/cedar/engine';
import { documentClient } from '../adapters/dynamodb/client';
import { DynamoPostingStore } from '../adapters/dynamodb/posting-store';
import { DynamoRegistryStore } from '../adapters/dynamodb/registry-store';
import { S3ArtifactStore } from '../adapters/s3/artifact-store';
import { s3Client } from '../adapters/s3/client';
import { S3DigestStore } from '../adapters/s3/digest-store';
import { S3FileProxy } from '../adapters/s3/file-proxy';
import { WebhookHttpSender } from '../adapters/webhooks/send';
import { ENV } from '../contract/names';
import type { Hosting, Ports } from '../core/ports';
import { required } from './environment';

/** The table, and what any function has of the world. */
export function tablePorts() {
  const clock = () => new Date();
  return {
    store: new DynamoRegistryStore({ client: documentClient(), table: required(ENV.table), clock }),
    clock,
    sha256: (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex'),
    random: () => randomInt(2 ** 32) / 2 ** 32,
  };
}

/** The world of the API functions: the resources that the stack named in their environment. */
export function awsPorts(): Ports {
  const base = tablePorts();
  const table = { client: documentClient(), table: required(ENV.table), clock: base.clock };
  const bucket = { client: s3Client(), bucket: required(ENV.bucket), clock: base.clock };
  return {
    ...base,
    postings: new DynamoPostingStore(table, base.store),
    artifacts: new S3ArtifactStore(bucket),
    files: new S3FileProxy(bucket),
    webhooks: webhookSender(),
    // Only the query function reads digests, and knows their bucket.
    get digests() {
      return new S3DigestStore({ client: bucket.client, bucket: required(ENV.digestBucket) });
    },
    hosting: hosting(),
    policies: new CedarPolicyEngine(),
    newId: monotonicFactory(),
    newSecret: () => randomBytes(32).toString('base64url'),
    sendsMails: process.env[ENV.mailFrom] !== undefined,
    pause: (milliseconds) => pause(milliseconds),
  };
}

/** What may be named at the host of models. The function that only reads is told nothing of it. */
function hosting(): Hosting {
  return {
    endpointPrefix: process.env[ENV.endpointPrefix] ?? '',
    executionRoles: (process.env[ENV.executionRoles] ?? '').split(',').filter((arn) => arn !== ''),
  };
}

/** Reaches webhooks: public ones only, unless the local run says otherwise. */
export function webhookSender(): WebhookHttpSender {
  return new WebhookHttpSender({ allowsLoopback: process.env[ENV.webhookLoopback] === 'true' });
}
