import type { TypedValue } from '../domain/version';

/** The value of a hyper-parameter. */
export type ParamValue = string | number | boolean;

/**
 * What a search sees of a registered model or of a version, whichever API asks. Of a model, `stages` and `aliases` are
 * those that its versions hold, and what only versions have is absent or that of its latest version.
 */
export interface Row {
  readonly name: string;
  /** Absent of a model. */
  readonly versionNumber?: number;
  readonly runId?: string;
  readonly source?: string;
  readonly stages: readonly string[];
  readonly aliases: readonly string[];
  readonly status?: string;
  readonly approval?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Typed metadata; absent of a model. */
  readonly metadata?: Readonly<Record<string, TypedValue>>;
  /** Id of who made it. */
  readonly creator?: string;
  /** Whether its name counts as a prompt's. */
  readonly promptName?: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

const texts = (value: string | undefined): readonly string[] => [value ?? ''];

/** Attributes that are texts, by key. A row has one, the empty one where it has none, but any number of held ones. */
export const TEXT_ATTRIBUTES = {
  name: (row: Row) => texts(row.name),
  source_path: (row: Row) => texts(row.source),
  run_id: (row: Row) => texts(row.runId),
  stage: (row: Row) => row.stages,
  alias: (row: Row) => row.aliases,
  status: (row: Row) => texts(row.status),
  approval: (row: Row) => texts(row.approval),
  creator: (row: Row) => texts(row.creator),
} as const satisfies Record<string, (row: Row) => readonly string[]>;

/** Attributes that are numbers, by key. */
export const NUMBER_ATTRIBUTES = {
  version_number: (row: Row) => row.versionNumber,
  creation_timestamp: (row: Row): number | undefined => row.createdAt,
  last_updated_timestamp: (row: Row): number | undefined => row.updatedAt,
} as const satisfies Record<string, (row: Row) => number | undefined>;

export type TextKey = keyof typeof TEXT_ATTRIBUTES;
export type NumberKey = keyof typeof NUMBER_ATTRIBUTES;

/** The value under a name in one of a row's maps; never what every object has. */
export function entry<Value>(map: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** The number that a value of a hyper-parameter or of typed metadata compares as: times are milliseconds. */
function numberOf(value: ParamValue | TypedValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'object') return undefined;
  if (value.type === 'number') return value.value;
  return value.type === 'timestamp' ? Date.parse(value.value) : undefined;
}

/** The text that a value compares as; JSON values compare as none. */
function textOf(value: ParamValue | TypedValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object') return String(value);
  return value.type === 'json' ? undefined : String(value.value);
}

/** Entries of a row's maps, as they compare with texts and with numbers. */
export const ENTRIES = {
  tag: { text: (row: Row, key: string) => entry(row.tags, key), number: (): undefined => undefined },
  metric: { text: (): undefined => undefined, number: (row: Row, key: string) => entry(row.metrics, key) },
  param: {
    text: (row: Row, key: string) => textOf(entry(row.params, key)),
    number: (row: Row, key: string) => numberOf(entry(row.params, key)),
  },
  metadata: {
    text: (row: Row, key: string) => textOf(entry(row.metadata ?? {}, key)),
    number: (row: Row, key: string) => numberOf(entry(row.metadata ?? {}, key)),
  },
} as const satisfies Record<
  string,
  {
    text: (row: Row, key: string) => string | undefined;
    number: (row: Row, key: string) => number | undefined;
  }
>;

export type EntryKind = keyof typeof ENTRIES;
