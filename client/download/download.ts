import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Client } from '../api';
import { inParallel } from '../transfer/parallel';
import { patiently } from '../transfer/patience';
import { fetchRange } from './fetch-range';

/** A version whose files are fetched. */
export interface Source {
  readonly client: Client;
  readonly model: string;
  readonly version: number;
}

/** How a file is fetched. */
export interface DownloadOptions {
  /** Runs of bytes that are on their way at the same time. */
  readonly parallel?: number;
  /** Is told how many bytes of how many have arrived. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

const PARALLEL = 6;
/** Bytes that are asked for at once: a run that breaks off is asked for again as a whole. */
const RUN = 8 * 1024 ** 2;

/** What was fetched is not what the registry has. */
export class WrongBytes extends Error {
  override readonly name = 'WrongBytes';
}

/**
 * Fetches a file of a READY version, several runs of it at the same time, and verifies its SHA-256. The file appears under its name
 * once it is whole and verified; memory stays the same for files of any size. When the disk has it is the operating system's
 * matter, as with other programs that fetch: waiting for that would take longer than the transfer.
 * @param target path on this machine; folders above it are made
 * @throws ApiError, SendFailed when the store gives a run in none of five attempts, WrongBytes
 */
export async function download(
  { client, model, version }: Source,
  path: string,
  target: string,
  { parallel = PARALLEL, onProgress, signal }: DownloadOptions = {},
): Promise<void> {
  const ask = () => client.getDownload({ params: { model, version }, query: { path } }, { signal });
  const { file, request, uri } = await ask();
  const { size, sha256 } = file;
  if (!request || size === undefined) throw new Error(`${path} is kept elsewhere: ${uri}`);
  // A name that nothing else has: neither another file of the version, nor a second download of this one.
  const partial = join(dirname(target), `.${randomUUID()}.partial`);
  await mkdir(dirname(target), { recursive: true });
  const handle = await open(partial, 'wx+');
  let known: typeof request | undefined = request;
  let done = 0;
  const order = new InOrder(handle);
  try {
    const runs = Array.from({ length: Math.ceil(size / RUN) }, (_, index) => ({
      start: index * RUN,
      end: Math.min(size, (index + 1) * RUN) - 1,
    }));
    await inParallel(parallel, runs, async (run) => {
      await patiently(signal, async (attempt) => {
        if (attempt > 1 || !known || Date.parse(known.expiresAt) <= Date.now()) known = (await ask()).request;
        if (!known) throw new Error(`the registry handed out no request for ${path}`);
        await fetchRange(known, run, handle, signal);
      });
      done += run.end - run.start + 1;
      onProgress?.(done, size);
      order.arrived(run);
    });
    const digest = await order.digest();
    if (digest !== sha256)
      throw new WrongBytes(`${path} has the SHA-256 ${digest} here, and ${sha256} in the registry`);
    await handle.close();
    await rename(partial, target);
  } catch (error) {
    await handle.close();
    await rm(partial, { force: true });
    throw error;
  }
}

interface Run {
  readonly start: number;
  readonly end: number;
}

/** Digests a file from its beginning while runs of it arrive in any order. */
class InOrder {
  private readonly hash = createHash('sha256');
  private readonly waiting = new Map<number, Run>();
  private readonly bytes = Buffer.allocUnsafe(RUN);
  private at = 0;
  private working = Promise.resolve();

  constructor(private readonly handle: FileHandle) {}

  arrived(run: Run): void {
    this.waiting.set(run.start, run);
    this.working = this.working.then(() => this.goOn());
    // Whoever asks for the digest is told.
    this.working.catch(() => {});
  }

  /** The SHA-256 of all that has arrived, in lower-case hex. */
  async digest(): Promise<string> {
    await this.working;
    return this.hash.digest('hex');
  }

  private async goOn(): Promise<void> {
    for (let run = this.waiting.get(this.at); run; run = this.waiting.get(this.at)) {
      this.waiting.delete(run.start);
      const length = run.end - run.start + 1;
      for (let read = 0; read < length; ) {
        const { bytesRead } = await this.handle.read(this.bytes, 0, length - read, run.start + read);
        if (bytesRead === 0) throw new WrongBytes('the file was cut while it was written');
        this.hash.update(this.bytes.subarray(0, bytesRead));
        read += bytesRead;
      }
      this.at = run.end + 1;
    }
  }
}
