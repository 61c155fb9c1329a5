import type { Operand } from './clauses';
import { pythonNumber, pythonText, pythonTuple } from './python-form';
import { refusal } from './refuse';
import { NUMBER, type Token, unquoted } from './tokens';

const QUOTED = 'a value in single or double quotes';

/** A text value: in quotes, which are stripped; what stands between is taken as it is. */
export function readText(operand: Operand, filter: string): string {
  const text = unquoted(operand.text, '\'"');
  if (text !== undefined) return text;
  const message =
    'Parameter value is either not quoted or unidentified quote types used for string value ' +
    `${operand.text}. Use either single or double quotes.`;
  throw refusal('filter', filter, message, QUOTED);
}

/** The value of a text attribute; `numeric` names the keys that MLflow's text says take numbers. */
export function readAttributeText(operand: Operand, filter: string, numeric: readonly string[] | undefined): string {
  if (operand.kind === 'number' && numeric) {
    const listed = numeric.map((name) => `'${name}'`).join(', ');
    const message = `Only the '{${listed}}' attributes support comparison with numeric values.`;
    throw refusal('filter', filter, message, QUOTED);
  }
  if (operand.kind === 'number' || operand.kind === 'keyword') throw noAttributeValue(operand, filter);
  return readText(operand, filter);
}

function noAttributeValue(operand: Operand, filter: string): Error {
  const message = `Expected a quoted string value or a list of quoted string values for attributes. Got value ${operand.text}`;
  return refusal('filter', filter, message, QUOTED);
}

/** The value of a tag, a parameter or a metadata field. */
export function readEntryText(operand: Operand, filter: string, entity: 'tag' | 'param' | 'metadata'): string {
  if (operand.kind !== 'group' && operand.kind !== 'number' && operand.kind !== 'keyword') {
    return readText(operand, filter);
  }
  const message = `Expected a quoted string value for ${entity} (e.g. 'my-value'). Got value ${operand.text}`;
  throw refusal('filter', filter, message, QUOTED);
}

/** A day, or a time with its offset, as ISO 8601 writes them. */
const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * What is to be a number as it is written, in quotes or not.
 * @param takesDates a date in quotes stands for its milliseconds
 */
export function readNumeral(operand: Operand, filter: string, takesDates = false): string {
  if (operand.kind === 'keyword') throw noAttributeValue(operand, filter);
  if (operand.kind === 'number' || operand.kind === 'group') return operand.text;
  const text = readText(operand, filter);
  return takesDates && DATE.test(text) ? String(Date.parse(text)) : text;
}

/**
 * The finite number that is written. What is none MLflow hands to its database, which finds nothing or fails; here it
 * is refused.
 */
export function readNumber(numeral: string, filter: string, of: string): number {
  const number = new RegExp(`^${NUMBER}$`).test(numeral) ? Number(numeral) : Number.NaN;
  // Adding 0 makes 0 of -0, which equals it and is printed like it.
  if (Number.isFinite(number)) return number + 0;
  throw refusal('filter', filter, `Expected a numeric value for ${of}. Got value ${numeral}`, 'a finite number');
}

const isComma = (token: Token): boolean => token.kind === 'punctuation' && token.text === ',';
const isElement = (token: Token): boolean => ['string', 'symbol', 'number'].includes(token.kind);

/** The elements of a list, between which commas stand and after which one may; nothing where they do not. */
function elements(tokens: readonly Token[]): readonly Token[] | undefined {
  const formed = tokens.every((token, index) => (index % 2 === 0 ? isElement(token) : isComma(token)));
  return formed ? tokens.filter(isElement) : undefined;
}

const LIST = 'While parsing a list in the query, expected';

function badList(message: string, filter: string): Error {
  return refusal('filter', filter, `${LIST} ${message}`, "texts in quotes with commas between, such as ('a', 'b')");
}

/**
 * The texts of a list in parentheses.
 * @throws RegistryError invalid_input
 */
export function readList(tokens: readonly Token[], filter: string): readonly string[] {
  const listed = elements(tokens);
  if (!listed) throw badList('a non-empty list of string values, but got ill-formed list.', filter);
  if (listed.length === 0) throw badList('a non-empty list of string values, but got empty list', filter);
  if (listed.every((token) => token.kind !== 'number')) return listed.map((token) => readText(token, filter));
  const forms = listed.map((token) =>
    token.kind === 'number' ? pythonNumber(token.text) : pythonText(readText(token, filter)),
  );
  const message = `string value, punctuation, or whitespace, but got different type in list: ${pythonTuple(forms)}`;
  throw badList(message, filter);
}
