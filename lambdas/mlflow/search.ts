import { openCursor, sealCursor } from '../../adapters/cursor';
import { canonicalJson } from '../../core/domain/json';
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

async function offsetOf(request: MlflowRequest, scope: string, token: string | undefined): Promise<number> {
  if (!token) return 0;
  try {
    return Number(openCursor(await request.cursorSecret(), scope, token));
  } catch {
    throw badValue('Invalid page token, could not base64-decode');
  }
}

async function searched<T, R>(
  request: MlflowRequest,
  what: string,
  limits: { readonly byDefault: number; readonly most: number },
  find: (search: useCases.Search) => Promise<useCases.Found<T>>,
  show: (found: readonly T[]) => Promise<R[]>,
): Promise<Page<R>> {
  const { filter = '', max_results = limits.byDefault, order_by = [], page_token } = read(request.event, FIELDS);
  if (max_results < 1) {
    throw badValue(`Invalid value for max_results. It must be a positive integer, but got ${max_results}`);
  }
  if (max_results > limits.most) {
    throw wrongType('max_results', request.event.rawQueryString === '' ? max_results : String(max_results));
  }
  const scope = scopeOf(request, what, filter, order_by);
  const offset = await offsetOf(request, scope, page_token);
  const limit = Math.min(max_results, MOST_ROWS);
  const found = await find({ filter, orderBy: order_by, limit, offset });
  const rows = fitting(await show(found.items));
  const more = found.more || rows.length < found.items.length;
  const token = more ? sealCursor(await request.cursorSecret(), scope, String(offset + rows.length)) : undefined;
  return { rows, ...(token !== undefined && { token }) };
}

/** As many rows as one answer holds, and at least one. */
function fitting<R>(rows: readonly R[]): readonly R[] {
  let bytes = 0;
  const end = rows.findIndex((row, index) => {
    bytes += Buffer.byteLength(JSON.stringify(row));
    return index > 0 && bytes > MOST_BYTES;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

async function searchModels(request: MlflowRequest) {
  const { ports, call } = request;
  const { rows, token } = await searched(
    request,
    'models',
    { byDefault: 100, most: 1_000 },
    (search) => useCases.searchModels(ports, call, search),
    (found) =>
      Promise.all(
        found.map(async ({ model, head }) => {
          const [aliases, latest] = await Promise.all([
            useCases.aliasesOf(ports, model),
            useCases.latestVersions(ports, model),
          ]);
          return describedJson({ model, head, aliases, latest });
        }),
      ),
  );
  return {
    ...(rows.length > 0 && { registered_models: rows }),
    ...(token !== undefined && { next_page_token: token }),
  };
}

async function searchVersions(request: MlflowRequest) {
  const { ports, call } = request;
  const { rows, token } = await searched(
    request,
    'versions',
    { byDefault: 200_000, most: 200_000 },
    (search) => useCases.searchVersions(ports, call, search),
    async (found) =>
      found.map(({ model, version }) => versionJson(version, model.name, downloadUri(version, model.id))),
  );
  return { ...(rows.length > 0 && { model_versions: rows }), ...(token !== undefined && { next_page_token: token }) };
}

/** Both searches. */
export const searches: readonly Endpoint[] = [
  { method: 'GET', path: '/mlflow/registered-models/search', effect: 'query', as: 'listModels', serve: searchModels },
  { method: 'GET', path: '/mlflow/model-versions/search', effect: 'query', as: 'listModels', serve: searchVersions },
];
