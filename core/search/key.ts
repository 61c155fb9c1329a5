import { type Dialect, filterRule } from './dialect';
import { refusal } from './refuse';
import type { NumberKey, TextKey } from './row';
import { unquoted } from './tokens';

/** The entities of keys as they are written before the dot. */
const ENTITIES = new Map([
  ['attribute', 'attribute'],
  ['tag', 'tag'],
  ['tags', 'tag'],
  ['metric', 'metric'],
  ['metrics', 'metric'],
  ['param', 'param'],
  ['params', 'param'],
  ['metadata', 'metadata'],
] as const);
type Entity = 'attribute' | 'tag' | 'metric' | 'param' | 'metadata';

/** A key that a dialect knows. */
export type Key =
  | { readonly entity: 'attribute'; readonly takes: 'text'; readonly key: TextKey }
  | { readonly entity: 'attribute'; readonly takes: 'number'; readonly key: NumberKey }
  | { readonly entity: 'tag'; readonly key: string }
  /** Takes texts and numbers, by what it is compared with. */
  | { readonly entity: 'param' | 'metadata'; readonly key: string }
  | { readonly entity: 'metric'; readonly key: string };

function readEntity(written: string, filter: string, dialect: Dialect): Entity {
  const entity = (ENTITIES as ReadonlyMap<string, Entity>).get(written);
  if (entity === 'attribute' || entity === 'tag' || (entity !== undefined && dialect.measures)) return entity;
  const message = `Invalid entity type '${written}'. Valid entity types are ('attribute', 'tag', 'tags')`;
  throw refusal('filter', filter, message, filterRule(dialect));
}

/**
 * Reads the left side of a comparison. Keys of attributes are taken as they are written, quotes included.
 * @throws RegistryError invalid_input where the dialect knows no such key
 */
export function readKey(written: string, filter: string, dialect: Dialect): Key {
  const dot = /^[`"]/.test(written) ? -1 : written.indexOf('.');
  const entity = dot === -1 ? 'attribute' : readEntity(written.slice(0, dot), filter, dialect);
  const key = written.slice(dot + 1);
  if (entity !== 'attribute') return { entity, key: unquoted(key, '`"\'') ?? key };
  const text = dialect.textKeys.find((known) => known === key);
  if (text !== undefined) return { entity, takes: 'text', key: text };
  const number = dialect.numberKeys.find((known) => known === key);
  if (number !== undefined) return { entity, takes: 'number', key: number };
  const listed = dialect.listed.filter.map((name) => `'${name}'`).join(', ');
  const message = `Invalid attribute key '${key}' specified. Valid keys are '{${listed}}'`;
  throw refusal('filter', filter, message, filterRule(dialect));
}
