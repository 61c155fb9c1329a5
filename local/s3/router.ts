import type { Handler } from './call';
import { S3Error } from './errors';
import * as buckets from './operations/buckets';
import { copyObject } from './operations/copy-object';
import { deleteObject, deleteObjects } from './operations/delete-object';
import { getObject, headObject } from './operations/get-object';
import { getObjectAttributes } from './operations/get-object-attributes';
import { listObjectsV1, listObjectsV2, listObjectVersions } from './operations/list-objects';
import * as multipart from './operations/multipart';
import { listParts, uploadPart, uploadPartCopy } from './operations/parts';
import { putObject } from './operations/put-object';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './operations/tagging';
import type { S3Request } from './request';

/** Query parameters that select another operation than the method and the path alone. */
const SUBRESOURCES = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'list-type',
  'location',
  'logging',
  'metadataConfiguration',
  'metadataTable',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versioning',
  'versions',
  'website',
] as const;

/** An operation: its name in the S3 API and what serves it. */
export interface Route {
  readonly operation: string;
  readonly handler: Handler;
}

/** Operations by method, what is addressed, subresource, and `copy` for writes that name a source. */
const ROUTES: ReadonlyMap<string, Route> = new Map(
  Object.entries({
    'GET service': ['ListBuckets', buckets.listBuckets],
    'HEAD bucket': ['HeadBucket', buckets.headBucket],
    'PUT bucket': ['CreateBucket', buckets.createBucket],
    'GET bucket': ['ListObjects', listObjectsV1],
    'GET bucket list-type': ['ListObjectsV2', listObjectsV2],
    'GET bucket location': ['GetBucketLocation', buckets.getBucketLocation],
    'GET bucket versioning': ['GetBucketVersioning', buckets.getBucketVersioning],
    'GET bucket versions': ['ListObjectVersions', listObjectVersions],
    'GET bucket uploads': ['ListMultipartUploads', multipart.listMultipartUploads],
    'POST bucket delete': ['DeleteObjects', deleteObjects],
    'GET object': ['GetObject', getObject],
    'HEAD object': ['HeadObject', headObject],
    'PUT object': ['PutObject', putObject],
    'PUT object copy': ['CopyObject', copyObject],
    'DELETE object': ['DeleteObject', deleteObject],
    'GET object attributes': ['GetObjectAttributes', getObjectAttributes],
    'GET object tagging': ['GetObjectTagging', getObjectTagging],
    'PUT object tagging': ['PutObjectTagging', putObjectTagging],
    'DELETE object tagging': ['DeleteObjectTagging', deleteObjectTagging],
    'POST object uploads': ['CreateMultipartUpload', multipart.createMultipartUpload],
    'PUT object uploadId': ['UploadPart', uploadPart],
    'PUT object uploadId copy': ['UploadPartCopy', uploadPartCopy],
    'GET object uploadId': ['ListParts', listParts],
    'POST object uploadId': ['CompleteMultipartUpload', multipart.completeMultipartUpload],
    'DELETE object uploadId': ['AbortMultipartUpload', multipart.abortMultipartUpload],
  } satisfies Record<string, [string, Handler]>).map(([at, [operation, handler]]) => [at, { operation, handler }]),
);

/**
 * Finds the operation a request asks for.
 *
 * @throws S3Error NotImplemented for operations of S3 that are not here
 */
export function findRoute(request: S3Request): Route {
  const scope = request.bucket === '' ? 'service' : request.key === '' ? 'bucket' : 'object';
  const subresources = SUBRESOURCES.filter((name) => request.query(name) !== undefined);
  const copies = request.method === 'PUT' && request.header('x-amz-copy-source') !== undefined;
  const route = ROUTES.get([request.method, scope, ...subresources, ...(copies ? ['copy'] : [])].join(' '));
  if (route === undefined) throw new S3Error('NotImplemented');
  return route;
}
