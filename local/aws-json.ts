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
  ) {
    super(message);
    this.name = 'AwsError';
  }
}

/** Actions by `X-Amz-Target`, for example `AWSEvents.PutEvents`; those of services that have none, by method and path. */
export type Actions = Readonly<Record<string, (input: JsonObject) => object | Promise<object>>>;

/** EventBridge takes 1 MB at most and SQS the same; more is never read. */
const REQUEST_LIMIT = 2 * 1024 * 1024;

/**
 * Serves actions in the AWS JSON protocols 1.0 and 1.1 on 127.0.0.1, so that the AWS SDKs and the AWS CLI work against
 * it. Signatures are not verified: whoever reaches the loopback interface is trusted, except pages in browsers.
 */
export function serveAwsJson(actions: Actions, port: number): Promise<Listening> {
  const server = createServer((request, response) => {
    answer(actions, request)
      .then((output) => send(response, 200, output))
      .catch((error: unknown) => sendError(response, error))
      .catch(() => response.destroy());
  });
  return listen(server, port);
}

async function answer(actions: Actions, request: IncomingMessage): Promise<object> {
  if (!isLoopbackHost(request.headers.host) || request.headers.origin !== undefined) {
    throw new AwsError('AccessDeniedException', 'Only programs on this machine may call', 403);
  }
  const target = String(request.headers['x-amz-target'] ?? `${request.method} ${request.url}`);
  const action = Object.hasOwn(actions, target) ? actions[target] : undefined;
  if (!action) throw new AwsError('UnknownOperationException', `${target} is not available in the local run`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > REQUEST_LIMIT) throw new AwsError('RequestEntityTooLargeException', 'The request is too large', 413);
    chunks.push(chunk);
  }
  let input: unknown;
  try {
    input = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
  } catch {
    throw new AwsError('SerializationException', 'The request is not JSON');
  }
  if (!isObject(input)) throw new AwsError('SerializationException', 'The request is not a JSON object');
  return action(input);
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
  send(response, known.status, { __type: known.code, message: known.message }, headers);
}
