import { createHash, type Hash } from 'node:crypto';
import { Crc32, Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { S3Error } from './errors';
import type { S3Request } from './request';

/** The algorithms of S3's additional checksums, in the spelling of the API. */
export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];
/** `COMPOSITE` is the checksum of the parts' checksums, `FULL_OBJECT` that of the bytes. */
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

/** A checksum as S3 keeps and returns it. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
  /** Base64, with `-<number of parts>` when it is composite. */
  readonly value: string;
}

const DIGEST_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

/** Name of the header, trailer or query parameter that carries a checksum. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** Name of the XML element that carries a checksum. */
export function checksumElement(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`;
}

/** Whether bytes given one after another can be hashed: the common face of Node's hashes and the SDK's CRCs. */
export interface Digest {
  update(data: Uint8Array): void;
  /** Base64 of the binary checksum. Ends the digest. */
  base64(): Promise<string>;
}

/** Starts a checksum. */
export function startDigest(algorithm: ChecksumAlgorithm): Digest {
  switch (algorithm) {
    case 'CRC32':
      return crcDigest(new Crc32());
    case 'CRC32C':
      return crcDigest(new Crc32c());
    case 'CRC64NVME':
      return crcDigest(new Crc64Nvme());
    case 'SHA1':
      return hashDigest(createHash('sha1'));
    case 'SHA256':
      return hashDigest(createHash('sha256'));
  }
}

function crcDigest(crc: { update(data: Uint8Array): void; digest(): Promise<Uint8Array> }): Digest {
  return {
    update: (data) => crc.update(data),
    base64: async () => Buffer.from(await crc.digest()).toString('base64'),
  };
}

function hashDigest(hash: Hash): Digest {
  return {
    update: (data) => {
      hash.update(data);
    },
    base64: async () => hash.digest('base64'),
  };
}

/** Reads an algorithm name of a request; clients write it in either case. @throws S3Error InvalidRequest when unknown */
export function parseAlgorithm(text: string): ChecksumAlgorithm {
  const algorithm = CHECKSUM_ALGORITHMS.find((one) => one === text.toUpperCase());
  if (algorithm === undefined) {
    throw new S3Error('InvalidRequest', {
      message: `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${CHECKSUM_ALGORITHMS.join(', ')}]`,
    });
  }
  return algorithm;
}

/**
 * Reads a checksum value: base64 of exactly the algorithm's size.
 *
 * @throws S3Error InvalidRequest otherwise
 */
export function parseChecksumValue(algorithm: ChecksumAlgorithm, value: string): string {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length !== DIGEST_BYTES[algorithm] || bytes.toString('base64') !== value) {
    throw new S3Error('InvalidRequest', { message: `Value for ${checksumHeader(algorithm)} header is invalid.` });
  }
  return value;
}

/** What a request says about the checksum of its body. `value` is missing when a trailer will bring it. */
export interface ClaimedChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value?: string;
}

/**
 * Reads the checksum that a request promises, from headers, from the query of a presigned URL, or announced as a trailer.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 *
 * @returns `undefined` when the request names none
 * @throws S3Error InvalidRequest for several checksums, invalid values, or an algorithm without a checksum
 */
export function claimedChecksum(request: S3Request): ClaimedChecksum | undefined {
  const claims: ClaimedChecksum[] = [];
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = request.header(checksumHeader(algorithm));
    if (value !== undefined) claims.push({ algorithm, value: parseChecksumValue(algorithm, value) });
  }
  const trailer = request.header('x-amz-trailer')?.trim().toLowerCase();
  if (trailer !== undefined) {
    const algorithm = CHECKSUM_ALGORITHMS.find((one) => checksumHeader(one) === trailer);
    if (algorithm === undefined) {
      throw new S3Error('InvalidRequest', {
        message: 'The value specified in the x-amz-trailer header is not supported',
      });
    }
    claims.push({ algorithm });
  }
  if (claims.length > 1) {
    throw new S3Error('InvalidRequest', {
      message: 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    });
  }
  const named = request.header('x-amz-sdk-checksum-algorithm');
  const claim = claims[0];
  if (named !== undefined) {
    const algorithm = parseAlgorithm(named);
    if (claim === undefined) {
      throw new S3Error('InvalidRequest', {
        message:
          'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
      });
    }
    if (claim.algorithm !== algorithm) {
      throw new S3Error('InvalidRequest', { message: 'Value for x-amz-sdk-checksum-algorithm header is invalid.' });
    }
  }
  return claim;
}

/** Headers that return a stored checksum. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (checksum === undefined) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** XML elements that return a stored checksum. */
export function checksumElements(checksum: Checksum | undefined): Record<string, string> {
  if (checksum === undefined) return {};
  return { [checksumElement(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type };
}

/** The checksum of the parts' binary checksums, in order, with their number. */
export async function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): Promise<Checksum> {
  const digest = startDigest(algorithm);
  for (const part of parts) digest.update(Buffer.from(part, 'base64'));
  return { algorithm, type: 'COMPOSITE', value: `${await digest.base64()}-${parts.length}` };
}
