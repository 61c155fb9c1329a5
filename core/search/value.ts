import type { Operand } from './clauses';
import { pythonNumber, pythonText, pythonTuple } from './python-form';
import { refusal } from './refuse';
import { type Token, unquoted } from './tokens';

const LIST = 'While parsing a list in the query, expected';

/** A text value: in quotes, which are stripped; what stands between is taken as it is. */
export function readText(operand: Operand, filter: string): string {
  const text = unquoted(operand.text, '\'"');
  if (text !== undefined) return text;
  const message =
    'Parameter value is either not quoted or unidentified quote types used for string value ' +
    `${operand.text}. Use either single or double quotes.`;
  throw refusal('filter', filter, message, 'a value in single or double quotes');
}

/** A finite number, quoted or not; nothing where the operand is none. */
export function readNumber(operand: Operand): number | undefined {
  const text = operand.kind === 'number' ? operand.text : unquoted(operand.text, '\'"');
  if (text === undefined || !/^-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return undefined;
  const number = Number(text);
  // Adding 0 makes 0 of -0, which equals it and prints like it.
  return Number.isFinite(number) ? number + 0 : undefined;
}

const isComma = (token: Token): boolean => token.kind === 'punctuation' && token.text === ',';
const isElement = (token: Token): boolean => ['string', 'symbol', 'number'].includes(token.kind);

/** The elements of a list, between which commas stand and after which one may; nothing where they do not. */
function elements(tokens: readonly Token[]): readonly Token[] | undefined {
  const formed = tokens.every((token, index) => (index % 2 === 0 ? isElement(token) : isComma(token)));
  return formed ? tokens.filter(isElement) : undefined;
}

/**
 * The texts of a list in parentheses.
 * @throws RegistryError invalid_input in the words of MLflow
 */
export function readList(tokens: readonly Token[], filter: string): readonly string[] {
  const rule = "texts in quotes with commas between, such as ('a', 'b')";
  const listed = elements(tokens);
  if (!listed) {
    throw refusal('filter', filter, `${LIST} a non-empty list of string values, but got ill-formed list.`, rule);
  }
  if (listed.length === 0) {
    throw refusal('filter', filter, `${LIST} a non-empty list of string values, but got empty list`, rule);
  }
  if (listed.some((token) => token.kind === 'number')) {
    const forms = listed.map((token) =>
      token.kind === 'number' ? pythonNumber(token.text) : pythonText(readText(token, filter)),
    );
    const message = `${LIST} string value, punctuation, or whitespace, but got different type in list: `;
    throw refusal('filter', filter, message + pythonTuple(forms), rule);
  }
  return listed.map((token) => readText(token, filter));
}
