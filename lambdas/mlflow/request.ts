import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { parseJson } from '../http/json-body';
import { badValue } from './error';

/** What a field of a request holds. `int` is read from text too, as protobuf's JSON does. */
type FieldType = 'string' | 'int' | 'bool' | 'strings' | 'objects';

/** A field of a request message, as MLflow's handlers declare it. */
export interface Field {
  readonly type: FieldType;
  readonly required?: true;
  /** A missing value is told without the hint at the documents. */
  readonly terse?: true;
}

type ValueOf<F extends Field> = {
  string: string;
  int: number;
  bool: boolean;
  strings: readonly string[];
  objects: readonly Readonly<Record<string, unknown>>[];
}[F['type']];

/** The values of a request: required ones are there. */
export type Values<S extends Record<string, Field>> = {
  readonly [K in keyof S]: S[K]['required'] extends true ? ValueOf<S[K]> : ValueOf<S[K]> | undefined;
};

const HINT = ' See the API docs for more information about request parameters.';

/**
 * Reads the fields of a request as MLflow does: from the query string of a GET (from its JSON body where it has no query),
 * from the JSON body of everything else; names in snake_case or camelCase; unknown ones are ignored; null is absent.
 * @throws MlflowError INVALID_PARAMETER_VALUE with MLflow's text for the first field that is wrong, in declared order
 */
export function read<const S extends Record<string, Field>>(event: APIGatewayProxyEventV2, fields: S): Values<S> {
  const isQuery = event.requestContext.http.method === 'GET' && event.rawQueryString !== '';
  const source = isQuery ? queryOf(event.rawQueryString, fields) : bodyOf(event);
  const values = Object.entries(fields).map(([name, field]) => [name, fieldValue(name, field, source[name], isQuery)]);
  return Object.fromEntries(values) as Values<S>;
}

function queryOf(rawQueryString: string, fields: Record<string, Field>): Record<string, unknown> {
  const query = new URLSearchParams(rawQueryString);
  return Object.fromEntries(
    Object.entries(fields).map(([name, { type }]) => {
      const all = query.getAll(name);
      return [name, type === 'strings' ? (all.length > 0 ? all : undefined) : all[0]];
    }),
  );
}

/** The JSON object of a body. What cannot be parsed is an empty one, so the answer is the first missing field. */
export function bodyOf(event: APIGatewayProxyEventV2): Record<string, unknown> {
  checkContentType(event);
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : (event.body ?? '');
  const parsed = lenient(text);
  const value = typeof parsed === 'string' ? lenient(parsed) : parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      content,
    ]),
  );
}

function lenient(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text) !== undefined ? parseJson(text) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function checkContentType(event: APIGatewayProxyEventV2): void {
  const { method } = event.requestContext.http;
  if (method !== 'POST' && method !== 'PUT') return;
  const type = event.headers['content-type'];
  if (type === undefined) throw badValue('Bad Request. Content-Type header is missing.');
  if (type.split(';', 1)[0]?.trim().toLowerCase() !== 'application/json') {
    throw badValue("Bad Request. Content-Type must be one of ['application/json'].");
  }
}

function fieldValue(name: string, field: Field, value: unknown, isQuery: boolean): unknown {
  if (value === undefined || value === null || (value === '' && field.required)) {
    if (field.required) throw missing(name, field.terse);
    return undefined;
  }
  const read = READERS[field.type](value, isQuery);
  if (read !== undefined) return read;
  if (field.type === 'bool' && isQuery) {
    throw badValue(`Invalid boolean value: ${String(value)}, must be 'true' or 'false'.`);
  }
  throw wrongType(name, value);
}

/** The refusal of a field that must be given. */
export function missing(name: string, terse = false): Error {
  return badValue(`Missing value for required parameter '${name}'.${terse ? '' : HINT}`);
}

/** The refusal of a value of another JSON type, which MLflow names as Python does. */
export function wrongType(name: string, value: unknown): Error {
  const text = JSON.stringify(value).slice(0, 200);
  return badValue(
    `Invalid value ${text} for parameter '${name}' supplied:  Hint: Value was of type '${pythonType(value)}'.${HINT}`,
  );
}

function pythonType(value: unknown): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return { string: 'str', boolean: 'bool', object: 'dict' }[typeof value as string] ?? 'str';
}

const READERS: Record<FieldType, (value: unknown, isQuery: boolean) => unknown> = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  int: (value) => {
    const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
    return Number.isSafeInteger(number) ? number : undefined;
  },
  bool: (value, isQuery) => {
    if (typeof value === 'boolean') return value;
    const word = isQuery ? String(value).toLowerCase() : '';
    return word === 'true' ? true : word === 'false' ? false : undefined;
  },
  strings: (value) => {
    const list = Array.isArray(value) ? value : undefined;
    return list?.every((item) => typeof item === 'string') ? list : undefined;
  },
  objects: (value) => {
    const list = Array.isArray(value) ? value : undefined;
    return list?.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item)) ? list : undefined;
  },
};
