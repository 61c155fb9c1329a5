import type { FileHandle } from 'node:fs/promises';
import { SendFailed, type SignedRequest, started, wordsOf } from '../transfer/send';

/** Bytes that are written at once: they come in pieces of a socket's size. */
const WRITTEN_AT_ONCE = 1024 ** 2;

/**
 * Fetches a run of bytes with a signed request, and writes it where it belongs in a file.
 * @param run both ends included
 * @throws SendFailed with the store's own words
 */
export async function fetchRange(
  request: SignedRequest,
  { start, end }: { readonly start: number; readonly end: number },
  file: FileHandle,
  signal?: AbortSignal,
): Promise<void> {
  const { outgoing, response } = started(request, { range: `bytes=${start}-${end}` }, signal);
  outgoing.end();
  try {
    const answer = await response;
    if (answer.statusCode !== 206) throw new SendFailed(await wordsOf(answer), answer.statusCode ?? 0);
    let at = start;
    for await (const pieces of gathered(answer)) at += await writeAll(file, pieces, at, end + 1 - at);
    if (at !== end + 1) throw new Error('the store sent fewer bytes than were asked for');
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof SendFailed) throw error;
    throw new SendFailed(error instanceof Error ? error.message : String(error), 0, { cause: error });
  }
}

async function* gathered(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let [pieces, size] = [[] as Buffer[], 0];
  for await (const piece of source) {
    pieces.push(piece);
    size += piece.length;
    if (size < WRITTEN_AT_ONCE) continue;
    yield pieces;
    [pieces, size] = [[], 0];
  }
  if (size > 0) yield pieces;
}

/** @returns how many bytes were written: all. @throws Error for more than there is room for, or a disk that takes none */
async function writeAll(file: FileHandle, pieces: Buffer[], position: number, room: number): Promise<number> {
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  if (size > room) throw new Error('the store sent more bytes than were asked for');
  const { bytesWritten } = await file.writev(pieces, position);
  if (bytesWritten !== size) throw new Error('the disk did not take all bytes');
  return size;
}
