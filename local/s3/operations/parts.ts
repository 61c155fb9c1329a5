import type { Segment } from '../blobs';
import { type BodyDigests, readBody } from '../body';
import { type Call, type Handler, timestamp, xmlAnswer } from '../call';
import { checksumElement, checksumHeader, claimedChecksum } from '../checksums';
import { invalidArgument, S3Error } from '../errors';
import { encryptionHeaders, hasMd5Etag } from '../properties';
import type { Upload, UploadedPart } from '../state';
import { addressedUpload, partNumber } from '../uploads';
import { xmlDocument } from '../xml';
import { OWNER } from './buckets';
import { copyBytes, copySource } from './copy-object';
import { limitParameter } from './list-objects';

/** Largest part: 5 GiB. */
const MAX_PART = 5 * 1024 ** 3;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export const uploadPart: Handler = async (call) => {
  const number = partNumber(call);
  const { upload } = addressedUpload(call);
  const claimed = claimedChecksum(call.request);
  requireAlgorithm(upload, claimed?.algorithm);
  const { result: segment, digests } = await readBody(
    call,
    claimed,
    { algorithms: [upload.algorithm], md5Etag: hasMd5Etag(upload) },
    (data) => call.context.store.blobs.write(data),
  );
  const part = await storePart(call, upload, number, segment, digests);
  const algorithm = claimed?.algorithm ?? upload.algorithm;
  return {
    headers: {
      etag: part.etag,
      [checksumHeader(algorithm)]: digests.checksums.get(algorithm) ?? '',
      ...encryptionHeaders(upload),
    },
  };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
export const uploadPartCopy: Handler = async (call) => {
  const number = partNumber(call);
  const { upload } = addressedUpload(call);
  const source = copySource(call);
  const { start, end } = copyRange(call, source.version.size);
  const { segment, digests } = await copyBytes(call, source.version, start, end, upload);
  const part = await storePart(call, upload, number, segment, digests);
  return xmlAnswer(
    xmlDocument('CopyPartResult', {
      LastModified: part.at,
      ETag: part.etag,
      [checksumElement(upload.algorithm)]: part.checksum,
    }),
    source.header,
  );
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export const listParts: Handler = async (call) => {
  const { request } = call;
  const { upload, parts } = addressedUpload(call);
  const limit = limitParameter(request.query('max-parts'), 'max-parts', 1000);
  const marker = limitParameter(request.query('part-number-marker') ?? '0', 'part-number-marker', 10_000);
  const rest = [...parts.values()].filter((part) => part.number > marker).sort((a, b) => a.number - b.number);
  const page = rest.slice(0, limit);
  return xmlAnswer(
    xmlDocument('ListPartsResult', {
      Bucket: upload.bucket,
      Key: upload.key,
      UploadId: upload.id,
      Initiator: OWNER,
      Owner: OWNER,
      StorageClass: upload.headers['x-amz-storage-class'] ?? 'STANDARD',
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
      MaxParts: limit,
      IsTruncated: rest.length > page.length,
      ChecksumAlgorithm: upload.algorithm,
      ChecksumType: upload.type,
      Part: page.map((part) => ({
        PartNumber: part.number,
        LastModified: part.at,
        ETag: part.etag,
        Size: part.size,
        [checksumElement(upload.algorithm)]: part.checksum,
      })),
    }),
  );
};

// An upload that named an algorithm takes no part with another, and none without when the parts' checksums make the whole.
function requireAlgorithm(upload: Upload, claimed: string | undefined): void {
  if (!upload.chosen || claimed === upload.algorithm) return;
  if (claimed === undefined && upload.type === 'FULL_OBJECT') return;
  throw new S3Error('InvalidRequest', {
    message: `Checksum Type mismatch occurred, expected checksum Type: ${upload.algorithm.toLowerCase()}, actual checksum Type: ${claimed?.toLowerCase() ?? 'null'}`,
  });
}

async function storePart(
  call: Call,
  { algorithm }: Upload,
  number: number,
  segment: Segment | undefined,
  digests: BodyDigests,
): Promise<UploadedPart> {
  const { store, clock } = call.context;
  try {
    return await store.commit(() => {
      // It may have been completed or aborted while the bytes came in.
      const { upload } = addressedUpload(call);
      const part: UploadedPart = {
        number,
        size: digests.size,
        etag: `"${digests.etag}"`,
        at: timestamp(clock),
        checksum: digests.checksums.get(algorithm) ?? '',
        ...(segment && { segment }),
      };
      return { changes: [{ do: 'part', upload: upload.id, part }], result: part };
    });
  } catch (error) {
    if (segment) await store.blobs.remove([segment.blob]);
    throw error;
  }
}

function copyRange({ request }: Call, size: number): { start: number; end: number } {
  const header = request.header('x-amz-copy-source-range');
  const match = /^bytes=(\d+)-(\d+)$/.exec(header ?? `bytes=0-${size - 1}`);
  if (header === undefined && size === 0) return { start: 0, end: 0 };
  const [start, end] = [Number(match?.[1]), Number(match?.[2]) + 1];
  if (!match || start >= end || end > size) {
    throw invalidArgument(
      'x-amz-copy-source-range',
      header ?? '',
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    );
  }
  if (end - start > MAX_PART) throw new S3Error('EntityTooLarge');
  return { start, end };
}
