import type { Call } from './call';
import { parseQuery } from './canonical-request';
import { invalidArgument, S3Error } from './errors';
import { headerValue, type S3Request } from './request';
import type { ObjectProperties } from './state';

const ENCRYPTION = 'x-amz-server-side-encryption';
/** S3's own encryption, which every object has at least. */
const S3_ENCRYPTION = { [ENCRYPTION]: 'AES256' };

/** Headers kept with an object and returned as given. */
const STORED = [
  'cache-control',
  'content-disposition',
  'content-language',
  'content-type',
  'expires',
  ENCRYPTION,
  `${ENCRYPTION}-aws-kms-key-id`,
  `${ENCRYPTION}-bucket-key-enabled`,
  'x-amz-storage-class',
] as const;

/** Headers that ask for what is not here: silence would promise it. */
const UNSUPPORTED = [
  'x-amz-grant-',
  'x-amz-object-lock-legal-hold',
  'x-amz-server-side-encryption-customer-',
  'x-amz-copy-source-server-side-encryption-customer-',
  'x-amz-website-redirect-location',
  'x-amz-write-offset-bytes',
];

const MAX_METADATA_BYTES = 2048;

/**
 * Reads what a write says about its object besides the bytes; how it is encrypted its bucket may say.
 *
 * @throws S3Error NotImplemented, AccessControlListNotSupported, MetadataTooLarge, InvalidTag, InvalidArgument
 */
export function readProperties({ context, request }: Pick<Call, 'context' | 'request'>): ObjectProperties {
  const unsupported = request.headerNames.find((name) => UNSUPPORTED.some((prefix) => name.startsWith(prefix)));
  if (unsupported !== undefined) throw new S3Error('NotImplemented', { elements: { Header: unsupported } });
  const acl = request.header('x-amz-acl');
  if (acl !== undefined && acl !== 'private' && acl !== 'bucket-owner-full-control') {
    throw new S3Error('AccessControlListNotSupported');
  }
  const headers: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of STORED) {
    const value = request.header(name);
    if (value !== undefined && value !== '') headers[name] = headerValue(name, value);
  }
  // `aws-chunked` describes the transfer, not the object.
  const encodings = (request.header('content-encoding') ?? '').split(',').map((encoding) => encoding.trim());
  const encoding = encodings.filter((one) => one !== '' && one !== 'aws-chunked').join(',');
  if (encoding !== '') headers['content-encoding'] = encoding;
  const { kms } = context.buckets.get(request.bucket) ?? {};
  if (kms && headers[ENCRYPTION] === undefined) {
    headers[ENCRYPTION] = kms.algorithm;
    if (kms.key !== undefined) headers[`${ENCRYPTION}-aws-kms-key-id`] = kms.key;
  }
  return { headers, metadata: readMetadata(request), tags: readTagHeader(request.header('x-amz-tagging')) };
}

function readMetadata(request: S3Request): Record<string, string> {
  const metadata: Record<string, string> = {};
  let bytes = 0;
  for (const header of request.headerNames) {
    if (!header.startsWith('x-amz-meta-')) continue;
    const name = header.slice('x-amz-meta-'.length);
    const value = headerValue(header, request.header(header) ?? '');
    metadata[name] = value;
    bytes += name.length + value.length;
  }
  if (bytes > MAX_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', {
      elements: { Size: String(bytes), MaxSizeAllowed: String(MAX_METADATA_BYTES) },
    });
  }
  return metadata;
}

function readTagHeader(text: string | undefined): Record<string, string> {
  try {
    return checkTags(parseQuery(text ?? ''));
  } catch (cause) {
    if (cause instanceof S3Error && cause.code === 'InvalidURI') {
      throw invalidArgument('x-amz-tagging', text ?? '', "The header 'x-amz-tagging' shall be encoded as UTF-8");
    }
    throw cause;
  }
}

/** Checks a set of tags: at most 10, keys unique, of 1 to 128 characters, values up to 256. @throws S3Error InvalidTag */
export function checkTags(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const tags = Object.fromEntries(pairs);
  if (pairs.length > 10) throw new S3Error('InvalidTag', { message: 'Object tags cannot be greater than 10' });
  if (Object.keys(tags).length !== pairs.length) {
    throw new S3Error('InvalidTag', { message: 'Cannot provide multiple Tags with the same key' });
  }
  for (const [key, value] of pairs) {
    if (key.length < 1 || key.length > 128) {
      throw new S3Error('InvalidTag', { message: 'The TagKey you have provided is invalid' });
    }
    if (value.length > 256) throw new S3Error('InvalidTag', { message: 'The TagValue you have provided is invalid' });
  }
  return tags;
}

/** Headers that return an object's properties. */
export function propertyHeaders({ headers, metadata, tags }: ObjectProperties): Record<string, string> {
  const count = Object.keys(tags).length;
  return {
    ...S3_ENCRYPTION,
    ...headers,
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
    ...(count > 0 && { 'x-amz-tagging-count': String(count) }),
  };
}

/** Headers about encryption, which S3 also puts on the answers to writes. */
export function encryptionHeaders({ headers }: Pick<ObjectProperties, 'headers'>): Record<string, string> {
  return { ...S3_ENCRYPTION, ...Object.fromEntries(Object.entries(headers).filter(isAboutEncryption)) };
}

/** Headers of an object that a copy takes over: how it is encrypted is not among them. */
export function copiedHeaders({ headers }: Pick<ObjectProperties, 'headers'>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter((header) => !isAboutEncryption(header)));
}

/**
 * Whether an ETag is the MD5 of the bytes, as with S3's own encryption only.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 */
export function hasMd5Etag({ headers }: Pick<ObjectProperties, 'headers'>): boolean {
  return !headers[ENCRYPTION]?.startsWith('aws:kms');
}

function isAboutEncryption([name]: readonly [string, string]): boolean {
  return name.startsWith(ENCRYPTION);
}
