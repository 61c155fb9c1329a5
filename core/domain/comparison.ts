import { canonicalJson, type Json } from './json';
import type { Version } from './version';

/** Something that versions have, and its value in each of them; null where one has it not. */
export interface ComparedEntry {
  readonly key: string;
  readonly values: readonly Json[];
  readonly same: boolean;
}

/** What versions are compared by. */
export const COMPARED = ['metrics', 'hyperParameters', 'tags', 'dependencies', 'files'] as const;
export type Compared = (typeof COMPARED)[number];

/** A version with the digests of its files by path. */
export interface Comparable {
  readonly version: Version;
  readonly files: Readonly<Record<string, string>>;
}

function entriesOf(field: Compared, { version, files }: Comparable): Readonly<Record<string, Json>> {
  if (field === 'files') return files;
  if (field !== 'dependencies') return version[field] as Readonly<Record<string, Json>>;
  const { python, libraries = {} } = version.dependencies ?? {};
  return { ...(python !== undefined && { python }), ...libraries };
}

/** Puts versions side by side, entry by entry in the order of their keys. */
export function sideBySide(
  all: readonly Comparable[],
  differencesOnly: boolean,
): Readonly<Record<Compared, readonly ComparedEntry[]>> {
  const compared = COMPARED.map((field): [Compared, ComparedEntry[]] => {
    const entries = all.map((each) => entriesOf(field, each));
    const keys = [...new Set(entries.flatMap((each) => Object.keys(each)))].sort();
    const rows = keys.map((key): ComparedEntry => {
      const values = entries.map((each) => (Object.hasOwn(each, key) ? (each[key] as Json) : null));
      return { key, values, same: new Set(values.map((value) => canonicalJson(value))).size === 1 };
    });
    return [field, differencesOnly ? rows.filter(({ same }) => !same) : rows];
  });
  return Object.fromEntries(compared) as Record<Compared, ComparedEntry[]>;
}
