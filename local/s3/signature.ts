import { createHmac, timingSafeEqual } from 'node:crypto';

/** The scope a signature is valid in: one day, one region, the service S3. */
export interface Scope {
  /** `YYYYMMDD`, UTC. */
  readonly date: string;
  readonly region: string;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The scope as it is written in credentials and in strings to sign. */
function scopeText(scope: Scope): string {
  return `${scope.date}/${scope.region}/s3/aws4_request`;
}

/** Derives the key that signs within a scope from the secret access key. */
export function signingKey(secret: string, scope: Scope): Buffer {
  return [scope.date, scope.region, 's3', 'aws4_request'].reduce<Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  );
}

/** Everything the signature of a request, a chunk or a trailer has in common. */
export interface SigningContext {
  readonly key: Buffer;
  /** `YYYYMMDDTHHMMSSZ`, UTC. */
  readonly timestamp: string;
  readonly scope: Scope;
}

/** Signature of a request, from the hash of its canonical form. */
export function signRequest(context: SigningContext, canonicalHash: string): string {
  return sign(context, [ALGORITHM, context.timestamp, scopeText(context.scope), canonicalHash]);
}

/**
 * Signature of one chunk of a signed stream.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export function signChunk(context: SigningContext, previous: string, chunkHash: string): string {
  const { timestamp, scope } = context;
  return sign(context, [`${ALGORITHM}-PAYLOAD`, timestamp, scopeText(scope), previous, EMPTY_SHA256, chunkHash]);
}

/**
 * Signature of the trailing headers of a signed stream.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function signTrailer(context: SigningContext, previous: string, trailerHash: string): string {
  const { timestamp, scope } = context;
  return sign(context, [`${ALGORITHM}-TRAILER`, timestamp, scopeText(scope), previous, trailerHash]);
}

function sign(context: SigningContext, lines: readonly string[]): string {
  return createHmac('sha256', context.key).update(lines.join('\n')).digest('hex');
}

/** Compares two signatures in a time that does not depend on where they differ. */
export function sameSignature(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
