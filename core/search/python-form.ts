/** Values as Python prints them: MLflow puts them into its messages in this form. */

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`;
  const known = ESCAPES[character];
  if (known !== undefined) return known;
  const point = character.codePointAt(0) ?? 0;
  const unprintable = point < 0x20 || (point >= 0x7f && point <= 0xa0);
  return unprintable ? `\\x${point.toString(16).padStart(2, '0')}` : character;
}

/** A text: in single quotes, or in double ones where it holds single quotes only. */
export function pythonText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return `${quote}${[...text].map((character) => escaped(character, quote)).join('')}${quote}`;
}

/** A number, of which Python tells whole from floating ones by how they were written. */
export function pythonNumber(written: string): string {
  if (/^-?\d+$/.test(written)) return written;
  const value = Number(written);
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}

/** A list of texts. */
export function pythonList(texts: readonly string[]): string {
  return `[${texts.map(pythonText).join(', ')}]`;
}

/** A tuple of values that are in Python's form already: a single one is followed by a comma. */
export function pythonTuple(forms: readonly string[]): string {
  return forms.length === 1 ? `(${forms[0]},)` : `(${forms.join(', ')})`;
}
