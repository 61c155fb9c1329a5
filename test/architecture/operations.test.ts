import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { ERRORS } from '../../contract/errors';
import { EVENT_DESCRIPTIONS } from '../../contract/events';
import { openApiDocument } from '../../contract/openapi';
import type { Operation } from '../../contract/operation';
import { OPERATIONS } from '../../contract/operations';
import { routesFor } from '../../contract/routes';
import { EVENT_TYPES } from '../../core/domain/event';
import { COMMANDS } from '../../lambdas/commands';
import { queries } from '../../lambdas/queries';
import { version } from '../../package.json';

const QUERIES = queries('0', { administrators: [] });
const operations: readonly Operation[] = Object.values(OPERATIONS);

test.each(operations.map((operation) => [operation.id, operation] as const))('%s is complete', (id, operation) => {
  expect(OPERATIONS).toHaveProperty(id, operation);
  const bindings = operation.effect === 'query' ? QUERIES : COMMANDS;
  expect(bindings).toHaveProperty(id);
  const variables = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  expect(Object.keys(operation.params?.().shape ?? {})).toEqual(variables);
  expect(operation.output === undefined).toBe(operation.status === 204);
  expect(operation.paged !== undefined).toBe('cursor' in (operation.query?.().shape ?? {}));
  if (operation.method === 'GET') expect(operation.body).toBeUndefined();
});

test('no two operations share method and path, or an ambiguous path', () => {
  const shapes = operations.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
  expect(new Set(shapes).size).toBe(shapes.length);
});

test('a function is bound to the operations of its effect and no others', () => {
  for (const [effect, bindings] of [
    ['query', QUERIES],
    ['command', COMMANDS],
  ] as const) {
    const declared = operations.filter((operation) => operation.effect === effect).map(({ id }) => id);
    expect(Object.keys(bindings).sort()).toEqual(declared.sort());
  }
});

test('every error code is used by an operation or by the edge', () => {
  const edge = [
    'route_not_found',
    'method_not_allowed',
    'unauthenticated',
    'malformed_json',
    'payload_too_large',
    'forbidden',
  ];
  const rest = [
    'unsupported_media_type',
    'precondition_failed',
    'idempotency_key_reused',
    'contention',
    'internal',
    'invalid_input',
  ];
  const used = new Set([...edge, ...rest, ...operations.flatMap(({ errors }) => errors)]);
  expect(Object.keys(ERRORS).filter((code) => !used.has(code as keyof typeof ERRORS))).toEqual([]);
});

test('every type of event is described', () => {
  expect(Object.keys(EVENT_DESCRIPTIONS)).toEqual([...EVENT_TYPES]);
});

test('the OpenAPI document is valid and in step with the contract', async () => {
  const document = openApiDocument(operations, version);
  const { valid, errors } = await new Validator().validate(document);
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  expect(JSON.parse(readFileSync('docs/api/openapi.json', 'utf8'))).toEqual(document);
});

test('greedy routes serve what a method implies; open operations and exceptions get routes of their own', () => {
  const post = { ...OPERATIONS.listModels, id: 'searchModels', method: 'POST', path: '/v1/search' } as Operation;
  const routes = routesFor([...operations, post]);
  expect(routes).toContainEqual({ method: 'POST', path: '/v1/search', effect: 'query', open: false });
  expect(routes).toContainEqual({ method: 'POST', path: '/w/{workspace}/v1/search', effect: 'query', open: false });
  expect(routes).toContainEqual({ method: 'GET', path: '/health', effect: 'query', open: true });
  expect(routes.filter(({ path }) => path === '/{proxy+}').map(({ method, effect }) => `${method} ${effect}`)).toEqual([
    'GET query',
    'POST command',
    'PUT command',
    'PATCH command',
    'DELETE command',
  ]);
});
