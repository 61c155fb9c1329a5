import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ulid } from 'ulid';

/** Bytes that are written, or read, at once: sockets give 64 KiB, and every call of the disk takes its time. */
const AT_ONCE = 1024 ** 2;

/** A run of bytes in a file of its own. Objects uploaded in parts consist of several, in order. */
export interface Segment {
  readonly blob: string;
  readonly size: number;
}

/**
 * Files that hold the bytes of objects and parts. Their names are made here, so no key ever becomes a path. A file means
 * nothing until the journal names it; files it does not name are removed at the next start.
 */
export class Blobs {
  readonly #directory: string;
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Opens the folder and removes the files that nothing refers to. */
  static async open(directory: string, referenced: ReadonlySet<string>): Promise<Blobs> {
    await mkdir(directory, { recursive: true });
    const blobs = new Blobs(directory);
    for (const name of await readdir(directory)) {
      if (!referenced.has(name)) await rm(join(directory, name));
    }
    return blobs;
  }

  /**
   * Writes a stream to a new file and returns once the bytes are on the disk. Nothing is left behind when the stream fails.
   *
   * @returns the segment, `undefined` for an empty stream
   */
  async write(source: AsyncIterable<Buffer>): Promise<Segment | undefined> {
    const blob = ulid();
    // On the disk before it is closed, and closed before the pipeline ends.
    const file = createWriteStream(join(this.#directory, blob), {
      flags: 'wx',
      flush: true,
      highWaterMark: AT_ONCE,
    });
    try {
      await pipeline(source, file);
      const size = file.bytesWritten;
      if (size === 0) {
        await this.remove([blob]);
        return undefined;
      }
      await this.#syncFolder();
      return { blob, size };
    } catch (error) {
      await this.remove([blob]);
      throw error;
    }
  }

  /**
   * Streams a range of the concatenated segments. Their files stay until the stream ends, even if the object is deleted.
   *
   * @param start first byte
   * @param end byte after the last
   */
  read(segments: readonly Segment[], start: number, end: number): AsyncGenerator<Buffer> {
    // Now, not when the first byte is asked for: a deletion may come in between.
    return this.#stream(segments, start, end, this.#pin(segments));
  }

  async *#stream(
    segments: readonly Segment[],
    start: number,
    end: number,
    release: () => Promise<void>,
  ): AsyncGenerator<Buffer> {
    try {
      let offset = 0;
      for (const { blob, size } of segments) {
        const from = Math.max(start - offset, 0);
        const to = Math.min(end - offset, size);
        if (from < to) {
          yield* createReadStream(join(this.#directory, blob), {
            start: from,
            end: to - 1,
            highWaterMark: AT_ONCE,
          }) as AsyncIterable<Buffer>;
        }
        offset += size;
      }
    } finally {
      await release();
    }
  }

  // Keeps files from being removed until the returned function is called.
  #pin(segments: readonly Segment[]): () => Promise<void> {
    for (const { blob } of segments) this.#readers.set(blob, (this.#readers.get(blob) ?? 0) + 1);
    return async () => {
      const free: string[] = [];
      for (const { blob } of segments) {
        const left = (this.#readers.get(blob) ?? 1) - 1;
        if (left > 0) {
          this.#readers.set(blob, left);
        } else {
          this.#readers.delete(blob);
          if (this.#doomed.delete(blob)) free.push(blob);
        }
      }
      await this.remove(free);
    };
  }

  /** Removes files, those being read as soon as they no longer are. */
  async remove(blobs: readonly string[]): Promise<void> {
    for (const blob of blobs) {
      if (this.#readers.has(blob)) this.#doomed.add(blob);
      else await rm(join(this.#directory, blob), { force: true });
    }
  }

  // A new file's name is only durable when its folder is.
  async #syncFolder(): Promise<void> {
    const folder = await open(this.#directory, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
