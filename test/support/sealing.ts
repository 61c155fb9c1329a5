import { createPublicKey, verify } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { unsealedOf } from '../../adapters/dynamodb/stream-audit';
import { S3DigestStore } from '../../adapters/s3/digest-store';
import type { DigestSigner } from '../../core/ports';
import { type SealPorts, seal, type Unsealed } from '../../core/use-cases';
import type { Key } from './audit';
import { DIGESTS, type TestRegistry } from './registry';

/** Signs with a key of the test. */
export function signerOf(key: Key): DigestSigner {
  return {
    keyId: 'arn:aws:kms:us-east-1:000000000000:key/test',
    sign: async (text) => key.sign(text),
    isSigned: async (text, signature) =>
      verify('sha256', Buffer.from(text), createPublicKey(key.pem), Buffer.from(signature, 'base64')),
    publicKey: async () => key.pem,
  };
}

/** What the function that seals has of the world, over the registry of a test. */
export function sealPorts({ ports, s3 }: TestRegistry, key: Key): SealPorts {
  const digests = new S3DigestStore({ client: s3, bucket: DIGESTS });
  return { store: ports.store, digests, signer: signerOf(key), clock: ports.clock, sha256: ports.sha256 };
}

/** The stream records of all events and readings that the table holds, oldest first. */
export async function imagesOf({ table }: TestRegistry): Promise<Record<string, AttributeValue>[]> {
  const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name, ConsistentRead: true }));
  return Items.filter(({ pk, sk }) => String(sk).startsWith('E#') || String(pk).startsWith('R#'))
    .sort((a, b) => (String(a['gsi2sk']) < String(b['gsi2sk']) ? -1 : 1))
    .map((item) => marshall(item));
}

/** Seals everything that is in the table, as one batch of its stream would have it sealed. */
export async function sealAll(registry: TestRegistry, key: Key): Promise<Unsealed> {
  const unsealed = unsealedOf(await imagesOf(registry));
  await seal(sealPorts(registry, key), unsealed);
  return unsealed;
}

/** All digests that are stored, in their order. */
export async function storedDigests(registry: TestRegistry): Promise<string[]> {
  const store = new S3DigestStore({ client: registry.s3, bucket: DIGESTS });
  const texts: string[] = [];
  for (;;) {
    const text = await store.text(texts.length + 1);
    if (text === undefined) return texts;
    texts.push(text);
  }
}
