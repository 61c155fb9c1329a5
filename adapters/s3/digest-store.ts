import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { DigestStore } from '../../core/ports';

/** Where a digest is kept: numbers of the same length, so that lists are in order. */
function digestKey(sequence: number): string {
  return `digests/${String(sequence).padStart(12, '0')}.json`;
}

/** Where a public key is kept. The last part of a key's ARN tells it from others. */
function publicKeyKey(keyId: string): string {
  return `keys/${keyId.slice(keyId.lastIndexOf('/') + 1)}.pem`;
}

/** Answers to a conditional PUT that comes after another one, or at the same moment. */
const TAKEN = new Set(['PreconditionFailed', 'ConditionalRequestConflict']);

/**
 * Digests in a bucket that keeps them: each under its number, which only the first writer gets. The retention is the
 * bucket's own, so no writer can ask for a shorter one.
 */
export class S3DigestStore implements DigestStore {
  constructor(private readonly options: { readonly client: S3Client; readonly bucket: string }) {}

  add(sequence: number, text: string): Promise<boolean> {
    return this.put(digestKey(sequence), text, 'application/json');
  }

  text(sequence: number): Promise<string | undefined> {
    return this.get(digestKey(sequence));
  }

  async addKey(keyId: string, pem: string): Promise<void> {
    await this.put(publicKeyKey(keyId), pem, 'application/x-pem-file');
  }

  key(keyId: string): Promise<string | undefined> {
    return this.get(publicKeyKey(keyId));
  }

  private async put(key: string, text: string, type: string): Promise<boolean> {
    const { client, bucket } = this.options;
    try {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: text,
          ContentType: type,
          IfNoneMatch: '*',
          // A bucket with Object Lock takes nothing without a checksum.
          ChecksumAlgorithm: 'SHA256',
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof Error && TAKEN.has(error.name)) return false;
      throw error;
    }
  }

  private async get(key: string): Promise<string | undefined> {
    const { client, bucket } = this.options;
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  }
}
