import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { monotonicFactory } from 'ulid';
import { z } from 'zod';
import { CedarPolicyEngine } from '../../adapters/cedar/engine';
import { DynamoPostingStore } from '../../adapters/dynamodb/posting-store';
import { DynamoRegistryStore } from '../../adapters/dynamodb/registry-store';
import { S3ArtifactStore } from '../../adapters/s3/artifact-store';
import { S3DigestStore } from '../../adapters/s3/digest-store';
import { S3FileProxy } from '../../adapters/s3/file-proxy';
import { WebhookHttpSender } from '../../adapters/webhooks/send';
import { ADMINISTRATORS } from '../../contract/access';
import { ERRORS } from '../../contract/errors';
import type { Effect, Operation } from '../../contract/operation';
import { OPERATIONS, type OperationId } from '../../contract/operations';
import { OUTLINES } from '../../contract/outlines';
import type { ErrorCode } from '../../core/domain/errors';
import type { AccessSettings } from '../../core/domain/grant';
import type { Ports } from '../../core/ports';
import { COMMANDS } from '../../lambdas/commands';
import { apiHandler } from '../../lambdas/http/api';
import { Router } from '../../lambdas/http/route';
import { ENDPOINTS } from '../../lambdas/mlflow/answer';
import { isMlflowPath, matchEndpoint } from '../../lambdas/mlflow/route';
import { queries } from '../../lambdas/queries';
import { startEngine } from '../../local/dynamodb';
import { startLocalS3 } from '../../local/s3';
import { CapacityMeter } from './capacity';
import { postAll } from './post';
import { makeTable } from './table';

const CREDENTIALS = { accessKeyId: 'AKIALOCALLOCALLOCAL0', secretAccessKey: 'local-secret' };
const BUCKET = 'artifacts';
/** Bucket for digests of the audit, with Object Lock. */
export const DIGESTS = 'digests';
const TABLE_NAME = 'registry';
/** The role that endpoints of the tests run with. */
export const EXECUTION_ROLE = 'arn:aws:iam::123456789012:role/endpoints';

/** What a request may carry besides its path. */
export interface RequestOptions {
  /** JSON, unless it is a text: that is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Name of the person who calls. */
  readonly as?: string;
  /** Groups of the person; absent: the one whose members may do everything. */
  readonly groups?: readonly string[];
  readonly email?: string;
  /** ARN of the IAM identity that calls, instead of a person. */
  readonly arn?: string;
  /** What API Gateway says of the request, where a test needs it otherwise. */
  readonly event?: Partial<APIGatewayProxyEventV2>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape the operation's schema has checked.
type AnyBody = any;

export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnyBody;
}

/** The API functions over a real engine and a real artifact store, in this process. */
export interface TestRegistry {
  readonly ports: Ports;
  readonly table: { readonly client: DynamoDBDocumentClient; readonly name: string; readonly endpoint: string };
  readonly s3: S3Client;
  readonly capacity: CapacityMeter;
  /** Posts all that changed, as the function of search does: searches that may be a moment behind see it then. */
  post(workspaces?: readonly string[]): Promise<void>;
  /** Sends a request; an answer that is not as the contract declares it is an error of the test. */
  request(method: string, path: string, options?: RequestOptions): Promise<Response>;
  close(): Promise<void>;
}

/** Errors that any operation can answer, by where they arise. */
const COMMON: readonly ErrorCode[] = [
  'invalid_input',
  'malformed_json',
  'payload_too_large',
  'unsupported_media_type',
  'unauthenticated',
  'precondition_failed',
  'idempotency_key_reused',
  'workspace_not_found',
  'contention',
  'internal',
  'forbidden',
];

/** Only one group administers, and nobody else may do anything without a grant. */
const ACCESS: AccessSettings = { administrators: [{ kind: 'group', name: ADMINISTRATORS }] };

/**
 * Starts the registry. `ports` changes what the use cases see of the world, for tests of faults and of time.
 */
export async function startRegistry(
  ports: (real: Ports) => Ports = (real) => real,
  access: AccessSettings = ACCESS,
): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-'));
  const [engine, s3] = await Promise.all([
    startEngine(),
    startLocalS3({
      directory: folder,
      buckets: [
        { name: BUCKET, versioned: true },
        { name: DIGESTS, versioned: true, lock: { mode: 'COMPLIANCE', days: 1 } },
      ],
      credentials: [CREDENTIALS],
    }),
  ]);
  await makeTable(engine.endpoint, TABLE_NAME);
  const dynamodb = new DynamoDBClient({ endpoint: engine.endpoint, region: 'us-east-1', credentials: CREDENTIALS });
  const client = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const bytes = new S3Client({
    endpoint: s3.url,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const clock = () => new Date();
  const store = new DynamoRegistryStore({ client, table: TABLE_NAME, clock });
  const world = ports({
    store,
    postings: new DynamoPostingStore({ client, table: TABLE_NAME, clock }, store),
    artifacts: new S3ArtifactStore({ client: bytes, bucket: BUCKET, clock }),
    files: new S3FileProxy({ client: bytes, bucket: BUCKET, clock }),
    digests: new S3DigestStore({ client: bytes, bucket: DIGESTS }),
    webhooks: new WebhookHttpSender({ allowsLoopback: true }),
    hosting: { endpointPrefix: 'signet-', executionRoles: [EXECUTION_ROLE] },
    policies: new CedarPolicyEngine(),
    clock,
    newId: monotonicFactory(Math.random),
    newSecret: () => randomBytes(32).toString('base64url'),
    sendsMails: true,
    sha256: (data) => createHash('sha256').update(data).digest('hex'),
    pause: (milliseconds) => pause(milliseconds),
    random: Math.random,
  });
  return {
    ports: world,
    table: { client, name: TABLE_NAME, endpoint: engine.endpoint },
    s3: bytes,
    capacity: new CapacityMeter(client),
    request: requester(world, access),
    post: (workspaces = ['default']) => postAll(world, workspaces),
    close: async () => {
      client.destroy();
      bytes.destroy();
      await Promise.all([engine.close(), s3.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Sends requests to the API functions over some world. */
export function requester(ports: Ports, access: AccessSettings = ACCESS): TestRegistry['request'] {
  const cursorSecret = async () => 'cursor-secret-of-the-tests';
  const log = { info: () => {}, error: (fault: unknown) => console.error(JSON.stringify(fault, null, 2)) };
  const query = apiHandler({
    effect: 'query',
    bindings: queries('0.0.0-test', access),
    ports,
    access,
    cursorSecret,
    log,
  });
  const command = apiHandler({ effect: 'command', bindings: COMMANDS, ports, access, cursorSecret, log });
  const newId = monotonicFactory(Math.random);
  return async (method, path, options = {}) => {
    const event = gatewayEvent(method, path, options, newId());
    const handler = effectOf(method, event.rawPath) === 'query' ? query : command;
    const result = (await handler(event, {} as Context)) as APIGatewayProxyStructuredResultV2;
    const response: Response = {
      status: result.statusCode ?? 0,
      headers: (result.headers ?? {}) as Record<string, string>,
      body: bodyOf(result),
    };
    checkContract(method, event.rawPath, response);
    return response;
  };
}

/** Where API Gateway's routes would lead: as the operation says, and by the method where there is none. */
function effectOf(method: string, rawPath: string): Effect {
  try {
    if (!isMlflowPath(rawPath)) return router.match(method, rawPath).operation.effect;
    return matchEndpoint(ENDPOINTS, method, rawPath, undefined).endpoint.effect;
  } catch {
    return method === 'GET' ? 'query' : 'command';
  }
}

function bodyOf({ headers, body }: APIGatewayProxyStructuredResultV2): unknown {
  if (body === undefined) return undefined;
  const type = String(headers?.['content-type']);
  if (type === 'application/x-ndjson')
    return body
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return type.startsWith('text/') ? body : JSON.parse(body);
}

function gatewayEvent(
  method: string,
  path: string,
  { body, headers = {}, event = {}, ...caller }: RequestOptions,
  requestId: string,
): APIGatewayProxyEventV2 {
  const [sentPath = '', rawQueryString = ''] = path.split('?', 2);
  const rawPath = decodedAsByGateway(sentPath);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: headersOf(body, headers),
    requestContext: {
      requestId,
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      authorizer: authorizerOf(caller),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
    ...event,
  } as unknown as APIGatewayProxyEventV2;
}

function authorizerOf({ as = 'ada', groups = [ADMINISTRATORS], email, arn }: RequestOptions): object {
  if (arn !== undefined) return { iam: { userArn: arn } };
  return {
    jwt: {
      claims: {
        sub: as,
        username: as,
        'cognito:groups': `[${groups.join(' ')}]`,
        ...(email !== undefined && { email, email_verified: 'true' }),
      },
    },
  };
}

/** JSON is declared as such unless the test says otherwise; an empty value is no header. */
function headersOf(body: unknown, headers: Readonly<Record<string, string>>): Record<string, string> {
  const all = { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** HTTP APIs deliver the path percent-decoded, and cut at a decoded `?`. */
function decodedAsByGateway(path: string): string {
  try {
    return decodeURIComponent(path).replace(/\?.*$/s, '');
  } catch {
    return path;
  }
}

const router = new Router(Object.values(OUTLINES));

/** Throws what an answer is against the contract: `expect`, which collects a stack for every call, would be a tenth of a request. */
function checkContract(method: string, rawPath: string, { status, headers, body }: Response): void {
  let operation: Operation;
  try {
    operation = OPERATIONS[router.match(method, rawPath).operation.id as OperationId];
  } catch {
    return; // no operation there: nothing is declared
  }
  const declares = (is: boolean, what: () => string): void => {
    if (!is) throw new Error(`${operation.id} answered what it does not declare: ${what()}`);
  };
  if (status < 400) {
    declares(status === operation.status, () => `the status ${status}`);
    if (operation.output) {
      const output = operation.lines ? z.array(operation.output()) : operation.output();
      const checked = output.safeParse(body);
      declares(checked.success, () => checked.error?.message as string);
      declares(/^"[^"]+"$/.test(headers['etag'] ?? ''), () => `the ETag ${headers['etag']}`);
    }
    return;
  }
  const type = headers['content-type'];
  // A person who follows a link sees the refusal on a page.
  if (operation.page && type === 'text/html; charset=utf-8') return;
  declares(type === 'application/problem+json', () => `a problem of type ${type}`);
  const code = body.code as ErrorCode;
  declares(status === ERRORS[code]?.status, () => `${code} with the status ${status}`);
  declares(COMMON.includes(code) || operation.errors.includes(code), () => `the error ${code}`);
}
