import { utf8Length } from '../domain/json';
import { IS_PROMPT } from '../domain/prompt';
import type { Searchable, SearchIndex } from '../domain/search';
import type { OrderKey } from './dialect';
import { orderValue } from './order-by';
import { ENTRIES, type EntryKind, entry, type Row, TEXT_ATTRIBUTES } from './row';
import { nameSort, numberSort } from './sort-key';

/** Place of a posting: where rows of one meaning lie, and where among them. */
export type PostingKey = readonly [partition: string, sort: string];

/** What is searched. */
export type Sought = 'version' | 'model';

/** Makes a short text of a long one that no other text makes. */
export type Digest = (text: string) => string;

/** Bytes of a partition's name that values may take: a partition key has 2,048. */
const LONGEST = 600;

function bounded(text: string, sha256: Digest): string {
  return utf8Length(text) > LONGEST ? `#${sha256(text)}` : text;
}

/** Partitions of postings, by meaning. */
export const PARTITIONS = {
  /** Everything of a kind by name or by a time. */
  all: (of: Sought, by: 'name' | 'updated' | 'created') => `${of}#*#${by}`,
  /** Versions of one model. */
  ofModel: (modelId: string, by: 'updated' | 'number') => `version#${modelId}#${by}`,
  /** Versions that have a metric, of one model or of all, by its value. */
  metric: (modelId: string | undefined, key: string, sha256: Digest) =>
    `version#${modelId ?? '*'}#metric#${bounded(key, sha256)}`,
  /** Those that have one value, by their last update. */
  term: (of: Sought, field: string, value: string, sha256: Digest) => `${of}#=#${bounded(`${field}=${value}`, sha256)}`,
  /** Rows of a declared index that have its values. */
  declared: (name: string, values: readonly string[], sha256: Digest) =>
    `version#!#${name}#${bounded(JSON.stringify(values), sha256)}`,
  /** Versions that are prompts by themselves, by model. */
  prompts: 'version#prompts',
} as const;

/** Values that nearly everything has: they get no postings. */
const USUAL: Readonly<Record<string, string>> = { stage: 'None', approval: 'PendingApproval', run_id: '' };

/** Whether a value has postings of its own. */
export function isPosted(of: Sought, field: string, value: string): boolean {
  if (field.startsWith('tag.') || field === 'alias') return true;
  if (field === 'stage') return value !== USUAL[field];
  return of === 'version' && (field === 'approval' || field === 'run_id') && value !== USUAL[field];
}

function termsOf(of: Sought, row: Row): (readonly [field: string, value: string])[] {
  const terms = [
    ...Object.entries(row.tags).map(([key, value]) => [`tag.${key}`, value] as const),
    ...row.aliases.map((alias) => ['alias', alias] as const),
    ...row.stages.map((stage) => ['stage', stage] as const),
    ['approval', row.approval ?? ''] as const,
    ['run_id', row.runId ?? ''] as const,
  ];
  return terms.filter(([field, value]) => isPosted(of, field, value));
}

/** What a row has in a field of a declared index; nothing where it has no such entry. */
export function fieldValue(field: string, row: Row): string | undefined {
  const dot = field.indexOf('.');
  if (dot > 0) return ENTRIES[field.slice(0, dot) as EntryKind].text(row, field.slice(dot + 1));
  return TEXT_ATTRIBUTES[field as keyof typeof TEXT_ATTRIBUTES](row)[0];
}

function declaredKeys(
  { name, equals, orderBy }: SearchIndex,
  row: Row,
  sort: (value: number) => string,
  sha256: Digest,
) {
  const values = equals.map((field) => fieldValue(field, row));
  const order = orderValue(orderBy as OrderKey, row);
  if (typeof order !== 'number' || values.includes(undefined)) return [];
  return [[PARTITIONS.declared(name, values as string[], sha256), sort(order)] as const];
}

/** Where a model or a version is posted. */
export function postingKeys(
  place: Searchable,
  row: Row,
  indexes: readonly SearchIndex[],
  sha256: Digest,
): readonly PostingKey[] {
  const { modelId, number } = place;
  const of: Sought = number === undefined ? 'model' : 'version';
  const at = { name: row.name, modelId, number };
  const sort = (value: number) => numberSort(value, at);
  const [updated, created] = [sort(row.updatedAt), sort(row.createdAt)];
  const common: PostingKey[] = [
    [PARTITIONS.all(of, 'name'), nameSort(at)],
    [PARTITIONS.all(of, 'updated'), updated],
    [PARTITIONS.all(of, 'created'), created],
    ...termsOf(of, row).map(([field, value]) => [PARTITIONS.term(of, field, value, sha256), updated] as const),
  ];
  if (number === undefined) return common;
  return [
    ...common,
    [PARTITIONS.ofModel(modelId, 'updated'), updated],
    [PARTITIONS.ofModel(modelId, 'number'), sort(number)],
    ...Object.entries(row.metrics).flatMap(([key, value]): PostingKey[] => [
      [PARTITIONS.metric(undefined, key, sha256), sort(value)],
      [PARTITIONS.metric(modelId, key, sha256), sort(value)],
    ]),
    ...indexes.flatMap((index) => declaredKeys(index, row, sort, sha256)),
    ...(entry(row.tags, IS_PROMPT) === 'true'
      ? [[PARTITIONS.prompts, `${modelId}#${String(number).padStart(10, '0')}`] as const]
      : []),
  ];
}
