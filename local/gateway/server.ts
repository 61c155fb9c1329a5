import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Invoker, Outcome } from '../functions';
import { type Listening, listen } from '../listen';
import type { Api, Target } from './api';
import { buildEvent, splitTarget } from './event';
import { corsHeaders, isAllowedOrigin, isLoopbackHost, preflightHeaders } from './origin';
import { iamAuthorizer, jwtAuthorizer, PRINCIPAL_HEADER, parsePrincipal } from './principal';
import { gatewayError, type Reply, toReply } from './response';
import { type Match, Router } from './router';

/** HTTP APIs accept payloads of up to 10 MB: "Amazon API Gateway quotas". */
const REQUEST_LIMIT = 10 * 1024 * 1024;

/** Lambda takes events of up to 6 MB: "Lambda quotas". Binary bodies count in base64. */
const EVENT_LIMIT = 6 * 1024 * 1024;

/**
 * Serves an HTTP API of the stack on 127.0.0.1.
 *
 * @param port 0 takes any free one.
 * @throws Error when the port is taken.
 */
export function serveApi(
  api: Api,
  invoker: () => Invoker,
  port: number,
  log: (text: string) => void,
): Promise<Listening> {
  const router = new Router(api.routes);
  const server = createServer((request, response) => {
    const requestId = randomBytes(11).toString('base64url');
    handle(api, router, invoker, request, requestId)
      .catch((error: unknown) => {
        log(`${request.method} ${request.url} failed in the gateway: ${String(error)}\n`);
        return gatewayError(500, 'Internal Server Error');
      })
      .then((reply) => send(response, request, api, reply, requestId))
      // The caller may be gone before its answer.
      .catch(() => response.destroy());
  });
  return listen(server, port);
}

async function handle(
  api: Api,
  router: Router<Target>,
  invoker: () => Invoker,
  request: IncomingMessage,
  requestId: string,
): Promise<Reply> {
  const { method = 'GET', url = '/', headers } = request;
  if (!isLoopbackHost(headers.host)) return gatewayError(403, 'Forbidden');
  const origin = headers.origin;
  if (origin !== undefined && api.cors && method === 'OPTIONS' && headers['access-control-request-method']) {
    return {
      status: 204,
      headers: isAllowedOrigin(origin, api.cors) ? preflightHeaders(api.cors) : {},
      body: Buffer.alloc(0),
    };
  }
  if (isForeignWrite(request, api)) return gatewayError(403, 'Forbidden');

  const [path] = splitTarget(url);
  const match = router.match(method, withoutStage(path, api.stage));
  if (!match) return gatewayError(404, 'Not Found');
  const authorizer = authorize(match, request);
  if (authorizer === 'refused') return gatewayError(401, 'Unauthorized', { 'www-authenticate': 'Bearer' });
  const body = await readBody(request);
  if (!body) return gatewayError(413, 'Request Entity Too Large', { connection: 'close' });

  const event = buildEvent(
    {
      method,
      target: url,
      rawHeaders: request.rawHeaders,
      body,
      sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    },
    {
      apiId: api.logicalId,
      routeKey: match.route.key,
      stage: api.stage,
      requestId,
      time: new Date(),
      parameters: match.parameters,
      authorizer,
      port: request.socket.localPort ?? 0,
    },
  );
  if (Buffer.byteLength(JSON.stringify(event)) > EVENT_LIMIT) return gatewayError(413, 'Request Entity Too Large');
  const { functionArn, timeoutMs } = match.route.target;
  const outcome = await within(timeoutMs, invoker().invoke(functionArn, event));
  if (!outcome) return gatewayError(503, 'Service Unavailable');
  return 'payload' in outcome ? toReply(outcome.payload) : gatewayError(500, 'Internal Server Error');
}

function authorize({ route }: Match<Target>, request: IncomingMessage): object | undefined | 'refused' {
  const { authorization } = route.target;
  if (authorization === 'NONE') return undefined;
  const given = request.headersDistinct[PRINCIPAL_HEADER];
  const principal = given && given.length > 1 ? undefined : parsePrincipal(given?.[0]);
  if (!principal) return 'refused';
  return authorization === 'JWT' ? jwtAuthorizer(principal) : iamAuthorizer(principal);
}

/** A write that a browser sends for a page which has no business here; programs send no Origin and no Sec-Fetch-Site. */
function isForeignWrite({ method = '', headers }: IncomingMessage, api: Api): boolean {
  if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return false;
  const { origin } = headers;
  if (origin === undefined) return ['cross-site', 'same-site'].includes(String(headers['sec-fetch-site']));
  return origin !== `http://${headers.host}` && !isAllowedOrigin(origin, api.cors);
}

function withoutStage(path: string, stage: string): string {
  if (stage === '$default') return path;
  return path === `/${stage}` || path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) || '/' : '';
}

/** The request's body, or nothing when it is larger than API Gateway accepts. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > REQUEST_LIMIT) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > REQUEST_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function within(milliseconds: number, outcome: Promise<Outcome>): Promise<Outcome | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  return Promise.race([outcome, late]).finally(() => clearTimeout(timer));
}

function send(response: ServerResponse, request: IncomingMessage, api: Api, reply: Reply, requestId: string): void {
  const origin = request.headers.origin;
  const cors =
    origin !== undefined && api.cors && isAllowedOrigin(origin, api.cors) ? corsHeaders(origin, api.cors) : {};
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries({ ...reply.headers, ...cors, 'apigw-requestid': requestId })) {
    // The length is that of the bytes sent here, whatever a function says.
    if (name !== 'content-length' && name !== 'transfer-encoding') response.setHeader(name, value);
  }
  response.end(reply.body);
}
