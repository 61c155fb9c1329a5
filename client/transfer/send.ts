import { createReadStream } from 'node:fs';
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
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
/** Bytes that are read at once. */
const CHUNK = 512 * 1024;
const AGENTS = {
  'http:': new HttpAgent({ keepAlive: true }),
  'https:': new HttpsAgent({ keepAlive: true }),
};

/** A request that has been started, and its answer. */
export function started(
  request: SignedRequest,
  headers: Readonly<Record<string, string | number>>,
  signal?: AbortSignal,
): { readonly outgoing: ClientRequest; readonly response: Promise<IncomingMessage> } {
  const url = new URL(request.url);
  const isHttps = url.protocol === 'https:';
  const outgoing = (isHttps ? requestHttps : requestHttp)(url, {
    method: request.method,
    headers: { ...request.headers, ...headers },
    agent: isHttps ? AGENTS['https:'] : AGENTS['http:'],
    timeout: SILENCE_MS,
    ...(signal && { signal }),
  });
  outgoing.on('timeout', () => outgoing.destroy(new Error(`no byte for ${SILENCE_MS / 1_000} seconds`)));
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('error', reject).once('response', resolve);
  });
  // Whoever waits for it may be told of something else first.
  response.catch(() => {});
  return { outgoing, response };
}

/** Why the store refused, in its own words. */
export async function wordsOf(response: IncomingMessage): Promise<string> {
  return reasonOf(response.statusCode ?? 0, await text(response));
}

/**
 * Sends bytes of a file as a signed request says. They stream, so that parts of any size take no memory.
 * @throws SendFailed with the store's own words
 */
export async function send(request: SignedRequest, { file, start, end }: Bytes, signal?: AbortSignal): Promise<void> {
  const length = end - start + 1;
  const { outgoing, response } = started(request, { 'content-length': length }, signal);
  const answered = response.then(async (answer) => ({ status: answer.statusCode ?? 0, text: await text(answer) }));
  const bytes = length > 0 ? createReadStream(file, { start, end, highWaterMark: CHUNK }) : Readable.from([]);
  const sending = pipeline(bytes, outgoing);
  try {
    const [answer] = await Promise.all([answered, sending]);
    if (answer.status >= 300) throw new SendFailed(reasonOf(answer.status, answer.text), answer.status);
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

function reasonOf(status: number, words: string): string {
  const [, code] = /<Code>([^<]+)<\/Code>/.exec(words) ?? [];
  const [, message] = /<Message>([^<]+)<\/Message>/.exec(words) ?? [];
  return `the store answered ${status}${code ? ` ${code}` : ''}${message ? `: ${message}` : ''}`;
}
