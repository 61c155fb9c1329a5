/** Sort keys of postings: texts whose order, by code points, is that of what they stand for. */

const WORD = 2 ** 32;

/**
 * A double as 16 hexadecimal digits in its own order: the bits big-endian, the sign flipped, all of them flipped where it
 * is negative. −0 is 0.
 */
export function enc64(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value);
  const [high, low] = [view.getUint32(0), view.getUint32(4)];
  const flipped = high >= WORD / 2 ? [WORD - 1 - high, WORD - 1 - low] : [high + WORD / 2, low];
  return flipped.map((word) => word.toString(16).padStart(8, '0')).join('');
}

/** Characters of a sort key that are the number in front, and what ends it. */
const DIGITS = 16;
const END_OF_NUMBER = '#';
const AFTER_NUMBER = '$';
const END_OF_NAME = '\u0000';
const AFTER_NAME = '\u0001';

/** Bytes of a name that a sort key has room for: DynamoDB's limit is 1,024. */
const NAME_BYTES = 900;
const HIGHEST_NUMBER = 9_999_999_999;

/** The part of a name that counts in the order of postings. */
export function sortedName(name: string): string {
  if (name.length * 3 <= NAME_BYTES) return name;
  let [bytes, length] = [0, 0];
  for (const character of name) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (bytes > NAME_BYTES) return name.slice(0, length);
    length += character.length;
  }
  return name;
}

interface Place {
  readonly name: string;
  readonly modelId: string;
  readonly number?: number | undefined;
}

/** Name ascending, version descending: the ties of every order. */
function tail({ name, modelId, number = 0 }: Place): string {
  return `${sortedName(name)}${END_OF_NAME}${String(HIGHEST_NUMBER - number).padStart(10, '0')}#${modelId}`;
}

/** Sort key of a posting that is ordered by a number. */
export function numberSort(value: number, place: Place): string {
  return `${enc64(value)}${END_OF_NUMBER}${tail(place)}`;
}

/** Sort key of a posting that is ordered by the name. */
export function nameSort(place: Place): string {
  return tail(place);
}

/** Sort keys from `from` up to `to`; absent where there is no bound. */
export interface Bounds {
  readonly from?: string;
  readonly to?: string;
}

/** The sort keys with one number or name in front, as the given key has it. */
export function groupOf(sort: string, by: 'name' | 'number'): { readonly from: string; readonly to: string } {
  const front = by === 'number' ? sort.slice(0, DIGITS) : sort.slice(0, sort.indexOf(END_OF_NAME));
  return by === 'number'
    ? { from: `${front}${END_OF_NUMBER}`, to: `${front}${AFTER_NUMBER}` }
    : { from: `${front}${END_OF_NAME}`, to: `${front}${AFTER_NAME}` };
}

/** The sort keys of numbers that compare so. */
export function numberBounds(op: '=' | '<' | '<=' | '>' | '>=', value: number): Bounds {
  const front = enc64(value);
  const [first, last] = [`${front}${END_OF_NUMBER}`, `${front}${AFTER_NUMBER}`];
  if (op === '=') return { from: first, to: last };
  if (op.startsWith('<')) return { to: op === '<' ? first : last };
  return { from: op === '>' ? last : first };
}

/** The sort keys of one name. */
export function nameBounds(name: string): Bounds {
  return { from: `${sortedName(name)}${END_OF_NAME}`, to: `${sortedName(name)}${AFTER_NAME}` };
}

/** The first text that is greater than every text that starts so; nothing where there is none. */
function afterPrefix(prefix: string): string | undefined {
  const points = [...prefix].map((character) => character.codePointAt(0) ?? 0);
  while (points.length > 0) {
    const last = points.pop() as number;
    if (last >= 0x10ffff) continue;
    // Surrogates are no characters of their own.
    return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}

/** The sort keys of the names that start so. */
export function prefixBounds(prefix: string): Bounds {
  const from = sortedName(prefix);
  const to = afterPrefix(from);
  return { ...(from !== '' && { from }), ...(to !== undefined && { to }) };
}
