import type { Segment } from '../blobs';
import { type BodyDigests, readBody } from '../body';
import { type Call, type Handler, timestamp } from '../call';
import { type ChecksumAlgorithm, checksumHeaders, claimedChecksum } from '../checksums';
import { checkWriteConditions } from '../conditions';
import { encryptionHeaders, hasMd5Etag, readProperties } from '../properties';
import { readRetention } from '../retention';
import type { ObjectProperties, ObjectVersion, Retention } from '../state';
import { currentObject, newVersionId, versionHeader } from '../versions';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export const putObject: Handler = async (call) => {
  const { context, request } = call;
  const properties = readProperties(call);
  const retention = readRetention(call);
  // Refuse early what cannot succeed, before gigabytes arrive; the commit checks again.
  checkWriteConditions(request, currentObject(context, request.bucket, request.key));
  const claimed = claimedChecksum(request);
  // What S3 computes itself when the client sends no checksum.
  const algorithm = claimed?.algorithm ?? 'CRC64NVME';
  const { result: segment, digests } = await readBody(
    call,
    claimed,
    { algorithms: [algorithm], md5Etag: hasMd5Etag(properties) },
    (data) => context.store.blobs.write(data),
  );
  const version = await storeObject(call, properties, segment, digests, algorithm, retention);
  return {
    headers: {
      etag: version.etag,
      'x-amz-object-size': String(version.size),
      ...checksumHeaders(version.checksum),
      ...encryptionHeaders(version),
      ...versionHeader(context, request.bucket, version.id),
    },
  };
};

/**
 * Makes bytes that have been written the newest version of the addressed key, or removes them again when the conditions
 * of the request do not hold.
 */
export async function storeObject(
  { context, request }: Pick<Call, 'context' | 'request'>,
  properties: ObjectProperties,
  segment: Segment | undefined,
  digests: BodyDigests,
  algorithm: ChecksumAlgorithm,
  retention?: Retention,
): Promise<ObjectVersion> {
  const { bucket, key } = request;
  try {
    return await context.store.commit(() => {
      checkWriteConditions(request, currentObject(context, bucket, key));
      const version: ObjectVersion = {
        ...properties,
        id: newVersionId(context, bucket),
        at: timestamp(context.clock),
        size: digests.size,
        etag: `"${digests.etag}"`,
        segments: segment ? [segment] : [],
        ...(retention && { retention }),
        checksum: { algorithm, type: 'FULL_OBJECT', value: digests.checksums.get(algorithm) ?? '' },
      };
      return { changes: [{ do: 'put', bucket, key, version }], result: version };
    });
  } catch (error) {
    if (segment) await context.store.blobs.remove([segment.blob]);
    throw error;
  }
}
