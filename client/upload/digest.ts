import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { partSizeOf } from '../api';

/** A file as the registry wants it declared, with the digest of each part, all in lower-case hex. */
export interface Digests {
  readonly size: number;
  readonly sha256: string;
  readonly parts: readonly string[];
  /** Of the parts' binary digests, one after the other. */
  readonly sha256OfParts: string;
}

const CHUNK = 1024 ** 2;

/**
 * Digests a file in one pass; memory stays the same for files of any size.
 * @param onBytes is told of each run of bytes that was read
 */
export async function digestsOf(file: string, onBytes: (bytes: number) => void = () => {}): Promise<Digests> {
  const { size } = await stat(file);
  const partSize = partSizeOf(size);
  const [whole, ofParts] = [createHash('sha256'), createHash('sha256')];
  const parts: string[] = [];
  let part = createHash('sha256');
  let read = 0;
  const endPart = () => {
    const digest = part.digest();
    ofParts.update(digest);
    parts.push(digest.toString('hex'));
    part = createHash('sha256');
  };
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    whole.update(chunk);
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + partSize - (read % partSize));
      part.update(piece);
      at += piece.length;
      read += piece.length;
      if (read % partSize === 0) endPart();
    }
    onBytes(chunk.length);
  }
  if (read % partSize !== 0) endPart();
  if (read !== size) throw new Error(`${file} changes while it is read`);
  return { size, sha256: whole.digest('hex'), parts, sha256OfParts: ofParts.digest('hex') };
}
