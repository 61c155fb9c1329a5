import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { clientOf, type Endpoint, failure, startEndpoint } from './endpoint';

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.stop());

const put = (Key: string, Body: string, more = {}, Bucket = 'plain') =>
  endpoint.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const read = async (Key: string, more = {}, Bucket = 'plain') =>
  (await endpoint.client.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString();

test('an object comes back with its bytes, ETag, checksum, headers, metadata and tags', async () => {
  const md5 = `"${createHash('md5').update('hello').digest('hex')}"`;
  const answer = await put('a/b.txt', 'hello', {
    ContentType: 'text/plain',
    CacheControl: 'no-store',
    ContentDisposition: 'attachment; filename="b"',
    ContentEncoding: 'identity',
    Metadata: { purpose: 'test' },
    Tagging: 'a=1&b=x%20y',
    ChecksumAlgorithm: 'SHA256',
  });
  const sha256 = createHash('sha256').update('hello').digest('base64');
  expect(answer).toMatchObject({ ETag: md5, ChecksumSHA256: sha256, ChecksumType: 'FULL_OBJECT' });
  const head = await endpoint.client.send(
    new HeadObjectCommand({ Bucket: 'plain', Key: 'a/b.txt', ChecksumMode: 'ENABLED' }),
  );
  expect(head).toMatchObject({
    ContentLength: 5,
    ETag: md5,
    ContentType: 'text/plain',
    CacheControl: 'no-store',
    ContentDisposition: 'attachment; filename="b"',
    ContentEncoding: 'identity',
    Metadata: { purpose: 'test' },
    ChecksumSHA256: sha256,
    ChecksumType: 'FULL_OBJECT',
    TagCount: 2,
  });
  expect(await read('a/b.txt')).toBe('hello');
});

test('tags are read, replaced and limited', async () => {
  await put('tagged', 'x', { Tagging: 'a=1' });
  const at = { Bucket: 'plain', Key: 'tagged' };
  await endpoint.client.send(
    new PutObjectTaggingCommand({ ...at, Tagging: { TagSet: [{ Key: 'k <&>', Value: ' v ' }] } }),
  );
  expect((await endpoint.client.send(new GetObjectTaggingCommand(at))).TagSet).toEqual([
    { Key: 'k <&>', Value: ' v ' },
  ]);
  const TagSet = Array.from({ length: 11 }, (_, i) => ({ Key: `k${i}`, Value: '' }));
  expect(await failure(endpoint.client.send(new PutObjectTaggingCommand({ ...at, Tagging: { TagSet } })))).toEqual({
    name: 'InvalidTag',
    status: 400,
  });
});

test('a streamed body arrives in the chunked encoding with a trailing checksum', async () => {
  const bytes = Buffer.alloc(300_000, 'abcdefg');
  const answer = await endpoint.client.send(
    new PutObjectCommand({
      Bucket: 'plain',
      Key: 'stream',
      Body: Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)], { objectMode: false }),
      ContentLength: bytes.length,
      ChecksumAlgorithm: 'CRC64NVME',
    }),
  );
  expect(answer.ChecksumCRC64NVME).toMatch(/^.{11}=$/);
  const head = await endpoint.client.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'stream' }));
  expect(head.ContentEncoding).toBeUndefined();
  expect(head.ETag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`);
});

test('an object without a checksum from the client gets CRC64NVME', async () => {
  const quiet = clientOf(endpoint.s3.url, { requestChecksumCalculation: 'WHEN_REQUIRED' });
  await quiet.send(new PutObjectCommand({ Bucket: 'plain', Key: 'quiet', Body: '123456789' }));
  const head = await quiet.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'quiet', ChecksumMode: 'ENABLED' }));
  // The check value of the algorithm: CRC-64/NVME of "123456789" is ae8b14860a799888.
  expect(head.ChecksumCRC64NVME).toBe(Buffer.from('ae8b14860a799888', 'hex').toString('base64'));
  quiet.destroy();
});

test.each([
  ['ChecksumSHA256', createHash('sha256').update('other').digest('base64'), 'BadDigest'],
  ['ChecksumCRC32', 'AAAAAA==', 'BadDigest'],
  ['ChecksumCRC32C', 'AAAAAA==', 'BadDigest'],
  ['ChecksumCRC64NVME', 'AAAAAAAAAAA=', 'BadDigest'],
  ['ChecksumSHA1', createHash('sha1').update('other').digest('base64'), 'BadDigest'],
  ['ContentMD5', createHash('md5').update('other').digest('base64'), 'BadDigest'],
  ['ContentMD5', 'short', 'InvalidDigest'],
  ['ChecksumCRC32', 'AAAA', 'InvalidRequest'],
])('a body that does not match its %s is refused and leaves nothing', async (field, value, code) => {
  expect(await failure(put('bad-digest', 'hello', { [field]: value }))).toEqual({ name: code, status: 400 });
  expect(await failure(read('bad-digest'))).toEqual({ name: 'NoSuchKey', status: 404 });
});

test.each([
  ['bytes=0-3', '0123', 'bytes 0-3/10'],
  ['bytes=7-', '789', 'bytes 7-9/10'],
  ['bytes=-4', '6789', 'bytes 6-9/10'],
  ['bytes=-40', '0123456789', 'bytes 0-9/10'],
  ['bytes=8-100', '89', 'bytes 8-9/10'],
  ['bytes=5-2', '0123456789', undefined],
  ['bytes=0-1,3-4', '0123456789', undefined],
])('range %s', async (Range, expected, contentRange) => {
  await put('digits', '0123456789');
  const answer = await endpoint.client.send(new GetObjectCommand({ Bucket: 'plain', Key: 'digits', Range }));
  expect(await answer.Body?.transformToString()).toBe(expected);
  expect(answer.ContentRange).toBe(contentRange);
});

test.each(['bytes=10-', 'bytes=10-12', 'bytes=-0'])('range %s has no byte of the object', async (Range) => {
  await put('digits', '0123456789');
  expect(await failure(read('digits', { Range }))).toEqual({ name: 'InvalidRange', status: 416 });
});

test('an empty object is stored and read', async () => {
  await put('empty', '', { ContentLength: 0 });
  expect(await read('empty')).toBe('');
  expect(await failure(read('empty', { Range: 'bytes=0-' }))).toEqual({ name: 'InvalidRange', status: 416 });
});

test('reads honour their conditions', async () => {
  const { ETag } = await put('conditional', 'x');
  expect((await failure(read('conditional', { IfNoneMatch: ETag }))).status).toBe(304);
  expect((await failure(read('conditional', { IfMatch: '"other"' }))).status).toBe(412);
  expect((await failure(read('conditional', { IfModifiedSince: new Date(Date.now() + 60_000) }))).status).toBe(304);
  expect((await failure(read('conditional', { IfUnmodifiedSince: new Date(0) }))).status).toBe(412);
  expect(await read('conditional', { IfMatch: ETag, IfUnmodifiedSince: new Date(0) })).toBe('x');
});

test('reads replace headers as the query says', async () => {
  await put('override', 'x');
  const answer = await endpoint.client.send(
    new GetObjectCommand({
      Bucket: 'plain',
      Key: 'override',
      ResponseContentType: 'application/x-model',
      ResponseContentDisposition: 'attachment; filename="m.onnx"',
    }),
  );
  expect(answer).toMatchObject({
    ContentType: 'application/x-model',
    ContentDisposition: 'attachment; filename="m.onnx"',
  });
});

test('exactly one of many writers with If-None-Match succeeds', async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) => put('once', `writer ${i}`, { IfNoneMatch: '*' })),
  );
  expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  expect(await failure(put('once', 'late', { IfNoneMatch: '*' }))).toEqual({ name: 'PreconditionFailed', status: 412 });
});

test('If-Match on a write compares with what is there', async () => {
  const { ETag } = await put('replace', 'one');
  await put('replace', 'two', { IfMatch: ETag });
  expect(await failure(put('replace', 'three', { IfMatch: ETag }))).toEqual({
    name: 'PreconditionFailed',
    status: 412,
  });
  expect(await failure(put('replace-none', 'x', { IfMatch: ETag }))).toEqual({ name: 'NoSuchKey', status: 404 });
  expect(await read('replace')).toBe('two');
});

test('versions, delete markers and deletion of a version', async () => {
  const at = { Bucket: 'versioned', Key: 'v' };
  const first = await put('v', 'one', {}, 'versioned');
  const second = await put('v', 'two', {}, 'versioned');
  expect(first.VersionId).not.toBe(second.VersionId);
  expect(await read('v', { VersionId: first.VersionId }, 'versioned')).toBe('one');
  const gone = await endpoint.client.send(new DeleteObjectCommand(at));
  expect(gone).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) });
  expect(await failure(read('v', {}, 'versioned'))).toEqual({ name: 'NoSuchKey', status: 404 });
  expect(await failure(read('v', { VersionId: gone.VersionId }, 'versioned'))).toEqual({
    name: 'MethodNotAllowed',
    status: 405,
  });
  // A deleted object may be created again by a writer that wants to be the first.
  await put('v', 'three', { IfNoneMatch: '*' }, 'versioned');
  const listed = await endpoint.client.send(new ListObjectVersionsCommand({ Bucket: 'versioned', Prefix: 'v' }));
  expect(listed.Versions?.map((one) => [one.Size, one.IsLatest])).toEqual([
    [5, true],
    [3, false],
    [3, false],
  ]);
  expect(listed.DeleteMarkers).toHaveLength(1);
  await endpoint.client.send(new DeleteObjectCommand({ ...at, VersionId: first.VersionId }));
  expect(await failure(read('v', { VersionId: first.VersionId }, 'versioned'))).toEqual({
    name: 'NoSuchVersion',
    status: 404,
  });
  expect(await failure(read('v', { VersionId: 'nonsense' }, 'versioned'))).toEqual({
    name: 'InvalidArgument',
    status: 400,
  });
});

test('deleting twice succeeds, and many at once', async () => {
  await put('d/1', 'x');
  await put('d/2 <&>', 'x');
  await endpoint.client.send(new DeleteObjectCommand({ Bucket: 'plain', Key: 'd/none' }));
  const answer = await endpoint.client.send(
    new DeleteObjectsCommand({
      Bucket: 'plain',
      Delete: { Objects: [{ Key: 'd/1' }, { Key: 'd/2 <&>' }, { Key: 'd/none' }] },
    }),
  );
  expect(answer.Deleted?.map((one) => one.Key)).toEqual(['d/1', 'd/2 <&>', 'd/none']);
  expect(await failure(read('d/2 <&>'))).toEqual({ name: 'NoSuchKey', status: 404 });
});

test('a copy has the bytes, and the metadata unless replaced', async () => {
  await put('source é +', 'copied', { Metadata: { a: '1' }, ContentType: 'text/x' });
  const CopySource = encodeURIComponent('plain/source é +');
  const copy = (Key: string, more = {}) =>
    endpoint.client.send(new CopyObjectCommand({ Bucket: 'plain', Key, CopySource, ...more }));
  await copy('copy-1');
  await copy('copy-2', { MetadataDirective: 'REPLACE', Metadata: { b: '2' } });
  const head = (Key: string) => endpoint.client.send(new HeadObjectCommand({ Bucket: 'plain', Key }));
  expect(await read('copy-1')).toBe('copied');
  expect(await head('copy-1')).toMatchObject({ Metadata: { a: '1' }, ContentType: 'text/x' });
  expect((await head('copy-2')).Metadata).toEqual({ b: '2' });
  expect(await failure(copy('source é +'))).toEqual({ name: 'InvalidRequest', status: 400 });
  expect(await failure(copy('copy-3', { CopySourceIfMatch: '"no"' }))).toEqual({
    name: 'PreconditionFailed',
    status: 412,
  });
});

test('buckets are those of the options', async () => {
  const { client } = endpoint;
  expect((await client.send(new ListBucketsCommand({}))).Buckets?.map((one) => one.Name)).toEqual([
    'plain',
    'versioned',
  ]);
  await client.send(new HeadBucketCommand({ Bucket: 'plain' }));
  expect((await client.send(new GetBucketLocationCommand({ Bucket: 'plain' }))).LocationConstraint).toBeFalsy();
  expect((await client.send(new GetBucketVersioningCommand({ Bucket: 'versioned' }))).Status).toBe('Enabled');
  expect((await client.send(new GetBucketVersioningCommand({ Bucket: 'plain' }))).Status).toBeUndefined();
  expect(await failure(client.send(new GetObjectCommand({ Bucket: 'other', Key: 'k' })))).toEqual({
    name: 'NoSuchBucket',
    status: 404,
  });
});

test('an operation that is not here says so', async () => {
  expect(await failure(endpoint.client.send(new GetBucketAclCommand({ Bucket: 'plain' })))).toEqual({
    name: 'NotImplemented',
    status: 501,
  });
});

test('metadata beyond 2 KiB and keys beyond 1,024 bytes are refused', async () => {
  expect(await failure(put('meta', 'x', { Metadata: { a: 'x'.repeat(2048) } }))).toEqual({
    name: 'MetadataTooLarge',
    status: 400,
  });
  await put('é'.repeat(512), 'x');
  expect(await failure(put(`${'é'.repeat(512)}x`, 'x'))).toEqual({ name: 'KeyTooLongError', status: 400 });
});
