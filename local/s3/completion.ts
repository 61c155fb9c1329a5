import { createHash } from 'node:crypto';
import { CHECKSUM_ALGORITHMS, type Checksum, checksumElement, checksumHeader, compositeChecksum } from './checksums';
import { matchesEtag } from './conditions';
import { type CrcAlgorithm, combineCrcs } from './crc-combine';
import { S3Error } from './errors';
import type { S3Request } from './request';
import type { ObjectVersion, Upload, UploadedPart } from './state';
import { children, childText, parseXml } from './xml';

/** Smallest part other than the last: 5 MiB. */
const MIN_PART = 5 * 1024 ** 2;
const MAX_PARTS = 10_000;

/** A part as the completing client lists it. */
export interface ListedPart {
  readonly number: number;
  readonly etag: string;
  /** Base64 by element name, for example `ChecksumSHA256`. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** Reads the list of parts of a completion. @throws S3Error MalformedXML, InvalidPartOrder */
export function readCompletion(document: string): readonly ListedPart[] {
  const elements = children(parseXml(document, 'CompleteMultipartUpload'), 'Part');
  if (elements.length === 0 || elements.length > MAX_PARTS) throw new S3Error('MalformedXML');
  const listed = elements.map((element): ListedPart => {
    const number = childText(element, 'PartNumber')?.trim() ?? '';
    const etag = childText(element, 'ETag');
    if (!/^\d{1,5}$/.test(number) || etag === undefined) throw new S3Error('MalformedXML');
    const checksums = CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
      const value = childText(element, checksumElement(algorithm));
      return value === undefined ? [] : [[checksumElement(algorithm), value] as const];
    });
    return { number: Number(number), etag, checksums: Object.fromEntries(checksums) };
  });
  if (listed.some((part, i) => i > 0 && part.number <= (listed[i - 1]?.number ?? 0))) {
    throw new S3Error('InvalidPartOrder');
  }
  return listed;
}

/**
 * Makes an object of the parts a client lists, comparing all it says with what arrived.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 *
 * @throws S3Error InvalidPart, EntityTooSmall, InvalidRequest, BadDigest
 */
export async function assembleObject(
  request: S3Request,
  upload: Upload,
  uploaded: ReadonlyMap<number, UploadedPart>,
  listed: readonly ListedPart[],
): Promise<Pick<ObjectVersion, 'size' | 'etag' | 'segments' | 'checksum' | 'parts'>> {
  const parts = listed.map((part) => matchPart(upload, uploaded.get(part.number), part));
  for (const part of parts.slice(0, -1)) {
    if (part.size < MIN_PART) {
      throw new S3Error('EntityTooSmall', {
        elements: {
          ProposedSize: String(part.size),
          MinSizeAllowed: String(MIN_PART),
          PartNumber: String(part.number),
          ETag: part.etag.replaceAll('"', ''),
        },
      });
    }
  }
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const declared = request.header('x-amz-mp-object-size');
  if (declared !== undefined && declared !== String(size)) {
    throw new S3Error('InvalidRequest', {
      message: `The provided 'x-amz-mp-object-size' header value ${declared} does not match what was computed: ${size}`,
    });
  }
  const checksum = await wholeChecksum(upload, parts);
  compareWhole(request, checksum);
  const md5 = createHash('md5');
  for (const { etag } of parts) md5.update(Buffer.from(etag.replaceAll('"', ''), 'hex'));
  return {
    size,
    etag: `"${md5.digest('hex')}-${parts.length}"`,
    segments: parts.flatMap(({ segment }) => (segment ? [segment] : [])),
    checksum,
    parts: parts.map((part) => ({ number: part.number, size: part.size, checksum: part.checksum })),
  };
}

function matchPart(upload: Upload, uploaded: UploadedPart | undefined, listed: ListedPart): UploadedPart {
  const element = checksumElement(upload.algorithm);
  const checksum = listed.checksums[element];
  // S3 holds the client to the algorithm it chose; a full-object checksum does not need those of the parts.
  if (upload.chosen && upload.type === 'COMPOSITE' && checksum === undefined) {
    throw new S3Error('InvalidRequest', {
      message: `The upload was created using a ${upload.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${listed.number} in the request.`,
    });
  }
  const matches =
    uploaded !== undefined &&
    listed.etag.trim() !== '*' &&
    matchesEtag(listed.etag, uploaded.etag) &&
    (checksum === undefined || checksum === uploaded.checksum);
  if (!matches) {
    throw new S3Error('InvalidPart', {
      elements: { UploadId: upload.id, PartNumber: String(listed.number), ETag: listed.etag.replaceAll('"', '') },
    });
  }
  return uploaded;
}

function wholeChecksum({ algorithm, type }: Upload, parts: readonly UploadedPart[]): Promise<Checksum> | Checksum {
  if (type === 'COMPOSITE') {
    return compositeChecksum(
      algorithm,
      parts.map((part) => part.checksum),
    );
  }
  const pieces = parts.map((part) => ({ crc: part.checksum, size: part.size }));
  // Creating an upload refuses full-object checksums of any other algorithm.
  return { algorithm, type, value: combineCrcs(algorithm as CrcAlgorithm, pieces) };
}

function compareWhole(request: S3Request, checksum: Checksum): void {
  const type = request.header('x-amz-checksum-type');
  if (type !== undefined && type.toUpperCase() !== checksum.type) {
    throw new S3Error('InvalidRequest', {
      message: `The upload was created using the ${checksum.type} checksum mode. The complete request must use the same checksum mode.`,
    });
  }
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = request.header(checksumHeader(algorithm));
    if (value === undefined) continue;
    // A composite value may be given with or without the number of parts.
    const same =
      algorithm === checksum.algorithm && (value === checksum.value || value === checksum.value.split('-')[0]);
    if (!same) {
      throw new S3Error('BadDigest', {
        message: `The ${algorithm} you specified did not match the calculated checksum.`,
      });
    }
  }
}
