import { type Segment, visit } from 'jsonc-parser';
import { invalid, RegistryError } from '../../core/domain/errors';
import { LIMITS } from '../../core/domain/limits';

function fieldOf(path: readonly Segment[]): string {
  return ['body', ...path].join('.');
}

function malformed(rule: string, value?: unknown, cause?: unknown, path: readonly Segment[] = []): RegistryError {
  const violations = [{ field: fieldOf(path), rule, ...(value !== undefined && { value }) }];
  return new RegistryError('malformed_json', `The body is not acceptable JSON: ${rule}.`, violations, { cause });
}

/**
 * Parses the text of a body that may be hostile: at most 1 MiB, nested at most 32 deep, no name twice in an object (the
 * reader and a proxy before it could each see another one), no `__proto__`, no unpaired surrogate (it has no UTF-8
 * form), no byte order mark. An empty text is an empty object.
 * @throws RegistryError payload_too_large, malformed_json, invalid_input
 */
export function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  if (Buffer.byteLength(text) > LIMITS.requestBytes) {
    throw new RegistryError('payload_too_large', `The body may have ${LIMITS.requestBytes} bytes.`, [
      { field: 'body', value: Buffer.byteLength(text), rule: `at most ${LIMITS.requestBytes} bytes` },
    ]);
  }
  if (text.startsWith('\ufeff')) throw malformed('no byte order mark');
  if (deepest(text) > LIMITS.jsonDepth) throw malformed(`nested at most ${LIMITS.jsonDepth} deep`);
  const value = parsed(text);
  checkNames(text);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : 'syntax', undefined, error);
  }
}

/** How deep brackets nest outside strings: counted before anything recursive looks at the text. */
function deepest(text: string): number {
  let depth = 0;
  let most = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') most = Math.max(most, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return most;
}

const PAIRED = 'no unpaired surrogates';

function checkNames(text: string): void {
  const open: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => {
      open.push(new Set());
    },
    onObjectEnd: () => {
      open.pop();
    },
    onObjectProperty: (name, _offset, _length, _line, _character, pathTo) => {
      const names = open.at(-1);
      const refuse = (rule: string) => malformed(rule, name, undefined, [...pathTo(), name]);
      if (names?.has(name)) throw refuse('each name once in an object');
      if (name === '__proto__') throw refuse("no '__proto__'");
      if (!name.isWellFormed()) throw invalid(fieldOf([...pathTo(), name]), name, PAIRED);
      names?.add(name);
    },
    onLiteralValue: (value: unknown, _offset, _length, _line, _character, pathTo) => {
      if (typeof value === 'string' && !value.isWellFormed()) throw invalid(fieldOf(pathTo()), value, PAIRED);
    },
  });
}
