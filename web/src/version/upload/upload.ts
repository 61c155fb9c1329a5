import type { Client } from '../../../../client/api';
import { digestsOf } from './digest';
import { type Digests, partSizeOf } from './plan';
import { SendFailed, send } from './send';

/** Where an upload stands. */
export interface Progress {
  readonly state: 'digesting' | 'sending' | 'paused' | 'done' | 'failed';
  /** Share of the present step that is done, 0 to 100. */
  readonly percent: number;
  readonly sent: number;
  readonly error?: unknown;
}

/** What an upload is of, and where it goes. */
export interface Target {
  readonly client: Client;
  readonly model: string;
  readonly version: number;
  readonly path: string;
  readonly file: File;
}

/** Requests for so many parts are asked for at once. */
const PARTS_AT_ONCE = 20;
const ATTEMPTS = 3;

/**
 * One file on its way to the artifact store, in parts. It can be paused and goes on with the parts that are missing; so does
 * another upload of the same file, after the page was closed.
 */
export class Upload {
  progress: Progress = { state: 'digesting', percent: 0, sent: 0 };
  private readonly listeners = new Set<() => void>();
  private stopping = new AbortController();
  private digests: Digests | undefined;

  constructor(readonly target: Target) {}

  /** Tells a listener of every change, until it is not wanted any more. */
  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Begins, or goes on where it stopped. */
  async start(): Promise<void> {
    this.stopping = new AbortController();
    const { signal } = this.stopping;
    try {
      this.digests ??= await this.digest(signal);
      await this.declare(this.digests, signal);
      await this.sendMissing(this.digests, signal);
      this.show({ state: 'done', percent: 100, sent: this.target.file.size });
    } catch (error) {
      if (signal.aborted) this.show({ ...this.progress, state: 'paused' });
      else this.show({ ...this.progress, state: 'failed', error });
    }
  }

  /** Stops where it is. */
  pause(): void {
    this.stopping.abort(new Error('paused'));
  }

  private digest(signal: AbortSignal): Promise<Digests> {
    const { file } = this.target;
    this.show({ state: 'digesting', percent: 0, sent: 0 });
    const onHashed = (bytes: number) => this.show({ state: 'digesting', percent: share(bytes, file.size), sent: 0 });
    return digestsOf({ file, partSize: partSizeOf(file.size) }, onHashed, signal);
  }

  private async declare({ sha256, sha256OfParts }: Digests, signal: AbortSignal): Promise<void> {
    const { client, model, version, path, file } = this.target;
    const multipart = { partSize: partSizeOf(file.size), sha256OfParts };
    const declared = { path, size: file.size, sha256, ...(file.size > 0 && { multipart }) };
    await client.declareArtifacts({ params: { model, version }, body: { files: [declared] } }, { signal });
  }

  private async sendMissing({ parts }: Digests, signal: AbortSignal): Promise<void> {
    const { file } = this.target;
    this.show({ state: 'sending', percent: 0, sent: 0 });
    if (file.size === 0) return await this.sendWhole(signal);
    const arrived = await this.arrived(signal);
    let sent = [...arrived.values()].reduce((sum, size) => sum + size, 0);
    this.show({ state: 'sending', percent: share(sent, file.size), sent });
    const missing = parts
      .map((sha256, index) => ({ number: index + 1, sha256 }))
      .filter(({ number }) => !arrived.has(number));
    for (let at = 0; at < missing.length; at += PARTS_AT_ONCE) {
      const batch = missing.slice(at, at + PARTS_AT_ONCE);
      const requests = await this.requests(batch, signal);
      for (const { number } of batch) {
        const part = this.part(number);
        const before = sent;
        const onSent = (bytes: number) => {
          const now = Math.min(before + bytes, file.size);
          this.show({ state: 'sending', percent: share(now, file.size), sent: now });
        };
        await sendPatiently(() => this.requestFor(number, requests, parts, signal), part, onSent, signal);
        sent += part.size;
      }
    }
  }

  private async arrived(signal: AbortSignal): Promise<Map<number, number>> {
    const { client, model, version, path } = this.target;
    const arrived = new Map<number, number>();
    const query = { path, limit: 100 };
    for await (const { number, size } of client.rows('getUpload', { params: { model, version }, query }, { signal })) {
      arrived.set(number, size);
    }
    return arrived;
  }

  private async requests(parts: { number: number; sha256: string }[], signal: AbortSignal) {
    const { client, model, version, path } = this.target;
    const body = { files: [{ path, parts }] };
    const { uploads } = await client.requestUploads({ params: { model, version }, body }, { signal });
    return new Map((uploads[0]?.parts ?? []).map((part) => [part.number, part]));
  }

  /** The request for a part; another one where it has expired or was refused. */
  private async requestFor(
    number: number,
    known: Awaited<ReturnType<Upload['requests']>>,
    parts: readonly string[],
    signal: AbortSignal,
  ) {
    const request = known.get(number);
    known.delete(number);
    if (request && Date.parse(request.expiresAt) > Date.now()) return request;
    const anew = await this.requests([{ number, sha256: parts[number - 1] ?? '' }], signal);
    const other = anew.get(number);
    if (!other) throw new Error(`The registry handed out no request for part ${number}.`);
    return other;
  }

  private async sendWhole(signal: AbortSignal): Promise<void> {
    const { client, model, version, path, file } = this.target;
    const body = { files: [{ path }] };
    const { uploads } = await client.requestUploads({ params: { model, version }, body }, { signal });
    const request = uploads[0]?.request;
    if (request) await send(request, file, () => {}, signal);
  }

  private part(number: number): Blob {
    const { file } = this.target;
    const size = partSizeOf(file.size);
    return file.slice((number - 1) * size, number * size);
  }

  private show(progress: Progress): void {
    this.progress = progress;
    for (const listener of this.listeners) listener();
  }
}

type Request = Parameters<typeof send>[0];

async function sendPatiently(
  request: () => Promise<Request>,
  part: Blob,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await send(await request(), part, onSent, signal);
    } catch (error) {
      if (!(error instanceof SendFailed) || tried === ATTEMPTS) throw error;
    }
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.floor((100 * part) / whole);
}
