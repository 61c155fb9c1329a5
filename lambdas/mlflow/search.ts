import { openCursor, sealCursor } from '../../adapters/cursor';
import { canonicalJson } from '../../core/domain/json';
import type { SearchCopy } from '../../core/domain/search';
import * as useCases from '../../core/use-cases';
import type { Endpoint, MlflowRequest } from './endpoint';
import { versionJson } from './entities';
import { badValue } from './error';
import { downloadUri } from './locations';
import { describedJson } from './registered-models';
import { read, wrongType } from './request';

/** Rows of one answer: Lambda's answers have at most 6 MB, and clients go on while there is a token. */
const MOST_ROWS = 1_000;
/** Bytes of one answer. */
const MOST_BYTES = 4_500_000;

const FIELDS = {
  filter: { type: 'string' },
  max_results: { type: 'int' },
  order_by: { type: 'strings' },
  page_token: { type: 'string' },
} as const;

interface Page<T> {
  readonly rows: readonly T[];
  readonly token?: string;
}

/** What a page token is bound to: the same search of the same workspace. */
function scopeOf({ call }: MlflowRequest, what: string, filter: string, orderBy: readonly string[]): string {
  return canonicalJson([what, call.workspace, filter, orderBy]);
}

async function positionOf(
  request: MlflowRequest,
  scope: string,
  token: string | undefined,
): Promise<string | undefined> {
  if (!token) return undefined;
  try {
    return openCursor(await request.cursorSecret(), scope, token);
  } catch {
    throw badValue('Invalid page token, could not base64-decode');
  }
}

async function searched<R>(
  request: MlflowRequest,
  of: useCases.Search['of'],
  limits: { readonly byDefault: number; readonly most: number },
  show: (copy: SearchCopy) => Promise<R | undefined>,
): Promise<Page<R>> {
  const { filter = '', max_results = limits.byDefault, order_by = [], page_token } = read(request.event, FIELDS);
  if (max_results < 1) {
    throw badValue(`Invalid value for max_results. It must be a positive integer, but got ${max_results}`);
  }
  if (max_results > limits.most) {
    throw wrongType('max_results', request.event.rawQueryString === '' ? max_results : String(max_results));
  }
  const scope = scopeOf(request, of, filter, order_by);
  const found = await useCases.searchPostings(request.ports, request.call, {
    of,
    filter,
    orderBy: order_by,
    limit: Math.min(max_results, MOST_ROWS),
    after: await positionOf(request, scope, page_token),
    // Clients search for what they have just made.
    strong: true,
    likeMlflow: true,
  });
  const shown = await Promise.all(found.copies.map(async (copy) => ({ copy, row: await show(copy) })));
  const rows = fitting(shown.flatMap(({ copy, row }) => (row === undefined ? [] : [{ copy, row }])));
  const last = rows.at(-1);
  const isCut = last !== undefined && last.copy !== found.copies.at(-1) && rows.length < found.copies.length;
  const next = isCut ? found.after(last.copy) : found.next;
  const token = next === undefined ? undefined : sealCursor(await request.cursorSecret(), scope, next);
  return { rows: rows.map(({ row }) => row), ...(token !== undefined && { token }) };
}

/** As many rows as one answer holds, and at least one. */
function fitting<R extends { readonly row: unknown }>(rows: readonly R[]): readonly R[] {
  let bytes = 0;
  const end = rows.findIndex(({ row }, index) => {
    bytes += Buffer.byteLength(JSON.stringify(row));
    return index > 0 && bytes > MOST_BYTES;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

async function searchModels(request: MlflowRequest) {
  const { ports, call } = request;
  const { rows, token } = await searched(request, 'model', { byDefault: 100, most: 1_000 }, async ({ modelId }) => {
    const described = await useCases.describeFound(ports, call.workspace, modelId);
    return described && describedJson(described);
  });
  return {
    ...(rows.length > 0 && { registered_models: rows }),
    ...(token !== undefined && { next_page_token: token }),
  };
}

async function searchVersions(request: MlflowRequest) {
  const { ports, call } = request;
  const { rows, token } = await searched(request, 'version', { byDefault: 200_000, most: 200_000 }, async (copy) => {
    if (copy.of === 'model') return undefined;
    const version = await useCases.versionOfCopy(ports, call.workspace, copy);
    return version && versionJson(version, copy.name, downloadUri(version, copy.modelId));
  });
  return { ...(rows.length > 0 && { model_versions: rows }), ...(token !== undefined && { next_page_token: token }) };
}

/** Both searches. */
export const searches: readonly Endpoint[] = [
  { method: 'GET', path: '/mlflow/registered-models/search', effect: 'query', as: 'listModels', serve: searchModels },
  { method: 'GET', path: '/mlflow/model-versions/search', effect: 'query', as: 'listModels', serve: searchVersions },
];
