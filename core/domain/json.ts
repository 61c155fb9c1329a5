/** A value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An object of JSON values by name. */
export type JsonObject = { readonly [key: string]: Json };

/**
 * The one text form of a value that digests and comparisons are made of: keys sorted by UTF-16 code units, no white
 * space, numbers as ECMAScript prints them, absent fields left out (RFC 8785, JSON Canonicalization Scheme).
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') return joinFields(canonicalFields(value));
  return JSON.stringify(value ?? null);
}

/** The fields of an object in their canonical order, each with the canonical form of its value. */
export function canonicalFields(value: object): (readonly [key: string, text: string])[] {
  return Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, field]) => [key, canonicalJson(field)]);
}

/** The canonical form of the object that has these fields. */
export function joinFields(fields: readonly (readonly [key: string, text: string])[]): string {
  return `{${fields.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}

/** Whether two values have the same canonical form. */
export function sameJson(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** Length of a text in UTF-8 bytes, counted without making them. A lone surrogate counts as its replacement, 3 bytes. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Characters of a text as readers count them: Unicode code points. */
export function characters(text: string): number {
  return [...text].length;
}
