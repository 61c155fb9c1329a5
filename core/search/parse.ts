import { invalid } from '../domain/errors';
import { LIMITS } from '../domain/limits';
import { type Clause, type Operand, readClauses } from './clauses';
import { type Condition, NUMBER_OPS, type NumberOp, TEXT_OPS, type TextOp } from './condition';
import type { Dialect } from './dialect';
import { type Key, readKey } from './key';
import { refusal } from './refuse';
import type { TextKey } from './row';
import { readAttributeText, readEntryText, readList, readNumber, readNumeral } from './value';

/** Keys whose values may be written as dates too. */
const TIMES: ReadonlySet<string> = new Set(['creation_timestamp', 'last_updated_timestamp']);

/** Checks the comparator of a clause whose key and value were read. */
type Check = () => Condition;

/** Finds a comparator among those that a key takes. */
function comparator<Op extends string>(op: string, known: readonly Op[], of: string, filter: string): Op {
  const found = known.find((name) => name === op);
  if (found !== undefined) return found;
  throw refusal('filter', filter, `Invalid comparator for ${of}: ${op}`, `one of ${known.join(', ')}`);
}

const textOp = (op: string, of: string, filter: string): TextOp => comparator(op, TEXT_OPS, of, filter);
const numberOp = (op: string, of: string, filter: string): NumberOp => comparator(op, NUMBER_OPS, of, filter);

function checkList(
  key: string,
  group: Operand & { kind: 'group' },
  op: string,
  filter: string,
  dialect: Dialect,
): Check {
  const { listKeys } = dialect;
  const known: TextKey | undefined = listKeys.find((name) => name === key);
  if (known === undefined) {
    const message = "Only the 'run_id' attribute supports comparison with a list of quoted string values.";
    const rule = listKeys.length > 0 ? `lists with ${listKeys.join(', ')} only` : 'no lists';
    throw refusal('filter', filter, message, rule);
  }
  const value = readList(group.tokens, filter);
  return () => ({
    compares: 'list',
    entity: 'attribute',
    key: known,
    op: comparator(op, ['IN'], 'attribute', filter),
    value,
  });
}

type AttributeKey = Extract<Key, { readonly entity: 'attribute' }>;

function checkAttribute(key: AttributeKey, op: string, right: Operand, filter: string, dialect: Dialect): Check {
  if (right.kind === 'group') return checkList(key.key, right, op, filter, dialect);
  const { entity } = key;
  if (key.takes === 'text') {
    const value = readAttributeText(right, filter, dialect.listed.numeric);
    return () => ({ compares: 'text', entity, key: key.key, op: textOp(op, entity, filter), value });
  }
  const numeral = readNumeral(right, filter, dialect.measures && TIMES.has(key.key));
  const of = `attribute ${key.key}`;
  // The comparator before the number: `LIKE '1%'` has the wrong comparator, not the wrong number.
  return () => {
    const found = numberOp(op, of, filter);
    return { compares: 'number', entity, key: key.key, op: found, value: readNumber(numeral, filter, of) };
  };
}

function checkValue(key: Key, op: string, right: Operand, filter: string, dialect: Dialect): Check {
  if (key.entity === 'attribute') return checkAttribute(key, op, right, filter, dialect);
  if (key.entity === 'metric') {
    const value = readNumber(readNumeral(right, filter), filter, key.entity);
    return () => ({ compares: 'number', ...key, op: numberOp(op, key.entity, filter), value });
  }
  if (key.entity !== 'tag' && right.kind === 'number') {
    const value = readNumber(right.text, filter, key.entity);
    return () => ({ compares: 'number', ...key, op: numberOp(op, key.entity, filter), value });
  }
  const value = readEntryText(right, filter, key.entity);
  return () => ({ compares: 'text', ...key, op: textOp(op, key.entity, filter), value });
}

function readClause({ left, op, right }: Clause, filter: string, dialect: Dialect): Check {
  if (left.kind !== 'identifier' && left.kind !== 'symbol') {
    const message = `Invalid comparison clause. Expected 'Identifier' found '${left.text}'`;
    throw refusal('filter', filter, message, 'a key on the left of the comparator');
  }
  const key = readKey(left.text, filter, dialect);
  if (right) return checkValue(key, op, right, filter, dialect);
  return () => {
    throw refusal('filter', filter, `Invalid comparator for ${key.entity}: ${op}`, `one of ${TEXT_OPS.join(', ')}`);
  };
}

/**
 * Reads a filter: comparisons of which all must hold, none for a blank one. As in MLflow, the first fault in the form
 * of the filter is told before faults in keys and values, and those before comparators that do not fit.
 * @throws RegistryError invalid_input with MLflow's text
 */
export function parseFilter(filter: string, dialect: Dialect): readonly Condition[] {
  if (filter.length > LIMITS.filter) {
    throw invalid('filter', `${filter.slice(0, 40)}…`, `at most ${LIMITS.filter} characters`);
  }
  const checks = readClauses(filter).map((clause) => readClause(clause, filter, dialect));
  return checks.map((check) => check());
}
