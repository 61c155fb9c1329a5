import type { SearchCopy } from '../domain/search';
import type { PostingEntry, PostingSource } from '../ports/posting-store';
import type { Condition } from './condition';
import { fieldBehind, rowOf } from './copy';
import type { OrderTerm } from './dialect';
import type { Matcher } from './matches';
import { comparator, compareTexts, compareValues, orderValue } from './order-by';
import type { Plan, Scan, Step } from './plan';
import type { Row } from './row';
import { type Bounds, groupOf, nameSort, numberSort } from './sort-key';

/** Where a page ended: the last row that was looked at, and what it is ordered by. */
export interface Position {
  readonly name: string;
  readonly modelId: string;
  readonly number?: number;
  /** Its value under each key of the order. */
  readonly values: readonly (number | string)[];
  /** Its sort key in every partition that has the order. */
  readonly sort?: string;
}

/** What a run is to find. */
export interface Wanted {
  readonly conditions: readonly Condition[];
  readonly matches: Matcher;
  readonly terms: readonly OrderTerm[];
  readonly limit: number;
  readonly after?: Position | undefined;
}

/** What came of a run. */
export interface Ran {
  readonly copies: readonly SearchCopy[];
  /** Where the next page starts, when there is or may be one. */
  readonly next?: Position;
  readonly step: Step;
  /** Whether the page is full or the last one, and did not just end where it became too dear. */
  readonly complete: boolean;
  readonly units: number;
}

/** Read units of one request. */
export interface Allowance {
  readonly units: number;
  /** Bytes that one unit reads: twice as many where reads may be a moment behind. */
  readonly bytesPerUnit: number;
}

/** Bytes of the largest posting that a page must reckon with. */
const LARGEST = 3_000;
/** Rows of one call. */
const MOST = 100;
/** Of the allowance, what the first of two steps may take. */
const FIRST_SHARE = 0.4;

/** One run's reads, and what they may still take. */
class Reader {
  spent = 0;
  /** Rows that the next call is to read at most: no more than are likely to be needed. */
  useful = MOST;
  private readonly looksInto: readonly string[];

  constructor(
    private readonly source: PostingSource,
    private readonly wanted: Wanted,
    private readonly allowance: Allowance,
  ) {
    const keys = wanted.terms.map(({ key }) => key.split('.', 1)).flatMap(([kind = '']) => fieldBehind(kind, '') ?? []);
    const fields = wanted.conditions.flatMap(({ entity, key }) => fieldBehind(entity, key) ?? []);
    this.looksInto = [...new Set([...keys, ...fields])];
  }

  left(share = 1): number {
    return this.allowance.units * share - this.spent;
  }

  async page(scan: Scan, order: 'ascending' | 'descending', bounds: Bounds & { after?: string }, share = 1) {
    const affordable = Math.floor((this.left(share) * this.allowance.bytesPerUnit) / LARGEST);
    const limit = Math.max(1, Math.min(MOST, this.useful, affordable));
    const page = await this.source.page({ partition: scan.partition, order, ...bounds, limit });
    this.spent += page.units;
    return page;
  }

  /** What a posting says, with all that the search looks into, and whether its row passes. */
  async look({
    copy,
  }: PostingEntry): Promise<{ readonly copy: SearchCopy; readonly row: Row; readonly passes: boolean }> {
    let seen: SearchCopy | undefined = copy;
    if (copy.omitted?.some((field) => this.looksInto.includes(field))) {
      const { copy: whole, units } = await this.source.whole(copy);
      this.spent += units;
      seen = whole;
    }
    const row = rowOf(seen ?? copy);
    return { copy: seen ?? copy, row, passes: seen !== undefined && this.wanted.matches(row) };
  }
}

/** Whether a row comes after a position, in an order that leaves no ties but rows with one name. */
function behind(terms: readonly OrderTerm[], after: Position): (row: Row, copy: SearchCopy) => boolean {
  return (row, copy) => {
    for (const [index, { key, descending }] of terms.entries()) {
      const order = compareValues(orderValue(key, row), after.values[index]);
      if (order !== 0) return descending ? order < 0 : order > 0;
    }
    return compareTexts(copy.modelId, after.modelId) > 0;
  };
}

/** Where a row is in an order. */
export function positionOf(copy: SearchCopy, terms: readonly OrderTerm[], sort?: string): Position {
  const row = rowOf(copy);
  return {
    name: copy.name,
    modelId: copy.modelId,
    ...(copy.of === 'version' && { number: copy.number }),
    values: terms.map(({ key }) => orderValue(key, row) ?? ''),
    ...(sort !== undefined && { sort }),
  };
}

const groupedBy = ({ orderedBy }: Scan) => (orderedBy === 'name' ? 'name' : 'number');

function sortOf(scan: Scan, position: Position): string {
  if (position.sort !== undefined) return position.sort;
  return scan.orderedBy === 'name' ? nameSort(position) : numberSort(Number(position.values[0]), position);
}

/** Gives each chunk of entries that are in the order asked for, ties included, as long as there is allowance. */
async function* chunks(reader: Reader, scan: Scan, descending: boolean, after: Position | undefined) {
  const start = after && sortOf(scan, after);
  if (!descending) {
    let place = start;
    for (;;) {
      const page = await reader.page(scan, 'ascending', {
        ...scan.bounds,
        ...(place !== undefined && { after: place }),
      });
      yield page.items;
      if (page.next === undefined) return;
      place = page.next;
    }
  }
  // Rows of one value are read upwards, in the order of their ties; from value to value downwards.
  const by = groupedBy(scan);
  let group = start === undefined ? undefined : groupOf(start, by);
  let inGroup = start;
  let { to } = scan.bounds;
  for (;;) {
    if (group) {
      const page = await reader.page(scan, 'ascending', { ...group, ...(inGroup !== undefined && { after: inGroup }) });
      yield page.items;
      inGroup = page.next;
      if (page.next !== undefined) continue;
      to = group.from;
      group = undefined;
    }
    if (scan.bounds.from !== undefined && to !== undefined && to <= scan.bounds.from) return;
    const { from } = scan.bounds;
    const page = await reader.page(scan, 'descending', {
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    });
    const groups = groupsOf(page.items, by);
    if (page.next === undefined) {
      yield groups.flatMap((entries) => [...entries].reverse());
      return;
    }
    // The last value of the page may go on behind it.
    const cut = groupOf(page.next, by);
    const ended = groups.filter(([first]) => first && groupOf(first.sort, by).from !== cut.from);
    yield ended.flatMap((entries) => [...entries].reverse());
    [group, inGroup] = [cut, undefined];
  }
}

function groupsOf(items: readonly PostingEntry[], by: 'name' | 'number'): PostingEntry[][] {
  const groups: PostingEntry[][] = [];
  let from: string | undefined;
  for (const item of items) {
    const group = groupOf(item.sort, by);
    if (group.from === from) groups.at(-1)?.push(item);
    else groups.push([item]);
    from = group.from;
  }
  return groups;
}

/** What a call costs at least. */
const SMALLEST = 1;

async function stream(reader: Reader, step: Step & { how: 'stream' }, wanted: Wanted): Promise<Omit<Ran, 'units'>> {
  const { terms, limit, after } = wanted;
  const copies: SearchCopy[] = [];
  let last: Position | undefined;
  let seen = after;
  let calls = 0;
  // One more row tells whether there is more; downwards, the last value of a call may go on behind it. The more calls in
  // vain, the more a call reads.
  const useful = () => (limit - copies.length + 2) * 2 ** calls;
  reader.useful = useful();
  for await (const entries of chunks(reader, step.scan, step.descending, after)) {
    for (const entry of entries) {
      const { copy, passes } = await reader.look(entry);
      if (passes && copies.length === limit) return { copies, ...(last && { next: last }), step, complete: true };
      seen = positionOf(copy, terms, entry.sort);
      if (passes) copies.push(copy);
      if (passes) last = seen;
      if (reader.left() < SMALLEST) break;
    }
    calls += 1;
    reader.useful = useful();
    if (reader.left() < SMALLEST && seen) return { copies, next: seen, step, complete: false };
  }
  return { copies, step, complete: true };
}

/** All rows of a scan, sorted; nothing where they are more than the allowance reads. */
async function collect(
  reader: Reader,
  step: Step & { how: 'collect' },
  wanted: Wanted,
  share: number,
): Promise<Omit<Ran, 'units'> | undefined> {
  const found: { copy: SearchCopy; row: Row }[] = [];
  const isAfter = wanted.after && behind(wanted.terms, wanted.after);
  let after: string | undefined;
  reader.useful = MOST;
  do {
    if (reader.left(share) < SMALLEST) return undefined;
    const bounds = { ...step.scan.bounds, ...(after !== undefined && { after }) };
    const page = await reader.page(step.scan, 'ascending', bounds, share);
    for (const entry of page.items) {
      const { copy, row, passes } = await reader.look(entry);
      if (passes && (!isAfter || isAfter(row, copy))) found.push({ copy, row });
      if (reader.left(share) < 0) return undefined;
    }
    after = page.next;
  } while (after !== undefined);
  const order = comparator(wanted.terms);
  found.sort((a, b) => order(a.row, b.row) || compareTexts(a.copy.modelId, b.copy.modelId));
  const copies = found.slice(0, wanted.limit).map(({ copy }) => copy);
  const last = copies.at(-1);
  const more = found.length > wanted.limit && last;
  return { copies, ...(more && { next: positionOf(last, wanted.terms) }), step, complete: true };
}

/**
 * Carries out a plan.
 * @returns nothing where no index has the order asked for and there is too much to sort; with what it took
 */
export async function run(
  plan: Plan,
  wanted: Wanted,
  source: PostingSource,
  allowance: Allowance,
): Promise<Ran | { readonly exceeded: true; readonly units: number }> {
  const reader = new Reader(source, wanted, allowance);
  for (const [index, step] of plan.steps.entries()) {
    const share = index < plan.steps.length - 1 ? FIRST_SHARE : 1;
    const ran = step.how === 'stream' ? await stream(reader, step, wanted) : await collect(reader, step, wanted, share);
    if (ran) return { ...ran, units: reader.spent };
  }
  return { exceeded: true, units: reader.spent };
}
