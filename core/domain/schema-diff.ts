import { canonicalJson, type Json, type JsonObject } from './json';

/** What a change of a model's signature means to those who call it. */
export type SchemaVerdict = 'compatible' | 'backward-compatible' | 'breaking' | 'unknown';

/** One column or tensor that differs. */
export interface SchemaChange {
  readonly of: 'input' | 'output';
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Its type before and after, as JSON; `optional` where it need not be sent. */
  readonly before?: string;
  readonly after?: string;
  readonly breaking: boolean;
}

interface Column {
  readonly type: string;
  readonly required: boolean;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is written as JSON text, as MLflow stores it, or as it is; text that is no JSON stays what it is. */
function parsed(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

/** The columns of one side of a signature by name; nothing where its form is not known. */
function columnsOf(side: Json | undefined): ReadonlyMap<string, Column> | undefined {
  const list = parsed(side);
  if (list === undefined || list === null) return new Map();
  if (isObject(list)) {
    return new Map(Object.entries(list).map(([name, type]) => [name, { type: canonicalJson(type), required: true }]));
  }
  if (!Array.isArray(list)) return undefined;
  const columns = list.map((column, at): [string, Column] => {
    if (!isObject(column)) return [String(at), { type: canonicalJson(column), required: true }];
    const { name, required, optional, ...type } = column;
    const isRequired = required !== false && optional !== true;
    return [typeof name === 'string' ? name : String(at), { type: canonicalJson(type), required: isRequired }];
  });
  return new Map(columns);
}

const shown = ({ type, required }: Column): string => (required ? type : `${type} optional`);

/** Callers break where they must send something else than before. */
function breaksInput(before: Column | undefined, after: Column | undefined): boolean {
  if (!after) return false;
  if (!before) return after.required;
  return before.type !== after.type || (after.required && !before.required);
}

/** Callers break where they no longer get what they got. */
function breaksOutput(before: Column | undefined, after: Column | undefined): boolean {
  return (
    before !== undefined && (after === undefined || before.type !== after.type || (before.required && !after.required))
  );
}

function changesOf(of: 'input' | 'output', before: ReadonlyMap<string, Column>, after: ReadonlyMap<string, Column>) {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name): SchemaChange[] => {
    const [old, now] = [before.get(name), after.get(name)];
    if (old && now && shown(old) === shown(now)) return [];
    const breaking = of === 'input' ? breaksInput(old, now) : breaksOutput(old, now);
    const change = old ? (now ? 'changed' : 'removed') : 'added';
    return [{ of, name, change, ...(old && { before: shown(old) }), ...(now && { after: shown(now) }), breaking }];
  });
}

/**
 * What changed from one signature to another, and whether who calls the model with the first can call it with the second:
 * `inputs` and `outputs` are lists of columns or tensors, or objects of types by name; texts are read as JSON.
 */
export function schemaDifference(
  before: Json | undefined,
  after: Json | undefined,
): { readonly verdict: SchemaVerdict; readonly changes: readonly SchemaChange[] } {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) {
    return { verdict: before === undefined ? 'unknown' : 'compatible', changes: [] };
  }
  if (!isObject(before) || !isObject(after)) return { verdict: 'unknown', changes: [] };
  const sides = [before['inputs'], after['inputs'], before['outputs'], after['outputs']].map(columnsOf);
  const [inputs, nextInputs, outputs, nextOutputs] = sides;
  if (!inputs || !nextInputs || !outputs || !nextOutputs) return { verdict: 'unknown', changes: [] };
  const changes = [...changesOf('input', inputs, nextInputs), ...changesOf('output', outputs, nextOutputs)];
  if (changes.some(({ breaking }) => breaking)) return { verdict: 'breaking', changes };
  return { verdict: changes.length > 0 ? 'backward-compatible' : 'compatible', changes };
}
