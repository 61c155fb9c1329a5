import { readFile } from 'node:fs/promises';
import type { Json } from '../../core/domain/json';
import type { InputOf } from '../api';
import type { CiRun } from './ci';

/** The body of a registration. */
export type Body = NonNullable<InputOf<'registerVersion'>['body']>;

/** What flags say of a version. */
export interface Said {
  /** Files with JSON objects. */
  readonly metadata?: string;
  readonly metrics?: string;
  readonly tags?: string;
  readonly metric: Readonly<Record<string, string>>;
  readonly tag: Readonly<Record<string, string>>;
  readonly param: Readonly<Record<string, string>>;
  readonly reference: Readonly<Record<string, string>>;
  readonly description?: string;
  readonly semanticVersion?: string;
}

async function objectIn(file: string | undefined): Promise<Record<string, Json>> {
  if (file === undefined) return {};
  const value: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${file} does not hold a JSON object`);
  }
  return value as Record<string, Json>;
}

function numbers(values: Readonly<Record<string, string>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => {
      const value = Number(text);
      if (text.trim() === '' || !Number.isFinite(value)) throw new Error(`metric ${name}: ${text} is not a number`);
      return [name, value];
    }),
  );
}

/** A hyper-parameter as it was meant: numbers and booleans are not texts. */
function typed(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** What the version says of itself: the files of metadata, then the flags, then what the CI system tells. */
export async function bodyOf(said: Said, run: CiRun | undefined, isFinal: boolean): Promise<Body> {
  // Whether files follow is known from the arguments: with `final` the version would be READY without them.
  const { final: _, ...whole } = await objectIn(said.metadata);
  const merged = (field: string, ...more: object[]) => Object.assign({}, whole[field], ...more) as object;
  const tags = merged('tags', await objectIn(said.tags), said.tag);
  const metrics = merged('metrics', await objectIn(said.metrics), numbers(said.metric));
  const parameters = Object.entries(said.param).map(([name, text]) => [name, typed(text)] as const);
  const named = Object.entries(said.reference).map(([path, uri]) => ({ path, uri }));
  const { references: described = [] } = whole;
  if (!Array.isArray(described)) throw new Error(`${said.metadata}: references is not a list`);
  const references = [...described, ...named];
  const { id, system, url, code } = run ?? {};
  return {
    ...(run && { run: { id, system, ...(url && { url }) } }),
    ...(code && { code }),
    ...whole,
    ...(said.description !== undefined && { description: said.description }),
    ...(said.semanticVersion !== undefined && { semanticVersion: said.semanticVersion }),
    tags,
    metrics,
    hyperParameters: merged('hyperParameters', Object.fromEntries(parameters)),
    ...(references.length > 0 && { references }),
    ...(isFinal && { final: true }),
  } as Body;
}
