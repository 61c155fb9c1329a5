import fc from 'fast-check';
import { RegistryError } from '../../../core/domain/errors';
import { LIMITS } from '../../../core/domain/limits';
import type { Condition } from '../../../core/search/condition';
import { MLFLOW_MODELS, MLFLOW_VERSIONS, SIGNET_MODELS, SIGNET_VERSIONS } from '../../../core/search/dialect';
import { parseFilter } from '../../../core/search/parse';
import { printFilter } from '../../../core/search/print';
import { examples } from '../../support/examples';
import { refusalOf } from './support';

const parse = (filter: string) =>
  parseFilter(filter, SIGNET_VERSIONS).map(({ compares: _, ...condition }) => condition);
const name = (op: string, value: string) => ({ entity: 'attribute', key: 'name', op, value });
const tag = (key: string, value = 'x') => ({ entity: 'tag', key, op: '=', value });

describe('what is read', () => {
  test.each<[string, unknown[]]>([
    ['', []],
    [' \n', []],
    ['AND', []],
    ["AND name = 'a'", [name('=', 'a')]],
    ["name = 'a' and", [name('=', 'a')]],
    ["name='a'AND name='b'", [name('=', 'a'), name('=', 'b')]],
    ["name = 'a' name = 'b'", [name('=', 'a'), name('=', 'b')]],
    ["name = 'a' AND AND name = 'b'", [name('=', 'a'), name('=', 'b')]],
    ["attribute.name iLike '%A'", [name('ILIKE', '%A')]],
    ['name = "it\'s"', [name('=', "it's")]],
    ["name = 'a''b'", [name('=', "a''b")]],
    ["name = ''", [name('=', '')]],
    ["name = 'a;b AND (c)'", [name('=', 'a;b AND (c)')]],
    ["tag.a = 'x'", [tag('a')]],
    ["tags.a.b = 'x'", [tag('a.b')]],
    ["tags.`a.b c` = 'x'", [tag('a.b c')]],
    ['tags."a`b" = \'x\'', [tag('a`b')]],
    ["tags.version = 'x'", [tag('version')]],
    ["tags.`` = 'x'", [tag('')]],
    ['version_number = 1', [{ entity: 'attribute', key: 'version_number', op: '=', value: 1 }]],
    ["version_number >= '2.50'", [{ entity: 'attribute', key: 'version_number', op: '>=', value: 2.5 }]],
    ['version_number = -0', [{ entity: 'attribute', key: 'version_number', op: '=', value: 0 }]],
    ['run_id IN (\'a\', "B",)', [{ entity: 'attribute', key: 'run_id', op: 'IN', value: ['a', 'B'] }]],
    ["run_id in('a')", [{ entity: 'attribute', key: 'run_id', op: 'IN', value: ['a'] }]],
    ["alias IN ('champion')", [{ entity: 'attribute', key: 'alias', op: 'IN', value: ['champion'] }]],
    ["stage != 'None'", [{ entity: 'attribute', key: 'stage', op: '!=', value: 'None' }]],
    ["approval = 'Approved'", [{ entity: 'attribute', key: 'approval', op: '=', value: 'Approved' }]],
    [
      'creation_timestamp > 1795426321461',
      [{ entity: 'attribute', key: 'creation_timestamp', op: '>', value: 1795426321461 }],
    ],
    ['metrics.`f1 score` >= 9e-1', [{ entity: 'metric', key: 'f1 score', op: '>=', value: 0.9 }]],
    ["metric.f1 < '1'", [{ entity: 'metric', key: 'f1', op: '<', value: 1 }]],
    ["param.lr LIKE '0.%'", [{ entity: 'param', key: 'lr', op: 'LIKE', value: '0.%' }]],
  ])('%j', (filter, conditions) => {
    expect(parse(filter)).toEqual(conditions);
  });
});

const NO_LIST = "Only the 'run_id' attribute supports comparison with a list of quoted string values.";
const IN_LIST = 'While parsing a list in the query, expected';
const ONLY_NUMBERS =
  "Only the '{'version_number', 'creation_timestamp', 'last_updated_timestamp'}' attributes support comparison with numeric values.";
const unquotedValue = (value: string) =>
  `Parameter value is either not quoted or unidentified quote types used for string value ${value}. Use either single or double quotes.`;

describe('what is refused', () => {
  test.each<[string, string]>([
    ["(name = 'a') AND name = 'b'", "Invalid clause(s) in filter string: (name = 'a')"],
    ["name = 'a' OR name = 'b' ; ", 'Invalid clause(s) in filter string: OR, ;'],
    ["NOT name = 'a'", 'Invalid clause(s) in filter string: NOT'],
    ["name BETWEEN 'a' AND 'b'", "Invalid clause(s) in filter string: name, BETWEEN, 'a', 'b'"],
    ["name = 'a", "Invalid clause(s) in filter string: name, =, ', a"],
    ["name = 'a' AND = 'b'", "Invalid clause(s) in filter string: =, 'b'"],
    ["tags.a-b = 'x'", 'Invalid clause(s) in filter string: tags.a, -'],
    ["run_id IN 'a'", "Invalid clause(s) in filter string: run_id, IN, 'a'"],
    ["run_id IN ('a'", "Invalid clause(s) in filter string: run_id, IN, (, 'a'"],
    [')', 'Invalid clause(s) in filter string: )'],
    [
      'name = \'a\'; DROP TABLE "x"',
      `Search filter contained multiple expression 'name = \\'a\\'; DROP TABLE "x"'. Provide AND-ed expression list.`,
    ],
    [';;', "Search filter contained multiple expression ';;'. Provide AND-ed expression list."],
    ["'name' = 'a'", "Invalid comparison clause. Expected 'Identifier' found ''name''"],
    ["5 = 'a'", "Invalid comparison clause. Expected 'Identifier' found '5'"],
    [
      "tags = 'a'",
      "Invalid attribute key 'tags' specified. Valid keys are '{'name', 'source_path', 'run_id', 'version_number'}'",
    ],
    [
      "attribute.`name` = 'a'",
      "Invalid attribute key '`name`' specified. Valid keys are '{'name', 'source_path', 'run_id', 'version_number'}'",
    ],
    [
      "`a.b` = 'a'",
      "Invalid attribute key '`a.b`' specified. Valid keys are '{'name', 'source_path', 'run_id', 'version_number'}'",
    ],
    ["constructor.x = 'a'", "Invalid entity type 'constructor'. Valid entity types are ('attribute', 'tag', 'tags')"],
    ['name = `a`', unquotedValue('`a`')],
    ['version_number = abc', unquotedValue('abc')],
    ['name = 5', ONLY_NUMBERS],
    ['name = NULL', 'Expected a quoted string value or a list of quoted string values for attributes. Got value NULL'],
    [
      'version_number = NULL',
      'Expected a quoted string value or a list of quoted string values for attributes. Got value NULL',
    ],
    ['tags.a = NULL', "Expected a quoted string value for tag (e.g. 'my-value'). Got value NULL"],
    ["metrics.a = 'high'", 'Expected a numeric value for metric. Got value high'],
    ['metrics.a IN (1)', 'Expected a numeric value for metric. Got value (1)'],
    ["version_number = 'abc'", 'Expected a numeric value for attribute version_number. Got value abc'],
    ['version_number = 1e999', 'Expected a numeric value for attribute version_number. Got value 1e999'],
    ["version_number = ''", 'Expected a numeric value for attribute version_number. Got value '],
    ["version_number LIKE '1%'", 'Invalid comparator for attribute version_number: LIKE'],
    ["name == 'a'", 'Invalid comparator for attribute: =='],
    ["name not like 'a'", 'Invalid comparator for attribute: NOT LIKE'],
    ["name RLIKE 'a'", 'Invalid comparator for attribute: RLIKE'],
    ["run_id NOT IN ('a')", 'Invalid comparator for attribute: NOT IN'],
    ["run_id = ('a')", 'Invalid comparator for attribute: ='],
    ['tags.a IS NOT NULL', 'Invalid comparator for tag: IS NOT NULL'],
    ["tags.a <> 'x'", 'Invalid comparator for tag: <>'],
    ["params.a > '1'", 'Invalid comparator for param: >'],
    ['metrics.a LIKE 1', 'Invalid comparator for metric: LIKE'],
    ["name IN ('a')", NO_LIST],
    ['version_number IN (1)', NO_LIST],
    ['run_id IN ()', `${IN_LIST} a non-empty list of string values, but got empty list`],
    ['run_id IN (,)', `${IN_LIST} a non-empty list of string values, but got ill-formed list.`],
    ["run_id IN ('a',,'b')", `${IN_LIST} a non-empty list of string values, but got ill-formed list.`],
    ["run_id IN ('a' 'b')", `${IN_LIST} a non-empty list of string values, but got ill-formed list.`],
    ['run_id IN (a)', `${IN_LIST} a non-empty list of string values, but got ill-formed list.`],
    ["run_id IN (('a'))", `${IN_LIST} a non-empty list of string values, but got ill-formed list.`],
    ['run_id IN (1, 2)', `${IN_LIST} string value, punctuation, or whitespace, but got different type in list: (1, 2)`],
    [
      "run_id IN (-1.50, 2., 'a')",
      `${IN_LIST} string value, punctuation, or whitespace, but got different type in list: (-1.5, 2.0, 'a')`,
    ],
    [
      'run_id IN ("it\'s", 1)',
      `${IN_LIST} string value, punctuation, or whitespace, but got different type in list: ("it's", 1)`,
    ],
  ])('%j', (filter, message) => {
    const refused = refusalOf(() => parseFilter(filter, SIGNET_VERSIONS));
    expect([refused.code, refused.message]).toEqual(['invalid_input', message]);
    expect(refused.violations).toMatchObject([{ field: 'filter', value: filter }]);
  });

  test('the form before keys and values, and those before comparators', () => {
    const refused = (filter: string) => refusalOf(() => parseFilter(filter, MLFLOW_VERSIONS)).message;
    expect(refused("foo = 1 AND name = 'a' OR")).toMatch(/^Invalid clause/);
    expect(refused("name > 'a' AND foo = 'a'")).toMatch(/^Invalid attribute key 'foo'/);
  });

  test('what only versions have, of models', () => {
    for (const dialect of [MLFLOW_MODELS, SIGNET_MODELS]) {
      for (const key of ['run_id', 'source_path', 'version_number']) {
        expect(refusalOf(() => parseFilter(`${key} = 'a'`, dialect)).message).toBe(
          `Invalid attribute key '${key}' specified. Valid keys are '{'name'}'`,
        );
      }
    }
  });

  test('the rule names the keys that MLflow does not list', () => {
    const rule = (dialect: typeof MLFLOW_MODELS) =>
      refusalOf(() => parseFilter("foo = 'a'", dialect)).violations[0]?.rule;
    expect(rule(MLFLOW_MODELS)).toBe('one of name, tags.`key`');
    expect(rule(SIGNET_MODELS)).toBe(
      'one of name, stage, alias, status, approval, creator, creation_timestamp, last_updated_timestamp, tags.`key`, metrics.`key`, params.`key`, metadata.`key`',
    );
  });

  test('a filter above the limit, without repeating it', () => {
    const allowed = `name = '${'a'.repeat(LIMITS.filter - 9)}'`;
    expect(allowed).toHaveLength(LIMITS.filter);
    expect(parseFilter(allowed, MLFLOW_MODELS)).toHaveLength(1);
    const refused = refusalOf(() => parseFilter(`${allowed} `, MLFLOW_MODELS));
    expect(refused.message).toBe('filter is not valid: at most 10000 characters');
    expect(String(refused.violations[0]?.value)).toHaveLength(41);
  });
});

const PIECES = [
  'name|run_id|version_number|tags.a|metrics.m|params.p|stage|foo|tags.`x y`|`|"name"|__proto__'.split('|'),
  "=|!=|<|>=|==|LIKE|ilike|NOT|IN|IS|NULL|AND|OR|;|,|(|)|--|.|'a'|\"b\"|'|\"|''|5|-1.5|1e999".split('|'),
  ['\\', '\0', '\ud800', '💥', ' ', '\n'],
].flat();

const conditionText = fc.oneof(
  fc.tuple(
    fc.constantFrom('name', 'run_id', 'stage', 'tags.a', 'params.`x.y z`', "tags.'a`b'"),
    fc.constantFrom('=', '!=', 'LIKE', 'ILIKE'),
    fc.oneof(
      fc.string().map((text) => `"${text.replaceAll('"', '').replaceAll('\\', '/')}"`),
      fc.string().map((text) => `'${text.replaceAll("'", "''").replaceAll('\\', '')}'`),
    ),
  ),
  fc.tuple(
    fc.constantFrom('version_number', 'metrics.`m n`', 'creation_timestamp'),
    fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  ),
  fc.tuple(fc.constantFrom('run_id', 'alias'), fc.constant('IN'), fc.constantFrom("('a', \"b'c\")", "('A',)")),
);

describe('properties', () => {
  test('whatever is written is read or refused', () => {
    const dialects = [MLFLOW_MODELS, MLFLOW_VERSIONS, SIGNET_MODELS, SIGNET_VERSIONS];
    const damaged = fc
      .tuple(
        fc.array(conditionText, { minLength: 1, maxLength: 3 }),
        fc.nat(60),
        fc.nat(3),
        fc.constantFrom('', ...PIECES),
      )
      .map(([texts, at, cut, piece]) => {
        const whole = texts.map((parts) => parts.join(' ')).join(' AND ');
        return whole.slice(0, at) + piece + whole.slice(at + cut);
      });
    const filter = fc.oneof(
      damaged,
      fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(' ')),
      fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary' }),
    );
    let read = 0;
    fc.assert(
      fc.property(filter, fc.constantFrom(...dialects), (text, dialect) => {
        try {
          read += parseFilter(text, dialect).length > 0 ? 1 : 0;
        } catch (error) {
          if (!(error instanceof RegistryError) || error.code !== 'invalid_input') throw error;
        }
      }),
      { numRuns: examples(100_000) },
    );
    expect(read).toBeGreaterThan(examples(100_000) / 200);
  });

  test.each([
    "'",
    '"',
    '`',
    "\\'",
    "'\\",
    '(',
    '()',
    ')',
    '/*',
    'a.',
    "a.'",
    '1',
    '1.',
    '-',
    '-- ',
    '=',
    ';',
    ',',
    'AND ',
    "name='a'",
    '💥',
  ])('a filter of %j only is read or refused', (piece) => {
    const filter = piece.repeat(LIMITS.filter / piece.length);
    try {
      parseFilter(filter, SIGNET_VERSIONS);
    } catch (error) {
      expect(error).toBeInstanceOf(RegistryError);
    }
  });

  test('what is printed is read as what was printed', () => {
    fc.assert(
      fc.property(fc.array(conditionText, { maxLength: 5 }), (texts) => {
        const filter = texts.map((parts) => parts.join(' ')).join(' AND ');
        const conditions: readonly Condition[] = parseFilter(filter, SIGNET_VERSIONS);
        expect(conditions).toHaveLength(texts.length);
        expect(parseFilter(printFilter(conditions), SIGNET_VERSIONS)).toEqual(conditions);
      }),
      { numRuns: 5_000 },
    );
  });

  test('filters that differ only in how they are written are printed alike', () => {
    const printed = (filter: string) => printFilter(parseFilter(filter, SIGNET_VERSIONS));
    expect(printed(`tag.x="a"and  attribute.name ilike 'b' AND`)).toBe("tag.`x` = 'a' AND name ILIKE 'b'");
    expect(printed('tags.`x` = \'a\' AND name ILIKE "b"')).toBe("tag.`x` = 'a' AND name ILIKE 'b'");
  });
});
