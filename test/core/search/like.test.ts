import fc from 'fast-check';
import { likeMatcher } from '../../../core/search/like';

test.each<[string, string, boolean]>([
  ['beta', 'beta', true],
  ['bet', 'beta', false],
  ['eta', 'beta', false],
  ['b%', 'beta', true],
  ['b%', 'Beta', false],
  ['%', '', true],
  ['', '', true],
  ['', 'a', false],
  ['_', '', false],
  ['%%%', 'abc', true],
  ['be_ta%', 'be_ta2', true],
  ['be_ta%', 'beta2', false],
  ['_', '_', true],
  ['a_', 'a%', true],
  ['_', '💥', true],
  ['__', '💥', false],
  ['💥%', '💥a', true],
  ['%0\\%', '100%', false],
  ['100\\%', '100\\x', true],
  ['%a%b', 'xaxab', true],
  ['.*', 'abc', false],
  ['a%a', 'a', false],
  ['%İ%', 'i', false],
  ['\ud83d%', '💥', false],
])('%j LIKE on %j: %s', (pattern, text, expected) => {
  expect(likeMatcher(pattern, false)(text)).toBe(expected);
});

test.each<[string, string, boolean]>([
  ['B%', 'beta', true],
  ['b%', 'BETA', true],
  ['É_', 'éa', true],
  ['%ΔΟΣ', 'αδος', false],
  ['%ΔΟΣ', 'αδοσ', true],
  ['%ΔΟΣ%', 'ΔΟΣΑ', true],
  ['a_', 'b_', false],
])('%j ILIKE on %j: %s', (pattern, text, expected) => {
  expect(likeMatcher(pattern, true)(text)).toBe(expected);
});

/** LIKE as it is defined, however long that takes. */
function naive(pattern: readonly string[], text: readonly string[]): boolean {
  const [symbol, ...symbols] = pattern;
  const [, ...rest] = text;
  if (symbol === undefined) return text.length === 0;
  if (symbol === '%') return naive(symbols, text) || (text.length > 0 && naive(pattern, rest));
  return text.length > 0 && (symbol === '_' || symbol === text[0]) && naive(symbols, rest);
}

const few = (...characters: readonly string[]) => fc.array(fc.constantFrom(...characters), { maxLength: 9 });

test('agrees with the definition', () => {
  let matched = 0;
  fc.assert(
    fc.property(few('a', 'b', '_', '%', '💥'), few('a', 'b', '_', '%', '💥'), (pattern, text) => {
      const expected = naive(pattern, text);
      matched += expected ? 1 : 0;
      expect(likeMatcher(pattern.join(''), false)(text.join(''))).toBe(expected);
    }),
    { numRuns: 20_000 },
  );
  expect(matched).toBeGreaterThan(1_000);
});

test('agrees with the definition where the pattern takes more than one word of bits', () => {
  const long = fc.array(fc.constantFrom('a', 'b'), { minLength: 28, maxLength: 70 });
  fc.assert(
    fc.property(
      long,
      fc.array(fc.nat(69), { maxLength: 4 }),
      fc.array(fc.nat(69), { maxLength: 3 }),
      (text, ones, runs) => {
        const wild = text.map((character, index) => (ones.includes(index) ? '_' : character));
        const pattern = wild.flatMap((symbol, index) => (runs.includes(index) ? ['%', symbol] : [symbol]));
        const matches = likeMatcher(pattern.join(''), false);
        expect(matches(text.join(''))).toBe(true);
        const other = text.with(5, text[5] === 'a' ? 'b' : 'a');
        expect(matches(other.join(''))).toBe(naive(pattern, other));
        expect(matches(text.slice(0, -1).join(''))).toBe(naive(pattern, text.slice(0, -1)));
      },
    ),
    { numRuns: 2_000 },
  );
});

test.each(['%a'.repeat(4_000), '_%'.repeat(4_000), `${'%a_'.repeat(3_000)}b`, `%${'a'.repeat(9_000)}b%`])(
  'comes to an end with a hostile pattern',
  (pattern) => {
    expect(typeof likeMatcher(pattern, false)('a'.repeat(100_000))).toBe('boolean');
  },
);
