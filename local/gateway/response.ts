import { isObject } from '../template';

/** What the gateway sends. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** Answer of the gateway itself, in API Gateway's form. */
export function gatewayError(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify({ message })),
  };
}

/** Payloads of functions may have 6 MB: "Lambda quotas". */
const RESPONSE_LIMIT = 6 * 1024 * 1024;

/**
 * Turns a function's result into an HTTP response by the rules of payload format 2.0: an object with `statusCode` says
 * everything itself; anything else is the body of a 200 in JSON. A result that is neither, or too large, is a 500.
 */
export function toReply(payload: string): Reply {
  if (Buffer.byteLength(payload) > RESPONSE_LIMIT) return gatewayError(500, 'Internal Server Error');
  const result: unknown = JSON.parse(payload);
  if (!isObject(result) || result['statusCode'] === undefined) {
    const body = typeof result === 'string' ? result : payload;
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) };
  }
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded = false } = result;
  const status = Number(statusCode);
  const acceptable =
    Number.isInteger(status) && status >= 100 && status <= 599 && isObject(headers) && Array.isArray(cookies);
  if (!acceptable || (body !== null && typeof body !== 'string')) return gatewayError(500, 'Internal Server Error');

  const sent: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== null && value !== undefined) sent[name.toLowerCase()] = String(value);
  }
  if (body) sent['content-type'] ??= 'text/plain;charset=UTF-8';
  if (cookies.length > 0) sent['set-cookie'] = cookies.map(String);
  return { status, headers: sent, body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8') };
}
