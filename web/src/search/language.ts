import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';

type Token = Pick<PropertyFilterProps.Token, 'propertyKey' | 'operator' | 'value'>;

/** Something that the registry's searches compare: a key of their language, as it is written there. */
export interface Field {
  readonly key: string;
  /** What people call it. */
  readonly label: string;
  /** A list takes several texts at once; a measure takes numbers where it is compared by size, else texts. */
  readonly takes: 'text' | 'list' | 'number' | 'measure' | 'time';
}

/** A filter in the language of the registry's searches, or why there is none. */
export type Filter = { readonly filter: string } | { readonly fault: string };

/** Entries of maps that searches compare. */
export type EntryKind = 'tags' | 'metrics' | 'params' | 'metadata';

/**
 * A text in the language's quotes, which has no escapes; nothing where neither kind of quotes can hold it.
 * @example quoted("it's") is "it's" in double quotes
 */
export function quoted(text: string): string | undefined {
  // A backslash before the closing quote would keep the text open.
  const quote = ["'", '"'].find((mark) => !text.includes(mark) && !text.endsWith('\\'));
  return quote && `${quote}${text}${quote}`;
}

/** The key of an entry, such as a tag; nothing where no kind of quotes can hold it. */
export function entryKey(kind: EntryKind, key: string): string | undefined {
  if (/^[a-z_]\w*(\.[a-z_]\w*)*$/i.test(key)) return `${kind}.${key}`;
  const inQuotes = key.includes('`') ? quoted(key) : `\`${key}\``;
  return inQuotes && `${kind}.${inQuotes}`;
}

/**
 * What the conditions of a property filter are in the language. Those that somebody wrote in the language already are taken
 * as they are.
 * @param freeText key that a text without a key is looked for in
 */
export function filterOfTokens(
  tokens: readonly Token[],
  fields: readonly Field[],
  freeText: string | undefined,
): Filter {
  const clauses: string[] = [];
  for (const token of tokens) {
    const clause = clauseOf(token, fields, freeText);
    if ('fault' in clause) return clause;
    if (clause.filter !== '') clauses.push(clause.filter);
  }
  return { filter: clauses.join(' AND ') };
}

const TWO_QUOTES =
  'The language of searches cannot hold a text with both kinds of quotation marks, or one that ends with \\.';

function clauseOf(token: Token, fields: readonly Field[], freeText: string | undefined): Filter {
  const { propertyKey, operator } = token;
  const values = (Array.isArray(token.value) ? token.value : [token.value]).map((value) => String(value ?? ''));
  const [value = ''] = values;
  if (propertyKey === undefined) {
    if (isComparison(value)) return { filter: value };
    if (freeText === undefined)
      return { fault: `Write a comparison such as ${fields[0]?.key ?? 'stage'} = 'Production'.` };
    return like(freeText, 'ILIKE', `%${value}%`);
  }
  const { takes } = fields.find(({ key }) => key === propertyKey) ?? { takes: 'text' };
  if (/^(['"]).*\1/s.test(value)) return { filter: `${propertyKey} ${operator} ${values.join(', ')}` };
  if (operator === ':') return like(propertyKey, 'ILIKE', `%${value}%`);
  if (operator === '^') return like(propertyKey, 'LIKE', `${value}%`);
  if (takes === 'number' || (takes === 'measure' && operator !== '=' && operator !== '!=')) {
    return { filter: `${propertyKey} ${operator} ${value.trim()}` };
  }
  return compared(propertyKey, operator, values);
}

function compared(key: string, operator: string, values: readonly string[]): Filter {
  const texts = values.map(quoted);
  if (texts.includes(undefined)) return { fault: TWO_QUOTES };
  if (operator === '!=') return { filter: texts.map((text) => `${key} != ${text}`).join(' AND ') };
  if (texts.length > 1) return { filter: `${key} IN (${texts.join(', ')})` };
  return { filter: texts.length === 0 ? '' : `${key} ${operator} ${texts[0]}` };
}

/** `_` stands for any character: where the pattern has both kinds of quotes it stands for one of them. */
function like(key: string, operator: 'LIKE' | 'ILIKE', pattern: string): Filter {
  const text = quoted(pattern) ?? quoted(pattern.replaceAll('"', '_'));
  return text === undefined ? { fault: TWO_QUOTES } : { filter: `${key} ${operator} ${text}` };
}

const COMPARISON =
  /^\s*[\p{L}_][\p{L}\p{N}_$]*(?:\.[\p{L}\p{N}_$]+)*(?:\.(?:`[^`]*`|"[^"]*"|'[^']*'))?\s*(?:[<>]=?|!?=|(?<=\s)(?:i?like|in)\b)/iu;

/** Whether somebody wrote the language itself, rather than words to look for. */
function isComparison(text: string): boolean {
  return COMPARISON.test(text);
}
