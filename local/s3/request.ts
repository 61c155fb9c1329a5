import type { IncomingMessage } from 'node:http';
import { parseQuery, type QueryPairs, uriDecode } from './canonical-request';
import { invalidArgument, S3Error } from './errors';

/** One S3 request: what it addresses and what it says, before anything is believed. */
export interface S3Request {
  readonly method: string;
  /** Decoded path of the URL, as signatures cover it. */
  readonly path: string;
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  readonly queryPairs: QueryPairs;
  /** First value of a query parameter, `''` for one without value, `undefined` when absent. */
  readonly query: (name: string) => string | undefined;
  /** A header exactly as it was sent; repeated headers joined by a comma. */
  readonly sentHeader: (name: string) => string | undefined;
  /**
   * A header, or for `x-amz-*` the query parameter of the same name: presigners move such headers into the URL and
   * S3 reads them there.
   */
  readonly header: (name: string) => string | undefined;
  readonly sentHeaderNames: readonly string[];
  /** Names that `header` knows. */
  readonly headerNames: readonly string[];
}

/** Longest key in bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;

/**
 * Reads what a request addresses, path style (`/bucket/key`) or virtual-host style (`Host: bucket.localhost`).
 *
 * @throws S3Error InvalidURI, KeyTooLongError
 */
export function readRequest(message: IncomingMessage): S3Request {
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  if (!rawPath.startsWith('/')) throw new S3Error('InvalidURI');
  const path = uriDecode(rawPath);
  const queryPairs = parseQuery(mark < 0 ? '' : url.slice(mark + 1));
  const query = new Map<string, string>();
  const hoisted = new Map<string, string>();
  for (const [name, value] of queryPairs) {
    if (!query.has(name)) query.set(name, value);
    const lower = name.toLowerCase();
    if (lower.startsWith('x-amz-') && !hoisted.has(lower)) hoisted.set(lower, value);
  }
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < message.rawHeaders.length; i += 2) {
    const name = (message.rawHeaders[i] ?? '').toLowerCase();
    const value = message.rawHeaders[i + 1] ?? '';
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  const { bucket, key } = address(headers.get('host') ?? '', path);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw new S3Error('KeyTooLongError', {
      elements: { Size: String(Buffer.byteLength(key)), MaxSizeAllowed: String(MAX_KEY_BYTES) },
    });
  }
  return {
    method: message.method ?? 'GET',
    path,
    bucket,
    key,
    queryPairs,
    query: (name) => query.get(name),
    sentHeader: (name) => headers.get(name),
    header: (name) => headers.get(name) ?? hoisted.get(name),
    sentHeaderNames: [...headers.keys()],
    headerNames: [...new Set([...headers.keys(), ...hoisted.keys()])],
  };
}

function address(host: string, path: string): { bucket: string; key: string } {
  const virtual = /^(?<bucket>.+)\.localhost(?::\d+)?$/i.exec(host)?.groups?.['bucket'];
  if (virtual !== undefined) return { bucket: virtual.toLowerCase(), key: path.slice(1) };
  const slash = path.indexOf('/', 1);
  return slash < 0 ? { bucket: path.slice(1), key: '' } : { bucket: path.slice(1, slash), key: path.slice(slash + 1) };
}

/**
 * Checks text that will become a header of an answer. Values from a query may hold any character, and Node would only
 * refuse them when the header is written.
 *
 * @throws S3Error InvalidArgument
 */
export function headerValue(name: string, value: string): string {
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
    throw invalidArgument(name, value, 'Header value cannot be represented using ISO-8859-1.');
  }
  return value;
}
