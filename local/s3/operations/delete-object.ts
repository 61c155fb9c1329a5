import { readText } from '../body';
import { type Context, type Handler, timestamp, xmlAnswer } from '../call';
import { matchesEtag } from '../conditions';
import { S3Error } from '../errors';
import { bypassesGovernance, checkRetention } from '../retention';
import { type Change, isDeleteMarker } from '../state';
import { checkVersionId, currentObject, newVersionId, versionHeader } from '../versions';
import { children, childText, parseXml, xmlDocument } from '../xml';

/** What a deletion did: which version it removed, or the delete marker it made. */
interface Deletion {
  readonly changes: readonly Change[];
  readonly versionId?: string;
  readonly deleteMarker?: boolean;
}

const MAX_KEYS = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export const deleteObject: Handler = async ({ context, request }) => {
  const deletion = await context.store.commit(() => {
    const result = decideDeletion(context, request.bucket, request.key, {
      versionId: request.query('versionId'),
      ifMatch: request.header('if-match'),
      bypass: bypassesGovernance(request),
    });
    return { changes: result.changes, result };
  });
  return {
    status: 204,
    headers: {
      ...(deletion.versionId !== undefined && versionHeader(context, request.bucket, deletion.versionId)),
      ...(deletion.deleteMarker && { 'x-amz-delete-marker': 'true' }),
    },
  };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const deleteObjects: Handler = async (call) => {
  const { context, request } = call;
  if (request.header('content-md5') === undefined && !request.headerNames.some(isChecksum)) {
    throw new S3Error('InvalidRequest', { message: 'Missing required header for this request: Content-MD5' });
  }
  const root = parseXml(await readText(call), 'Delete');
  const objects = children(root, 'Object');
  if (objects.length === 0 || objects.length > MAX_KEYS) throw new S3Error('MalformedXML');
  const quiet = childText(root, 'Quiet') === 'true';
  const deleted: Record<string, string | boolean | undefined>[] = [];
  const errors: Record<string, string | undefined>[] = [];
  for (const object of objects) {
    const key = childText(object, 'Key');
    const versionId = childText(object, 'VersionId');
    const ifMatch = childText(object, 'ETag');
    if (!key) throw new S3Error('MalformedXML');
    try {
      const { versionId: id, deleteMarker } = await context.store.commit(() => {
        const result = decideDeletion(context, request.bucket, key, {
          versionId,
          ifMatch,
          bypass: bypassesGovernance(request),
        });
        return { changes: result.changes, result };
      });
      deleted.push({
        Key: key,
        VersionId: versionId,
        DeleteMarker: deleteMarker,
        DeleteMarkerVersionId: deleteMarker ? id : undefined,
      });
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      errors.push({ Key: key, VersionId: versionId, Code: error.code, Message: error.message });
    }
  }
  return xmlAnswer(xmlDocument('DeleteResult', { Deleted: quiet ? [] : deleted, Error: errors }));
};

function isChecksum(header: string): boolean {
  return header.startsWith('x-amz-checksum-') || header === 'x-amz-trailer';
}

function decideDeletion(
  context: Context,
  bucket: string,
  key: string,
  { versionId, ifMatch, bypass }: { versionId: string | undefined; ifMatch: string | undefined; bypass: boolean },
): Deletion {
  const versions = context.store.state.versions(bucket, key);
  if (ifMatch !== undefined) {
    const current = currentObject(context, bucket, key);
    if (current === undefined) throw new S3Error('NoSuchKey', { elements: { Key: key } });
    if (!matchesEtag(ifMatch, current.etag))
      throw new S3Error('PreconditionFailed', { elements: { Condition: 'If-Match' } });
  }
  if (versionId !== undefined) {
    checkVersionId(versionId);
    const version = versions.find((one) => one.id === versionId);
    // Deleting what does not exist succeeds, as S3 says.
    if (version === undefined) return { changes: [], versionId };
    checkRetention(context, version, bypass);
    return {
      changes: [{ do: 'remove', bucket, key, id: versionId }],
      versionId,
      ...(isDeleteMarker(version) && { deleteMarker: true }),
    };
  }
  if (!context.buckets.get(bucket)?.versioned) {
    const exists = versions.some((version) => version.id === 'null');
    return { changes: exists ? [{ do: 'remove', bucket, key, id: 'null' }] : [] };
  }
  const id = newVersionId(context, bucket);
  const version = { id, at: timestamp(context.clock), deleted: true } as const;
  return { changes: [{ do: 'put', bucket, key, version }], versionId: id, deleteMarker: true };
}
