import { createHash } from 'node:crypto';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { openCursor, sealCursor } from '../../adapters/cursor';
import { once } from '../../contract/once';
import type { Outline } from '../../contract/operation';
import { OUTLINES } from '../../contract/outlines';
import { accessOf } from '../../core/domain/access';
import { invalid, RegistryError } from '../../core/domain/errors';
import { canonicalJson } from '../../core/domain/json';
import { LIMITS } from '../../core/domain/limits';
import { Contention, type Page, type PageRequest } from '../../core/ports';
import type { Call, Demand, MailPage, Target } from '../../core/use-cases';
import { guarded } from '../../core/use-cases/access/guard';
import { errorAnswer, MlflowError } from '../mlflow/error';
import { isMlflowPath } from '../mlflow/route';
import { headerOf, type Input, inputOf } from './input';
import type { ApiOptions } from './options';
import { pageAnswer, wantsPage } from './page';
import { principalOf } from './principal';
import { problem } from './problem';
import { Router } from './route';

/** The handler of an API function: one request in, one answer or problem out; nothing is ever thrown at API Gateway. */
export function apiHandler(options: ApiOptions) {
  const router = new Router(Object.values(OUTLINES));
  const { log = console } = options;
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use({
      onError: (request) => {
        const { event } = request;
        const error = refusalOf(request.error);
        const { requestId } = event.requestContext;
        const isRefusal = error instanceof RegistryError || error instanceof MlflowError;
        if (!isRefusal) log.error({ requestId, error: described(error) });
        request.response = isMlflowPath(event.rawPath) ? errorAnswer(error) : problemAnswer(event, error);
      },
    })
    .use(requestLog(log))
    .handler((event) => (isMlflowPath(event.rawPath) ? mlflow(event, options) : answer(event, router, options)));
}

const mlflowAnswers = once(() => import('../mlflow/answer'));

/** MLflow's protocol is loaded by the first request in it: a function that serves the native API only does without. */
async function mlflow(event: APIGatewayProxyEventV2, options: ApiOptions) {
  const { answerMlflow } = await mlflowAnswers();
  return answerMlflow(event, options);
}

async function answer(event: APIGatewayProxyEventV2, router: Router, options: ApiOptions) {
  const match = router.match(event.requestContext.http.method, event.rawPath);
  const { operation, workspace } = match;
  const useCase = options.bindings[operation.id];
  if (operation.effect !== options.effect || !useCase)
    throw new Error(`${operation.id} was sent to the wrong function`);
  const principal = operation.open ? ANYBODY : principalOf(event);
  const input = await inputOf(event, match);
  const call: Call = {
    workspace,
    principal,
    access: accessOf([]),
    requestId: event.requestContext.requestId,
    ...conditionsOf(event, operation),
  };
  const scope = canonicalJson([operation.id, workspace, input.params, { ...input.query, cursor: null, limit: null }]);
  const page = operation.paged && (await pageOf(input, operation.paged, scope, options));
  const demand: Demand = {
    ...operation,
    principal,
    settings: options.access,
    target: targetOf(operation, workspace, input),
  };
  const { body, etag } = await guarded(options.ports, demand, (ports, access) =>
    useCase(ports)({ ...input, page }, { ...call, access }),
  );
  if (operation.lines) return respondLines(event, body as Page<unknown>, scope, options);
  return respond(operation, await withCursor(body, scope, options), etag);
}

/** What an operation is about, by its path: a model, or a workspace; and what else policies may ask of the request. */
function targetOf({ id }: Outline, workspace: string, { params, body }: Input): Target {
  const { model, workspace: named = workspace, alias, version } = params as PathParams;
  const { version: said = version, stage } = body as { version?: number; stage?: string };
  return {
    workspace: named,
    ...(model !== undefined && { model }),
    circumstances: { operation: id, version: said, alias, stage },
  };
}

interface PathParams {
  readonly model?: string;
  readonly workspace?: string;
  readonly alias?: string;
  readonly version?: number;
}

function problemAnswer(event: APIGatewayProxyEventV2, error: unknown): APIGatewayProxyStructuredResultV2 {
  const answer = problem(error, event.requestContext.requestId);
  if (!wantsPage(event)) return answer;
  const { title, detail } = JSON.parse(answer.body ?? '{}') as { title: string; detail: string };
  return pageAnswer(answer.statusCode ?? 500, { title, text: detail });
}

/** What passes by itself, as the callers of queries hear of it; commands have tried again before. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof Contention)) return error;
  return new RegistryError('contention', 'The table is busy; nothing was changed.', [], { cause: error });
}

/** Who calls an operation that is open to everybody. */
const ANYBODY = { id: 'anonymous', kind: 'machine', name: 'anonymous', groups: [] } as const;

function conditionsOf(event: APIGatewayProxyEventV2, operation: Outline): Pick<Call, 'ifMatch' | 'idempotency'> {
  if (operation.effect === 'query') return {};
  const ifMatch = headerOf(event, 'if-match');
  const key = headerOf(event, 'idempotency-key');
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    throw invalid('header.Idempotency-Key', key, 'visible ASCII characters');
  }
  if (key !== undefined && key.length > LIMITS.idempotencyKey) {
    throw invalid('header.Idempotency-Key', key, `at most ${LIMITS.idempotencyKey} characters`);
  }
  const { method } = event.requestContext.http;
  const said = [method, event.rawPath, event.rawQueryString, event.body ?? ''].join('\n');
  const fingerprint = createHash('sha256').update(said).digest('hex');
  return { ...(ifMatch !== undefined && { ifMatch }), ...(key !== undefined && { idempotency: { key, fingerprint } }) };
}

async function pageOf(input: Input, usual: 'asc' | 'desc', scope: string, options: ApiOptions): Promise<PageRequest> {
  const { limit, cursor, order = usual } = input.query as { limit: number; cursor?: string; order?: string };
  const after = cursor === undefined ? undefined : openCursor(await options.cursorSecret(), scope, cursor);
  return { limit, order: order === 'asc' ? 'ascending' : 'descending', ...(after !== undefined && { after }) };
}

async function withCursor(body: unknown, scope: string, options: ApiOptions): Promise<unknown> {
  if (typeof body !== 'object' || body === null || !('next' in body)) return body;
  const { next, ...rest } = body;
  return { ...rest, cursor: sealCursor(await options.cursorSecret(), scope, next as string) };
}

/** A page as JSON Lines: the cursor has no place among them, so a header names the next page. */
async function respondLines(
  event: APIGatewayProxyEventV2,
  { items, next }: Page<unknown>,
  scope: string,
  options: ApiOptions,
): Promise<APIGatewayProxyStructuredResultV2> {
  const text = items.map((item) => `${canonicalJson(item)}\n`).join('');
  const headers: Record<string, string> = {
    'content-type': 'application/x-ndjson',
    'cache-control': 'private, no-cache',
    etag: etagOf(text),
  };
  if (next !== undefined) {
    const path = event.rawPath.split('/').map(encodeURIComponent).join('/');
    const query = new URLSearchParams(event.rawQueryString);
    query.set('cursor', sealCursor(await options.cursorSecret(), scope, next));
    headers['link'] = `<${path}?${query}>; rel="next"`;
  }
  return { statusCode: 200, headers, body: text };
}

function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url')}"`;
}

function respond(operation: Outline, body: unknown, etag: string | undefined): APIGatewayProxyStructuredResultV2 {
  if (operation.status === 204) return { statusCode: 204, headers: { 'cache-control': 'no-store' } };
  if (operation.page) return pageAnswer(operation.status, body as MailPage);
  const text = operation.text ? String(body) : JSON.stringify(body);
  return {
    statusCode: operation.status,
    headers: {
      'content-type': operation.text ? 'text/plain; charset=utf-8' : 'application/json',
      'cache-control': operation.open ? 'no-cache' : 'private, no-cache',
      etag: etag ?? etagOf(text),
    },
    body: text,
  };
}

/** One line of structured log a request. */
function requestLog(
  log: Pick<Console, 'info'>,
): middy.MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  const started = new Map<string, number>();
  const write = (event: APIGatewayProxyEventV2, response: APIGatewayProxyStructuredResultV2 | null | undefined) => {
    const { requestId, http } = event.requestContext;
    const milliseconds = Date.now() - (started.get(requestId) ?? Date.now());
    started.delete(requestId);
    log.info({
      requestId,
      method: http.method,
      path: http.path,
      status: response?.statusCode ?? 500,
      milliseconds,
    });
  };
  return {
    before: ({ event }) => {
      started.set(event.requestContext.requestId, Date.now());
    },
    after: ({ event, response }) => write(event, response),
    onError: ({ event, response }) => write(event, response),
  };
}

function described(error: unknown): object {
  if (!(error instanceof Error)) return { thrown: String(error) };
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause !== undefined && { cause: described(cause) }) };
}
