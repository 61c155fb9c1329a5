import { ApiError, errorOf } from './error';
import { type AnyInput, pathOf, requestOf } from './request';
import { Failed, retried } from './retry';
import { ROUTES } from './routes';
import type { Arguments, CallOptions, OperationId, OutputOf, PagedId, RowOf } from './types';

/** Where the registry is, and as whom it is called. */
export interface ClientOptions {
  /** Origin of the registry's API, without a trailing slash; empty for that of the page. */
  readonly baseUrl: string;
  /** Absent: the default workspace. */
  readonly workspace?: string | undefined;
  /** Headers of every request, such as `authorization`; asked before each attempt. */
  readonly headers?: () => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;
  readonly fetch?: typeof globalThis.fetch;
}

/** An answer with what its headers tell. */
export interface Exchange<T> {
  readonly body: T;
  readonly etag: string | undefined;
}

/** One method for each operation of the contract, under its id. */
export type Methods = { readonly [Id in OperationId]: (...args: Arguments<Id>) => Promise<OutputOf<Id>> };

/** The registry as a program calls it. */
export interface Client extends Methods {
  /** Calls an operation, and answers the ETag too. */
  exchange<Id extends OperationId>(id: Id, ...args: Arguments<Id>): Promise<Exchange<OutputOf<Id>>>;
  /** All rows of a list, page after page as they are asked for. */
  rows<Id extends PagedId>(id: Id, ...args: Arguments<Id>): AsyncGenerator<RowOf<Id>, void>;
  /** The same registry in another workspace. */
  in(workspace: string | undefined): Client;
}

/**
 * Makes a client. Its calls throw {@link ApiError}; what passes by itself is tried again before, commands always under one
 * Idempotency-Key.
 */
export function createClient(options: ClientOptions): Client {
  const exchange = <Id extends OperationId>(id: Id, ...[input, call]: Arguments<Id>) =>
    send(options, id, (input ?? {}) as AnyInput, call ?? {}) as Promise<Exchange<OutputOf<Id>>>;
  const methods = Object.fromEntries(
    Object.keys(ROUTES).map((id) => [
      id,
      async (input: AnyInput = {}, call: CallOptions = {}) =>
        (await send(options, id as OperationId, input, call)).body,
    ]),
  );
  return {
    ...(methods as unknown as Methods),
    exchange,
    rows: (id, ...[input, call]) => rows(options, id, (input ?? {}) as AnyInput, call ?? {}),
    in: (workspace) => createClient({ ...options, workspace }),
  };
}

async function* rows<Id extends PagedId>(
  options: ClientOptions,
  id: Id,
  input: AnyInput,
  call: CallOptions,
): AsyncGenerator<RowOf<Id>, void> {
  let { cursor } = (input.query ?? {}) as { cursor?: unknown };
  do {
    const { body } = await send(options, id, { ...input, query: { ...input.query, cursor } }, call);
    const page = body as { items: RowOf<Id>[]; cursor?: string };
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

async function send(
  options: ClientOptions,
  id: OperationId,
  input: AnyInput,
  call: CallOptions,
): Promise<Exchange<unknown>> {
  const url = options.baseUrl + pathOf(id, input, options.workspace);
  const { headers: own, ...request } = requestOf(id, input, call);
  const attempt = async () => {
    const headers = { ...(await options.headers?.()), ...own };
    const response = await reach(options.fetch ?? globalThis.fetch, url, { ...request, headers });
    if (!response.ok) throw new Failed(await errorOf(response), secondsOf(response.headers.get('retry-after')));
    return { body: await bodyOf(response), etag: response.headers.get('etag') ?? undefined };
  };
  return await retried(attempt, call.signal);
}

async function reach(fetch: typeof globalThis.fetch, url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    if (request.signal?.aborted) throw error;
    const reason = new ApiError('unreachable', 'The registry could not be reached.', 0, [], undefined, {
      cause: error,
    });
    throw new Failed(reason, undefined);
  }
}

/** A page of HTML where JSON was declared is no answer of the registry. */
async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/plain')) return await response.text();
  try {
    if (type.startsWith('application/x-ndjson')) return pageOf(await response.text(), response.headers.get('link'));
    return await response.json();
  } catch (error) {
    const text = 'The answer is not JSON: something else than the registry answered.';
    throw new ApiError('unexpected_answer', text, response.status, [], undefined, { cause: error });
  }
}

/** A page of JSON Lines: a header names the next one. */
function pageOf(text: string, link: string | null): { items: unknown[]; cursor?: string } {
  const items = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
  const next = /<([^>]*)>;\s*rel="next"/.exec(link ?? '')?.[1];
  const cursor = next && new URL(next, 'http://registry').searchParams.get('cursor');
  return { items, ...(cursor && { cursor }) };
}

function secondsOf(retryAfter: string | null): number | undefined {
  const seconds = Number(retryAfter ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}
