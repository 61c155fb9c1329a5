import { createHmac, timingSafeEqual } from 'node:crypto';
import { invalid } from '../core/domain/errors';

/** Longest cursor that is looked at: the longest position is a few keys of at most 3 kB each. */
const LONGEST = 16_384;

function mac(secret: string, scope: string, position: string): Buffer {
  return createHmac('sha256', secret).update(scope).update('\0').update(position).digest();
}

/**
 * Seals the position at which a page ended into an opaque cursor that only the same query takes back.
 * @param scope what the query is: operation, workspace and every parameter but cursor and limit
 */
export function sealCursor(secret: string, scope: string, position: string): string {
  return `${mac(secret, scope, position).toString('base64url')}.${Buffer.from(position).toString('base64url')}`;
}

/**
 * Opens a cursor.
 * @throws RegistryError invalid_input for one that was changed, made up, or given by another query
 */
export function openCursor(secret: string, scope: string, cursor: string): string {
  const [, text = ''] = cursor.length <= LONGEST ? cursor.split('.') : [];
  const position = Buffer.from(text, 'base64url').toString();
  const expected = Buffer.from(sealCursor(secret, scope, position));
  const given = Buffer.from(cursor);
  if (given.length === expected.length && timingSafeEqual(given, expected)) return position;
  throw invalid('query.cursor', cursor.slice(0, 100), 'as an earlier page of the same query gave it');
}
