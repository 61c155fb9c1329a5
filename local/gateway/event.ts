import { ACCOUNT } from '../template';
import { PRINCIPAL_HEADER } from './principal';
import { decode } from './router';

/** A received request, before it is known which route serves it. */
export interface Incoming {
  readonly method: string;
  /** Path and query as they came in the request line. */
  readonly target: string;
  /** Names and values alternating, as in `IncomingMessage.rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
}

export interface EventContext {
  readonly apiId: string;
  readonly routeKey: string;
  readonly stage: string;
  readonly requestId: string;
  readonly time: Date;
  readonly parameters: Readonly<Record<string, string>>;
  readonly authorizer: object | undefined;
  readonly port: number;
}

/**
 * HTTP APIs deliver `rawPath` percent-decoded, and cut at a decoded `?` (REST APIs and function URLs do not); captures of
 * live events are in github.com/hotsock/voker, pull request 8.
 */
function decodedPath(path: string): string {
  return decode(path).replace(/\?.*$/s, '');
}

/** Headers that end at the gateway: those of the connection, and the local statement of identity. */
const CONSUMED = new Set([
  PRINCIPAL_HEADER,
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'expect',
]);

/**
 * Builds the event that a function receives: payload format 2.0 of HTTP APIs ("Working with AWS Lambda proxy
 * integrations for HTTP APIs", Amazon API Gateway developer guide).
 */
export function buildEvent(request: Incoming, context: EventContext) {
  const [sentPath, rawQueryString] = splitTarget(request.target);
  const rawPath = decodedPath(sentPath);
  const { headers, cookies } = readHeaders(request.rawHeaders);
  headers['x-forwarded-for'] = request.sourceIp;
  headers['x-forwarded-port'] = String(context.port);
  headers['x-forwarded-proto'] = 'http';
  headers['x-amzn-trace-id'] = traceId(context.time);
  const query = readQuery(rawQueryString);
  const host = headers['host'] ?? 'localhost';
  return {
    version: '2.0',
    routeKey: context.routeKey,
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(query && { queryStringParameters: query }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: context.apiId,
      ...(context.authorizer && { authorizer: context.authorizer }),
      domainName: host,
      domainPrefix: host.split(/[.:]/)[0] ?? host,
      http: {
        method: request.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: context.requestId,
      routeKey: context.routeKey,
      stage: context.stage,
      time: commonLogTime(context.time),
      timeEpoch: context.time.getTime(),
    },
    ...(Object.keys(context.parameters).length > 0 && { pathParameters: context.parameters }),
    ...readBody(request.body, headers['content-type']),
  };
}

/** Splits a request target into raw path and raw query string. */
export function splitTarget(target: string): [path: string, query: string] {
  const mark = target.indexOf('?');
  return mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

function readHeaders(raw: readonly string[]): { headers: Record<string, string>; cookies: string[] } {
  const values = new Map<string, string[]>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase();
    if (CONSUMED.has(name)) continue;
    values.set(name, [...(values.get(name) ?? []), raw[i + 1] ?? '']);
  }
  const cookies = (values.get('cookie') ?? [])
    .flatMap((value) => value.split(/;\s*/))
    .filter((cookie) => cookie !== '');
  values.delete('cookie');
  return { headers: Object.fromEntries([...values].map(([name, all]) => [name, all.join(',')])), cookies };
}

function readQuery(raw: string): Record<string, string> | undefined {
  if (raw === '') return undefined;
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(raw)) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.join(',')]));
}

function readBody(body: Buffer, contentType = 'text/plain'): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  const isText =
    type.startsWith('text/') || ['application/json', 'application/javascript', 'application/xml'].includes(type);
  return isText
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}

function traceId(time: Date): string {
  const random = Array.from({ length: 24 }, () => Math.floor(Math.random() * 16).toString(16)).join('');
  return `Root=1-${Math.floor(time.getTime() / 1_000).toString(16)}-${random}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** For example `12/Mar/2020:19:03:58 +0000`. */
function commonLogTime(time: Date): string {
  const [date = '', clock = ''] = time.toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${clock.slice(0, 8)} +0000`;
}
