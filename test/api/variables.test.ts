import fc from 'fast-check';
import type { Operation } from '../../contract/operation';
import { OPERATIONS } from '../../contract/operations';
import { plainVariables } from '../../lambdas/http/variables';

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 300, unit: 'binary' }),
  fc.constantFrom('1', '0', '9999999999', '99999999999', '01', '1e3', '\ud800', 'a'.repeat(64), 'a'.repeat(257)),
  fc.nat().map(String),
);

const declared = Object.values<Operation>(OPERATIONS).filter(({ params }) => params !== undefined);

test.each(declared.map((operation) => [operation.id, operation] as const))(
  'what is read of the path of %s without its schema, the schema reads the same',
  (_, { path, params }) => {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const variables = fc.record(Object.fromEntries(names.map((name) => [name, text])));
    fc.assert(
      fc.property(variables, (values) => {
        const plain = plainVariables(values);
        if (plain) expect(params?.().safeParse(values)).toEqual({ success: true, data: plain });
      }),
    );
  },
);

test('names and version numbers are read without a schema; what is longer, malformed or another variable is not', () => {
  expect(plainVariables({})).toEqual({});
  expect(plainVariables({ model: 'churn', version: '12' })).toEqual({ model: 'churn', version: 12 });
  expect(plainVariables({ workspace: 'a', model: 'ß', alias: 'b', stage: 'c d', key: 'e' })).toBeDefined();
  expect(plainVariables({ model: 'm'.repeat(257) })).toBeUndefined();
  expect(plainVariables({ model: '\ud800' })).toBeUndefined();
  expect(plainVariables({ model: '' })).toBeUndefined();
  expect(plainVariables({ version: '01' })).toBeUndefined();
  expect(plainVariables({ request: '01J' })).toBeUndefined();
});
