import { LIMITS } from '../domain/limits';
import { type Clause, type Operand, readClauses } from './clauses';
import { type Condition, NUMBER_OPS, type NumberOp, TEXT_OPS, type TextOp } from './condition';
import { type Dialect, filterRule } from './dialect';
import { refusal } from './refuse';
import type { NumberKey, TextKey } from './row';
import { unquoted } from './tokens';
import { readList, readNumber, readText } from './value';

/** The entities of keys as they are written before the dot. */
const ENTITIES = {
  attribute: 'attribute',
  tag: 'tag',
  tags: 'tag',
  metric: 'metric',
  metrics: 'metric',
  param: 'param',
  params: 'param',
} as const;
type Entity = (typeof ENTITIES)[keyof typeof ENTITIES];

type Key =
  | { readonly entity: 'attribute'; readonly type: 'text'; readonly key: TextKey }
  | { readonly entity: 'attribute'; readonly type: 'number'; readonly key: NumberKey }
  | { readonly entity: Exclude<Entity, 'attribute'>; readonly key: string };

/** A clause whose key and value are known; whether the comparator fits is asked last, as MLflow does. */
interface Read {
  readonly key: Key;
  readonly op: string;
  readonly value: string | number | readonly string[] | undefined;
}

/** Reads the clauses of one filter. */
class Reader {
  constructor(
    private readonly filter: string,
    private readonly dialect: Dialect,
  ) {}

  refuse(message: string, rule: string): Error {
    return refusal('filter', this.filter, message, rule);
  }

  read({ left, op, right }: Clause): Read {
    if (left.kind !== 'identifier' && left.kind !== 'symbol') {
      const message = `Invalid comparison clause. Expected 'Identifier' found '${left.text}'`;
      throw this.refuse(message, 'a key on the left of the comparator');
    }
    const key = this.key(left.text);
    return { key, op, value: right && this.value(key, right) };
  }

  private entity(written: string): Entity {
    const entity = Object.hasOwn(ENTITIES, written) ? ENTITIES[written as keyof typeof ENTITIES] : undefined;
    const known = entity === 'attribute' || entity === 'tag' || (this.dialect.measures && entity !== undefined);
    if (known) return entity;
    const message = `Invalid entity type '${written}'. Valid entity types are ('attribute', 'tag', 'tags')`;
    throw this.refuse(message, filterRule(this.dialect));
  }

  private key(written: string): Key {
    const dot = /^[`"]/.test(written) ? -1 : written.indexOf('.');
    const entity = dot === -1 ? 'attribute' : this.entity(written.slice(0, dot));
    const key = written.slice(dot + 1);
    if (entity !== 'attribute') return { entity, key: unquoted(key, '`"\'') ?? key };
    const text = this.dialect.textKeys.find((known) => known === key);
    if (text !== undefined) return { entity, type: 'text', key: text };
    const number = this.dialect.numberKeys.find((known) => known === key);
    if (number !== undefined) return { entity, type: 'number', key: number };
    const listed = this.dialect.listed.filter.map((name) => `'${name}'`).join(', ');
    const message = `Invalid attribute key '${key}' specified. Valid keys are '{${listed}}'`;
    throw this.refuse(message, filterRule(this.dialect));
  }

  private value(key: Key, operand: Operand): Read['value'] {
    if (key.entity === 'attribute') {
      if (operand.kind === 'group') return this.list(key.key, operand);
      return key.type === 'number' ? this.number(`attribute ${key.key}`, operand) : this.text(operand);
    }
    if (key.entity === 'metric') return this.number('metric', operand);
    if (operand.kind !== 'group' && operand.kind !== 'number' && operand.kind !== 'keyword') {
      return readText(operand, this.filter);
    }
    const message = `Expected a quoted string value for ${key.entity} (e.g. 'my-value'). Got value ${operand.text}`;
    throw this.refuse(message, 'a value in single or double quotes');
  }

  private list(key: string, group: Operand & { readonly kind: 'group' }): readonly string[] {
    const { listKeys } = this.dialect;
    if (listKeys.some((known) => known === key)) return readList(group.tokens, this.filter);
    const message = "Only the 'run_id' attribute supports comparison with a list of quoted string values.";
    const rule = listKeys.length > 0 ? `IN with one of ${listKeys.join(', ')}` : 'no list of values';
    throw this.refuse(message, rule);
  }

  private number(what: string, operand: Operand): number {
    const unread = operand.kind === 'identifier' ? readText(operand, this.filter) : undefined;
    const number = unread === undefined ? readNumber(operand) : undefined;
    if (number !== undefined) return number;
    throw this.refuse(`Expected a numeric value for ${what}. Got value ${operand.text}`, 'a finite number');
  }

  private text(operand: Operand): string {
    const { numeric } = this.dialect.listed;
    if (operand.kind === 'number' && numeric) {
      const listed = numeric.map((name) => `'${name}'`).join(', ');
      const message = `Only the '{${listed}}' attributes support comparison with numeric values.`;
      throw this.refuse(message, 'a value in single or double quotes');
    }
    if (operand.kind !== 'number' && operand.kind !== 'keyword') return readText(operand, this.filter);
    const message =
      'Expected a quoted string value or a list of quoted string values for attributes. ' +
      `Got value ${operand.text}`;
    throw this.refuse(message, 'a value in single or double quotes');
  }

  check({ key, op, value }: Read): Condition {
    const number = typeof value === 'number' || (key.entity === 'attribute' && key.type === 'number');
    const numberOp = NUMBER_OPS.find((known): known is NumberOp => known === op);
    const textOp = TEXT_OPS.find((known): known is TextOp => known === op);
    if (key.entity === 'attribute' && key.type === 'text') {
      const { entity } = key;
      if (typeof value === 'string' && textOp) return { compares: 'text', entity, key: key.key, op: textOp, value };
      if (typeof value === 'object' && op === 'IN') return { compares: 'list', entity, key: key.key, op, value };
    }
    throw new Error(String([number, numberOp]));
  }
}

export function parseFilter(filter: string, dialect: Dialect): readonly Condition[] {
  const reader = new Reader(filter, dialect);
  return readClauses(filter).map((clause) => reader.read(clause)).map((read) => reader.check(read));
}
void LIMITS;
