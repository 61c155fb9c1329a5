import { createHash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { documentClient } from '../adapters/dynamodb/client';
import { DynamoRegistryStore } from '../adapters/dynamodb/registry-store';
import { unsealedOf } from '../adapters/dynamodb/stream-audit';
import { KmsSigner } from '../adapters/kms/signer';
import { s3Client } from '../adapters/s3/client';
import { S3DigestStore } from '../adapters/s3/digest-store';
import { ENV } from '../contract/names';
import { seal } from '../core/use-cases';
import { required } from './environment';

const clock = () => new Date();
const ports = {
  store: new DynamoRegistryStore({ client: documentClient(), table: required(ENV.table), clock }),
  digests: new S3DigestStore({ client: s3Client(), bucket: required(ENV.digestBucket) }),
  signer: new KmsSigner({ client: new KMSClient({ maxAttempts: 4 }), keyId: required(ENV.digestKey) }),
  clock,
  sha256: (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex'),
};

/**
 * Seals what a batch of stream records tells of. A batch that fails is delivered again, in halves: one digest more is all
 * that a repetition costs.
 */
export async function handler(batch: DynamoDBStreamEvent): Promise<void> {
  const images = batch.Records.map(({ dynamodb }) => dynamodb?.NewImage as Record<string, AttributeValue>);
  await seal(ports, unsealedOf(images));
}
