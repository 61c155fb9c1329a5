import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Address } from './resolve';

/** Most that is read of an answer. */
const MOST_READ = 64 * 1024;
/** Most of it that is kept. */
const MOST_KEPT = 1024;

/** What a request came to. */
export interface Posted {
  readonly status: number;
  /** How the body begins, as text. */
  readonly body: string;
  readonly retryAfter: string | undefined;
}

/** A POST: where to, with what, and until when. */
export interface Post {
  readonly url: URL;
  /** The only addresses that are connected to. */
  readonly addresses: readonly Address[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** Certificate authorities, where others than those of Node.js are trusted. */
  readonly ca?: string;
}

/**
 * Sends one POST over a connection of its own to one of the addresses given, whatever the name resolves to by then. It
 * follows no redirect, uses no proxy, and hangs up when it has read enough.
 */
export function post({ url, addresses, headers, body, signal, ca }: Post): Promise<Posted> {
  const { request } = url.protocol === 'http:' ? http : https;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'POST',
      // Not the global agent: Node.js may give that one a proxy from the environment.
      agent: false,
      lookup: only(addresses),
      headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
      signal,
      ...(ca !== undefined && { ca }),
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      read(response).then(
        (text) =>
          resolve({ status: response.statusCode ?? 0, body: text, retryAfter: response.headers['retry-after'] }),
        reject,
      );
    });
    outgoing.end(body);
  });
}

/** Answers a connection's question for addresses with those that were checked. */
function only(addresses: readonly Address[]): LookupFunction {
  return (_name, options, answer) => {
    if (options.all) return answer(null, [...addresses]);
    const [first] = addresses;
    return answer(null, first?.address ?? '', first?.family);
  };
}

/** Reads a body up to the limit. One that breaks off still answers what came: the status has said what counts. */
async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (bytes < MOST_KEPT) chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MOST_READ) break;
    }
  } catch (error) {
    if (bytes === 0) throw error;
  } finally {
    response.destroy();
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, MOST_KEPT));
}
