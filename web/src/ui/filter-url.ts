import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';

/** Names in the address of a filter's conditions, and of whether one of them is enough. */
export const CONDITION = 'f';
export const MATCH = 'match';

const FORM = /^([^:=^!<>]*)(!?[:=^]|[<>]=?)(.*)$/s;

/** The filter that an address names; conditions of another form are left out. */
export function filterOf(params: URLSearchParams): PropertyFilterProps.Query {
  const tokens = params.getAll(CONDITION).flatMap((text) => {
    const [, key = '', operator = '', value = ''] = FORM.exec(text) ?? [];
    if (operator === '') return [];
    return [{ ...(key !== '' && { propertyKey: decoded(key) }), operator, value }];
  });
  return { tokens, operation: params.get(MATCH) === 'any' ? 'or' : 'and' };
}

/** What stands for a filter in an address. */
export function urlOf({ tokens, operation }: PropertyFilterProps.Query): Record<string, string[] | string | undefined> {
  const conditions = tokens.map(
    ({ propertyKey = '', operator, value }) => `${encodeURIComponent(propertyKey)}${operator}${String(value)}`,
  );
  return { [CONDITION]: conditions, [MATCH]: operation === 'or' && tokens.length > 1 ? 'any' : undefined };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
