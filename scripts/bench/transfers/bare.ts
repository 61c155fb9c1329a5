import { type FileHandle, open } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

/** Where the bytes go, part by part. */
export interface Place {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly prefix: string;
  readonly partSize: number;
  /** Requests on their way at the same time. */
  readonly parallel: number;
}

/** Puts a file in parts, each an object of its own, over connections that are kept: nothing is digested, nothing resumed. */
export async function putAll({ s3, bucket, prefix, partSize, parallel }: Place, file: string): Promise<void> {
  const handle = await open(file);
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  try {
    const { size } = await handle.stat();
    await each(Math.ceil(size / partSize), parallel, async (index) => {
      const bytes = await part(handle, index * partSize, Math.min(partSize, size - index * partSize));
      const command = new PutObjectCommand({ Bucket: bucket, Key: `${prefix}/${index}` });
      await exchange('PUT', await getSignedUrl(s3, command), agent, bytes);
    });
  } finally {
    agent.destroy();
    await handle.close();
  }
}

/** Gets them again, into a file. */
export async function getAll({ s3, bucket, prefix, partSize, parallel }: Place, size: number, file: string) {
  const handle = await open(file, 'w');
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  try {
    await each(Math.ceil(size / partSize), parallel, async (index) => {
      const command = new GetObjectCommand({ Bucket: bucket, Key: `${prefix}/${index}` });
      const bytes = await exchange('GET', await getSignedUrl(s3, command), agent);
      await handle.write(bytes, 0, bytes.length, index * partSize);
    });
  } finally {
    agent.destroy();
    await handle.close();
  }
}

async function part(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  const { bytesRead } = await handle.read(bytes, 0, length, start);
  if (bytesRead !== length) throw new Error('the file was not read to its end');
  return bytes;
}

async function each(count: number, parallel: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lanes = Array.from({ length: parallel }, async () => {
    while (next < count) await work(next++);
  });
  await Promise.all(lanes);
}

function exchange(method: string, url: string, agent: Agent, bytes?: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = bytes && { 'content-length': bytes.length };
    const outgoing = request(url, { method, agent, ...(headers && { headers }) }, (response) => {
      buffer(response).then((body) => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`${method}: ${response.statusCode} ${body.toString('utf8', 0, 300)}`));
      }, reject);
    });
    outgoing.once('error', reject).end(bytes);
  });
}
