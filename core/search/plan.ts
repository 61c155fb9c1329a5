import type { SearchIndex } from '../domain/search';
import { namePrefix, onlyName } from './bounds';
import type { Condition, NumberCondition, TextCondition } from './condition';
import type { OrderKey, OrderTerm } from './dialect';
import { type Digest, isPosted, PARTITIONS, type Sought } from './postings';
import { type Bounds, nameBounds, numberBounds, prefixBounds } from './sort-key';

/** A part of the postings that has every row that passes some of the conditions. */
export interface Scan {
  /** What it is called in answers. */
  readonly index: string;
  readonly partition: string;
  /** What its rows are ordered by, before name and version. */
  readonly orderedBy: OrderKey;
  readonly bounds: Bounds;
  /** Conditions that hold for all of its rows. */
  readonly serves: readonly Condition[];
  /** It has much less than everything. */
  readonly narrow: boolean;
}

/** One way to answer: rows as they come, or all of them, sorted. */
export type Step =
  | { readonly how: 'stream'; readonly scan: Scan; readonly descending: boolean }
  | { readonly how: 'collect'; readonly scan: Scan };

/** What a declared index would have to be. */
export interface Suggestion {
  readonly equals: readonly string[];
  readonly orderBy: string;
}

/** How a search is answered: by the first step, and by the second where the first finds too much. */
export interface Plan {
  readonly steps: readonly Step[];
  /** An index that would serve it in one go. */
  readonly suggestion?: Suggestion;
}

/** What a plan is made from, besides the search itself. */
export interface PlanSetting {
  readonly of: Sought;
  /** The only model that the conditions let pass, where they name one. */
  readonly modelId?: string | undefined;
  /** Declared indexes that are complete. */
  readonly indexes: readonly SearchIndex[];
  readonly sha256: Digest;
}

/** Orders that postings of everything have. */
const EVERYTHING = {
  name: 'name',
  last_updated_timestamp: 'updated',
  creation_timestamp: 'created',
} as const satisfies Partial<Record<OrderKey, string>>;

/** The most selective kind first: what one run or one alias means is seldom much. */
const PRECEDENCE = ['alias', 'run_id', 'tag', 'stage', 'approval'];

/** The field of an index that a condition compares with one text. */
export function equalityField(condition: Condition): string | undefined {
  if (condition.compares !== 'text' || condition.op !== '=') return undefined;
  return condition.entity === 'attribute' ? condition.key : `${condition.entity}.${condition.key}`;
}

/** Fields that a declared index may compare: those of which a version has one value. */
export function isIndexField(field: string): boolean {
  return (
    /^(tag|param|metadata)\../s.test(field) ||
    ['name', 'stage', 'status', 'approval', 'creator', 'run_id', 'source_path'].includes(field)
  );
}

/** Orders that a declared index may have. */
export function isIndexOrder(key: string): boolean {
  return /^metric\../s.test(key) || ['version_number', 'creation_timestamp', 'last_updated_timestamp'].includes(key);
}

/**
 * Leaves out terms that decide nothing: the name where there is one model, and whatever comes after a key that no two
 * rows share.
 */
export function decidingTerms(terms: readonly OrderTerm[], { of, modelId }: PlanSetting): readonly OrderTerm[] {
  const seen = new Set<string>(of === 'model' ? ['version_number'] : modelId === undefined ? [] : ['name']);
  const deciding: OrderTerm[] = [];
  for (const term of terms) {
    if (seen.has('name') && seen.has('version_number')) break;
    if (!seen.has(term.key)) deciding.push(term);
    seen.add(term.key);
  }
  return deciding;
}

/** Whether rows that are ordered by one key, then name and then version downwards, are in the order asked for. */
function isOrderOf(key: OrderKey, terms: readonly OrderTerm[], setting: PlanSetting): boolean {
  const first = terms[0];
  if (!first || first.key !== key) return false;
  const ties: OrderTerm[] = [
    { key: 'name', descending: false },
    { key: 'version_number', descending: true },
  ];
  const expected = decidingTerms([first, ...ties.filter((tie) => tie.key !== key)], setting);
  return JSON.stringify(expected) === JSON.stringify(terms);
}

function numbersOn(conditions: readonly Condition[], key: OrderKey): readonly NumberCondition[] {
  return conditions.filter(
    (condition): condition is NumberCondition =>
      condition.compares === 'number' &&
      condition.op !== '!=' &&
      (condition.entity === 'attribute' ? condition.key : `${condition.entity}.${condition.key}`) === key,
  );
}

const highest = (texts: readonly string[]) => texts.reduce((a, b) => (a > b ? a : b));
const lowest = (texts: readonly string[]) => texts.reduce((a, b) => (a < b ? a : b));

function boundsOf(conditions: readonly NumberCondition[]): Bounds {
  const all = conditions.map(({ op, value }) => numberBounds(op as Exclude<typeof op, '!='>, value));
  const from = all.flatMap((bound) => bound.from ?? []);
  const to = all.flatMap((bound) => bound.to ?? []);
  return { ...(from.length > 0 && { from: highest(from) }), ...(to.length > 0 && { to: lowest(to) }) };
}

/** All scans that could answer, the most selective kinds first. */
function scansFor(
  conditions: readonly Condition[],
  first: OrderKey | undefined,
  setting: PlanSetting,
): readonly Scan[] {
  const { of, modelId, indexes, sha256 } = setting;
  const scan = (index: string, partition: string, orderedBy: OrderKey, serves: readonly Condition[]): Scan => {
    const ranged = numbersOn(conditions, orderedBy).filter((condition) => !serves.includes(condition));
    const bounds = boundsOf(ranged);
    return { index, partition, orderedBy, bounds, serves: [...serves, ...ranged], narrow: serves.length > 0 };
  };
  const equal = conditions.filter((condition): condition is TextCondition => equalityField(condition) !== undefined);
  const named = equal.filter((condition) => equalityField(condition) === 'name');
  const scans: Scan[] = [];

  const metrics = new Set(conditions.flatMap(({ entity, key }) => (entity === 'metric' ? [key] : [])));
  if (first?.startsWith('metric.')) metrics.add(first.slice('metric.'.length));

  for (const { name, equals, orderBy } of of === 'version' ? indexes : []) {
    // It has only rows with the metric that orders it.
    if (orderBy.startsWith('metric.') && !metrics.has(orderBy.slice('metric.'.length))) continue;
    const used = equals.map((field) => equal.find((condition) => equalityField(condition) === field));
    if (used.some((condition) => condition === undefined)) continue;
    const values = (used as TextCondition[]).map(({ value }) => value);
    const partition = PARTITIONS.declared(name, values, sha256);
    scans.push({ ...scan(`declared ${name}`, partition, orderBy as OrderKey, used as TextCondition[]), narrow: true });
  }
  if (of === 'version' && modelId !== undefined) {
    scans.push(
      scan('versions of the model', PARTITIONS.ofModel(modelId, 'number'), 'version_number', named),
      scan('versions of the model by update', PARTITIONS.ofModel(modelId, 'updated'), 'last_updated_timestamp', named),
      ...metricScans(modelId, named),
    );
  }
  const ofTerms = equal
    .map((condition) => ({ condition, field: equalityField(condition) as string }))
    .filter(({ condition, field }) => isPosted(of, field, condition.value))
    .sort((a, b) => rank(a.field) - rank(b.field));
  for (const { condition, field } of ofTerms) {
    const partition = PARTITIONS.term(of, field, condition.value, sha256);
    scans.push(scan(field, partition, 'last_updated_timestamp', [condition]));
  }
  if (of === 'version') scans.push(...metricScans(undefined, []));
  const name = onlyName(conditions);
  const prefix = name ?? namePrefix(conditions);
  for (const [key, by] of Object.entries(EVERYTHING) as [keyof typeof EVERYTHING, 'name'][]) {
    const all = scan(`everything by ${key}`, PARTITIONS.all(of, by), key, []);
    if (key !== 'name') scans.push({ ...all, narrow: all.serves.length > 0 });
    else if (name !== undefined) {
      scans.push({ ...all, index: 'name', bounds: nameBounds(name), serves: named, narrow: true });
    } else if (prefix !== '') {
      scans.push({ ...all, index: 'name prefix', bounds: prefixBounds(prefix), narrow: true });
    } else scans.push(all);
  }
  return scans;

  function metricScans(model: string | undefined, serves: readonly Condition[]): Scan[] {
    return [...metrics].map((key) => {
      const partition = PARTITIONS.metric(model, key, sha256);
      const found = scan(
        model === undefined ? `metric ${key}` : `metric ${key} of the model`,
        partition,
        `metric.${key}`,
        serves,
      );
      return { ...found, narrow: model !== undefined || found.serves.length > 0 };
    });
  }
}

function rank(field: string): number {
  const at = PRECEDENCE.indexOf(field.startsWith('tag.') ? 'tag' : field);
  return at < 0 ? PRECEDENCE.length : at;
}

function suggestionFor(conditions: readonly Condition[], terms: readonly OrderTerm[]): Suggestion | undefined {
  const equals = [...new Set(conditions.flatMap((condition) => equalityField(condition) ?? []))].filter(isIndexField);
  const wanted = terms[0]?.key ?? 'last_updated_timestamp';
  return equals.length > 0 && isIndexOrder(wanted) ? { equals: equals.slice(0, 4).sort(), orderBy: wanted } : undefined;
}

/**
 * Decides how to answer a search, by rules alone: rows as an index has them where one has the order asked for and is
 * narrow; else those of the narrowest index, sorted; else everything in the order asked for, walked page by page.
 * @param terms the whole order, ties included
 */
export function planFor(conditions: readonly Condition[], terms: readonly OrderTerm[], setting: PlanSetting): Plan {
  const deciding = decidingTerms(terms, setting);
  const scans = scansFor(conditions, deciding[0]?.key, setting);
  const inOrder = scans.filter(({ orderedBy }) => isOrderOf(orderedBy, deciding, setting));
  const most = (list: readonly Scan[]) =>
    list.reduce<Scan | undefined>(
      (best, each) => (best && best.serves.length >= each.serves.length ? best : each),
      undefined,
    );
  const narrow = scans.find((each) => each.narrow);
  const ordered = most(inOrder.filter((each) => each.narrow)) ?? inOrder[0];
  const stream: Step[] = ordered
    ? [{ how: 'stream', scan: ordered, descending: deciding[0]?.descending ?? false }]
    : [];
  const served = ordered && conditions.every((condition) => ordered.serves.includes(condition));
  const collect: Step[] = narrow && narrow !== ordered && !served ? [{ how: 'collect', scan: narrow }] : [];
  const direct = ordered && (served || isSelective(ordered));
  const steps = direct ? stream : [...collect, ...stream];
  const last: Step[] = [
    { how: 'collect', scan: scans.find(({ index }) => index.endsWith('last_updated_timestamp')) as Scan },
  ];
  const suggestion = served ? undefined : suggestionFor(conditions, deciding);
  return { steps: steps.length > 0 ? steps : last, ...(suggestion && { suggestion }) };
}

/** Whether a scan is by an equal value: rows that a range lets pass may be nearly all. */
function isSelective({ serves }: Scan): boolean {
  return serves.some((condition) => equalityField(condition) !== undefined);
}
