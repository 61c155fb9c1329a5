import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type AuthenticationRules, authenticate } from './authenticate';
import type { Answer, Context } from './call';
import { corsHeaders, preflightHeaders } from './cors';
import { S3Error } from './errors';
import { readRequest, type S3Request } from './request';
import { findRoute } from './router';
import { xmlError } from './xml';

/** One served request, for logs and tests. */
export interface ServedRequest {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  /** Name in the S3 API; `Unknown` when the request was refused before it was known. */
  readonly operation: string;
  readonly status: number;
}

/** Makes the HTTP server of an endpoint. Nothing it answers depends on more than the request and the context. */
export function createS3Server(
  context: Context,
  rules: AuthenticationRules,
  onRequest: (served: ServedRequest) => void,
): Server {
  const serve = (message: IncomingMessage, response: ServerResponse) => {
    handle(context, rules, message, response)
      .then((served) => onRequest({ ...served, status: response.statusCode }))
      .catch(() => response.destroy());
  };
  const server = createServer(serve);
  // With a listener, Node leaves it to the handler to say "100 Continue": a refused upload is then never sent.
  server.on('checkContinue', serve);
  // An upload takes as long as it takes.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 65_000;
  return server;
}

async function handle(
  context: Context,
  rules: AuthenticationRules,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<Omit<ServedRequest, 'status'>> {
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  let request: S3Request | undefined;
  let operation = 'Unknown';
  response.setHeader('x-amz-request-id', requestId);
  try {
    request = readRequest(message);
    if (request.method === 'OPTIONS') {
      operation = 'Preflight';
      await send(response, message, { headers: preflightHeaders(request) });
    } else {
      for (const [name, value] of Object.entries(corsHeaders(request))) response.setHeader(name, value);
      const authenticated = authenticate(request, rules);
      const route = findRoute(request);
      operation = route.operation;
      if (request.bucket !== '' && operation !== 'CreateBucket' && !context.buckets.has(request.bucket)) {
        throw new S3Error('NoSuchBucket', { elements: { BucketName: request.bucket } });
      }
      const body = wireBody(message, response);
      await send(response, message, await route.handler({ context, request, authenticated, body }));
    }
  } catch (error) {
    // Too late for a document: only a cut connection tells the client that the body is not whole.
    if (response.headersSent) throw error;
    await sendError(response, message, error, requestId);
  }
  return { method: message.method ?? '', bucket: request?.bucket ?? '', key: request?.key ?? '', operation };
}

async function* wireBody(message: IncomingMessage, response: ServerResponse): AsyncGenerator<Buffer> {
  if (message.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
  try {
    yield* message as AsyncIterable<Buffer>;
  } catch (cause) {
    throw new S3Error('IncompleteBody', { cause });
  }
}

async function send(response: ServerResponse, message: IncomingMessage, answer: Answer): Promise<void> {
  const { status = 200, headers = {}, body } = answer;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.statusCode = status;
  if (typeof body === 'string') response.setHeader('content-length', Buffer.byteLength(body));
  else if (body === undefined && message.method !== 'HEAD' && status !== 204) response.setHeader('content-length', 0);
  if (body === undefined || typeof body === 'string') {
    response.end(message.method === 'HEAD' ? undefined : body);
  } else {
    await pipeline(Readable.from(body, { objectMode: false }), response);
  }
}

async function sendError(
  response: ServerResponse,
  message: IncomingMessage,
  error: unknown,
  requestId: string,
): Promise<void> {
  const known = error instanceof S3Error ? error : new S3Error('InternalError', { cause: error });
  if (known.code === 'InternalError')
    process.stderr.write(`local S3: ${message.method} ${message.url}: ${detail(error)}\n`);
  // A body that was not read to its end would be taken for the next request.
  if (!message.complete) response.setHeader('connection', 'close');
  const document = xmlError({
    Code: known.code,
    Message: known.message,
    ...known.elements,
    Resource: (message.url ?? '').split('?')[0],
    RequestId: requestId,
    HostId: 'local',
  });
  const bare = message.method === 'HEAD' || known.status === 304;
  await send(response, message, {
    status: known.status,
    headers: { ...known.headers, ...(bare ? {} : { 'content-type': 'application/xml' }) },
    ...(bare ? {} : { body: document }),
  });
}

function detail(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
