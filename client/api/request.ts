import { ApiError } from './error';
import { ROUTES } from './routes';
import type { CallOptions, OperationId } from './types';

/** The parts of any operation's input. */
export interface AnyInput {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** Path and query of a call; `workspace` undefined is the default one. */
export function pathOf(id: OperationId, { params = {}, query = {} }: AnyInput, workspace: string | undefined): string {
  const route = ROUTES[id];
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => segment(name, params[name]));
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  const place = workspace === undefined || 'open' in route ? '' : `/w/${segment('workspace', workspace)}`;
  return `${place}${path}${search && `?${search}`}`;
}

/**
 * A value as one segment of a path. What URL parsers resolve (`.`, `..`) or gateways cut or split (`/`, `?`) would address
 * something else, so it never leaves.
 * @throws ApiError invalid_input
 */
function segment(name: string, value: string | number | undefined): string {
  const text = String(value ?? '');
  if (text === '' || text === '.' || text === '..' || /[/?]/.test(text)) {
    const violation = { field: `path.${name}`, value: text, rule: "not empty, '.' or '..', and neither '/' nor '?'" };
    throw new ApiError('invalid_input', `${violation.field} is not valid: ${violation.rule}`, 0, [violation]);
  }
  return encodeURIComponent(text);
}

/** Method, headers and body of a call. */
export function requestOf(
  id: OperationId,
  { body }: AnyInput,
  { signal, ifMatch, idempotencyKey }: CallOptions,
): Omit<RequestInit, 'headers'> & { headers: Record<string, string> } {
  const { method, effect } = ROUTES[id];
  const key = effect === 'command' && method !== 'GET' ? (idempotencyKey ?? crypto.randomUUID()) : undefined;
  return {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  };
}
