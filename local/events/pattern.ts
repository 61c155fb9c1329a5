import { BlockList, isIP } from 'node:net';
import { isObject } from '../template';

/** Tells whether an event fits a pattern. */
export type Matcher = (event: unknown) => boolean;

/** An event pattern that EventBridge would refuse; the message names the place and the rule. */
export class InvalidPattern extends Error {
  constructor(path: string, rule: string) {
    super(`Event pattern is not valid at ${path}: ${rule}`);
    this.name = 'InvalidPattern';
  }
}

/** A test of one value of the event: a string, a number, a boolean or null. */
type Test = (value: unknown) => boolean;

/**
 * Compiles an event pattern with the operators that "Comparison operators for use in event patterns" (Amazon
 * EventBridge user guide) documents: exact values, `prefix`, `suffix`, `equals-ignore-case`, `anything-but`, `numeric`,
 * `exists`, `wildcard`, `cidr` and `$or`. Lambda's filter criteria use the same language.
 *
 * Fields of a pattern must all fit; of the alternatives in a list one must; of a list in the event one element must,
 * and fields below a list must fit in the same element.
 *
 * @throws InvalidPattern
 */
export function compilePattern(pattern: unknown): Matcher {
  return compileObject(pattern, '$');
}

function compileObject(pattern: unknown, path: string): Matcher {
  if (!isObject(pattern)) throw new InvalidPattern(path, 'a pattern is an object');
  const fields = Object.entries(pattern);
  if (fields.length === 0) throw new InvalidPattern(path, 'a pattern names at least one field');
  const tests = fields.map(([name, value]): Matcher => {
    if (name === '$or') return compileOr(value, `${path}.$or`);
    const test = compileField(value, `${path}.${name}`);
    return (event) => test(isObject(event) && Object.hasOwn(event, name) ? event[name] : undefined);
  });
  return (event) => tests.every((test) => test(event));
}

function compileOr(value: unknown, path: string): Matcher {
  if (!Array.isArray(value) || value.length < 2)
    throw new InvalidPattern(path, '$or takes a list of two patterns or more');
  const alternatives = value.map((each, i) => compileObject(each, `${path}[${i}]`));
  return (event) => alternatives.some((fits) => fits(event));
}

function compileField(value: unknown, path: string): Matcher {
  if (isObject(value)) {
    const nested = compileObject(value, path);
    return (event) => (Array.isArray(event) && event.length > 0 ? event.some(nested) : nested(event));
  }
  if (!Array.isArray(value)) throw new InvalidPattern(path, 'a value is an object or a list');
  if (value.length === 0) throw new InvalidPattern(path, 'a list has at least one element');
  const alternatives = value.map((each, i) => compileAlternative(each, `${path}[${i}]`));
  return (event) => {
    const leaves = leavesOf(event);
    return alternatives.some((fits) => fits(leaves));
  };
}

/** The values of a field that patterns can look at: none when the field is absent or an object. */
function leavesOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return value === undefined || isObject(value) ? [] : [value];
}

function compileAlternative(value: unknown, path: string): (leaves: unknown[]) => boolean {
  if (!isObject(value)) {
    const test = exactly(value, path);
    return (leaves) => leaves.some(test);
  }
  const [operator, argument] = only(value, path);
  if (operator === 'exists') {
    if (typeof argument !== 'boolean') throw new InvalidPattern(path, 'exists takes true or false');
    return (leaves) => leaves.length > 0 === argument;
  }
  const test = operator === 'anything-but' ? anythingBut(argument, path) : compileOperator(operator, argument, path);
  return (leaves) => leaves.some(test);
}

function compileOperator(operator: string, argument: unknown, path: string): Test {
  switch (operator) {
    case 'prefix':
    case 'suffix':
      return affix(operator, argument, path);
    case 'equals-ignore-case': {
      const wanted = text(argument, operator, path).toLowerCase();
      return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
    }
    case 'wildcard':
      return wildcard(text(argument, operator, path), path);
    case 'numeric':
      return numeric(argument, path);
    case 'cidr':
      return cidr(text(argument, operator, path), path);
    default:
      throw new InvalidPattern(path, `there is no operator ${operator}`);
  }
}

function exactly(wanted: unknown, path: string): Test {
  if (Array.isArray(wanted)) throw new InvalidPattern(path, 'a list stands directly under its field');
  return (value) => value === wanted;
}

function affix(operator: 'prefix' | 'suffix', argument: unknown, path: string): Test {
  const [inner, ignoringCase] = isObject(argument)
    ? [innerIgnoreCase(argument, operator, path), true]
    : [text(argument, operator, path), false];
  const wanted = ignoringCase ? inner.toLowerCase() : inner;
  return (value) => {
    if (typeof value !== 'string') return false;
    const actual = ignoringCase ? value.toLowerCase() : value;
    return operator === 'prefix' ? actual.startsWith(wanted) : actual.endsWith(wanted);
  };
}

function innerIgnoreCase(argument: unknown, operator: string, path: string): string {
  const [inner, value] = only(argument, path);
  if (inner !== 'equals-ignore-case')
    throw new InvalidPattern(path, `${operator} knows only equals-ignore-case inside`);
  return text(value, inner, path);
}

function anythingBut(argument: unknown, path: string): Test {
  if (isObject(argument)) {
    const [operator, value] = only(argument, path);
    if (!['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(operator)) {
      throw new InvalidPattern(path, `anything-but does not take ${operator}`);
    }
    const refused = list(value, path).map((each) => compileOperator(operator, each, path));
    return (actual) => !refused.some((test) => test(actual));
  }
  const refused = list(argument, path);
  const simple = refused.every((each) => ['string', 'number', 'boolean'].includes(typeof each) || each === null);
  if (!simple) throw new InvalidPattern(path, 'anything-but takes values, or one operator');
  return (actual) => !refused.includes(actual);
}

function list(value: unknown, path: string): unknown[] {
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0) throw new InvalidPattern(path, 'a list has at least one element');
  return values;
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function numeric(argument: unknown, path: string): Test {
  const parts = Array.isArray(argument) ? argument : [];
  if (parts.length !== 2 && parts.length !== 4) {
    throw new InvalidPattern(path, 'numeric takes a comparison and a number, once or twice');
  }
  const tests: ((value: number) => boolean)[] = [];
  for (let i = 0; i < parts.length; i += 2) {
    const compare = COMPARISONS[String(parts[i])];
    const bound: unknown = parts[i + 1];
    if (!compare || typeof bound !== 'number')
      throw new InvalidPattern(path, 'numeric compares by = < <= > >= with numbers');
    tests.push((value) => compare(value, bound));
  }
  const isRange = parts.length === 2 || (String(parts[0]).startsWith('>') && String(parts[2]).startsWith('<'));
  if (!isRange) throw new InvalidPattern(path, 'a numeric range has its lower bound first, then its upper one');
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function wildcard(pattern: string, path: string): Test {
  if (/(^|[^\\])(\\\\)*\*\*/.test(pattern)) throw new InvalidPattern(path, 'wildcard allows no two * in a row');
  const pieces: string[] = [''];
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] ?? '';
    if (character === '*') {
      pieces.push('');
      continue;
    }
    let literal = character;
    if (character === '\\') {
      literal = pattern[++i] ?? '';
      if (literal !== '*' && literal !== '\\') throw new InvalidPattern(path, 'a backslash escapes * or a backslash');
    }
    pieces[pieces.length - 1] += literal;
  }
  return (value) => typeof value === 'string' && fitsPieces(value, pieces);
}

/** Whether the text is these pieces with anything between them. Linear, unlike a regular expression made of `.*`. */
function fitsPieces(value: string, pieces: readonly string[]): boolean {
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first)) return false;
  let position = first.length;
  for (const piece of rest) {
    const found = value.indexOf(piece, position);
    if (found === -1) return false;
    position = found + piece.length;
  }
  return value.length - last.length >= position && value.endsWith(last);
}

function cidr(argument: string, path: string): Test {
  const [address = '', bits = ''] = argument.split('/');
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  if (version === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most) {
    throw new InvalidPattern(path, 'cidr takes an address and a number of bits, for example 10.0.0.0/24');
  }
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(address, Number(bits), family);
  return (value) => typeof value === 'string' && isIP(value) === version && block.check(value, family);
}

function only(value: unknown, path: string): [operator: string, argument: unknown] {
  const [entry, ...more] = isObject(value) ? Object.entries(value) : [];
  if (!entry || more.length > 0) throw new InvalidPattern(path, 'an operator stands alone in its object');
  return entry;
}

function text(value: unknown, operator: string, path: string): string {
  if (typeof value !== 'string') throw new InvalidPattern(path, `${operator} takes a string`);
  return value;
}
