import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ERRORS } from '../../contract/errors';
import { RegistryError, type Violation } from '../../core/domain/errors';

/** Characters of a value that an error repeats. */
const SHOWN = 200;

/** User and password of an URI: they are refused, so they must not reach a log by way of the refusal. */
const CREDENTIALS = /\/\/[^/?#\s"\\]*@/g;

/** Fields that no answer repeats, not even to who sent them. */
const SECRET = /(^|\.)(secret|token)$/;

/** A refusal or a fault as RFC 9457 problem details. A fault shows nothing of its cause. */
export function problem(error: unknown, requestId: string): APIGatewayProxyStructuredResultV2 {
  const refusal =
    error instanceof RegistryError ? error : new RegistryError('internal', 'See the log for this request.');
  const { status, title } = ERRORS[refusal.code];
  const errors = refusal.violations.map(shown);
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(refusal.code === 'contention' && { 'retry-after': '1' }),
      ...(refusal.code === 'method_not_allowed' && { allow: refusal.violations[0]?.rule ?? '' }),
    },
    body: JSON.stringify({
      type: `urn:signet:error:${refusal.code}`,
      title,
      status,
      code: refusal.code,
      detail: cut(refusal.message, SHOWN),
      requestId,
      ...(errors.length > 0 && { errors }),
    }),
  };
}

function shown({ field, value, rule }: Violation): Violation {
  const known = { field: cut(field, SHOWN), rule: cut(rule, 2 * SHOWN) };
  if (value === undefined || SECRET.test(field)) return known;
  const whole = JSON.stringify(value) ?? 'null';
  const text = whole.replace(CREDENTIALS, '//…@');
  if (text.length > SHOWN) return { ...known, value: cut(text, SHOWN) };
  return { ...known, value: text === whole ? value : JSON.parse(text) };
}

/** Cuts between characters, never inside one. */
function cut(text: string, length: number): string {
  return text.length <= length ? text.toWellFormed() : `${text.slice(0, length).toWellFormed()}…`;
}
