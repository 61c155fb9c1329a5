import { createReadStream } from 'node:fs';
import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** A request that the registry has signed. */
export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: string;
}

/** Bytes of a file that are sent, both ends included; an empty file has none. */
export interface Bytes {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** The store did not take what was sent, or could not be reached. */
export class SendFailed extends Error {
  override readonly name = 'SendFailed';

  constructor(
    message: string,
    /** HTTP status; 0 when there was no answer. */
    readonly status: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Without a byte for so long a connection is dead. */
const SILENCE_MS = 60_000;
const EARLY_ANSWER_MS = 1_000;
const AGENTS = {
  'http:': new HttpAgent({ keepAlive: true }),
  'https:': new HttpsAgent({ keepAlive: true }),
};

/**
 * Sends bytes of a file as a signed request says. They stream, so that parts of any size take no memory.
 * @throws SendFailed with the store's own words
 */
export async function send(request: SignedRequest, { file, start, end }: Bytes, signal?: AbortSignal): Promise<void> {
  const url = new URL(request.url);
  const isHttps = url.protocol === 'https:';
  const length = end - start + 1;
  const outgoing = (isHttps ? requestHttps : requestHttp)(url, {
    method: request.method,
    headers: { ...request.headers, 'content-length': length },
    agent: isHttps ? AGENTS['https:'] : AGENTS['http:'],
    timeout: SILENCE_MS,
    ...(signal && { signal }),
  });
  outgoing.on('timeout', () => outgoing.destroy(new Error(`no byte for ${SILENCE_MS / 1_000} seconds`)));
  const answered = new Promise<{ status: number; text: string }>((resolve, reject) => {
    outgoing.once('error', reject).once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
      response.once('error', reject).once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
  });
  const sending = pipeline(length > 0 ? createReadStream(file, { start, end }) : Readable.from([]), outgoing);
  try {
    const [{ status, text }] = await Promise.all([answered, sending]);
    if (status >= 300) throw new SendFailed(reasonOf(status, text), status);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof SendFailed) throw error;
    // A store that refuses early answers while bytes are still on their way: its answer says more than the broken pipe.
    const early = await Promise.race([
      answered.catch(() => undefined),
      pause(EARLY_ANSWER_MS, undefined, { ref: false }),
    ]);
    if (early && early.status >= 300) throw new SendFailed(reasonOf(early.status, early.text), early.status);
    throw new SendFailed(error instanceof Error ? error.message : String(error), 0, { cause: error });
  }
}

function reasonOf(status: number, text: string): string {
  const [, code] = /<Code>([^<]+)<\/Code>/.exec(text) ?? [];
  const [, message] = /<Message>([^<]+)<\/Message>/.exec(text) ?? [];
  return `the store answered ${status}${code ? ` ${code}` : ''}${message ? `: ${message}` : ''}`;
}
