import { pythonText } from './python-form';
import { refusal } from './refuse';
import { type Token, tokenise } from './tokens';

/** What stands in parentheses, as it was written. */
interface Group {
  readonly kind: 'group';
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** One side of a comparison. */
export type Operand = Token | Group;

/** A comparison as it was written, before anybody asks whether its key exists and takes its value. */
export interface Clause {
  readonly left: Operand;
  /** Upper case. */
  readonly op: string;
  /** Absent after `IS NULL`. */
  readonly right?: Operand;
}

/** For each opening parenthesis that has a partner, where that is. */
function partners(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const open: number[] = [];
  const found = new Map<number, number>();
  tokens.forEach(({ kind, text }, index) => {
    if (kind !== 'punctuation') return;
    if (text === '(') open.push(index);
    const opened = text === ')' ? open.pop() : undefined;
    if (opened !== undefined) found.set(opened, index);
  });
  return found;
}

/** Puts what stands in matching parentheses together: the language has them for lists only. */
function grouped(text: string, tokens: readonly Token[]): readonly Operand[] {
  const closing = partners(tokens);
  const units: Operand[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    const close = closing.get(index);
    if (close === undefined) {
      units.push(token);
      continue;
    }
    const end = (tokens[close] as Token).start + 1;
    units.push({ kind: 'group', text: text.slice(token.start, end), tokens: tokens.slice(index + 1, close) });
    index = close;
  }
  return units;
}

const isWord = (unit: Operand | undefined, ...words: readonly string[]): boolean =>
  unit?.kind === 'keyword' && words.includes(unit.text.toUpperCase());

const isOperand = (unit: Operand | undefined): boolean =>
  unit !== undefined &&
  (['identifier', 'symbol', 'string', 'number', 'group'].includes(unit.kind) || isWord(unit, 'NULL'));

/** The comparator that starts at a unit, and how many units it takes. */
function comparatorAt(units: readonly Operand[], at: number): { op: string; units: number } | undefined {
  const first = units[at];
  if (first?.kind === 'operator') return { op: first.text, units: 1 };
  const negated = isWord(first, 'NOT');
  const word = negated ? units[at + 1] : first;
  if (isWord(word, 'LIKE', 'ILIKE', 'RLIKE', 'REGEXP', 'IN')) {
    const op = word?.text.toUpperCase();
    return negated ? { op: `NOT ${op}`, units: 2 } : { op: `${op}`, units: 1 };
  }
  if (!isWord(first, 'IS')) return undefined;
  if (isWord(units[at + 1], 'NULL')) return { op: 'IS NULL', units: 2 };
  return isWord(units[at + 1], 'NOT') && isWord(units[at + 2], 'NULL') ? { op: 'IS NOT NULL', units: 3 } : undefined;
}

/** The comparison that starts at a unit, and how many units it takes. */
function clauseAt(units: readonly Operand[], at: number): { clause: Clause; units: number } | undefined {
  const left = units[at];
  if (left === undefined || !isOperand(left)) return undefined;
  const comparator = comparatorAt(units, at + 1);
  if (!comparator) return undefined;
  const { op } = comparator;
  if (op.startsWith('IS ')) return { clause: { left, op }, units: 1 + comparator.units };
  const right = units[at + 1 + comparator.units];
  if (right === undefined || !isOperand(right) || (op.endsWith('IN') && right.kind !== 'group')) return undefined;
  return { clause: { left, op, right }, units: 2 + comparator.units };
}

/**
 * Reads the comparisons of a filter. As in MLflow, an AND too many or too few changes nothing: all of them must hold.
 * @throws RegistryError invalid_input that names everything that is no comparison
 */
export function readClauses(text: string): readonly Clause[] {
  const tokens = tokenise(text);
  const semicolon = tokens.findIndex((token) => token.kind === 'punctuation' && token.text === ';');
  if (semicolon !== -1 && semicolon < tokens.length - 1) {
    const message = `Search filter contained multiple expression ${pythonText(text)}. Provide AND-ed expression list.`;
    throw refusal('filter', text, message, 'one list of comparisons joined by AND, without semicolons');
  }
  const units = grouped(text, tokens);
  const clauses: Clause[] = [];
  const loose: string[] = [];
  for (let at = 0; at < units.length; ) {
    const found = clauseAt(units, at);
    if (found) clauses.push(found.clause);
    else if (!isWord(units[at], 'AND')) loose.push((units[at] as Operand).text);
    at += found?.units ?? 1;
  }
  if (loose.length === 0) return clauses;
  throw refusal(
    'filter',
    text,
    `Invalid clause(s) in filter string: ${loose.join(', ')}`,
    'comparisons `key operator value` joined by AND; texts in quotes; keys of tags in back-quotes where they hold ' +
      'anything but letters, digits, underscores and dots',
  );
}
