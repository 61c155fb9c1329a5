import { LIMITS } from '../domain/limits';
import type { Dialect, OrderKey, OrderTerm } from './dialect';
import { pythonList } from './python-form';
import { refusal } from './refuse';
import { NUMBER_ATTRIBUTES, type Row } from './row';
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

function readKey(token: Token, clause: string, { order, listed }: Dialect): OrderKey {
  const prefixed = order.prefix && token.text.startsWith('attribute.');
  const written = prefixed ? token.text.slice('attribute.'.length) : token.text;
  const bare = unquoted(written, '`"') ?? written;
  const key = order.keys.get(bare);
  if (key !== undefined) return key;
  const keys = listed.orderBy.map((name) => `'${name}'`).join(', ');
  const message = `Invalid ${order.unknownKey} '${bare}' specified. Valid keys are '{${keys}}'`;
  throw refusal('order_by', clause, message, `one of ${[...order.keys.keys()].join(', ')}`);
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

function compareBy(key: OrderKey, left: Row, right: Row): number {
  if (key === 'name') return compareTexts(left.name, right.name);
  const number = NUMBER_ATTRIBUTES[key];
  return (number(left) ?? 0) - (number(right) ?? 0);
}

/** The order of rows by terms, the first that tells them apart deciding. */
export function comparator(terms: readonly OrderTerm[]): (left: Row, right: Row) => number {
  return (left, right) => {
    for (const { key, descending } of terms) {
      const order = compareBy(key, left, right);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  };
}
