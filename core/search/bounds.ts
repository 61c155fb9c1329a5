import type { Condition } from './condition';

/** Characters with a meaning in LIKE. */
const WILD = /[%_]/;

function onName(conditions: readonly Condition[]) {
  return conditions.flatMap((condition) =>
    condition.entity === 'attribute' && condition.key === 'name' && condition.compares === 'text' ? [condition] : [],
  );
}

/** The only name that a filter lets pass, where it names one. */
export function onlyName(conditions: readonly Condition[]): string | undefined {
  return onName(conditions).find(({ op }) => op === '=')?.value;
}

/** What every name that passes a filter starts with; the longest that its conditions tell. */
export function namePrefix(conditions: readonly Condition[]): string {
  const prefixes = onName(conditions)
    .filter(({ op }) => op === 'LIKE')
    .map(({ value }) => value.split(WILD, 1)[0] ?? '');
  return prefixes.reduce((longest, prefix) => (prefix.length > longest.length ? prefix : longest), '');
}
