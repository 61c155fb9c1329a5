import { createHash } from 'node:crypto';
import { S3Error } from './errors';

/** A query as it was received: decoded names and values in the order of the URL, repeated names kept. */
export type QueryPairs = readonly (readonly [name: string, value: string])[];

/** What a Signature Version 4 signature covers, before the client's own encoding of it is undone and S3's is applied. */
export interface SignedParts {
  readonly method: string;
  /** Decoded path, beginning with `/`; never normalised: `a//b` and `a/../b` are keys like any other. */
  readonly path: string;
  readonly query: QueryPairs;
  /** Lower-case names in the order the client listed them. */
  readonly signedHeaders: readonly string[];
  /** Value of a header as received; repeated headers joined by a comma; `undefined` when absent. */
  readonly header: (name: string) => string | undefined;
  /** Hash of the payload in hexadecimal, or one of the literals such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
}

/**
 * Percent-encodes everything except the unreserved characters of RFC 3986, with upper-case hexadecimal digits.
 * `encodeURIComponent` leaves `!'()*` alone and AWS does not.
 */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Decodes one percent-encoded component. @throws S3Error InvalidURI when it is not valid UTF-8 or not valid encoding */
export function uriDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new S3Error('InvalidURI', { cause });
  }
}

/** Splits and decodes a query string (without `?`). `+` means a space, as it does to S3. */
export function parseQuery(text: string): QueryPairs {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [uriDecode(name.replaceAll('+', ' ')), uriDecode(value.replaceAll('+', ' '))] as const;
    });
}

/**
 * Rebuilds the canonical request from what arrived. S3 encodes the path once and does not normalise it.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function canonicalRequest(parts: SignedParts): string {
  const query = parts.query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`)
    .sort(compareEncodedPairs)
    .join('&');
  const headers = parts.signedHeaders.map(
    (name) => `${name}:${(parts.header(name) ?? '').trim().replace(/\s+/g, ' ')}\n`,
  );
  return [
    parts.method,
    parts.path.split('/').map(uriEncode).join('/'),
    query,
    headers.join(''),
    parts.signedHeaders.join(';'),
    parts.payloadHash,
  ].join('\n');
}

// By name first: comparing whole pairs would put `a-b=` before `a=`, because `-` sorts before `=`.
function compareEncodedPairs(a: string, b: string): number {
  const [nameA = '', valueA = ''] = a.split('=');
  const [nameB = '', valueB = ''] = b.split('=');
  if (nameA !== nameB) return nameA < nameB ? -1 : 1;
  return valueA < valueB ? -1 : valueA > valueB ? 1 : 0;
}

/** SHA-256 in hexadecimal. The text holds header bytes as Latin-1, the way Node hands them over, and is otherwise ASCII. */
export function hashCanonical(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}
