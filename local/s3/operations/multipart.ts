import { randomBytes } from 'node:crypto';
import { readText } from '../body';
import { type Handler, timestamp, xmlAnswer } from '../call';
import { type ChecksumAlgorithm, type ChecksumType, checksumElements, parseAlgorithm } from '../checksums';
import { assembleObject, readCompletion } from '../completion';
import { checkWriteConditions } from '../conditions';
import { S3Error } from '../errors';
import { encryptionHeaders, readProperties } from '../properties';
import { compareKeys } from '../sorted-keys';
import type { ObjectVersion, Upload } from '../state';
import { addressedUpload } from '../uploads';
import { currentObject, newVersionId, versionHeader } from '../versions';
import { xmlDocument } from '../xml';
import { OWNER } from './buckets';
import { keyEncoding, limitParameter } from './list-objects';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export const createMultipartUpload: Handler = async (call) => {
  const { context, request } = call;
  const named = request.header('x-amz-checksum-algorithm');
  const algorithm = named === undefined ? 'CRC64NVME' : parseAlgorithm(named);
  const upload: Upload = {
    ...readProperties(call),
    id: randomBytes(48).toString('base64url'),
    bucket: request.bucket,
    key: request.key,
    at: timestamp(context.clock),
    algorithm,
    type: checksumType(algorithm, request.header('x-amz-checksum-type')),
    chosen: named !== undefined,
  };
  await context.store.commit(() => ({ changes: [{ do: 'upload', upload }], result: undefined }));
  return xmlAnswer(
    xmlDocument('InitiateMultipartUploadResult', { Bucket: upload.bucket, Key: upload.key, UploadId: upload.id }),
    {
      ...encryptionHeaders(upload),
      ...(upload.chosen && { 'x-amz-checksum-algorithm': upload.algorithm, 'x-amz-checksum-type': upload.type }),
    },
  );
};

// CRC64NVME has no composite form, and a hash of the whole cannot be had from hashes of the parts.
function checksumType(algorithm: ChecksumAlgorithm, asked: string | undefined): ChecksumType {
  const crc = algorithm.startsWith('CRC');
  if (asked === undefined) return algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  const type = asked.toUpperCase();
  if ((type === 'FULL_OBJECT' && crc) || (type === 'COMPOSITE' && algorithm !== 'CRC64NVME')) return type;
  throw new S3Error('InvalidRequest', {
    message: `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export const completeMultipartUpload: Handler = async (call) => {
  const { context, request } = call;
  const { bucket, key } = request;
  addressedUpload(call);
  // The checksum headers of this request are about the object, not about this document.
  const listed = readCompletion(await readText(call, undefined));
  const version = await context.store.commit(async () => {
    // Conditions first: a refused writer keeps the upload and may abort it.
    checkWriteConditions(request, currentObject(context, bucket, key));
    const { upload, parts } = addressedUpload(call);
    const assembled = await assembleObject(request, upload, parts, listed);
    const { headers, metadata, tags } = upload;
    const result: ObjectVersion = {
      headers,
      metadata,
      tags,
      ...assembled,
      id: newVersionId(context, bucket),
      at: timestamp(context.clock),
    };
    return {
      changes: [
        { do: 'put', bucket, key, version: result },
        { do: 'end', upload: upload.id },
      ],
      result,
    };
  });
  return xmlAnswer(
    xmlDocument('CompleteMultipartUploadResult', {
      Location: `http://${request.sentHeader('host')}${encodeURI(request.path)}`,
      Bucket: bucket,
      Key: key,
      ETag: version.etag,
      ...checksumElements(version.checksum),
    }),
    { ...encryptionHeaders(version), ...versionHeader(context, bucket, version.id) },
  );
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export const abortMultipartUpload: Handler = async (call) => {
  await call.context.store.commit(() => {
    const { upload } = addressedUpload(call);
    return { changes: [{ do: 'end', upload: upload.id }], result: undefined };
  });
  return { status: 204 };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html */
export const listMultipartUploads: Handler = async (call) => {
  const { context, request } = call;
  if (request.query('delimiter')) throw new S3Error('NotImplemented', { elements: { Parameter: 'delimiter' } });
  const prefix = request.query('prefix') ?? '';
  const keyMarker = request.query('key-marker') ?? '';
  const idMarker = request.query('upload-id-marker') ?? '';
  const limit = limitParameter(request.query('max-uploads'), 'max-uploads', 1000);
  const { encode, encodingType } = keyEncoding(call);
  const sorted = context.store.state
    .uploads(request.bucket)
    .filter((upload) => upload.key.startsWith(prefix))
    .sort((a, b) => compareKeys(a.key, b.key) || compareKeys(a.id, b.id))
    .filter((upload) => {
      const order = compareKeys(upload.key, keyMarker);
      return order > 0 || (order === 0 && idMarker !== '' && compareKeys(upload.id, idMarker) > 0);
    });
  const page = sorted.slice(0, limit);
  const truncated = sorted.length > page.length;
  return xmlAnswer(
    xmlDocument('ListMultipartUploadsResult', {
      Bucket: request.bucket,
      KeyMarker: encode(keyMarker),
      UploadIdMarker: idMarker,
      NextKeyMarker: truncated ? encode(page.at(-1)?.key ?? '') : undefined,
      NextUploadIdMarker: truncated ? page.at(-1)?.id : undefined,
      Prefix: encode(prefix),
      MaxUploads: limit,
      EncodingType: encodingType,
      IsTruncated: truncated,
      Upload: page.map((upload) => ({
        Key: encode(upload.key),
        UploadId: upload.id,
        Initiator: OWNER,
        Owner: OWNER,
        StorageClass: upload.headers['x-amz-storage-class'] ?? 'STANDARD',
        Initiated: upload.at,
        ChecksumAlgorithm: upload.algorithm,
        ChecksumType: upload.type,
      })),
    }),
  );
};
