import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { type LocalS3, type LocalS3Options, startLocalS3 } from '../../../local/s3';

export const CREDENTIALS = { accessKeyId: 'AKIALOCALTEST', secretAccessKey: 'local/secret+key' };

/** An endpoint in a folder of its own with the buckets `versioned` and `plain`, and a client for it. */
export interface Endpoint {
  readonly directory: string;
  readonly s3: LocalS3;
  readonly client: S3Client;
  stop(): Promise<void>;
}

export async function startEndpoint(options: Partial<LocalS3Options> = {}): Promise<Endpoint> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'local-s3-')));
  const s3 = await startLocalS3({
    buckets: [
      { name: 'versioned', versioned: true },
      { name: 'plain', versioned: false },
    ],
    credentials: [CREDENTIALS],
    ...options,
    directory,
  });
  const client = clientOf(s3.url);
  return {
    directory,
    s3,
    client,
    stop: async () => {
      client.destroy();
      await s3.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function clientOf(endpoint: string, options: Partial<S3ClientConfig> = {}): S3Client {
  return new S3Client({ endpoint, region: 'us-east-1', credentials: CREDENTIALS, maxAttempts: 1, ...options });
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
  /** `<Code>` of an error document. */
  readonly code: string | undefined;
}

/** Sends exactly this request: no client library normalises the path or adds headers. */
export function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<RawAnswer> {
  const { protocol, hostname, port } = new URL(url);
  // `new URL` would resolve `..`.
  const path = url.slice(`${protocol}//${hostname}:${port}`.length);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { hostname, port, path, method: options.method ?? 'GET', headers: options.headers ?? {}, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const body = Buffer.concat(chunks).toString();
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body,
            code: /<Code>(.*?)<\/Code>/.exec(body)?.[1],
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}

/** The name and status of the error a call fails with. */
export async function failure(call: Promise<unknown>): Promise<{ name: string; status: number | undefined }> {
  try {
    await call;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return { name, status: $metadata?.httpStatusCode };
  }
  throw new Error('the call succeeded');
}
