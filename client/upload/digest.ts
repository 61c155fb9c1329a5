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

/** Bytes that are read at once, and of the largest part that is held in memory. */
const CHUNK = 1024 ** 2;
const HELD = 32 * 1024 ** 2;

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
    const [whole, ofParts] = [createHash('sha256'), createHash('sha256')];
    const parts: string[] = [];
    const note = (digest: Uint8Array) => {
      ofParts.update(digest);
      parts.push(Buffer.from(digest).toString('hex'));
    };
    let ahead: Promise<Uint8Array> | undefined;
    for (let start = 0; start < size; start += partSize) {
      const length = Math.min(partSize, size - start);
      const digest = (length <= held ? heldPart : longPart)(handle, { start, length }, (bytes) => {
        whole.update(bytes);
        onBytes(bytes.length);
      });
      const working = (await digest).digest;
      if (ahead) note(await ahead);
      ahead = working;
    }
    if (ahead) note(await ahead);
    if ((await handle.stat()).size !== size) throw new Error(`${file} changes while it is read`);
    return { size, sha256: whole.digest('hex'), parts, sha256OfParts: ofParts.digest('hex') };
  } finally {
    await handle.close();
  }
}

interface Run {
  readonly start: number;
  readonly length: number;
}

/** A part's digest that is worked on, once the part has been read. */
interface Working {
  readonly digest: Promise<Uint8Array>;
}

/** Digests a part on another thread, while this one has its bytes for the digest of the whole. */
async function heldPart(handle: FileHandle, run: Run, onBytes: (bytes: Buffer) => void): Promise<Working> {
  const bytes = await read(handle, Buffer.allocUnsafeSlow(run.length), run.start);
  const digest = webcrypto.subtle.digest('SHA-256', bytes).then((buffer) => new Uint8Array(buffer));
  // Whoever waits for it may be told of something else first.
  digest.catch(() => {});
  onBytes(bytes);
  return { digest };
}

/** Digests a part that is too large to be held. */
async function longPart(
  handle: FileHandle,
  { start, length }: Run,
  onBytes: (bytes: Buffer) => void,
): Promise<Working> {
  const part = createHash('sha256');
  for (let done = 0; done < length; done += CHUNK) {
    const bytes = await read(handle, Buffer.allocUnsafeSlow(Math.min(CHUNK, length - done)), start + done);
    part.update(bytes);
    onBytes(bytes);
  }
  return { digest: Promise.resolve(part.digest()) };
}

async function read(handle: FileHandle, bytes: Buffer, position: number): Promise<Buffer> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) throw new Error('a file changes while it is read');
    done += bytesRead;
  }
  return bytes;
}
