import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';

/** Name in the address of a filter's conditions. */
const CONDITION = 'f';

const FORM = /^([^:=^!<>]*)(!?[:=^]|[<>]=?)(.*)$/s;

/**
 * The filter that an address names; conditions of another form are left out.
 * @param lists keys of which a condition has several values
 */
export function filterOf(params: URLSearchParams, lists: ReadonlySet<string> = new Set()): PropertyFilterProps.Query {
  const tokens = params.getAll(CONDITION).flatMap((text) => {
    const [, key = '', operator = '', value = ''] = FORM.exec(text) ?? [];
    if (operator === '') return [];
    const propertyKey = decoded(key);
    const isList = lists.has(propertyKey) && /^!?=$/.test(operator);
    return [{ ...(key !== '' && { propertyKey }), operator, value: isList ? value.split(',').map(decoded) : value }];
  });
  return { tokens, operation: 'and' };
}

/** What stands for a filter in an address. */
export function urlOf({ tokens }: Pick<PropertyFilterProps.Query, 'tokens'>): Record<string, string[]> {
  const conditions = tokens.map(
    ({ propertyKey = '', operator, value }) =>
      `${encoded(propertyKey)}${operator}${Array.isArray(value) ? value.map(encoded).join(',') : String(value ?? '')}`,
  );
  return { [CONDITION]: conditions };
}

/** Without any character that the form of a condition has a meaning for. */
function encoded(text: unknown): string {
  return encodeURIComponent(String(text).toWellFormed()).replaceAll('!', '%21');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
