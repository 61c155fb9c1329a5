import type { EntryKind, NumberKey, TextKey } from './row';

/** What one search can filter and order by, and the words in which it refuses the rest. */
export interface Dialect {
  readonly textKeys: readonly TextKey[];
  readonly numberKeys: readonly NumberKey[];
  /** Those of the text keys that take `IN`. */
  readonly listKeys: readonly TextKey[];
  /** Whether conditions on metrics and parameters are known. */
  readonly measures: boolean;
  /** What MLflow's texts list, in the order in which its server was recorded to list them. */
  readonly listed: {
    readonly filter: readonly string[];
    readonly orderBy: readonly string[];
    /** Keys that take numbers; absent where MLflow has none and its text speaks of quoted values. */
    readonly numeric?: readonly string[];
  };
  readonly order: OrderDialect;
}

/** What rows are ordered by: an attribute, or an entry of a map, which only those rows have that are found. */
export type OrderKey = Exclude<TextKey, 'alias'> | NumberKey | `${EntryKind}.${string}`;

/** One key by which rows are ordered. */
export interface OrderTerm {
  readonly key: OrderKey;
  readonly descending: boolean;
}

/** How one search orders its rows. */
export interface OrderDialect {
  /** What is written → what it orders by. */
  readonly keys: ReadonlyMap<string, OrderKey>;
  /** Entries of which maps rows may be ordered by. */
  readonly entries: readonly EntryKind[];
  /** Whether `attribute.` may precede a key. */
  readonly prefix: boolean;
  /** How MLflow calls a key that it does not know. */
  readonly unknownKey: string;
  /** Where callers name no order, before the tie-breaks. */
  readonly byDefault: readonly OrderTerm[];
  /** Appended where their keys are missing, so that the order is total. */
  readonly tieBreaks: readonly OrderTerm[];
}

/** MLflow's search of registered models. */
export const MLFLOW_MODELS: Dialect = {
  textKeys: ['name'],
  numberKeys: [],
  listKeys: [],
  measures: false,
  listed: { filter: ['name'], orderBy: ['name', 'timestamp'] },
  order: {
    keys: new Map([
      ['name', 'name'],
      ['timestamp', 'last_updated_timestamp'],
      ['last_updated_timestamp', 'last_updated_timestamp'],
    ]),
    entries: [],
    prefix: false,
    unknownKey: 'order by key',
    byDefault: [],
    tieBreaks: [{ key: 'name', descending: false }],
  },
};

/** MLflow's search of model versions. */
export const MLFLOW_VERSIONS: Dialect = {
  textKeys: ['name', 'source_path', 'run_id'],
  numberKeys: ['version_number'],
  listKeys: ['run_id'],
  measures: false,
  listed: {
    filter: ['name', 'source_path', 'run_id', 'version_number'],
    orderBy: ['name', 'creation_timestamp', 'last_updated_timestamp', 'version_number'],
    numeric: ['version_number', 'creation_timestamp', 'last_updated_timestamp'],
  },
  order: {
    keys: new Map([
      ['name', 'name'],
      ['creation_timestamp', 'creation_timestamp'],
      ['last_updated_timestamp', 'last_updated_timestamp'],
      ['version_number', 'version_number'],
    ]),
    entries: [],
    prefix: true,
    unknownKey: 'attribute key',
    byDefault: [{ key: 'last_updated_timestamp', descending: true }],
    tieBreaks: [
      { key: 'name', descending: false },
      { key: 'version_number', descending: true },
    ],
  },
};

const HELD: readonly TextKey[] = ['stage', 'alias', 'status', 'approval', 'creator'];
const TIMES: readonly NumberKey[] = ['creation_timestamp', 'last_updated_timestamp'];

/** The same language with what Signet knows besides. What MLflow refuses by the shape of a filter stays refused. */
function extended(dialect: Dialect, entries: readonly EntryKind[], orderKeys: readonly OrderKey[]): Dialect {
  const keys = [...orderKeys, ...TIMES].map((key) => [key, key] as const);
  return {
    ...dialect,
    textKeys: [...dialect.textKeys, ...HELD],
    numberKeys: [...dialect.numberKeys, ...TIMES],
    listKeys: [...dialect.listKeys, ...HELD],
    measures: true,
    order: { ...dialect.order, entries, keys: new Map([...dialect.order.keys, ...keys]) },
  };
}

/** Registered models, with stage, alias, status, approval, creator, times, metrics, parameters and metadata. */
export const SIGNET_MODELS: Dialect = extended(MLFLOW_MODELS, ['tag'], ['creator']);

/** Versions, with stage, alias, status, approval, creator, times, metrics, parameters and metadata. */
export const SIGNET_VERSIONS: Dialect = extended(
  MLFLOW_VERSIONS,
  ['tag', 'metric', 'param', 'metadata'],
  ['stage', 'status', 'approval', 'creator'],
);

/** All that the filters of a dialect may compare, for people. */
export function filterRule({ textKeys, numberKeys, measures }: Dialect): string {
  const keys = [
    ...textKeys,
    ...numberKeys,
    'tags.`key`',
    ...(measures ? ['metrics.`key`', 'params.`key`', 'metadata.`key`'] : []),
  ];
  return `one of ${keys.join(', ')}`;
}
