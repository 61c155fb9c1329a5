import { createHash, randomBytes } from 'node:crypto';
import { type AwsChunkedResult, decodeAwsChunked } from './aws-chunked';
import type { Call } from './call';
import {
  type ChecksumAlgorithm,
  type ClaimedChecksum,
  checksumHeader,
  claimedChecksum,
  type Digest,
  parseChecksumValue,
  startDigest,
} from './checksums';
import { S3Error } from './errors';

/** What is known of a body once it has been read. */
export interface BodyDigests {
  readonly size: number;
  /** In hexadecimal, 16 bytes: the MD5, or random where an ETag is not to be one. */
  readonly etag: string;
  /** Base64 by algorithm: those asked for, and the one the client sent. */
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>;
}

/** Largest single upload or part: 5 GiB. */
const MAX_BODY = 5 * 1024 ** 3;
/** Room for 10,000 parts with checksums, or 1,000 keys of 1,024 escaped characters. */
const MAX_DOCUMENT = 8 * 1024 ** 2;

/**
 * Reads a body through a consumer, verifying all that the request says of it: length, `x-amz-content-sha256`, chunk
 * signatures, `Content-MD5`, and the additional checksum of header, query or trailer. The consumer gets data before it is
 * verified and must discard it when this throws.
 *
 * @param claimed the checksum that the request promises for this body
 * @param wanted checksums to compute besides that one, and whether the ETag is the MD5
 * @param consume reads the data to its end
 * @throws S3Error MissingContentLength, EntityTooLarge, IncompleteBody, XAmzContentSHA256Mismatch, InvalidDigest,
 *   BadDigest, and those of the chunked encoding
 */
export async function readBody<Result>(
  call: Call,
  claimed: ClaimedChecksum | undefined,
  wanted: { readonly algorithms: readonly ChecksumAlgorithm[]; readonly md5Etag: boolean },
  consume: (data: AsyncIterable<Buffer>) => Promise<Result>,
): Promise<{ result: Result; digests: BodyDigests }> {
  const { request, authenticated } = call;
  const streaming = authenticated.payload.startsWith('STREAMING-');
  const length = declaredLength(call, streaming);
  const md5Claim = contentMd5(request.header('content-md5'));
  const trailers: AwsChunkedResult = { trailers: new Map() };
  const data = streaming ? decode(call, trailers) : call.body;

  const md5 = wanted.md5Etag || md5Claim !== undefined ? createHash('md5') : undefined;
  const sha256 = /^[0-9a-f]{64}$/i.test(authenticated.payload) ? createHash('sha256') : undefined;
  const digests = new Map<ChecksumAlgorithm, Digest>();
  for (const algorithm of [...wanted.algorithms, ...(claimed ? [claimed.algorithm] : [])]) {
    if (!digests.has(algorithm)) digests.set(algorithm, startDigest(algorithm));
  }
  const checksums = new Map<ChecksumAlgorithm, string>();
  let size = 0;
  let etag = '';

  async function* verified(): AsyncGenerator<Buffer> {
    for await (const chunk of data) {
      size += chunk.length;
      if (size > length) throw new S3Error('IncompleteBody');
      md5?.update(chunk);
      sha256?.update(chunk);
      for (const digest of digests.values()) digest.update(chunk);
      yield chunk;
    }
    if (size !== length) throw new S3Error('IncompleteBody');
    if (sha256) {
      const computed = sha256.digest('hex');
      if (computed !== authenticated.payload.toLowerCase()) {
        throw new S3Error('XAmzContentSHA256Mismatch', {
          elements: { ClientComputedContentSHA256: authenticated.payload, S3ComputedContentSHA256: computed },
        });
      }
    }
    const md5Hex = md5?.digest('hex');
    if (md5Claim !== undefined && md5Hex !== md5Claim) throw new S3Error('BadDigest');
    etag = (wanted.md5Etag ? md5Hex : undefined) ?? opaqueEtag();
    for (const [algorithm, digest] of digests) checksums.set(algorithm, await digest.base64());
    if (claimed) verifyChecksum(claimed, trailers, checksums);
  }

  const result = await consume(verified());
  return { result, digests: { size, etag, checksums } };
}

/** What an ETag is that tells nothing of the bytes. */
export function opaqueEtag(): string {
  return randomBytes(16).toString('hex');
}

/**
 * Reads a body into memory, for the XML documents of requests.
 *
 * @throws S3Error MalformedXML when it is longer than any such document, and what `readBody` throws
 */
export async function readText(
  call: Call,
  claimed: ClaimedChecksum | undefined = claimedChecksum(call.request),
): Promise<string> {
  const { result } = await readBody(call, claimed, { algorithms: [], md5Etag: false }, async (data) => {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of data) {
      size += chunk.length;
      if (size > MAX_DOCUMENT) throw new S3Error('MalformedXML');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  });
  return result;
}

function declaredLength({ request }: Call, streaming: boolean): number {
  const header = streaming ? 'x-amz-decoded-content-length' : 'content-length';
  const text = request.header(header);
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw new S3Error('MissingContentLength');
  const length = Number(text);
  if (length > MAX_BODY) {
    throw new S3Error('EntityTooLarge', { elements: { ProposedSize: text, MaxSizeAllowed: String(MAX_BODY) } });
  }
  return length;
}

function decode({ request, authenticated, body }: Call, trailers: AwsChunkedResult): AsyncIterable<Buffer> {
  const trailer = request.header('x-amz-trailer')?.trim().toLowerCase();
  return decodeAwsChunked(
    body,
    {
      ...(authenticated.payload.includes('AWS4-HMAC') && {
        signed: { context: authenticated.signing, seed: authenticated.signature },
      }),
      ...(authenticated.payload.endsWith('-TRAILER') && trailer !== undefined && { trailer }),
    },
    trailers,
  );
}

/** MD5 in hexadecimal from the base64 of the header. */
function contentMd5(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const bytes = Buffer.from(header, 'base64');
  if (bytes.length !== 16 || bytes.toString('base64') !== header) throw new S3Error('InvalidDigest');
  return bytes.toString('hex');
}

function verifyChecksum(
  { algorithm, value }: ClaimedChecksum,
  { trailers }: AwsChunkedResult,
  computed: ReadonlyMap<ChecksumAlgorithm, string>,
): void {
  const trailer = trailers.get(checksumHeader(algorithm));
  const expected = value ?? (trailer === undefined ? undefined : parseChecksumValue(algorithm, trailer));
  if (expected === undefined) throw new S3Error('MalformedTrailerError');
  if (computed.get(algorithm) !== expected) {
    throw new S3Error('BadDigest', {
      message: `The ${algorithm} you specified did not match the calculated checksum.`,
    });
  }
}
