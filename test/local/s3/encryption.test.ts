import { createHash } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type Endpoint, failure, startEndpoint } from './endpoint';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/registry';
const BY_KMS = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KEY };
const md5 = (text: string, encoding: 'hex' | 'base64' = 'hex') => createHash('md5').update(text).digest(encoding);

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint({
    buckets: [
      { name: 'sealed', versioned: true, kms: { algorithm: 'aws:kms', key: KEY } },
      { name: 'plain', versioned: false },
    ],
  });
});
afterAll(() => endpoint.stop());

const put = (Bucket: string, Key: string, Body: string, more = {}) =>
  endpoint.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const head = (Bucket: string, Key: string) => endpoint.client.send(new HeadObjectCommand({ Bucket, Key }));

test('the ETag of what the key of a bucket encrypts tells nothing of the bytes', async () => {
  const first = await put('sealed', 'a', 'hello');
  const second = await put('sealed', 'b', 'hello');
  expect(first).toMatchObject({ ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/), ...BY_KMS });
  expect(first.ETag).not.toBe(`"${md5('hello')}"`);
  expect(second.ETag).not.toBe(first.ETag);
  expect(await head('sealed', 'a')).toMatchObject({ ETag: first.ETag, ...BY_KMS });
});

test('a writer says otherwise', async () => {
  expect(await put('sealed', 'own', 'hello', { ServerSideEncryption: 'AES256' })).toMatchObject({
    ETag: `"${md5('hello')}"`,
    ServerSideEncryption: 'AES256',
  });
  const answer = await put('plain', 'kms', 'hello', { ServerSideEncryption: 'aws:kms' });
  expect(answer.ServerSideEncryption).toBe('aws:kms');
  expect(answer.ETag).not.toBe(`"${md5('hello')}"`);
});

test('an MD5 that a writer sends is compared nonetheless', async () => {
  const right = await put('sealed', 'right', 'hello', { ContentMD5: md5('hello', 'base64') });
  expect(right.ETag).not.toBe(`"${md5('hello')}"`);
  const wrong = put('sealed', 'wrong', 'hello', { ContentMD5: md5('other', 'base64') });
  expect(await failure(wrong)).toEqual({ name: 'BadDigest', status: 400 });
});

test('parts become an object by the ETags that they were given', async () => {
  const at = { Bucket: 'sealed', Key: 'parts' };
  const { UploadId, ...created } = await endpoint.client.send(new CreateMultipartUploadCommand(at));
  expect(created).toMatchObject(BY_KMS);
  const part = await endpoint.client.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'hello' }));
  expect(part).toMatchObject(BY_KMS);
  expect(part.ETag).not.toBe(`"${md5('hello')}"`);
  const Parts = [{ PartNumber: 1, ETag: part.ETag, ChecksumCRC64NVME: part.ChecksumCRC64NVME }];
  const done = await endpoint.client.send(
    new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }),
  );
  expect(done).toMatchObject({ ETag: expect.stringMatching(/^"[0-9a-f]{32}-1"$/), ...BY_KMS });
});

test('a copy is encrypted as its target is, not as its source', async () => {
  await put('plain', 'from', 'hello', { ContentType: 'text/x' });
  await put('sealed', 'from', 'hello', { ContentType: 'text/x' });
  const copy = (CopySource: string, Bucket: string, more = {}) =>
    endpoint.client.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource, ...more }));
  const sealed = await copy('plain/from', 'sealed');
  expect(sealed).toMatchObject(BY_KMS);
  expect(sealed.CopyObjectResult?.ETag).not.toBe(`"${md5('hello')}"`);
  const plain = await copy('sealed/from', 'plain');
  expect(plain).toMatchObject({ ServerSideEncryption: 'AES256', CopyObjectResult: { ETag: `"${md5('hello')}"` } });
  const found = await head('plain', 'to');
  expect(found).toMatchObject({ ContentType: 'text/x', ServerSideEncryption: 'AES256' });
  expect(found.SSEKMSKeyId).toBeUndefined();
});
