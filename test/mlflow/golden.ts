import { readFileSync } from 'node:fs';
import type { RequestOptions } from '../support/registry';

/** A request to a real MLflow server, and what it answered. */
export interface Golden {
  readonly label: string;
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string | number | readonly string[]>> | null;
  readonly body: unknown;
  readonly raw?: string | null;
  readonly status: number;
  readonly json: unknown;
}

/** Reads a recorded session. */
export function golden(name: string): Golden[] {
  const lines = readFileSync(`test/fixtures/mlflow/${name}.jsonl`, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Golden);
}

/** The request of a record, as Signet gets it. */
export function requestOf({ label, method, path, params, body, raw }: Golden): [string, string, RequestOptions] {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params ?? {})) {
    for (const item of [value].flat()) query.append(name, String(item));
  }
  const full = path.startsWith('/') ? path : `/api/2.0/mlflow/${path}`;
  const text = query.size > 0 ? `?${query}` : '';
  const sent = raw ?? (method === 'GET' ? body : (body ?? {}));
  const type = {
    'rm create no ctype': '',
    'rm create text ctype': 'text/plain',
    'rm create ctype charset': 'application/json; charset=utf-8',
  }[label];
  return [
    method,
    `${full}${text}`,
    {
      ...(sent !== null && { body: sent }),
      ...(type !== undefined && { headers: { 'content-type': type } }),
    },
  ];
}

/** Fields that differ from run to run, or that MLflow's client derives itself. */
const VARYING = ['creation_timestamp', 'last_updated_timestamp', 'sqlstate', 'error_class', 'user_id'];

/** Lists whose order MLflow leaves open. */
const UNORDERED = ['tags', 'aliases', 'latest_versions'];

/**
 * An answer without what varies, and lists whose order is left open in one order.
 * @param unordered further lists whose order is left open
 */
export function comparable(value: unknown, unordered: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((item) => comparable(item, unordered));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([name]) => !VARYING.includes(name));
  return Object.fromEntries(
    fields.map(([name, content]) => {
      const known = comparable(content, unordered);
      const sortable = [...UNORDERED, ...unordered].includes(name) && Array.isArray(known);
      return [name, sortable ? known.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : known];
    }),
  );
}
