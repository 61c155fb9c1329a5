import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isLoopbackHost } from './gateway/origin';
import { type Listening, listen } from './listen';
import { isObject, type JsonObject } from './template';

/** An error that an AWS service answers with. */
export class AwsError extends Error {
  /** @param queryCode code of the service's older protocol, where its clients still look for it. */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly queryCode?: string,
    /** What the error tells besides. */
    readonly fields: object = {},
  ) {
    super(message);
    this.name = 'AwsError';
  }
}

/** Actions by `X-Amz-Target`, for example `AWSEvents.PutEvents`; those of services that have none, by method and path. */
export type Actions = Readonly<Record<string, (input: JsonObject) => object | Promise<object>>>;

/** A request to a service whose bodies are its own. */
export interface HttpRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What such a service answers. */
export interface HttpAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A service whose requests and answers are not JSON of the protocol. */
export interface HttpService {
  /** Method and path that it answers. */
  readonly route: RegExp;
  /** Bytes of the largest request. */
  readonly limit: number;
  readonly answer: (match: RegExpExecArray, request: HttpRequest) => Promise<HttpAnswer>;
}

/** EventBridge takes 1 MB at most and SQS the same; more is never read. */
const REQUEST_LIMIT = 2 * 1024 * 1024;

/**
 * Serves actions in the AWS JSON protocols 1.0 and 1.1 on 127.0.0.1, so that the AWS SDKs and the AWS CLI work against
 * it. Signatures are not verified: whoever reaches the loopback interface is trusted, except pages in browsers.
 */
export function serveAwsJson(
  actions: Actions,
  port: number,
  services: readonly HttpService[] = [],
): Promise<Listening> {
  const server = createServer((request, response) => {
    answer(actions, services, request)
      .then((output) => {
        if ('headers' in output) response.writeHead(200, output.headers).end(output.body);
        else send(response, 200, output.json);
      })
      .catch((error: unknown) => sendError(response, error))
      .catch(() => response.destroy());
  });
  return listen(server, port);
}

async function answer(
  actions: Actions,
  services: readonly HttpService[],
  request: IncomingMessage,
): Promise<HttpAnswer | { json: object }> {
  if (!isLoopbackHost(request.headers.host) || request.headers.origin !== undefined) {
    throw new AwsError('AccessDeniedException', 'Only programs on this machine may call', 403);
  }
  const route = `${request.method} ${request.url}`;
  for (const service of services) {
    const match = service.route.exec(route);
    if (match)
      return service.answer(match, { headers: headersOf(request), body: await bodyOf(request, service.limit) });
  }
  const target = String(request.headers['x-amz-target'] ?? route);
  const action = Object.hasOwn(actions, target) ? actions[target] : undefined;
  if (!action) throw new AwsError('UnknownOperationException', `${target} is not available in the local run`);
  const body = await bodyOf(request, REQUEST_LIMIT);
  let input: unknown;
  try {
    input = JSON.parse(body.toString('utf8') || '{}');
  } catch {
    throw new AwsError('SerializationException', 'The request is not JSON');
  }
  if (!isObject(input)) throw new AwsError('SerializationException', 'The request is not a JSON object');
  return { json: await action(input) };
}

function headersOf({ headers }: IncomingMessage): HttpRequest['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value && String(value)]));
}

async function bodyOf(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new AwsError('RequestEntityTooLargeException', 'The request is too large', 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  const requestId = randomUUID();
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': requestId,
    ...headers,
  });
  response.end(JSON.stringify(body));
}

function sendError(response: ServerResponse, error: unknown): void {
  const known = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);
  const headers: Record<string, string> = { 'x-amzn-errortype': known.code };
  if (known.queryCode) headers['x-amzn-query-error'] = `${known.queryCode};Sender`;
  if (known.status === 413) headers['connection'] = 'close';
  send(response, known.status, { __type: known.code, message: known.message, ...known.fields }, headers);
}
