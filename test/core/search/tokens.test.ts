import { tokenise, unquoted } from '../../../core/search/tokens';

const kinds = (text: string): readonly string[] => tokenise(text).map((token) => `${token.kind} ${token.text}`);

test.each<[string, string[]]>([
  ['name', ['identifier name']],
  ['tags.x.y', ['identifier tags.x.y']],
  ['tags.`x y.z`', ['identifier tags.`x y.z`']],
  ['tags."x y"', ['identifier tags."x y"']],
  ["tags.'x y'", ["identifier tags.'x y'"]],
  ['`name`', ['identifier `name`']],
  ['"name"', ['symbol "name"']],
  ['métrique_1', ['identifier métrique_1']],
  ['tags.version', ['identifier tags.version']],
  ['version', ['keyword version']],
  [
    'aNd Like iLIKE in asc DESC',
    ['keyword aNd', 'keyword Like', 'keyword iLIKE', 'keyword in', 'keyword asc', 'keyword DESC'],
  ],
  ["'a''b'", ["string 'a''b'"]],
  [String.raw`'a\'b'`, [String.raw`string 'a\'b'`]],
  [String.raw`'a\b'`, [String.raw`string 'a\b'`]],
  ["''", ["string ''"]],
  ["'a", ["error '", 'identifier a']],
  [String.raw`'a\'`, ["error '", 'identifier a', String.raw`error \ `.trim(), "error '"]],
  ['"a', ['error "', 'identifier a']],
  ['tags.`a', ['identifier tags', 'error .', 'error `', 'identifier a']],
  ['5', ['number 5']],
  ['-5.', ['number -5.']],
  ['.5e-3', ['number .5e-3']],
  ['1E6', ['number 1E6']],
  ['1AND', ['identifier 1AND']],
  ['1.5x', ['identifier 1.5x']],
  ['<=', ['operator <=']],
  ['=!=~', ['operator =!=~']],
  ['(a,);', ['punctuation (', 'identifier a', 'punctuation ,', 'punctuation )', 'punctuation ;']],
  [
    "name='a'AND\tname\n='b'",
    ['identifier name', 'operator =', "string 'a'", 'keyword AND', 'identifier name', 'operator =', "string 'b'"],
  ],
  ['a -- c', ['identifier a', 'comment -- c']],
  ['# c', ['comment # c']],
  ['💥é', ['error 💥', 'identifier é']],
  ['  ', []],
])('%j', (text, expected) => {
  expect(kinds(text)).toEqual(expected);
});

test('tokens know where they start', () => {
  expect(tokenise(" a ='x'").map(({ start }) => start)).toEqual([1, 3, 4]);
});

test('quotes are stripped of the kinds asked for only, and only in pairs', () => {
  expect(unquoted("'a'", '\'"')).toBe('a');
  expect(unquoted('`a`', '\'"')).toBeUndefined();
  expect(unquoted("'", "'")).toBeUndefined();
  expect(unquoted('\'a"', '\'"')).toBeUndefined();
  expect(unquoted('', "'")).toBeUndefined();
});
