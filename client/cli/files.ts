import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The text of a file in pieces, for exports may be larger than memory. It is opened when it is first read. */
export async function* textOf(file: string): AsyncGenerator<string> {
  yield* createReadStream(file, 'utf8') as AsyncIterable<string>;
}

/**
 * Writes lines to a file, which has its name only when it is complete.
 * @param keep what the file begins with
 */
export async function writeLines(file: string, lines: AsyncIterable<string>, keep = ''): Promise<void> {
  const partial = `${file}.partial`;
  async function* text() {
    yield keep;
    for await (const line of lines) yield `${line}\n`;
  }
  try {
    await pipeline(Readable.from(text()), createWriteStream(partial));
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** A file's text, or nothing where there is none. */
export async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
