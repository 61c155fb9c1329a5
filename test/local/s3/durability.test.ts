import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import fc from 'fast-check';
import { clientOf, type Endpoint, failure, send, startEndpoint } from './endpoint';

const opened: Endpoint[] = [];
const children: ChildProcess[] = [];
const start = async (options: Parameters<typeof startEndpoint>[0] = {}) => {
  const endpoint = await startEndpoint(options);
  opened.push(endpoint);
  return endpoint;
};
// Here, not at the end of each test: a server that a failed test leaves open would keep the run from ending.
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const endpoint of opened.splice(0)) await endpoint.stop();
});

const at = (Key: string, Bucket = 'versioned') => ({ Bucket, Key });
const read = async ({ client }: Endpoint, Key: string, more = {}) =>
  (await client.send(new GetObjectCommand({ ...at(Key), ...more }))).Body?.transformToString();
const put = ({ client }: Endpoint, Key: string, Body: string, Bucket?: string) =>
  client.send(new PutObjectCommand({ ...at(Key, Bucket), Body }));
const blobs = async ({ directory }: Endpoint) => readdir(join(directory, 'blobs'));

// The file goes after the last byte has been sent, which the client may see first.
const expectNoBlobs = async (endpoint: Endpoint) => {
  for (let i = 0; i < 300 && (await blobs(endpoint)).length > 0; i++) await new Promise((next) => setTimeout(next, 10));
  expect(await blobs(endpoint)).toEqual([]);
};

test('a restart serves the same versions, tags, markers and uploads in progress', async () => {
  let endpoint = await start();
  const first = await put(endpoint, 'k', 'one');
  await put(endpoint, 'k', 'two');
  await endpoint.client.send(
    new PutObjectTaggingCommand({
      ...at('k'),
      VersionId: first.VersionId,
      Tagging: { TagSet: [{ Key: 'a', Value: '1' }] },
    }),
  );
  await put(endpoint, 'gone', 'x');
  await endpoint.client.send(new DeleteObjectCommand(at('gone')));
  await put(endpoint, 'plain', 'one', 'plain');
  await put(endpoint, 'plain', 'two', 'plain');
  const { UploadId } = await endpoint.client.send(new CreateMultipartUploadCommand(at('upload')));
  const part = await endpoint.client.send(
    new UploadPartCommand({ ...at('upload'), UploadId, PartNumber: 1, Body: 'part' }),
  );
  const list = () => endpoint.client.send(new ListObjectVersionsCommand({ Bucket: 'versioned' }));
  const { $metadata: _, ...before } = await list();

  // Twice: the second start reads what the first one wrote anew.
  for (let i = 0; i < 2; i++) {
    await endpoint.s3.close();
    endpoint = await start({ directory: endpoint.directory });
  }
  const { $metadata: __, ...after } = await list();
  expect(after).toEqual(before);
  expect(await read(endpoint, 'k')).toBe('two');
  expect(await read(endpoint, 'k', { VersionId: first.VersionId })).toBe('one');
  const tags = await endpoint.client.send(new GetObjectTaggingCommand({ ...at('k'), VersionId: first.VersionId }));
  expect(tags.TagSet).toEqual([{ Key: 'a', Value: '1' }]);
  await endpoint.client.send(
    new CompleteMultipartUploadCommand({
      ...at('upload'),
      UploadId,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 }] },
    }),
  );
  expect(await read(endpoint, 'upload')).toBe('part');
  // one, two, gone, plain (once), upload: what was overwritten has been removed.
  expect(await blobs(endpoint)).toHaveLength(5);
});

test('kill -9 loses nothing acknowledged and shows nothing half written', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'local-s3-kill-'));
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'serve.ts'), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  }) as ChildProcess;
  children.push(child);
  const [url] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const client = clientOf(url.toString());
  const bodyOf = (n: number) => `${n} `.repeat(50_000);
  const acknowledged: number[] = [];
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    for (let n = writer; ; n += 4) {
      await client.send(new PutObjectCommand({ ...at(`n/${n}`), Body: bodyOf(n) }));
      acknowledged.push(n);
      if (acknowledged.length === 60) child.kill('SIGKILL');
    }
  });
  await Promise.allSettled(writers);
  client.destroy();

  const endpoint = await start({ directory });
  for (const n of acknowledged) expect(await read(endpoint, `n/${n}`)).toBe(bodyOf(n));
  const { Contents = [] } = await endpoint.client.send(new ListObjectsV2Command({ Bucket: 'versioned' }));
  // What was under way may be there, but then whole; of the rest no file stays.
  for (const { Key = '', Size } of Contents) expect(Size).toBe(bodyOf(Number(Key.slice(2))).length);
  expect(await blobs(endpoint)).toHaveLength(Contents.length);
});

test('a line that a crash cut short is as if never written; a damaged one is not passed over', async () => {
  const endpoint = await start();
  await put(endpoint, 'k', 'one');
  await endpoint.s3.close();
  const journal = join(endpoint.directory, 'journal.jsonl');
  const whole = await readFile(journal, 'utf8');
  await appendFile(journal, whole.replace('"k"', '"other"').slice(0, -10));
  const again = await start({ directory: endpoint.directory });
  expect(await read(again, 'k')).toBe('one');
  expect(await failure(again.client.send(new HeadObjectCommand(at('other'))))).toMatchObject({ status: 404 });
  await again.s3.close();
  await writeFile(journal, `damage\n${whole}`);
  await expect(start({ directory: endpoint.directory })).rejects.toThrow('damaged at line 1');
});

test('a folder is open once at a time', async () => {
  const endpoint = await start();
  await expect(start({ directory: endpoint.directory })).rejects.toThrow('is in use');
});

test('an upload that breaks off leaves neither object nor file', async () => {
  const endpoint = await start();
  const url = await getSignedUrl(endpoint.client, new PutObjectCommand(at('broken')));
  const { request } = await import('node:http');
  await new Promise<void>((resolve) => {
    const outgoing = request(url, { method: 'PUT', headers: { 'content-length': '1000000' }, agent: false });
    outgoing.on('error', () => resolve());
    outgoing.write(Buffer.alloc(500_000), () => setTimeout(() => outgoing.destroy(new Error('gone')), 50));
  });
  await expectNoBlobs(endpoint);
  expect(await failure(endpoint.client.send(new HeadObjectCommand(at('broken'))))).toMatchObject({ status: 404 });
});

test('an object deleted while it is read is read to its end', async () => {
  const endpoint = await start();
  const body = 'x'.repeat(20_000_000);
  await put(endpoint, 'read', body, 'plain');
  const { Body } = await endpoint.client.send(new GetObjectCommand(at('read', 'plain')));
  await endpoint.client.send(new DeleteObjectCommand(at('read', 'plain')));
  expect((await Body?.transformToString())?.length).toBe(body.length);
  await expectNoBlobs(endpoint);
});

test('keys are names of objects and never of files', async () => {
  const endpoint = await start();
  const hostile = [
    '../../escape',
    '..',
    './a',
    'a//b',
    '/lead',
    'nul\u0000',
    'journal.jsonl',
    '%2e%2e',
    'a\\..\\b',
    '\u202e',
    '*?',
  ];
  const key = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }));
  await fc.assert(
    fc.asyncProperty(key, async (Key) => {
      const url = await getSignedUrl(endpoint.client, new PutObjectCommand({ ...at(Key), Body: 'abc' }));
      expect((await send(url, { method: 'PUT', body: 'abc' })).status).toBe(200);
      const get = await getSignedUrl(endpoint.client, new GetObjectCommand(at(Key)));
      expect(await send(get)).toMatchObject({ status: 200, body: 'abc' });
    }),
    { numRuns: 100 },
  );
  expect((await readdir(endpoint.directory)).sort()).toEqual(['blobs', 'journal.jsonl', 'lock']);
  expect((await blobs(endpoint)).every((name) => /^[0-9A-Z]{26}$/.test(name))).toBe(true);
});
