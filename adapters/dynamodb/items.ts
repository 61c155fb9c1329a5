import { randomUUID } from 'node:crypto';
import type { StoredFile } from '../../core/domain/artifact';
import type { Kind, Records } from '../../core/domain/records';
import { type ItemKey, indexKeys } from './keys';

/** An item as the document client reads and writes it. */
export type Item = Record<string, unknown>;

/** Bytes of a record that its own item carries: a page of 100 rows then stays below 25 read units. */
const ROOM = 2_000;

/** Fields that say what a row is and who made it: they stay in it, however long. */
const IN_EVERY_ROW: ReadonlySet<string> = new Set(['name', 'model', 'actor', 'createdBy', 'updatedBy']);

/**
 * Encodes a record as JSON text, which holds every double exactly (DynamoDB's numbers do not), and moves its largest
 * fields to a second item when it is larger than one row may be.
 * @returns the item, and the overflowing fields where there are any; a stamp tells which belong together
 */
export function encode<K extends Kind>(kind: K, key: ItemKey, value: Records[K]): { item: Item; overflow?: Item } {
  const { kept, moved } = split(value);
  const item: Item = { ...key, data: JSON.stringify(kept), ...indexKeys(kind, value), ...conditionFields(kind, value) };
  if (moved.length === 0) return { item };
  const overflow = Object.fromEntries(moved.map((field) => [field, (value as Item)[field]]));
  const stamp = randomUUID();
  return { item: { ...item, more: moved, stamp }, overflow: { data: JSON.stringify(overflow), stamp } };
}

function split(value: object): { kept: Item; moved: string[] } {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) <= ROOM) return { kept: value as Item, moved: [] };
  const fields = Object.entries(value)
    .filter(([field]) => !IN_EVERY_ROW.has(field))
    .map(([field, content]) => ({ field, bytes: Buffer.byteLength(JSON.stringify(content) ?? '') }))
    .sort((a, b) => b.bytes - a.bytes);
  const kept: Item = { ...value };
  const moved: string[] = [];
  let size = Buffer.byteLength(text);
  for (const { field, bytes } of fields) {
    if (size <= ROOM || bytes < 128) break;
    delete kept[field];
    moved.push(field);
    size -= bytes;
  }
  return { kept, moved: moved.sort() };
}

/** What tells one declaration of a file from another. */
export function declarationOf({ size, sha256, multipart }: StoredFile): string {
  return [size, sha256, ...(multipart ? [multipart.partSize, multipart.sha256OfParts] : [])].join(' ');
}

/** Attributes that conditions read. */
function conditionFields<K extends Kind>(kind: K, value: Records[K]): Item {
  if (kind === 'head') return { sequence: (value as Records['head']).sequence };
  if (kind === 'file') {
    const file = value as Records['file'];
    if (file.kind === 'reference') return {};
    const { uploadId, objectVersion } = file;
    return { declaration: declarationOf(file), ...(uploadId && { uploadId }), ...(objectVersion && { objectVersion }) };
  }
  if (kind === 'event') {
    const { previous, current, hash, previousHash, requestId, ...summary } = value as Records['event'];
    return { summary: JSON.stringify(summary) };
  }
  return {};
}

/** Fields of an item's record that are in its overflow item. */
export function missingFields(item: Item): readonly string[] {
  return (item['more'] as string[] | undefined) ?? [];
}

/** Decodes an item, with the overflowing fields where they were read too. */
export function decode<K extends Kind>(kind: K, item: Item, overflow?: Item): Records[K] {
  const value = JSON.parse(item['data'] as string) as Item;
  if (overflow) Object.assign(value, JSON.parse(overflow['data'] as string));
  if (kind === 'file') {
    for (const field of ['uploadId', 'objectVersion']) if (item[field] !== undefined) value[field] = item[field];
  }
  return value as unknown as Records[K];
}
