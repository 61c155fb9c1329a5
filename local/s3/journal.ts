import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * An append-only file of JSON lines. A line is one transaction: it is on the disk before `append` returns, and a line
 * that a crash cut short is as if it had never been written.
 */
export class Journal<Entry> {
  readonly #file: FileHandle;
  #length: number;
  #broken: unknown;

  private constructor(file: FileHandle, length: number) {
    this.#file = file;
    this.#length = length;
  }

  /**
   * Reads the entries of a journal, none when the file does not exist.
   *
   * @throws Error when a line that is not the last is not JSON: that is damage, not a crash
   */
  static async *read<Entry>(path: string): AsyncGenerator<Entry> {
    let lineNumber = 0;
    for await (const line of completeLines(path)) {
      lineNumber += 1;
      let entry: Entry;
      try {
        entry = JSON.parse(line) as Entry;
      } catch (cause) {
        throw new Error(`${path} is damaged at line ${lineNumber}`, { cause });
      }
      yield entry;
    }
  }

  /** Replaces a journal in one step by one that holds these entries, and opens it for appending. */
  static async create<Entry>(path: string, entries: Iterable<Entry>): Promise<Journal<Entry>> {
    const next = `${path}.next`;
    const file = await open(next, 'w');
    let length = 0;
    let batch: string[] = [];
    const flush = async () => {
      const data = Buffer.from(batch.join(''));
      batch = [];
      await file.writeFile(data);
      length += data.length;
    };
    for (const entry of entries) {
      batch.push(`${JSON.stringify(entry)}\n`);
      if (batch.length === 1000) await flush();
    }
    await flush();
    await file.sync();
    await rename(next, path);
    const folder = await open(dirname(path), 'r');
    await folder.sync();
    await folder.close();
    return new Journal(file, length);
  }

  /**
   * Appends one entry and waits until it is on the disk. Calls must not overlap.
   *
   * @throws Error when it could not be written; the journal is then as before, or refuses all further entries
   */
  async append(entry: Entry): Promise<void> {
    if (this.#broken !== undefined) throw new Error('the journal cannot be written', { cause: this.#broken });
    const data = Buffer.from(`${JSON.stringify(entry)}\n`);
    try {
      for (let written = 0; written < data.length; ) {
        const { bytesWritten } = await this.#file.write(data, written, data.length - written, this.#length + written);
        written += bytesWritten;
      }
      await this.#file.datasync();
      this.#length += data.length;
    } catch (error) {
      // Half a line, or a line that may or may not be on the disk, must not stay in front of the next one.
      await this.#file.truncate(this.#length).catch((cause: unknown) => {
        this.#broken = cause;
      });
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** Lines that end with a newline; what follows the last newline was never acknowledged. */
async function* completeLines(path: string): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  try {
    for await (const data of createReadStream(path) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, from)) {
        rest.push(data.subarray(from, end));
        yield Buffer.concat(rest).toString('utf8');
        rest = [];
        from = end + 1;
      }
      rest.push(data.subarray(from));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
