import { type Call, type Handler, xmlAnswer } from '../call';
import { uriEncode } from '../canonical-request';
import { invalidArgument } from '../errors';
import { type Listing, listKeys } from '../listing';
import { compareKeys } from '../sorted-keys';
import { isDeleteMarker, type Version } from '../state';
import { currentObject } from '../versions';
import { xmlDocument } from '../xml';
import { OWNER } from './buckets';

const MAX_KEYS = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const listObjectsV2: Handler = async (call) => {
  const { request } = call;
  const token = request.query('continuation-token');
  const startAfter = request.query('start-after') ?? '';
  const options = listOptions(call);
  const listing = listKeys(
    call.context.store.state.keys(request.bucket),
    { ...options, after: token === undefined ? startAfter : decodeToken(token) },
    (key) => currentObject(call.context, request.bucket, key) !== undefined,
  );
  const { encode, encodingType } = keyEncoding(call);
  return xmlAnswer(
    xmlDocument('ListBucketResult', {
      Name: request.bucket,
      Prefix: encode(options.prefix),
      Delimiter: options.delimiter === '' ? undefined : encode(options.delimiter),
      StartAfter: startAfter === '' ? undefined : encode(startAfter),
      ContinuationToken: token,
      NextContinuationToken: listing.next === undefined ? undefined : encodeToken(listing.next),
      KeyCount: listing.entries.length,
      MaxKeys: options.limit,
      EncodingType: encodingType,
      IsTruncated: listing.next !== undefined,
      ...contents(call, listing, request.query('fetch-owner') === 'true'),
    }),
  );
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export const listObjectsV1: Handler = async (call) => {
  const { request } = call;
  const options = listOptions(call);
  const marker = request.query('marker') ?? '';
  const listing = listKeys(
    call.context.store.state.keys(request.bucket),
    { ...options, after: marker },
    (key) => currentObject(call.context, request.bucket, key) !== undefined,
  );
  const { encode, encodingType } = keyEncoding(call);
  return xmlAnswer(
    xmlDocument('ListBucketResult', {
      Name: request.bucket,
      Prefix: encode(options.prefix),
      Delimiter: options.delimiter === '' ? undefined : encode(options.delimiter),
      Marker: encode(marker),
      // Without a delimiter the last key says as much, and S3 leaves it out.
      NextMarker: listing.next === undefined || options.delimiter === '' ? undefined : encode(listing.next),
      MaxKeys: options.limit,
      EncodingType: encodingType,
      IsTruncated: listing.next !== undefined,
      ...contents(call, listing, true),
    }),
  );
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
export const listObjectVersions: Handler = async (call) => {
  const { context, request } = call;
  const { prefix, delimiter, limit } = listOptions(call);
  const keyMarker = request.query('key-marker') ?? '';
  const versionMarker = request.query('version-id-marker') ?? '';
  const { encode, encodingType } = keyEncoding(call);
  const { state } = context.store;
  const versions: object[] = [];
  const markers: object[] = [];
  const prefixes: string[] = [];
  let last: { key: string; id: string | undefined } | undefined;
  let truncated = false;
  for (const entry of versionEntries(call, prefix, delimiter, keyMarker, versionMarker)) {
    if (versions.length + markers.length + prefixes.length === limit) {
      truncated = limit > 0;
      break;
    }
    if ('commonPrefix' in entry) {
      prefixes.push(entry.commonPrefix);
      last = { key: entry.commonPrefix, id: undefined };
      continue;
    }
    const { key, version } = entry;
    last = { key, id: version.id };
    const common = {
      Key: encode(key),
      VersionId: version.id,
      IsLatest: state.versions(request.bucket, key)[0] === version,
      LastModified: version.at,
    };
    if (isDeleteMarker(version)) {
      markers.push({ ...common, Owner: OWNER });
    } else {
      versions.push({
        ...common,
        ETag: version.etag,
        ChecksumAlgorithm: version.checksum.algorithm,
        ChecksumType: version.checksum.type,
        Size: version.size,
        StorageClass: version.headers['x-amz-storage-class'] ?? 'STANDARD',
        Owner: OWNER,
      });
    }
  }
  return xmlAnswer(
    xmlDocument('ListVersionsResult', {
      Name: request.bucket,
      Prefix: encode(prefix),
      Delimiter: delimiter === '' ? undefined : encode(delimiter),
      KeyMarker: encode(keyMarker),
      VersionIdMarker: versionMarker,
      NextKeyMarker: truncated && last ? encode(last.key) : undefined,
      NextVersionIdMarker: truncated ? last?.id : undefined,
      MaxKeys: limit,
      EncodingType: encodingType,
      IsTruncated: truncated,
      Version: versions as Record<string, string>[],
      DeleteMarker: markers as Record<string, string>[],
      CommonPrefixes: prefixes.map((one) => ({ Prefix: encode(one) })),
    }),
  );
};

function* versionEntries(
  { context, request }: Call,
  prefix: string,
  delimiter: string,
  keyMarker: string,
  versionMarker: string,
): Generator<{ key: string; version: Version } | { commonPrefix: string }> {
  const { state } = context.store;
  if (versionMarker !== '') {
    const versions = state.versions(request.bucket, keyMarker);
    const seen = versions.findIndex((version) => version.id === versionMarker);
    for (const version of versions.slice(seen + 1)) yield { key: keyMarker, version };
  }
  const keys = state.keys(request.bucket);
  // One page of keys always suffices for one page of versions: each key has at least one.
  const { entries } = listKeys(keys, { prefix, delimiter, after: keyMarker, limit: MAX_KEYS + 1 }, () => true);
  for (const entry of entries) {
    if ('commonPrefix' in entry) yield entry;
    else for (const version of state.versions(request.bucket, entry.key)) yield { key: entry.key, version };
  }
}

function contents({ context, request }: Call, listing: Listing, withOwner: boolean) {
  const { encode } = keyEncoding({ request });
  return {
    Contents: listing.entries.flatMap((entry) => {
      const version = 'key' in entry ? currentObject(context, request.bucket, entry.key) : undefined;
      if (version === undefined || !('key' in entry)) return [];
      return [
        {
          Key: encode(entry.key),
          LastModified: version.at,
          ETag: version.etag,
          ChecksumAlgorithm: version.checksum.algorithm,
          ChecksumType: version.checksum.type,
          Size: version.size,
          StorageClass: version.headers['x-amz-storage-class'] ?? 'STANDARD',
          Owner: withOwner ? OWNER : undefined,
        },
      ];
    }),
    CommonPrefixes: listing.entries.flatMap((entry) =>
      'commonPrefix' in entry ? [{ Prefix: encode(entry.commonPrefix) }] : [],
    ),
  };
}

function listOptions({ request }: Pick<Call, 'request'>): { prefix: string; delimiter: string; limit: number } {
  return {
    prefix: request.query('prefix') ?? '',
    delimiter: request.query('delimiter') ?? '',
    limit: limitParameter(request.query('max-keys'), 'max-keys', MAX_KEYS),
  };
}

/** Reads a page size. @throws S3Error InvalidArgument unless it is a whole number from 0 to 2^31 - 1 */
export function limitParameter(text: string | undefined, name: string, most: number): number {
  if (text === undefined || text === '') return most;
  if (!/^\d+$/.test(text) || Number(text) >= 2 ** 31) {
    throw invalidArgument(name, text, `Argument ${name} must be an integer between 0 and 2147483647`);
  }
  return Math.min(Number(text), most);
}

/** How keys are to be written in a listing. @throws S3Error InvalidArgument for an encoding other than `url` */
export function keyEncoding({ request }: Pick<Call, 'request'>): {
  encode: (key: string) => string;
  encodingType: string | undefined;
} {
  const encodingType = request.query('encoding-type');
  if (encodingType === undefined) return { encode: (key) => key, encodingType };
  if (encodingType !== 'url')
    throw invalidArgument('encoding-type', encodingType, 'Invalid Encoding Method specified in Request');
  return { encode: (key) => uriEncode(key).replaceAll('%2F', '/'), encodingType };
}

function encodeToken(after: string): string {
  return Buffer.from(after).toString('base64url');
}

function decodeToken(token: string): string {
  const after = Buffer.from(token, 'base64url').toString();
  if (after === '' || compareKeys(encodeToken(after), token) !== 0) {
    throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
  }
  return after;
}
