import * as fc from 'fast-check';
import { SIGNET_VERSIONS } from '../../core/search/dialect';
import { parseOrderBy, unquotedParts } from '../../core/search/order-by';
import { parseFilter } from '../../core/search/parse';
import { ALL_VERSION_FIELDS } from '../../web/src/search/fields';
import { type EntryKind, entryKey, filterOfTokens, quoted } from '../../web/src/search/language';
import { filterOf, urlOf } from '../../web/src/ui/filter-url';

/** Texts of which every second has what a language of quotes trips over. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom("'", '"', '`', '\\', ' ', '%', '_', ',', '(', '=', '!', ':', 'a', ' AND ', '--'),
    maxLength: 8,
  }),
);

function conditionsOf(tokens: Parameters<typeof filterOfTokens>[0], freeText?: string) {
  const written = filterOfTokens(tokens, ALL_VERSION_FIELDS, freeText);
  return 'fault' in written ? undefined : parseFilter(written.filter, SIGNET_VERSIONS);
}

test('a text in quotes is read as that text, or cannot be written', () => {
  fc.assert(
    fc.property(text, (value) => {
      const written = quoted(value);
      if (written === undefined) return expect(value).toMatch(/'.*"|".*'|\\$/s);
      expect(parseFilter(`name = ${written}`, SIGNET_VERSIONS)).toEqual([expect.objectContaining({ value })]);
    }),
  );
});

test('the key of an entry is read as that entry, in filters and in orders', () => {
  fc.assert(
    fc.property(fc.constantFrom<EntryKind>('tags', 'params', 'metadata'), text, (kind, name) => {
      const key = entryKey(kind, name);
      fc.pre(key !== undefined && name !== '');
      expect(parseFilter(`${key} = 'v'`, SIGNET_VERSIONS)).toEqual([
        expect.objectContaining({ entity: kind.replace(/s$/, ''), key: name }),
      ]);
      fc.pre(!name.includes('`'));
      expect(parseOrderBy(unquotedParts(`${key} DESC`), SIGNET_VERSIONS)[0]).toEqual({
        key: `${kind.replace(/s$/, '')}.${name}`,
        descending: true,
      });
    }),
  );
});

test('a condition on a text compares that text and nothing else, whatever is in it', () => {
  fc.assert(
    fc.property(text, fc.constantFrom('=', '!='), (value, operator) => {
      fc.pre(!/^(['"]).*\1/s.test(value));
      const conditions = conditionsOf([{ propertyKey: 'name', operator, value }]);
      if (conditions) expect(conditions).toEqual([expect.objectContaining({ key: 'name', op: operator, value })]);
    }),
  );
});

test('an address keeps conditions as they are', () => {
  const token = fc.record({
    propertyKey: fc.constantFrom('name', 'tags.`a!b=c`', 'stage'),
    operator: fc.constantFrom('=' as const, '!=' as const),
    value: text,
  });
  fc.assert(
    fc.property(fc.array(token, { maxLength: 3 }), (given) => {
      const tokens = given.map((each) =>
        each.propertyKey === 'stage' ? { ...each, value: [each.value, 'b,c'] } : each,
      );
      const params = new URLSearchParams((urlOf({ tokens })['f'] ?? []).map((value): [string, string] => ['f', value]));
      expect(filterOf(params, new Set(['stage'])).tokens).toEqual(tokens);
    }),
  );
});

test.each([
  [{ propertyKey: 'stage', operator: '=', value: ['Staging', 'Production'] }, "stage IN ('Staging', 'Production')"],
  [{ propertyKey: 'stage', operator: '!=', value: ['None', 'Archived'] }, "stage != 'None' AND stage != 'Archived'"],
  [{ propertyKey: 'name', operator: ':', value: 'churn' }, "name ILIKE '%churn%'"],
  [{ propertyKey: 'name', operator: '^', value: 'churn' }, "name LIKE 'churn%'"],
  [{ propertyKey: 'version_number', operator: '>=', value: ' 7 ' }, 'version_number >= 7'],
  [{ propertyKey: 'creation_timestamp', operator: '>=', value: '2026-11-01' }, "creation_timestamp >= '2026-11-01'"],
  [
    { operator: ':', value: "metrics.auc > 0.9 AND tags.team = 'growth'" },
    "metrics.auc > 0.9 AND tags.team = 'growth'",
  ],
  [{ operator: ':', value: "name ilike '%a%'" }, "name ilike '%a%'"],
  [{ operator: ':', value: 'churn = or not' }, 'churn = or not'],
  [{ operator: ':', value: 'in memoriam' }, "name ILIKE '%in memoriam%'"],
  [{ operator: ':', value: `both ' and "` }, `name ILIKE "%both ' and _%"`],
  [
    { propertyKey: 'stage', operator: '=', value: ["'Staging' AND metrics.auc > 1"] },
    "stage = 'Staging' AND metrics.auc > 1",
  ],
] as const)('%j is written %s', (token, filter) => {
  expect(filterOfTokens([token as never], ALL_VERSION_FIELDS, 'name')).toEqual({ filter });
});

test('what cannot be written says so', () => {
  expect(conditionsOf([{ propertyKey: 'name', operator: '=', value: `both ' and "` }])).toBeUndefined();
  expect(filterOfTokens([{ operator: ':', value: 'words' }], ALL_VERSION_FIELDS, undefined)).toHaveProperty('fault');
});
