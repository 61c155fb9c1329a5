import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { z } from 'zod';
import { declarationOf } from '../../contract/declaration';
import { once } from '../../contract/once';
import type { Operation, Outline } from '../../contract/operation';
import { invalid, RegistryError, type Violation } from '../../core/domain/errors';
import type { Match } from './route';
import { plainVariables } from './variables';

/** The input of an operation, parsed: what its use case is called with. */
export interface Input {
  readonly params: Record<string, unknown>;
  readonly query: Record<string, unknown>;
  readonly body: Record<string, unknown>;
}

/**
 * Parses path, query and body of a request as the operation declares them. The declaration is loaded where a plain path is not all that
 * there is to read.
 * @throws RegistryError invalid_input, malformed_json, payload_too_large, unsupported_media_type
 */
export async function inputOf(event: APIGatewayProxyEventV2, { operation, params }: Match): Promise<Input> {
  const plain = operation.takesQuery || operation.takesBody ? undefined : plainVariables(params);
  const declared = plain ? undefined : await declarationOf(operation);
  return {
    params: plain ?? parseWith(declared?.params?.(), params, 'path'),
    query: parseWith(declared?.query?.(), queryOf(event.rawQueryString), 'query'),
    body: await bodyOf(event, operation, declared),
  };
}

/** Headers whose values end up in a record; API Gateway lower-cases their names. */
export function headerOf(event: APIGatewayProxyEventV2, name: string): string | undefined {
  return event.headers[name.toLowerCase()];
}

function queryOf(rawQueryString: string): Record<string, string> {
  const query = new Map<string, string>();
  for (const part of rawQueryString.split('&').filter((text) => text !== '')) {
    const [name = '', ...rest] = part.split('=').map(decode);
    const value = rest.join('=');
    if (query.has(name)) throw invalid(`query.${name}`, value, 'given once');
    query.set(name, value);
  }
  return Object.fromEntries(query);
}

/** Decodes what a form encodes; bytes that are no UTF-8 are refused, not replaced. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) throw invalid('query', text.slice(0, 200), 'percent-encoded UTF-8');
    throw error;
  }
}

async function bodyOf(
  event: APIGatewayProxyEventV2,
  { page, effect }: Outline,
  declared: Operation | undefined,
): Promise<Record<string, unknown>> {
  if (page && effect === 'command') return {};
  const text = bodyText(event);
  const body = text.trim() === '' ? {} : await jsonOf(event, text);
  if (declared?.body) return parseWith(declared.body(), body, 'body');
  if (typeof body === 'object' && body !== null && JSON.stringify(body) === '{}') return {};
  throw invalid('body', text.slice(0, 100), 'absent: this operation takes none');
}

const jsonParser = once(() => import('./json-body'));

/** Most queries have no body, and do without its parser. */
async function jsonOf(event: APIGatewayProxyEventV2, text: string): Promise<unknown> {
  checkMediaType(event);
  const { parseJson } = await jsonParser();
  return parseJson(text);
}

function bodyText(event: APIGatewayProxyEventV2): string {
  const body = event.body ?? '';
  if (!event.isBase64Encoded) return body;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(body, 'base64'));
  } catch (error) {
    const violation = { field: 'body', rule: 'UTF-8' };
    throw new RegistryError('malformed_json', 'The body is not UTF-8.', [violation], { cause: error });
  }
}

function checkMediaType(event: APIGatewayProxyEventV2): void {
  const type = headerOf(event, 'content-type');
  if (type && /^application\/(merge-patch\+)?json\s*(;|$)/i.test(type)) return;
  throw new RegistryError('unsupported_media_type', 'The body must be declared as JSON.', [
    { field: 'header.Content-Type', value: type ?? null, rule: 'application/json or application/merge-patch+json' },
  ]);
}

function parseWith(schema: z.ZodObject | undefined, value: unknown, place: string): Record<string, unknown> {
  if (!schema) {
    const [unknown] = Object.keys(value as object);
    if (unknown !== undefined)
      throw invalid(`${place}.${unknown}`, (value as never)[unknown], 'not a parameter of this operation');
    return {};
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, MOST_VIOLATIONS);
  const violations = issues.flatMap((issue) => violationsOf(issue, value, place)).slice(0, MOST_VIOLATIONS);
  const [first] = violations;
  const message = first ? `${first.field} is not valid: ${first.rule}` : 'The request is not valid.';
  throw new RegistryError('invalid_input', message, violations);
}

/** A refusal that lists everything wrong with a body of 1 MiB would not fit an answer. */
const MOST_VIOLATIONS = 100;

function violationsOf(issue: z.core.$ZodIssue, value: unknown, place: string): Violation[] {
  const at = [place, ...issue.path.map(String)].join('.');
  const found = issue.path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)?.[key], value);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: `${at}.${key}`,
      value: (found as Record<string, unknown>)[key],
      rule: 'no such field',
    }));
  }
  if (issue.code === 'invalid_key') {
    return [{ field: at, value: issue.path.at(-1), rule: issue.issues[0]?.message ?? issue.message }];
  }
  return [{ field: at, value: found === undefined ? null : found, rule: issue.message }];
}
