import fc from 'fast-check';
import { LIMITS } from '../../../core/domain/limits';
import {
  type Dialect,
  MLFLOW_MODELS,
  MLFLOW_VERSIONS,
  SIGNET_MODELS,
  SIGNET_VERSIONS,
} from '../../../core/search/dialect';
import { comparator, compareTexts, parseOrderBy } from '../../../core/search/order-by';
import { refusalOf, row } from './support';

const written = (clauses: readonly string[], dialect: Dialect) =>
  parseOrderBy(clauses, dialect).map(({ key, descending }) => `${key} ${descending ? 'DESC' : 'ASC'}`);

test.each<[string[], string[]]>([
  [[], ['name ASC']],
  [['name desc'], ['name DESC']],
  [['`name`'], ['name ASC']],
  [['`name` DESC'], ['name DESC']],
  [['"name" DESC'], ['name DESC']],
  [['`name DESC`'], ['name DESC']],
  [['  name   ASC '], ['name ASC']],
  [['timestamp DESC'], ['last_updated_timestamp DESC', 'name ASC']],
  [
    ['last_updated_timestamp', 'name DESC'],
    ['last_updated_timestamp ASC', 'name DESC'],
  ],
])('models by %j', (clauses, terms) => {
  expect(written(clauses, MLFLOW_MODELS)).toEqual(terms);
});

test.each<[string[], string[]]>([
  [[], ['last_updated_timestamp DESC', 'name ASC', 'version_number DESC']],
  [['version_number'], ['version_number ASC', 'name ASC']],
  [['attribute.name DESC'], ['name DESC', 'version_number DESC']],
  [['attribute.`name` DESC'], ['name DESC', 'version_number DESC']],
  [['creation_timestamp'], ['creation_timestamp ASC', 'name ASC', 'version_number DESC']],
])('versions by %j', (clauses, terms) => {
  expect(written(clauses, MLFLOW_VERSIONS)).toEqual(terms);
});

test('models by when they were created, in the extended search', () => {
  expect(written(['creation_timestamp DESC'], SIGNET_MODELS)).toEqual(['creation_timestamp DESC', 'name ASC']);
});

const UNKNOWN =
  "specified. Valid keys are '{'name', 'creation_timestamp', 'last_updated_timestamp', 'version_number'}'";
test.each<[string[], string]>([
  [[''], "Invalid order_by clause ''. Could not be parsed."],
  [['name ASC DESC'], "Invalid order_by clause 'name ASC DESC'. Could not be parsed."],
  [['name, version_number'], "Invalid order_by clause 'name, version_number'. Could not be parsed."],
  [['name 1'], "Invalid order_by clause 'name 1'. Could not be parsed."],
  [["'name' DESC"], "Invalid order_by clause ''name' DESC'. Could not be parsed."],
  [['aSc'], "Invalid order_by clause 'aSc'. Could not be parsed."],
  [['name FOO'], "Invalid ordering key in order_by clause 'name FOO'."],
  [['timestamp'], `Invalid attribute key 'timestamp' ${UNKNOWN}`],
  [['constructor'], `Invalid attribute key 'constructor' ${UNKNOWN}`],
  [['name', 'attribute.name DESC'], "`order_by` contains duplicate fields: ['name', 'attribute.name DESC']"],
])('%j is refused', (clauses, message) => {
  const refused = refusalOf(() => parseOrderBy(clauses, SIGNET_VERSIONS));
  expect([refused.code, refused.message, refused.violations[0]?.field]).toEqual(['invalid_input', message, 'order_by']);
});

test('a clause above the limit is not repeated', () => {
  const refused = refusalOf(() => parseOrderBy(['x'.repeat(LIMITS.filter + 1)], SIGNET_VERSIONS));
  expect(refused.message).toBe(`Invalid order_by clause '${'x'.repeat(40)}…'. Could not be parsed.`);
});

test('texts are in the order of their code points', () => {
  const ordered = ['', '100%', 'A', 'Alpha', 'a', 'be_ta2', 'beta', 'é', '\uffee', '💥', '💥a'];
  expect([...ordered].reverse().sort(compareTexts)).toEqual(ordered);
});

const KEYS = ['name', 'version_number', 'creation_timestamp', 'last_updated_timestamp'];
const clauses = fc
  .uniqueArray(fc.constantFrom(...KEYS), { maxLength: 4 })
  .chain((keys) => fc.tuple(...keys.map((key) => fc.constantFrom(key, `${key} DESC`))));
const rows = fc.record({
  name: fc.constantFrom('a', 'A', 'b', '💥', '\uffee', 'ab'),
  versionNumber: fc.integer({ min: 1, max: 3 }),
  createdAt: fc.integer({ min: 0, max: 2 }),
  updatedAt: fc.integer({ min: 0, max: 2 }),
});

test('the order is total: rows of which neither is before the other are the same version', () => {
  fc.assert(
    fc.property(clauses, rows, rows, rows, (by, first, second, third) => {
      const compare = comparator(parseOrderBy(by, MLFLOW_VERSIONS));
      const [a, b, c] = [row(first), row(second), row(third)];
      expect(Math.sign(compare(a, b))).toBe(0 - Math.sign(compare(b, a)));
      if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      if (compare(a, b) === 0) expect([a.name, a.versionNumber]).toEqual([b.name, b.versionNumber]);
    }),
    { numRuns: 5_000 },
  );
});
