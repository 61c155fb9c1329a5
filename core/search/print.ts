import type { Condition } from './condition';
import { tokenise } from './tokens';

/** A text in the first kind of quotes in which it is one piece of the language. */
function quoted(text: string, quotes: string): string {
  const forms = [...quotes].map((quote) => `${quote}${text}${quote}`);
  return forms.find((form) => tokenise(`x.${form}`).length === 1) ?? `${forms[0]}`;
}

function printKey({ entity, key }: Condition): string {
  return entity === 'attribute' ? key : `${entity}.${quoted(key, '`"\'')}`;
}

function printValue({ value }: Condition): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? quoted(value, '\'"') : `(${value.map((text) => quoted(text, '\'"')).join(', ')})`;
}

/** Writes conditions as a filter: the same for filters that differ only in how they are written. */
export function printFilter(conditions: readonly Condition[]): string {
  return conditions.map((condition) => `${printKey(condition)} ${condition.op} ${printValue(condition)}`).join(' AND ');
}
