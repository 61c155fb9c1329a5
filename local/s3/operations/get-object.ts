import type { Answer, Call, Handler } from '../call';
import { checksumHeaders } from '../checksums';
import { checkReadConditions } from '../conditions';
import { invalidArgument, S3Error } from '../errors';
import { propertyHeaders } from '../properties';
import { type ByteRange, parseRange } from '../ranges';
import { headerValue } from '../request';
import { retentionHeaders } from '../retention';
import type { ObjectVersion } from '../state';
import { objectToRead, versionHeader } from '../versions';

/** Query parameters that replace headers of the answer. */
const OVERRIDES = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
] as const;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export const getObject: Handler = async (call) => {
  const { version, range, answer } = describe(call);
  const { start, end } = range ?? { start: 0, end: version.size };
  return { ...answer, body: call.context.store.blobs.read(version.segments, start, end) };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export const headObject: Handler = async (call) => describe(call).answer;

function describe(call: Call): { version: ObjectVersion; range: ByteRange | undefined; answer: Answer } {
  const { context, request } = call;
  const version = objectToRead(context, request.bucket, request.key, request.query('versionId'));
  checkReadConditions(request, version);
  const partNumber = request.query('partNumber');
  const part = partNumber === undefined ? undefined : partRange(version, partNumber);
  const range = part ?? parseRange(request.header('range'), version.size);
  const { start, end } = range ?? { start: 0, end: version.size };
  // The stored checksum is of the whole object, so S3 does not send it with a part of it.
  const withChecksum = request.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' && range === undefined;
  return {
    version,
    range,
    answer: {
      status: range ? 206 : 200,
      headers: {
        ...propertyHeaders(version),
        ...retentionHeaders(version),
        'accept-ranges': 'bytes',
        'last-modified': new Date(version.at).toUTCString(),
        etag: version.etag,
        'content-length': String(end - start),
        ...(range && { 'content-range': `bytes ${start}-${end - 1}/${version.size}` }),
        ...(part && version.parts && { 'x-amz-mp-parts-count': String(version.parts.length) }),
        ...versionHeader(context, request.bucket, version.id),
        ...(withChecksum && checksumHeaders(version.checksum)),
        ...overrides(call),
      },
    },
  };
}

function overrides({ request }: Call): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of OVERRIDES) {
    const value = request.query(`response-${name}`);
    if (value !== undefined) headers[name] = headerValue(`response-${name}`, value);
  }
  return headers;
}

function partRange(version: ObjectVersion, text: string): ByteRange | undefined {
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number < 1 || number > 10_000) {
    throw invalidArgument('partNumber', text, 'Part number must be an integer between 1 and 10000, inclusive');
  }
  if (version.parts === undefined) {
    if (number !== 1) throw new S3Error('InvalidPartNumber');
    return version.size === 0 ? undefined : { start: 0, end: version.size };
  }
  let start = 0;
  for (const part of version.parts) {
    if (part.number === number) return { start, end: start + part.size };
    start += part.size;
  }
  throw new S3Error('InvalidPartNumber');
}
