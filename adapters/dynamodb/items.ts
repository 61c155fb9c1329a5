import { randomUUID } from 'node:crypto';
import { TABLE } from '../../contract/names';
import type { StoredFile } from '../../core/domain/artifact';
import { stepOf } from '../../core/domain/delivery';
import type { Kind, Records } from '../../core/domain/records';
import type { AuditSummary, Posting, PostingEntry } from '../../core/ports';
import { full, type TerseCopy, terse } from '../../core/search/terse';
import { type ItemKey, indexKeys, postingPartition } from './keys';

/** An item as the document client reads and writes it. */
export type Item = Record<string, unknown>;

/** Bytes of an item that a page may hold 100 of: 50 rows of 4 KB cost 25 read units. Keys are part of it. */
const ROOM = 2_000;
/**
 * Records that are one item whatever their size: those that every request reads, so that reading them is one step, and what the desk
 * of the search holds, where one query reads all there is and a second item would be read with it and stay when its note goes.
 */
const IN_ONE_ITEM: ReadonlySet<Kind> = new Set(['access', 'accessPolicies', 'mark', 'index', 'walk']);
const ROOM_OF_ONE = 380_000;
/** Bytes that an item takes for saying what is in its second one. */
const STAMP = 80;

/** Fields that say what a row is and who made it: they stay in it, however long. */
const IN_EVERY_ROW: ReadonlySet<string> = new Set(['name', 'model', 'actor', 'createdBy', 'updatedBy']);

/**
 * Encodes a record as JSON text, which holds every double exactly (DynamoDB's numbers do not), and moves its largest
 * fields to a second item when it is larger than one row may be.
 * @returns the item, and the overflowing fields where there are any; a stamp tells which belong together
 */
export function encode<K extends Kind>(kind: K, key: ItemKey, value: Records[K]): { item: Item; overflow?: Item } {
  const fixed = { ...key, ...indexKeys(kind, value), ...conditionFields(kind, value), ...expiryField(kind, value) };
  const room = IN_ONE_ITEM.has(kind) ? ROOM_OF_ONE : ROOM;
  const stored = shortened(kind, value);
  const { kept, moved } = split(stored, room - bytesOf(Object.entries(fixed).flat().join('')));
  const item: Item = { ...fixed, ...texts(kind, kept, moved) };
  if (moved.length === 0) return { item };
  const data = JSON.stringify(Object.fromEntries(moved.map((field) => [field, (stored as Item)[field]])));
  const stamp = randomUUID();
  return {
    item: { ...item, more: moved, stamp, rest: bytesOf(data) },
    overflow: { data, stamp, ...expiryField(kind, value) },
  };
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

/** Records that the audit of a workspace lists. */
const AUDITED: ReadonlySet<Kind> = new Set(['event', 'reading']);

/** Fields of them that the audit of its workspace leaves out: the index has the rest of it, which is kept once. */
const DETAILS: ReadonlySet<string> = new Set(['previous', 'current', 'hash', 'previousHash', 'requestId']);

function texts(kind: Kind, kept: Item, moved: readonly string[]): Item {
  if (!AUDITED.has(kind)) return { data: JSON.stringify(kept) };
  const [details, summary]: [Item, Item] = [{}, {}];
  for (const [field, content] of Object.entries(kept)) (DETAILS.has(field) ? details : summary)[field] = content;
  const omitted = moved.filter((field) => !DETAILS.has(field));
  return {
    data: JSON.stringify(details),
    summary: JSON.stringify({ ...summary, ...(omitted.length > 0 && { omitted }) }),
  };
}

/** What the index of the audit says of a record. */
export function decodeSummary(item: Item): AuditSummary {
  return JSON.parse(item['summary'] as string) as AuditSummary;
}

function split(value: object, room: number): { kept: Item; moved: string[] } {
  const text = JSON.stringify(value);
  if (bytesOf(text) <= room) return { kept: value as Item, moved: [] };
  const fields = Object.entries(value)
    .filter(([field]) => !IN_EVERY_ROW.has(field))
    .map(([field, content]) => ({ field, bytes: bytesOf(JSON.stringify(content) ?? '') }))
    .sort((a, b) => b.bytes - a.bytes);
  const kept: Item = { ...value };
  const moved: string[] = [];
  let size = bytesOf(text) + STAMP;
  for (const { field, bytes } of fields) {
    if (size <= room || bytes < 128) break;
    delete kept[field];
    moved.push(field);
    size -= bytes;
  }
  return { kept, moved: moved.sort() };
}

type ExpiringKind = 'delivery' | 'notification' | 'waiting' | 'collected' | 'invitation';
const EXPIRING: ReadonlySet<Kind> = new Set<ExpiringKind>([
  'delivery',
  'notification',
  'waiting',
  'collected',
  'invitation',
]);

/** When the table may remove an item, for those that end by themselves. */
function expiryField<K extends Kind>(kind: K, value: Records[K]): Item {
  if (!EXPIRING.has(kind)) return {};
  const { expiresAt } = value as Records[ExpiringKind];
  return { [TABLE.expiry]: Math.floor(Date.parse(expiresAt) / 1000) };
}

/** What tells one declaration of a file from another. */
export function declarationOf({ size, sha256, multipart }: StoredFile): string {
  return [size, sha256, ...(multipart ? [multipart.partSize, multipart.sha256OfParts] : [])].join(' ');
}

/** What tells a note of the desk from what it was before. */
export function noteStamp(note: Records['mark' | 'walk']): string {
  return 'step' in note ? `${note.startedAt} ${note.step}` : `${note.sequence} ${note.walked ?? 0}`;
}

/** Attributes that conditions read. */
function conditionFields<K extends Kind>(kind: K, value: Records[K]): Item {
  if (kind === 'mark' || kind === 'walk') return { note: noteStamp(value as Records['mark' | 'walk']) };
  if (kind === 'head') return { sequence: (value as Records['head']).sequence };
  if (kind === 'digest') return { sequence: (value as Records['digest']).sequence };
  if (kind === 'delivery' || kind === 'notification') {
    return { sequence: stepOf(value as Records['delivery' | 'notification']) };
  }
  if (kind === 'invitation') return { sequence: (value as Records['invitation']).count };
  if (kind === 'collected') return { sequence: (value as Records['collected']).step };
  if (kind === 'turn' || kind === 'package' || kind === 'mirror') {
    return { sequence: (value as Records['turn' | 'package' | 'mirror']).sequence };
  }
  if (kind === 'policy') return { sequence: (value as Records['policy']).revision };
  if (kind === 'file') {
    const file = value as Records['file'];
    if (file.kind === 'reference') return {};
    const { uploadId, objectVersion } = file;
    return { declaration: declarationOf(file), ...(uploadId && { uploadId }), ...(objectVersion && { objectVersion }) };
  }
  return {};
}

/** The item of a posting, with its copy as it is stored. */
export function encodePosting(workspace: string, { partition, sort, copy }: Posting): Item {
  return { pk: postingPartition(workspace, partition), sk: sort, data: JSON.stringify(terse(copy)) };
}

/** What the item of a posting says. */
export function decodePosting({ sk, data }: Item): PostingEntry {
  return { sort: String(sk), copy: full(JSON.parse(String(data)) as TerseCopy) };
}

/** A note holds the copy that becomes a posting as a posting does. */
function shortened<K extends Kind>(kind: K, value: Records[K]): object {
  if (kind !== 'mark') return value;
  const { copy, ...mark } = value as Records['mark'];
  return { ...mark, ...(copy && { copy: terse(copy) }) };
}

/** Fields of an item's record that are in its overflow item. */
export function missingFields(item: Item): readonly string[] {
  return (item['more'] as string[] | undefined) ?? [];
}

/** Bytes of an item's overflow item. */
export function restOf(item: Item): number {
  return (item['rest'] as number | undefined) ?? 0;
}

/** Decodes an item, with the overflowing fields where they were read too. */
export function decode<K extends Kind>(kind: K, item: Item, overflow?: Item): Records[K] {
  const { omitted, ...summary } = (AUDITED.has(kind) ? decodeSummary(item) : {}) as Item;
  const value: Item = { ...summary, ...(JSON.parse(item['data'] as string) as Item) };
  if (overflow) Object.assign(value, JSON.parse(overflow['data'] as string));
  if (kind === 'file') {
    for (const field of ['uploadId', 'objectVersion']) if (item[field] !== undefined) value[field] = item[field];
  }
  if (kind === 'mark' && value['copy']) value['copy'] = full(value['copy'] as TerseCopy);
  return value as unknown as Records[K];
}
