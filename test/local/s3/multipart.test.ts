import { createHash, randomBytes } from 'node:crypto';
import { Crc32, Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import {
  AbortMultipartUploadCommand,
  type ChecksumAlgorithm,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import fc from 'fast-check';
import { combineCrcs } from '../../../local/s3/crc-combine';
import { clientOf, type Endpoint, failure, send, startEndpoint } from './endpoint';

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.stop());

const MIB = 1024 ** 2;
const first = randomBytes(5 * MIB);
const last = Buffer.from('the rest');
const base64 = (algorithm: string, data: Buffer) => createHash(algorithm).update(data).digest('base64');

const create = async (Key: string, more = {}) => {
  const at = { Bucket: 'versioned', Key };
  const { UploadId } = await endpoint.client.send(new CreateMultipartUploadCommand({ ...at, ...more }));
  return { ...at, UploadId };
};
type At = Awaited<ReturnType<typeof create>>;
const part = async (
  at: At,
  PartNumber: number,
  Body: Buffer,
  ChecksumAlgorithm?: ChecksumAlgorithm,
): Promise<CompletedPart> => {
  const {
    $metadata: _,
    ServerSideEncryption: __,
    ...answer
  } = await endpoint.client.send(new UploadPartCommand({ ...at, PartNumber, Body, ChecksumAlgorithm }));
  return { ...answer, PartNumber };
};
const complete = (at: At, Parts: CompletedPart[], more = {}) =>
  endpoint.client.send(new CompleteMultipartUploadCommand({ ...at, MultipartUpload: { Parts }, ...more }));

test('parts become one object with a composite checksum, metadata and parts that can be read', async () => {
  const at = await create('composite', { ChecksumAlgorithm: 'SHA256', ContentType: 'x/y', Metadata: { a: '1' } });
  // Out of order, and one of them twice: the later one counts.
  const two = await part(at, 7, last, 'SHA256');
  await part(at, 2, Buffer.from('replaced'), 'SHA256');
  const one = await part(at, 2, first, 'SHA256');
  const listed = await endpoint.client.send(new ListPartsCommand({ ...at, MaxParts: 1 }));
  expect(listed).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2', ChecksumAlgorithm: 'SHA256' });
  expect(listed.Parts).toMatchObject([
    { PartNumber: 2, Size: 5 * MIB, ETag: one.ETag, ChecksumSHA256: one.ChecksumSHA256 },
  ]);
  const next = await endpoint.client.send(
    new ListPartsCommand({ ...at, PartNumberMarker: listed.NextPartNumberMarker }),
  );
  expect(next.Parts?.map((one) => one.PartNumber)).toEqual([7]);

  const done = await complete(at, [one, two]);
  const digests = Buffer.concat([first, last].map((data) => createHash('sha256').update(data).digest()));
  const md5s = Buffer.concat([first, last].map((data) => createHash('md5').update(data).digest()));
  expect(done).toMatchObject({
    ETag: `"${createHash('md5').update(md5s).digest('hex')}-2"`,
    ChecksumSHA256: `${base64('sha256', digests)}-2`,
    ChecksumType: 'COMPOSITE',
    VersionId: expect.any(String),
  });
  const read = { Bucket: 'versioned', Key: 'composite' };
  const object = await endpoint.client.send(new GetObjectCommand(read));
  expect(object).toMatchObject({ ContentType: 'x/y', Metadata: { a: '1' } });
  expect(Buffer.concat([first, last]).equals((await object.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(
    true,
  );
  // Across the border of the two parts.
  const range = await endpoint.client.send(
    new GetObjectCommand({ ...read, Range: `bytes=${5 * MIB - 2}-${5 * MIB + 2}` }),
  );
  const border = Buffer.concat([first.subarray(-2), last.subarray(0, 3)]);
  expect(border.equals((await range.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
  const seventh = await endpoint.client.send(new GetObjectCommand({ ...read, PartNumber: 7 }));
  expect(await seventh.Body?.transformToString()).toBe('the rest');
  const attributes = await endpoint.client.send(
    new GetObjectAttributesCommand({ ...read, ObjectAttributes: ['Checksum', 'ETag', 'ObjectParts', 'ObjectSize'] }),
  );
  expect(attributes).toMatchObject({
    ETag: done.ETag?.replaceAll('"', ''),
    ObjectSize: first.length + last.length,
    Checksum: { ChecksumSHA256: done.ChecksumSHA256, ChecksumType: 'COMPOSITE' },
    ObjectParts: {
      TotalPartsCount: 2,
      Parts: [{ PartNumber: 2 }, { PartNumber: 7, ChecksumSHA256: base64('sha256', last) }],
    },
  });
  expect(await failure(complete(at, [one, two]))).toEqual({ name: 'NoSuchUpload', status: 404 });
});

test.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)('a full-object %s is that of the bytes', async (algorithm) => {
  const at = await create('full', { ChecksumAlgorithm: algorithm, ChecksumType: 'FULL_OBJECT' });
  const parts = [await part(at, 1, first, algorithm), await part(at, 2, last, algorithm)];
  const done = await complete(at, parts, { ChecksumType: 'FULL_OBJECT' });
  const crc = new { CRC32: Crc32, CRC32C: Crc32c, CRC64NVME: Crc64Nvme }[algorithm]();
  crc.update(first);
  crc.update(last);
  expect(done).toMatchObject({
    [`Checksum${algorithm}`]: Buffer.from(await crc.digest()).toString('base64'),
    ChecksumType: 'FULL_OBJECT',
  });
});

test('CRCs combine to the CRC of the concatenation', async () => {
  const crcs = { CRC32: Crc32, CRC32C: Crc32c, CRC64NVME: Crc64Nvme };
  const crcOf = async (algorithm: keyof typeof crcs, data: Uint8Array) => {
    const crc = new crcs[algorithm]();
    crc.update(data);
    return Buffer.from(await crc.digest()).toString('base64');
  };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('CRC32', 'CRC32C', 'CRC64NVME'),
      fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 }),
      async (algorithm, pieces) => {
        const crcsOfPieces = await Promise.all(
          pieces.map(async (data) => ({ crc: await crcOf(algorithm, data), size: data.length })),
        );
        expect(combineCrcs(algorithm, crcsOfPieces)).toBe(await crcOf(algorithm, Buffer.concat(pieces)));
      },
    ),
  );
});

test('an upload that names no algorithm ends with CRC64NVME of the whole', async () => {
  const quiet = clientOf(endpoint.s3.url, { requestChecksumCalculation: 'WHEN_REQUIRED' });
  const at = { Bucket: 'versioned', Key: 'unnamed' };
  const { UploadId } = await quiet.send(new CreateMultipartUploadCommand(at));
  const { ETag } = await quiet.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: '123456789' }));
  await quiet.send(
    new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }),
  );
  const head = await quiet.send(new HeadObjectCommand({ ...at, ChecksumMode: 'ENABLED' }));
  expect(head.ChecksumCRC64NVME).toBe(Buffer.from('ae8b14860a799888', 'hex').toString('base64'));
  quiet.destroy();
});

test('a completion is compared with what arrived', async () => {
  const at = await create('compared', { ChecksumAlgorithm: 'SHA256' });
  const one = await part(at, 1, last, 'SHA256');
  const two = await part(at, 2, last, 'SHA256');
  const refuse = async (parts: CompletedPart[], more = {}) => (await failure(complete(at, parts, more))).name;
  expect(await refuse([one, two])).toBe('EntityTooSmall');
  expect(await refuse([two, one])).toBe('InvalidPartOrder');
  expect(await refuse([one, one])).toBe('InvalidPartOrder');
  expect(await refuse([{ ...one, PartNumber: 3 }])).toBe('InvalidPart');
  expect(await refuse([{ ...one, ETag: '"00"' }])).toBe('InvalidPart');
  expect(await refuse([{ ...one, ChecksumSHA256: base64('sha256', first) }])).toBe('InvalidPart');
  expect(await refuse([{ PartNumber: 1, ETag: one.ETag }])).toBe('InvalidRequest');
  expect(await refuse([])).toBe('MalformedXML');
  expect(await refuse([one], { MpuObjectSize: 1 })).toBe('InvalidRequest');
  expect(await refuse([one], { ChecksumSHA256: base64('sha256', first) })).toBe('BadDigest');
  expect((await complete(at, [one], { MpuObjectSize: last.length })).ETag).toMatch(/-1"$/);
});

test('parts with another checksum than the upload names are refused', async () => {
  const at = await create('mismatch', { ChecksumAlgorithm: 'SHA256' });
  expect(await failure(part(at, 1, last, 'CRC32'))).toEqual({ name: 'InvalidRequest', status: 400 });
  expect(await failure(part(at, 0, last, 'SHA256'))).toEqual({ name: 'InvalidArgument', status: 400 });
  expect(await failure(part(at, 10_001, last, 'SHA256'))).toEqual({ name: 'InvalidArgument', status: 400 });
  expect(await failure(create('x', { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' }))).toMatchObject({
    name: 'InvalidRequest',
  });
});

test('a presigned part is bound to its checksum', async () => {
  const at = await create('presigned', { ChecksumAlgorithm: 'SHA256' });
  const ChecksumSHA256 = base64('sha256', last);
  const url = await getSignedUrl(endpoint.client, new UploadPartCommand({ ...at, PartNumber: 1, ChecksumSHA256 }));
  expect((await send(url, { method: 'PUT', body: 'the best' })).code).toBe('BadDigest');
  const { status, headers } = await send(url, { method: 'PUT', body: last });
  expect(status).toBe(200);
  await complete(at, [{ PartNumber: 1, ETag: String(headers['etag']), ChecksumSHA256 }]);
});

test('If-None-Match on completion keeps what is there, and the upload', async () => {
  await endpoint.client.send(new PutObjectCommand({ Bucket: 'versioned', Key: 'taken', Body: 'x' }));
  const at = await create('taken');
  const one = await part(at, 1, last);
  expect(await failure(complete(at, [one], { IfNoneMatch: '*' }))).toEqual({ name: 'PreconditionFailed', status: 412 });
  await complete(at, [one]);
});

test('an aborted upload is gone, and so are uploads of other keys', async () => {
  const at = await create('aborted');
  const one = await part(at, 1, last);
  const uploads = async () =>
    (await endpoint.client.send(new ListMultipartUploadsCommand({ Bucket: 'versioned', Prefix: 'aborted' }))).Uploads ??
    [];
  expect(await uploads()).toMatchObject([{ Key: 'aborted', UploadId: at.UploadId }]);
  expect((await failure(part({ ...at, Key: 'other' }, 1, last))).name).toBe('NoSuchUpload');
  await endpoint.client.send(new AbortMultipartUploadCommand(at));
  expect(await uploads()).toEqual([]);
  expect((await failure(part(at, 2, last))).name).toBe('NoSuchUpload');
  expect((await failure(complete(at, [one]))).name).toBe('NoSuchUpload');
});

test('a part can be copied from a range of another object', async () => {
  await endpoint.client.send(new PutObjectCommand({ Bucket: 'plain', Key: 'digits', Body: '0123456789' }));
  const at = await create('copied', { ChecksumAlgorithm: 'CRC32' });
  const copy = (CopySourceRange: string) =>
    endpoint.client.send(
      new UploadPartCopyCommand({ ...at, PartNumber: 1, CopySource: 'plain/digits', CopySourceRange }),
    );
  expect((await failure(copy('bytes=5-10'))).name).toBe('InvalidArgument');
  const { CopyPartResult } = await copy('bytes=3-6');
  await complete(at, [{ PartNumber: 1, ETag: CopyPartResult?.ETag, ChecksumCRC32: CopyPartResult?.ChecksumCRC32 }]);
  const object = await endpoint.client.send(new GetObjectCommand({ Bucket: 'versioned', Key: 'copied' }));
  expect(await object.Body?.transformToString()).toBe('3456');
});
