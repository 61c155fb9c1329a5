import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { extract } from 'tar-stream';
import { S3Archives } from '../../adapters/s3/archives';
import type { ArchiveEntry } from '../../core/ports';
import { startLocalS3 } from '../../local/s3';

const credentials = { accessKeyId: 'AKIALOCALLOCALLOCAL0', secretAccessKey: 'local-secret' };
const Bucket = 'artifacts';
let folder: string;
let s3: Awaited<ReturnType<typeof startLocalS3>>;
let client: S3Client;
let archives: S3Archives;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signet-archives-'));
  const buckets = [{ name: Bucket, versioned: true }];
  s3 = await startLocalS3({ directory: folder, buckets, credentials: [credentials] });
  client = new S3Client({ endpoint: s3.url, region: 'us-east-1', credentials, forcePathStyle: true });
  archives = new S3Archives({ client, bucket: Bucket });
});
afterAll(async () => {
  client.destroy();
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

async function put(key: string, Body: Buffer, path: string): Promise<ArchiveEntry> {
  const { VersionId = '' } = await client.send(new PutObjectCommand({ Bucket, Key: key, Body }));
  return { path, objectKey: key, objectVersion: VersionId, size: Body.length };
}

async function bytesOf(key: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: `_deploy/${key}` }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

async function filesIn(archive: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const tar = Readable.from([archive]).pipe(createGunzip()).pipe(extract());
  for await (const entry of tar) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    files[entry.header.name] = Buffer.concat(chunks).toString();
  }
  return files;
}

test('files become a tar.gz of the very versions that were finalised, the same bytes each time', async () => {
  const long = `${'folder/'.repeat(30)}weights.bin`;
  const entries = [await put('w/1/a', Buffer.from('first'), 'model.json'), await put('w/1/b', Buffer.alloc(0), long)];
  await put('w/1/a', Buffer.from('somebody wrote later'), 'model.json');
  expect(await archives.exists('x/model.tar.gz')).toBe(false);
  await archives.make({ key: 'x/model.tar.gz', entries, asIs: false });
  await archives.make({ key: 'y/model.tar.gz', entries, asIs: false });
  expect(await archives.exists('x/model.tar.gz')).toBe(true);
  expect(archives.url('x/model.tar.gz')).toBe('s3://artifacts/_deploy/x/model.tar.gz');
  expect(await filesIn(await bytesOf('x/model.tar.gz'))).toEqual({ 'model.json': 'first', [long]: '' });
  expect(await bytesOf('y/model.tar.gz')).toEqual(await bytesOf('x/model.tar.gz'));
});

test('a tar.gz is taken as it is', async () => {
  const given = gzipSync('whatever is in it');
  await archives.make({ key: 'z/model.tar.gz', entries: [await put('w/2/m.tar.gz', given, 'm.tar.gz')], asIs: true });
  expect(await bytesOf('z/model.tar.gz')).toEqual(given);
});

test('a file that is missing leaves no archive behind', async () => {
  const entries = [
    await put('w/3/a', Buffer.from('a'), 'a'),
    { path: 'b', objectKey: 'w/3/none', objectVersion: 'no', size: 3 },
  ];
  await expect(archives.make({ key: 'q/model.tar.gz', entries, asIs: false })).rejects.toThrow();
  expect(await archives.exists('q/model.tar.gz')).toBe(false);
});
