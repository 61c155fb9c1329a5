/** What a piece of a filter is. A `symbol` is text in double quotes: a key or a value, by where it stands. */
export type TokenKind =
  | 'identifier'
  | 'symbol'
  | 'string'
  | 'number'
  | 'operator'
  | 'keyword'
  | 'punctuation'
  | 'comment'
  | 'error';

/** A piece of a filter as it was written. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Where it starts, in UTF-16 code units. */
  readonly start: number;
}

/**
 * Words that are no keys. MLflow reads filters as SQL, in which `version` and `source` are such words too, and its
 * answers tell callers so; of the hundreds of others that nobody takes for a key, it is clearer to say that the key is
 * not known.
 */
const KEYWORDS: ReadonlySet<string> = new Set([
  'AND',
  'OR',
  'NOT',
  'LIKE',
  'ILIKE',
  'RLIKE',
  'REGEXP',
  'IN',
  'IS',
  'NULL',
  'BETWEEN',
  'ASC',
  'DESC',
  'VERSION',
  'SOURCE',
]);

/** The source of the pattern of a number. */
export const NUMBER = String.raw`-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?`;

/** A doubled quote, and one after a backslash, do not end a text; neither is rewritten, so there are no escapes. */
const SINGLE_QUOTED = String.raw`'(?:[^'\\]|\\'|\\(?!')|'')*'(?!')`;
const DOUBLE_QUOTED = String.raw`"(?:[^"\\]|\\"|\\(?!")|"")*"(?!")`;
const BACK_QUOTED = '`[^`]*`';
const WORD = String.raw`[\p{L}\p{N}_][\p{L}\p{M}\p{N}_$]*`;
const QUOTED_KEY = `${BACK_QUOTED}|${DOUBLE_QUOTED}|${SINGLE_QUOTED}`;

const sticky = (source: string) => new RegExp(source, 'uy');
const SPACE = /\s+/uy;
const COMMENT = /(?:--|# )[^\r\n]*/uy;
const DIGITS = sticky(NUMBER);
const OPERATOR = /[<>=!~]+/uy;
const STRING = sticky(SINGLE_QUOTED);
const SYMBOL = sticky(DOUBLE_QUOTED);
const IDENTIFIER = sticky(
  String.raw`(?:${WORD}(?:\.${WORD})*(?:\.(?:${QUOTED_KEY}))?|${BACK_QUOTED}(?:\.(?:${WORD}|${QUOTED_KEY}))?)`,
);
/** What makes a number the start of a word, as in `1AND`. */
const GOES_ON = /[\p{L}\p{N}_.]/uy;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function tokenAt(text: string, start: number): Token {
  const token = (kind: TokenKind, written: string): Token => ({ kind, text: written, start });
  const comment = matchAt(COMMENT, text, start);
  if (comment !== undefined) return token('comment', comment);
  const number = matchAt(DIGITS, text, start);
  if (number !== undefined && matchAt(GOES_ON, text, start + number.length) === undefined) {
    return token('number', number);
  }
  const identifier = matchAt(IDENTIFIER, text, start);
  if (identifier !== undefined)
    return token(KEYWORDS.has(identifier.toUpperCase()) ? 'keyword' : 'identifier', identifier);
  const string = matchAt(STRING, text, start);
  if (string !== undefined) return token('string', string);
  const symbol = matchAt(SYMBOL, text, start);
  if (symbol !== undefined) return token('symbol', symbol);
  const operator = matchAt(OPERATOR, text, start);
  if (operator !== undefined) return token('operator', operator);
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  return token('(),;'.includes(character) ? 'punctuation' : 'error', character);
}

/** Cuts a filter into its pieces, white space left out. What is no piece of the language becomes an `error`. */
export function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = matchAt(SPACE, text, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

/** What stands between the outer quotes; nothing where the text is not in one of the given kinds of quotes. */
export function unquoted(text: string, quotes: string): string | undefined {
  const quote = text.charAt(0);
  return text.length >= 2 && quotes.includes(quote) && text.endsWith(quote) ? text.slice(1, -1) : undefined;
}
