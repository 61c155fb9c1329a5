import { createHash, webcrypto } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { partSizeOf } from '../api';

/** A file as the registry wants it declared, with the digest of each part, all in lower-case hex. */
export interface Digests {
  readonly size: number;
  readonly sha256: string;
  readonly parts: readonly string[];
  /** Of the parts' binary digests, one after the other. */
  readonly sha256OfParts: string;
}

/** Bytes of the largest part that is held in memory as a whole, and that are read at once of a larger one. */
const HELD = 32 * 1024 ** 2;
const CHUNK = 1024 ** 2;

/**
 * Digests a file in one pass; memory stays the same for files of any size.
 * @param onBytes is told of each run of bytes that was read
 * @param held bytes of the largest part that is held in memory as a whole
 * @throws Error when the file changes while it is read
 */
export async function digestsOf(
  file: string,
  onBytes: (bytes: number) => void = () => {},
  held = HELD,
): Promise<Digests> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const partSize = partSizeOf(size);
    const isHeld = partSize <= held;
    const ofParts = isHeld ? heldParts() : longParts(partSize);
    const whole = createHash('sha256');
    for await (const bytes of readInOrder(handle, size, isHeld ? partSize : CHUNK)) {
      await ofParts.update(bytes);
      whole.update(bytes);
      onBytes(bytes.length);
    }
    const parts = await ofParts.end();
    if ((await handle.stat()).size !== size) throw new Error(`${file} changes while it is read`);
    return {
      size,
      sha256: whole.digest('hex'),
      parts: parts.map((digest) => digest.toString('hex')),
      sha256OfParts: createHash('sha256').update(Buffer.concat(parts)).digest('hex'),
    };
  } finally {
    await handle.close();
  }
}

/** Reads a file from its beginning; the next run of bytes is read while one is worked on. */
async function* readInOrder(handle: FileHandle, size: number, step: number): AsyncGenerator<Buffer> {
  const read = (start: number) => {
    const bytes = readFully(handle, Buffer.allocUnsafeSlow(Math.min(step, size - start)), start);
    // Whoever waits for it may be told of something else first.
    bytes.catch(() => {});
    return bytes;
  };
  let next = size > 0 ? read(0) : undefined;
  for (let start = step; next; start += step) {
    const bytes = await next;
    next = start < size ? read(start) : undefined;
    yield bytes;
  }
}

async function readFully(handle: FileHandle, bytes: Buffer, position: number): Promise<Buffer> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) throw new Error('a file changes while it is read');
    done += bytesRead;
  }
  return bytes;
}

/** Digests the parts of a file whose bytes it is given in order. */
interface PartDigests {
  update(bytes: Buffer): Promise<void>;
  /** @returns the digest of each part */
  end(): Promise<readonly Buffer[]>;
}

/** Is given whole parts, and digests each on another thread, while this one has its bytes for the digest of the whole. */
function heldParts(): PartDigests {
  const digests: Promise<Buffer>[] = [];
  return {
    async update(bytes) {
      // One at a time: those that wait are held in memory.
      await digests.at(-1);
      const digest = webcrypto.subtle.digest('SHA-256', bytes).then((found) => Buffer.from(found));
      digest.catch(() => {});
      digests.push(digest);
    },
    end: () => Promise.all(digests),
  };
}

/** Is given pieces of parts that are too large to be held. */
function longParts(partSize: number): PartDigests {
  const digests: Buffer[] = [];
  let [part, length] = [createHash('sha256'), 0];
  const end = () => {
    digests.push(part.digest());
    [part, length] = [createHash('sha256'), 0];
  };
  return {
    async update(bytes) {
      part.update(bytes);
      length += bytes.length;
      if (length === partSize) end();
    },
    async end() {
      if (length > 0) end();
      return digests;
    },
  };
}
