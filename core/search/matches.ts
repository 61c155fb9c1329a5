import type { Condition, NumberCondition, NumberOp, TextCondition } from './condition';
import { likeMatcher } from './like';
import { ENTRIES, NUMBER_ATTRIBUTES, type Row, TEXT_ATTRIBUTES } from './row';

/** Whether a row meets one condition, or all. */
export type Matcher = (row: Row) => boolean;

function equals(op: TextCondition['op'], value: string): (text: string) => boolean {
  if (op === 'LIKE' || op === 'ILIKE') return likeMatcher(value, op === 'ILIKE');
  return (text) => text === value;
}

const COMPARE: Readonly<Record<NumberOp, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/**
 * Of attributes `!=` is the opposite of `=`: an empty `run_id` differs from every other, and a row without aliases has
 * none of them. A tag, parameter or metadata field must be there, whatever it is compared with.
 */
function matchesText(condition: TextCondition): Matcher {
  const test = equals(condition.op, condition.value);
  const wanted = condition.op !== '!=';
  if (condition.entity === 'attribute') {
    const values = TEXT_ATTRIBUTES[condition.key];
    return (row) => values(row).some(test) === wanted;
  }
  const { entity, key } = condition;
  return (row) => {
    const value = ENTRIES[entity].text(row, key);
    return value !== undefined && test(value) === wanted;
  };
}

/** What is not there compares with no number, neither as equal nor as different. */
function matchesNumber(condition: NumberCondition): Matcher {
  const { entity, op, value } = condition;
  const number: (row: Row) => number | undefined =
    entity === 'attribute' ? NUMBER_ATTRIBUTES[condition.key] : (row) => ENTRIES[entity].number(row, condition.key);
  return (row) => {
    const found = number(row);
    return found !== undefined && COMPARE[op](found, value);
  };
}

/** Compiles one condition: to be used on many rows. */
export function matcher(condition: Condition): Matcher {
  if (condition.compares === 'text') return matchesText(condition);
  if (condition.compares === 'number') return matchesNumber(condition);
  const { key, value } = condition;
  // MLflow drops ids with upper-case letters from lists, because of how one of its databases compares them.
  const listed = new Set(key === 'run_id' ? value.filter((id) => !/\p{Lu}/u.test(id)) : value);
  return (row) => TEXT_ATTRIBUTES[key](row).some((text) => listed.has(text));
}

/** Compiles all conditions of a filter, of which each must hold. */
export function matcherOf(conditions: readonly Condition[]): Matcher {
  const all = conditions.map(matcher);
  return (row) => all.every((matches) => matches(row));
}
