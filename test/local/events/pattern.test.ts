import fc from 'fast-check';
import { compilePattern, InvalidPattern } from '../../../local/events';

const fits = (pattern: unknown, event: unknown) => compilePattern(pattern)(event);

describe('event patterns', () => {
  // The examples are those of "Comparison operators for use in event patterns", Amazon EventBridge user guide.
  test.each<[string, unknown, unknown, boolean]>([
    ['exact value', { source: ['aws.ec2'] }, { source: 'aws.ec2' }, true],
    ['one of several', { source: ['aws.ec2', 'aws.fargate'] }, { source: 'aws.fargate' }, true],
    ['other value', { source: ['aws.ec2'] }, { source: 'aws.s3' }, false],
    ['case matters', { source: ['aws.EC2'] }, { source: 'aws.ec2' }, false],
    ['absent field', { source: ['aws.ec2'] }, {}, false],
    ['all fields must fit', { a: ['1'], b: ['2'] }, { a: '1', b: '3' }, false],
    ['null', { detail: { responseElements: [null] } }, { detail: { responseElements: null } }, true],
    ['null is not absence', { detail: { responseElements: [null] } }, { detail: {} }, false],
    ['empty string', { detail: { eventVersion: [''] } }, { detail: { eventVersion: '' } }, true],
    ['null is not an empty string', { a: [''] }, { a: null }, false],
    ['a number is not its text', { a: [1] }, { a: '1' }, false],
    ['boolean', { a: [true] }, { a: true }, true],
    ['prefix', { region: [{ prefix: 'eu-' }] }, { region: 'eu-west-1' }, true],
    ['prefix elsewhere', { region: [{ prefix: 'eu-' }] }, { region: 'x-eu-' }, false],
    ['prefix ignoring case', { s: [{ prefix: { 'equals-ignore-case': 'EventB' } }] }, { s: 'EVENTBridge' }, true],
    ['suffix', { f: [{ suffix: '.png' }] }, { f: 'a.png' }, true],
    ['suffix elsewhere', { f: [{ suffix: '.png' }] }, { f: 'a.png.zip' }, false],
    ['suffix ignoring case', { f: [{ suffix: { 'equals-ignore-case': '.png' } }] }, { f: 'a.PNG' }, true],
    ['equals ignoring case', { d: [{ 'equals-ignore-case': 'ec2 Change' }] }, { d: 'EC2 CHANGE' }, true],
    ['anything but a value', { s: [{ 'anything-but': 'initializing' }] }, { s: 'running' }, true],
    ['anything but that value', { s: [{ 'anything-but': 'initializing' }] }, { s: 'initializing' }, false],
    ['anything but needs a value', { s: [{ 'anything-but': 'initializing' }] }, {}, false],
    ['anything but a number', { l: [{ 'anything-but': 123 }] }, { l: 124 }, true],
    ['anything but a list', { s: [{ 'anything-but': ['stopped', 'overloaded'] }] }, { s: 'overloaded' }, false],
    ['anything but numbers', { l: [{ 'anything-but': [100, 200] }] }, { l: 300 }, true],
    ['anything but a prefix', { s: [{ 'anything-but': { prefix: 'init' } }] }, { s: 'initial' }, false],
    ['anything but prefixes', { s: [{ 'anything-but': { prefix: ['a', 'b'] } }] }, { s: 'cab' }, true],
    ['anything but a suffix', { f: [{ 'anything-but': { suffix: '.txt' } }] }, { f: 'a.txt' }, false],
    ['anything but suffixes', { f: [{ 'anything-but': { suffix: ['.txt', '.rtf'] } }] }, { f: 'a.doc' }, true],
    [
      'anything but ignoring case',
      { s: [{ 'anything-but': { 'equals-ignore-case': ['INIT'] } }] },
      { s: 'Init' },
      false,
    ],
    ['anything but a wildcard', { p: [{ 'anything-but': { wildcard: '*/lib/*' } }] }, { p: 'a/lib/b' }, false],
    [
      'anything but wildcards',
      { p: [{ 'anything-but': { wildcard: ['*/lib/*', '*/bin/*'] } }] },
      { p: 'a/src/b' },
      true,
    ],
    ['numeric =', { x: [{ numeric: ['=', 5] }] }, { x: 5.0 }, true],
    ['numeric range, inside', { x: [{ numeric: ['>', 0, '<=', 5] }] }, { x: 5 }, true],
    ['numeric range, lower bound', { x: [{ numeric: ['>', 0, '<=', 5] }] }, { x: 0 }, false],
    ['numeric needs a number', { x: [{ numeric: ['<', 10] }] }, { x: '5' }, false],
    ['exists', { d: { state: [{ exists: true }] } }, { d: { state: null } }, true],
    ['exists, absent', { d: { state: [{ exists: true }] } }, { d: {} }, false],
    ['exists looks at leaves', { d: [{ exists: true }] }, { d: { a: 1 } }, false],
    ['exists not', { d: { c: [{ exists: false }] } }, { d: { c: 'x' } }, false],
    ['exists not, parent absent', { d: { c: [{ exists: false }] } }, {}, true],
    ['absent or a value', { s: [{ exists: false }, 'x'] }, { s: 'x' }, true],
    ['wildcard', { p: [{ wildcard: 'dir/*.png' }] }, { p: 'dir/sub/a.png' }, true],
    ['wildcard, several', { p: [{ wildcard: 'a*b*c' }] }, { p: 'a-b-b-c' }, true],
    ['wildcard, order', { p: [{ wildcard: 'a*b*c' }] }, { p: 'acb' }, false],
    ['wildcard, no overlap', { p: [{ wildcard: 'ab*ba' }] }, { p: 'aba' }, false],
    ['wildcard, escaped', { p: [{ wildcard: 'a\\*c' }] }, { p: 'abc' }, false],
    ['wildcard, escaped star', { p: [{ wildcard: 'a\\*c' }] }, { p: 'a*c' }, true],
    ['cidr', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.0.255' }, true],
    ['cidr, outside', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.1.0' }, false],
    ['cidr, not an address', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.0' }, false],
    ['cidr, IPv6', { ip: [{ cidr: '2001:db8::/32' }] }, { ip: '2001:db8::1' }, true],
    ['list in the event', { a: ['x'] }, { a: ['y', 'x'] }, true],
    ['list in the event, none fits', { a: ['x'] }, { a: ['y', 'z'] }, false],
    ['objects in a list', { a: { b: ['1'] } }, { a: [{ b: '2' }, { b: '1' }] }, true],
    ['fields of one element', { a: { b: ['1'], c: ['2'] } }, { a: [{ b: '1' }, { c: '2' }] }, false],
    ['$or, first', { $or: [{ a: ['1'] }, { b: ['2'] }] }, { a: '1' }, true],
    ['$or, none', { $or: [{ a: ['1'] }, { b: ['2'] }] }, { a: '2', b: '1' }, false],
    ['$or and a field', { s: ['x'], $or: [{ a: [1] }, { b: [2] }] }, { s: 'y', a: 1 }, false],
    ['$or below a field', { d: { $or: [{ a: [1] }, { b: [2] }] } }, { d: { b: 2 } }, true],
    ['inherited names are absent', { constructor: [{ exists: true }] }, {}, false],
  ])('%s', (_name, pattern, event, expected) => {
    expect(fits(pattern, event)).toBe(expected);
  });

  test.each<[string, unknown]>([
    ['not an object', ['a']],
    ['empty', {}],
    ['empty list', { a: [] }],
    ['a value outside a list', { a: 'x' }],
    ['a list in a list', { a: [['x']] }],
    ['unknown operator', { a: [{ regex: '.*' }] }],
    ['two operators', { a: [{ prefix: 'a', suffix: 'b' }] }],
    ['prefix of a number', { a: [{ prefix: 1 }] }],
    ['exists of text', { a: [{ exists: 'yes' }] }],
    ['numeric without a number', { a: [{ numeric: ['>', '1'] }] }],
    ['numeric with an unknown comparison', { a: [{ numeric: ['!=', 1] }] }],
    ['numeric range the wrong way round', { a: [{ numeric: ['<', 1, '>', 0] }] }],
    ['two stars', { a: [{ wildcard: 'a**b' }] }],
    ['wrong escape', { a: [{ wildcard: 'a\\b' }] }],
    ['cidr without bits', { a: [{ cidr: '10.0.0.0' }] }],
    ['cidr with too many bits', { a: [{ cidr: '10.0.0.0/33' }] }],
    ['anything-but an unknown operator', { a: [{ 'anything-but': { numeric: ['>', 1] } }] }],
    ['$or with one alternative', { $or: [{ a: [1] }] }],
  ])('refuses %s', (_name, pattern) => {
    expect(() => compilePattern(pattern)).toThrow(InvalidPattern);
  });

  test('says where a pattern is wrong', () => {
    expect(() => compilePattern({ detail: { stage: ['a', { regex: 'b' }] } })).toThrow('$.detail.stage[1]');
  });

  test('a value fits itself, and never fits "anything but" itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null)), (value) => {
        expect(fits({ a: [value] }, { a: value })).toBe(true);
        expect(fits({ a: [{ 'anything-but': [value] }] }, { a: value })).toBe(false);
      }),
    );
  });

  test('a wildcard agrees with the regular expression that it stands for', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
    const pattern = fc
      .array(text, { minLength: 1, maxLength: 4 })
      .map((pieces) => pieces.join('*').replace(/\*+/g, '*'));
    fc.assert(
      fc.property(pattern, text, (wildcard, value) => {
        const expression = new RegExp(`^${wildcard.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
        expect(fits({ a: [{ wildcard }] }, { a: value })).toBe(expression.test(value));
      }),
    );
  });
});
