import { LIMITS } from '../domain/limits';
import type { Dialect, OrderKey, OrderTerm } from './dialect';
import { pythonList } from './python-form';
import { refusal } from './refuse';
import {
  ENTRIES,
  type EntryKind,
  NUMBER_ATTRIBUTES,
  type NumberKey,
  type Row,
  TEXT_ATTRIBUTES,
  type TextKey,
} from './row';
import { type Token, tokenise, unquoted } from './tokens';

const RULE = 'a key, and ASC or DESC';

function unparsed(clause: string): Error {
  return refusal('order_by', clause, `Invalid order_by clause '${clause}'. Could not be parsed.`, RULE);
}

/** Back-quotes around the whole clause are tolerated. */
function inner(clause: string): string {
  const text = unquoted(clause, '`');
  return text === undefined || text.includes('`') ? clause : text;
}

const isName = (token: Token | undefined): token is Token => token?.kind === 'identifier' || token?.kind === 'symbol';

function readDirection(token: Token | undefined, clause: string): boolean {
  if (token === undefined) return false;
  const word = (unquoted(token.text, '`"') ?? token.text).toUpperCase();
  if (word === 'ASC' || word === 'DESC') return word === 'DESC';
  if (!isName(token)) throw unparsed(clause);
  throw refusal('order_by', clause, `Invalid ordering key in order_by clause '${clause}'.`, RULE);
}

/** The entry of a map that is written as in filters, where the dialect orders by such. */
function readEntry(written: string, { order }: Dialect): OrderKey | undefined {
  const dot = written.indexOf('.');
  if (dot <= 0 || /^[`"]/.test(written)) return undefined;
  const [kind, key] = [written.slice(0, dot).replace(/s$/, ''), written.slice(dot + 1)];
  const known = order.entries.find((name) => name === kind);
  return known && `${known}.${unquoted(key, '`"\'') ?? key}`;
}

function readKey(token: Token, clause: string, dialect: Dialect): OrderKey {
  const { order, listed } = dialect;
  const prefixed = order.prefix && token.text.startsWith('attribute.');
  const written = prefixed ? token.text.slice('attribute.'.length) : token.text;
  const bare = unquoted(written, '`"') ?? written;
  const key = order.keys.get(bare) ?? readEntry(token.text, dialect);
  if (key !== undefined) return key;
  const keys = listed.orderBy.map((name) => `'${name}'`).join(', ');
  const message = `Invalid ${order.unknownKey} '${bare}' specified. Valid keys are '{${keys}}'`;
  throw refusal('order_by', clause, message, orderRule(dialect));
}

function orderRule({ order }: Dialect): string {
  return `one of ${[...order.keys.keys(), ...order.entries.map((kind) => `${kind}.\`key\``)].join(', ')}`;
}

function readTerm(clause: string, dialect: Dialect): OrderTerm {
  if (clause.length > LIMITS.filter) throw unparsed(`${clause.slice(0, 40)}…`);
  const [key, direction, ...more] = tokenise(inner(clause));
  if (!isName(key) || more.length > 0) throw unparsed(clause);
  const descending = readDirection(direction, clause);
  return { key: readKey(key, clause, dialect), descending };
}

/**
 * Reads the order of a search. Without clauses it is the search's default; what makes the order total is appended.
 * @throws RegistryError invalid_input with MLflow's text
 */
export function parseOrderBy(clauses: readonly string[], dialect: Dialect): readonly OrderTerm[] {
  const { byDefault, tieBreaks } = dialect.order;
  const terms: OrderTerm[] = clauses.length > 0 ? [] : [...byDefault];
  for (const clause of clauses) {
    const term = readTerm(clause, dialect);
    if (terms.some(({ key }) => key === term.key)) {
      const message = `\`order_by\` contains duplicate fields: ${pythonList(clauses)}`;
      throw refusal('order_by', clauses, message, 'each field once');
    }
    terms.push(term);
  }
  const missing = tieBreaks.filter((tieBreak) => !terms.some(({ key }) => key === tieBreak.key));
  return [...terms, ...missing];
}

/** Orders texts by code points, as a database with a binary collation does; UTF-16 code units would not. */
export function compareTexts(left: string, right: string): number {
  for (let at = 0; ; ) {
    const a = left.codePointAt(at);
    const b = right.codePointAt(at);
    if (a !== b) return (a ?? -1) - (b ?? -1);
    if (a === undefined) return 0;
    at += a > 0xffff ? 2 : 1;
  }
}

/** What a row is ordered by under a key; nothing of an entry that it does not have. */
export function orderValue(key: OrderKey, row: Row): number | string | undefined {
  const dot = key.indexOf('.');
  if (dot > 0) {
    const { text, number } = ENTRIES[key.slice(0, dot) as EntryKind];
    return number(row, key.slice(dot + 1)) ?? text(row, key.slice(dot + 1));
  }
  if (Object.hasOwn(NUMBER_ATTRIBUTES, key)) return NUMBER_ATTRIBUTES[key as NumberKey](row) ?? 0;
  return TEXT_ATTRIBUTES[key as TextKey](row)[0] ?? '';
}

/** Orders values: numbers, then texts, then nothing. */
export function compareValues(left: number | string | undefined, right: number | string | undefined): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right);
  return RANK[typeof left as keyof typeof RANK] - RANK[typeof right as keyof typeof RANK];
}

const RANK = { number: 0, string: 1, undefined: 2 } as const;

/** Whether a row has all that it is ordered by: one without an entry that the order names is not found. */
export function isOrderable(terms: readonly OrderTerm[]): (row: Row) => boolean {
  const entries = terms.filter(({ key }) => key.includes('.'));
  return (row) => entries.every(({ key }) => orderValue(key, row) !== undefined);
}

/** The order of rows by terms, the first that tells them apart deciding. */
export function comparator(terms: readonly OrderTerm[]): (left: Row, right: Row) => number {
  return (left, right) => {
    for (const { key, descending } of terms) {
      const order = compareValues(orderValue(key, left), orderValue(key, right));
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  };
}

/** The parts of a list of orders, which commas outside of quotes part. */
export function unquotedParts(list: string): string[] {
  const parts = list.match(/(?:`[^`]*`|"[^"]*"|[^,`"]|[`"])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
