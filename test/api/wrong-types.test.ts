import { z } from 'zod';
import type { Operation } from '../../contract/operation';
import { OPERATIONS } from '../../contract/operations';
import { exampleOf, makeWorld, type World } from '../support/commands';
import { startRegistry, type TestRegistry } from '../support/registry';
import { writesTo } from '../support/unchanged';

let registry: TestRegistry;
let world: World;
beforeAll(async () => {
  registry = await startRegistry();
  world = await makeWorld(registry, 'm');
});
afterAll(() => registry.close());

/** The part of JSON Schema that the contract's inputs come to. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly default?: unknown;
}

type Path = readonly (string | number)[];

/** One value of each type of JSON, none of which means anything to a field by chance. */
const VALUES: Readonly<Record<string, unknown>> = {
  null: null,
  number: 0.5,
  string: '\u0001 no such thing',
  boolean: true,
  array: [[]],
  object: { 'no such field': 1 },
};

function variants(schema: Schema): readonly Schema[] {
  return schema.anyOf ?? schema.oneOf ?? [schema];
}

function typesOf(schema: Schema): string[] {
  return variants(schema).flatMap((variant) => {
    if (variant.$ref !== undefined || Object.keys(variant).length === 0) return Object.keys(VALUES);
    if (variant.anyOf || variant.oneOf) return typesOf(variant);
    if (variant.const !== undefined) return [typeof variant.const];
    // a whole number, a choice or a form is not met by any number or text: those must be refused as well
    if (variant.type === 'integer' || variant.enum || variant.pattern || variant.format) return [];
    return [variant.type ?? 'object'];
  });
}

/** A value that a schema takes, with every field that it may have down to the given place. */
function valid(schema: Schema): unknown {
  const [variant = {}] = variants(schema);
  if (variant.$ref !== undefined) return 1;
  if (variant.const !== undefined) return variant.const;
  if (variant.enum) return variant.enum[0];
  if (variant.anyOf || variant.oneOf) return valid(variant);
  switch (variant.type) {
    case 'object':
      return Object.fromEntries(
        (variant.required ?? []).map((name) => [name, valid(variant.properties?.[name] ?? {})]),
      );
    case 'array':
      return variant.minItems ? Array.from({ length: variant.minItems }, () => valid(variant.items ?? {})) : [];
    case 'integer':
    case 'number':
      return Math.max(1, variant.minimum ?? 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return textOf(variant);
  }
}

function textOf({ pattern = '', format, minLength = 1 }: Schema): string {
  if (format === 'date-time') return '2026-01-01T00:00:00Z';
  if (format === 'uri') return 'https://example.org';
  if (pattern.startsWith('^sha256:')) return `sha256:${'0'.repeat(64)}`;
  if (pattern.includes('{64}') || pattern.includes('{7,64}')) return '0'.repeat(64);
  return pattern === '' ? 'a'.repeat(minLength) : '1.0.0';
}

interface Place {
  readonly path: Path;
  readonly schema: Schema;
  /** The whole body with a value at that place. */
  readonly bodyWith: (value: unknown) => unknown;
}

/** Every place of a body, those inside lists and maps too. */
function placesOf(schema: Schema, path: Path = [], bodyWith: (value: unknown) => unknown = (value) => value): Place[] {
  const here: Place = { path, schema, bodyWith };
  const inside = variants(schema).flatMap((variant): Place[] => {
    if (variant.anyOf || variant.oneOf) return placesOf(variant, path, bodyWith).slice(1);
    const fields = Object.entries(variant.properties ?? {}).filter(([, field]) => field.const === undefined);
    const inFields = fields.flatMap(([name, field]) =>
      placesOf(field, [...path, name], (value) => bodyWith({ ...(valid(variant) as object), [name]: value })),
    );
    const inMap =
      typeof variant.additionalProperties === 'object'
        ? placesOf(variant.additionalProperties, [...path, 'k'], (value) => bodyWith({ k: value }))
        : [];
    const inList = variant.items ? placesOf(variant.items, [...path, 0], (value) => bodyWith([value])) : [];
    return [...inFields, ...inMap, ...inList];
  });
  return [here, ...inside];
}

function inputSchema(type: z.ZodType): Schema {
  return z.toJSONSchema(type, { target: 'draft-2020-12', io: 'input', reused: 'inline' }) as Schema;
}

function isStrict(schema: Schema): boolean {
  return variants(schema).some(
    (variant) =>
      variant.anyOf?.some(isStrict) || variant.oneOf?.some(isStrict) || variant.additionalProperties === false,
  );
}

/** Where a refusal may point: at the place, at something in it, or at the union around it. */
function pointsAt(field: string, path: Path): boolean {
  const at = ['body', ...path].join('.');
  return (
    field === at || field.startsWith(`${at}.`) || (path.length > 0 && at.startsWith(`${field}.`) && field !== 'body')
  );
}

const withBody: Operation[] = Object.values(OPERATIONS as Record<string, Operation>).filter(({ body }) => body);

test.each(withBody.map(({ id }) => id))('%s refuses every field of a wrong type, and every unknown one', async (id) => {
  const { body } = (OPERATIONS as Record<string, Operation>)[id] as Operation;
  const { method, path } = exampleOf(id, world);
  const places = placesOf(inputSchema(body?.() as z.ZodObject));
  const before = writesTo(registry);
  let tried = 0;
  const check = async (place: Path, what: string, sent: unknown) => {
    const { status, body: problem } = await registry.request(method, path, { body: JSON.stringify(sent) });
    const field: string = problem?.errors?.[0]?.field ?? '';
    const rule: string = problem?.errors?.[0]?.rule ?? '';
    expect({ place, what, status, at: pointsAt(field, place) || field, rule }).toEqual({
      place,
      what,
      status: 400,
      at: true,
      rule: expect.not.stringMatching(/^(Invalid input)?$/),
    });
    tried += 1;
  };
  for (const place of places) {
    const allowed = typesOf(place.schema);
    for (const [type, value] of Object.entries(VALUES)) {
      if (allowed.includes(type)) continue;
      await check(place.path, type, place.bodyWith(value));
    }
    if (isStrict(place.schema)) {
      const extra = { ...(valid(place.schema) as object), surplus: 1 };
      await check([...place.path, 'surplus'], 'an unknown field', place.bodyWith(extra));
    }
  }
  expect(tried).toBeGreaterThanOrEqual(6);
  expect(writesTo(registry)).toBe(before);
});

test('no object of any body takes fields that it does not declare', () => {
  for (const { id, body } of withBody) {
    for (const { path, schema } of placesOf(inputSchema(body?.() as z.ZodObject))) {
      for (const { properties, additionalProperties } of variants(schema)) {
        if (properties) expect({ id, path, additionalProperties }).toEqual({ id, path, additionalProperties: false });
      }
    }
  }
});

test('the places are found: a version has them in lists, maps and unions', () => {
  const paths = placesOf(inputSchema(OPERATIONS.registerVersion.body())).map(({ path }) => path.join('.'));
  for (const path of ['run.url', 'tags.k', 'containers.0.environment.k', 'metadata.k.value', 'references.0.size']) {
    expect(paths).toContain(path);
  }
});

const others: Operation[] = Object.values(OPERATIONS as Record<string, Operation>);

test.each(others.map(({ id }) => id))('%s refuses unknown parameters and bodies that it does not take', async (id) => {
  const operation = (OPERATIONS as Record<string, Operation>)[id] as Operation;
  const values: Record<string, string> = {
    ...world,
    version: '1',
    alias: 'champion',
    stage: 'Staging',
    key: 'a',
    sequence: '1',
    metric: 'auc',
    revision: '1',
    policy: 'champion',
    workspace: 'default',
  };
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  const before = writesTo(registry);
  const needed = Object.entries(inputSchema(operation.query?.() ?? z.strictObject({})).properties ?? {}).map(
    ([name]) => name,
  );
  const given = [
    ...(needed.includes('path') ? ['path=empty.bin'] : []),
    ...(needed.includes('at') ? ['at=2026-01-01T00:00:00Z'] : []),
    ...(needed.includes('token') ? ['token=any'] : []),
  ];
  const unknown = await registry.request(operation.method, `${path}?${[...given, 'surplus=1'].join('&')}`);
  expect(unknown).toMatchObject({
    status: 400,
    body: { code: 'invalid_input', errors: [{ field: 'query.surplus', value: '1' }] },
  });
  // What mail programs and forms send is not looked at: the token says everything.
  const takesForms = operation.page === true && operation.effect === 'command';
  if (!operation.body && !takesForms) {
    const { body } = await registry.request(operation.method, `${path}?${given.join('&')}`, { body: { surplus: 1 } });
    expect(body).toMatchObject({ code: 'invalid_input', errors: [{ field: 'body' }] });
  }
  expect(writesTo(registry)).toBe(before);
});

test.each(['0', '01', '-1', '1.0', '1e3', '0x1', '+1', ' 1', 'one', 'latest', '10000000000', '１', '1%00'])(
  'the version number %s in a path is refused',
  async (version) => {
    const before = writesTo(registry);
    for (const method of ['GET', 'DELETE', 'PATCH']) {
      const { body } = await registry.request(method, `/v1/models/m/versions/${version}`);
      expect(body).toMatchObject({ code: 'invalid_input', errors: [{ field: 'path.version' }] });
    }
    expect(writesTo(registry)).toBe(before);
  },
);
