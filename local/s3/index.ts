import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import type { BucketOptions } from './call';
import { createS3Server, type ServedRequest } from './server';
import { Store } from './store';

export type { BucketOptions, DefaultEncryption, DefaultRetention } from './call';

/** How an endpoint is to run. */
export interface LocalS3Options {
  /** Folder that keeps objects and metadata; created when missing. One endpoint at a time may have it open. */
  directory: string;
  /** 0, the default, takes any free port. Only 127.0.0.1 is bound. */
  port?: number;
  buckets: readonly BucketOptions[];
  credentials: readonly { accessKeyId: string; secretAccessKey: string }[];
  /** Default `us-east-1`. Signatures for another region are refused, as by S3. */
  region?: string;
  clock?: () => Date;
  onRequest?: (request: ServedRequest) => void;
}

export interface LocalS3 {
  /** `http://127.0.0.1:port` */
  url: string;
  /** Cuts open connections and gives the folder back. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts an S3 endpoint on loopback that verifies what S3 verifies: signatures, expiry, checksums, conditions. What it
 * acknowledges is on the disk.
 *
 * @throws Error when the folder is in use or damaged, or the port is taken
 */
export async function startLocalS3(options: LocalS3Options): Promise<LocalS3> {
  const { region = 'us-east-1', clock = () => new Date(), onRequest = () => undefined } = options;
  const store = await Store.open(resolve(options.directory));
  const context = {
    store,
    buckets: new Map(options.buckets.map((bucket) => [bucket.name, bucket])),
    region,
    clock,
  };
  const secrets = new Map(options.credentials.map((one) => [one.accessKeyId, one.secretAccessKey]));
  const server = createS3Server(context, { secrets, region, clock }, onRequest);
  try {
    await new Promise<void>((listening, failed) => {
      server.once('error', failed);
      server.listen(options.port ?? 0, '127.0.0.1', listening);
    });
  } catch (error) {
    await store.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const shutDown = async () => {
    const closed = new Promise<void>((done) => server.close(() => done()));
    server.closeAllConnections();
    await closed;
    await store.close();
  };
  let closing: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      closing ??= shutDown();
      return closing;
    },
  };
}
