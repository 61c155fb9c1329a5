/** Changes of a map: a value sets a name, null removes it, other names stay (RFC 7396, JSON Merge Patch). */
export type MapPatch<T> = Readonly<Record<string, T | null>>;

/** The map after a patch. */
export function applyMapPatch<T>(map: Readonly<Record<string, T>>, patch: MapPatch<T> | undefined): Record<string, T> {
  const merged = Object.entries({ ...map, ...patch }).filter((entry): entry is [string, T] => entry[1] !== null);
  return Object.fromEntries(merged);
}

/** A record after a merge patch of its fields: what is undefined stays, null removes. */
export function merged<T extends object>(record: T, patch: { readonly [field: string]: unknown }): T {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  const next = { ...record, ...Object.fromEntries(given) };
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== null)) as T;
}
