import { createHash } from 'node:crypto';
import { type BodyDigests, opaqueEtag } from '../body';
import { type Call, type Handler, xmlAnswer } from '../call';
import { parseQuery, uriDecode } from '../canonical-request';
import { checksumElements, parseAlgorithm, startDigest } from '../checksums';
import { checkReadConditions } from '../conditions';
import { invalidArgument, S3Error } from '../errors';
import { copiedHeaders, encryptionHeaders, hasMd5Etag, readProperties } from '../properties';
import type { ObjectProperties, ObjectVersion, Upload } from '../state';
import { objectToRead, versionHeader } from '../versions';
import { xmlDocument } from '../xml';
import { storeObject } from './put-object';

/** Largest object that one copy takes: 5 GiB. */
const MAX_COPY = 5 * 1024 ** 3;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const copyObject: Handler = async (call) => {
  const { context, request } = call;
  const source = copySource(call);
  if (source.version.size > MAX_COPY) {
    throw new S3Error('InvalidRequest', {
      message: 'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
    });
  }
  const properties = copiedProperties(call, source);
  const requested = request.header('x-amz-checksum-algorithm');
  const algorithm = requested === undefined ? source.version.checksum.algorithm : parseAlgorithm(requested);
  const { segment, digests } = await copyBytes(call, source.version, 0, source.version.size, {
    headers: properties.headers,
    algorithm,
  });
  const version = await storeObject(call, properties, segment, digests, algorithm);
  return xmlAnswer(
    xmlDocument('CopyObjectResult', {
      LastModified: version.at,
      ETag: version.etag,
      ...checksumElements(version.checksum),
    }),
    { ...encryptionHeaders(version), ...source.header, ...versionHeader(context, request.bucket, version.id) },
  );
};

/** The object that a copy reads from. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly version: ObjectVersion;
  /** Names the version that was read. */
  readonly header: Readonly<Record<string, string>>;
}

/** Finds the object that `x-amz-copy-source` names, and checks the conditions put on it. */
export function copySource({ context, request }: Pick<Call, 'context' | 'request'>): CopySource {
  const header = request.header('x-amz-copy-source') ?? '';
  const [rawPath = '', rawQuery = ''] = header.split(/\?(?=versionId=)/);
  const path = uriDecode(rawPath).replace(/^\//, '');
  const slash = path.indexOf('/');
  const bucket = path.slice(0, Math.max(slash, 0));
  const key = path.slice(slash + 1);
  if (bucket === '' || key === '') {
    throw invalidArgument(
      'x-amz-copy-source',
      header,
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  }
  if (!context.buckets.has(bucket)) throw new S3Error('NoSuchBucket', { elements: { BucketName: bucket } });
  const id = parseQuery(rawQuery).find(([name]) => name === 'versionId')?.[1];
  const version = objectToRead(context, bucket, key, id);
  checkReadConditions(request, version, 'x-amz-copy-source-');
  const versioned = context.buckets.get(bucket)?.versioned;
  return { bucket, key, version, header: versioned ? { 'x-amz-copy-source-version-id': version.id } : {} };
}

/** Copies a range of an object into a new file, with the digests an upload of the same bytes to the target would have had. */
export async function copyBytes(
  { context }: Pick<Call, 'context'>,
  version: ObjectVersion,
  start: number,
  end: number,
  { headers, algorithm }: Pick<Upload, 'headers' | 'algorithm'>,
) {
  const md5 = hasMd5Etag({ headers }) ? createHash('md5') : undefined;
  const digest = startDigest(algorithm);
  const source = context.store.blobs.read(version.segments, start, end);
  async function* hashed(): AsyncGenerator<Buffer> {
    for await (const data of source) {
      md5?.update(data);
      digest.update(data);
      yield data;
    }
  }
  const segment = await context.store.blobs.write(hashed());
  const digests: BodyDigests = {
    size: end - start,
    etag: md5?.digest('hex') ?? opaqueEtag(),
    checksums: new Map([[algorithm, await digest.base64()]]),
  };
  return { segment, digests };
}

function copiedProperties(call: Call, source: CopySource): ObjectProperties {
  const { request } = call;
  const given = readProperties(call);
  const replaces = directive(call, 'x-amz-metadata-directive') === 'REPLACE';
  const replacesTags = directive(call, 'x-amz-tagging-directive') === 'REPLACE';
  if (!replaces && source.bucket === request.bucket && source.key === request.key) {
    throw new S3Error('InvalidRequest', {
      message:
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    });
  }
  return {
    ...(replaces
      ? given
      : {
          headers: { ...copiedHeaders(source.version), ...encryptionHeaders(given) },
          metadata: source.version.metadata,
        }),
    tags: replacesTags ? given.tags : source.version.tags,
  };
}

function directive({ request }: Call, name: string): 'COPY' | 'REPLACE' {
  const value = request.header(name) ?? 'COPY';
  if (value !== 'COPY' && value !== 'REPLACE') throw invalidArgument(name, value, `Unknown ${name}.`);
  return value;
}
