import { S3ArtifactStore } from '../adapters/s3/artifact-store';
import { s3Client } from '../adapters/s3/client';
import { S3DigestStore } from '../adapters/s3/digest-store';
import { S3FileProxy } from '../adapters/s3/file-proxy';
import { ENV } from '../contract/names';
import type { Ports } from '../core/ports';
import { required } from './environment';

const client = s3Client();
const bucket = () => ({ client, bucket: required(ENV.bucket), clock: () => new Date() });

/** What the API functions have of S3. It is a module of its own because most requests do without S3's client. */
export const filePorts: { readonly [K in 'artifacts' | 'files' | 'digests']: () => Ports[K] } = {
  artifacts: () => new S3ArtifactStore(bucket()),
  files: () => new S3FileProxy(bucket()),
  // Only the query function reads digests, and knows their bucket.
  digests: () => new S3DigestStore({ client, bucket: required(ENV.digestBucket) }),
};
