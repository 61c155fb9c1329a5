import fc from 'fast-check';
import { rolesIn } from '../../core/domain/grant';
import type { Principal } from '../../core/domain/principal';
import { checkSubject, includes, matchesIam, subjectOf } from '../../core/domain/subject';

const ACCOUNT = '123456789012';
const session = (role: string, name: string, account = ACCOUNT) =>
  `arn:aws:sts::${account}:assumed-role/${role}/${name}`;
const role = (path: string) => `arn:aws:iam::${ACCOUNT}:role/${path}`;
const name = fc.stringMatching(/^[\w+=,.@-]{1,20}$/);

test.each([
  [role('Trainer'), session('Trainer', 'job-7'), true],
  [role('teams/ml/Trainer'), session('Trainer', 'job-7'), true],
  [role('Train*'), session('Trainer', 'job-7'), true],
  [role('*'), session('Trainer', 'job-7'), true],
  [role('Trainer'), session('Trainer2', 'job-7'), false],
  [role('Trainer'), session('Trainer', 'job-7', '210987654321'), false],
  [role('Trainer'), `arn:aws-cn:sts::${ACCOUNT}:assumed-role/Trainer/a`, false],
  [session('Trainer', 'ci-*'), session('Trainer', 'ci-1'), true],
  [session('Trainer', 'ci-*'), session('Trainer', 'other'), false],
  [session('*', 'ci'), session('Trainer', 'ci'), true],
  [session('a*a', 'x'), session('a', 'x'), false],
  [session('a*b*c', 'x'), session('abbc', 'x'), true],
  [session('a*bb*c', 'x'), session('abc', 'x'), false],
  [`arn:aws:iam::${ACCOUNT}:user/ann`, `arn:aws:iam::${ACCOUNT}:user/ann`, true],
  [`arn:aws:iam::${ACCOUNT}:user/*`, `arn:aws:iam::${ACCOUNT}:user/team/ann`, false],
  [`arn:aws:iam::${ACCOUNT}:user/Trainer`, session('Trainer', 'a'), false],
  [`arn:aws:iam::${ACCOUNT}:root`, `arn:aws:iam::${ACCOUNT}:root`, true],
  [`arn:aws:iam::${ACCOUNT}:root`, session('Trainer', 'a'), false],
  [role('Trainer'), session('*', '*'), false],
])('%s and %s: %s', (pattern, arn, expected) => expect(matchesIam(pattern, arn)).toBe(expected));

test.each([
  '*',
  'arn:*',
  'arn:aws:iam::*:role/x',
  `arn:aws:iam::${ACCOUNT}:*`,
  `arn:aws:iam::${ACCOUNT}:role/`,
  `arn:aws:iam::${ACCOUNT}:role`,
  `arn:aws:iam::${ACCOUNT}:role/teams/*`,
  `arn:aws:iam::${ACCOUNT}:role/*/Trainer`,
  `arn:aws:iam::${ACCOUNT}:role/Tr?iner`,
  `arn:aws:iam::${ACCOUNT}:role/a b`,
  `arn:aws:iam::${ACCOUNT}:role/a\n`,
  `arn:aws:iam::${ACCOUNT}:role/**${'*a'.repeat(4)}`,
  `arn:aws:sts::${ACCOUNT}:assumed-role/a`,
  `arn:aws:sts::${ACCOUNT}:assumed-role/a/b/c`,
  `arn:aws:s3::${ACCOUNT}:role/a`,
  'arn:aws:iam::1234:role/a',
])('the pattern %j is refused', (pattern) => {
  expect(() => checkSubject({ kind: 'iam', name: pattern }, 'subject')).toThrow(/subject\.name/);
});

test.each([
  ['person', ''],
  ['person', 'a b'],
  ['person', 'a\u200bb'],
  ['person', 'e\u0301'],
  ['person', role('x')],
  ['group', 'a\tb'],
] as const)('a %s %j is refused', (kind, bad) => {
  expect(() => checkSubject({ kind, name: bad }, 'subject')).toThrow(/subject\.name/);
});

test('a role stands for all of its sessions, whichever path it has, and for no other role', () => {
  fc.assert(
    fc.property(name, name, name, fc.array(name, { maxLength: 2 }), (itsName, other, run, path) => {
      const pattern = role([...path, itsName].join('/'));
      expect(matchesIam(pattern, session(itsName, run))).toBe(true);
      expect(matchesIam(pattern, session(other, run))).toBe(other === itsName);
    }),
  );
});

test('what a maker is given includes the maker', () => {
  const machine = (arn: string): Principal => ({ id: arn, kind: 'machine', name: arn, groups: [] });
  fc.assert(
    fc.property(name, name, name, (itsName, run, later) => {
      const subject = subjectOf(machine(session(itsName, run)));
      expect(checkSubject(subject, 's')).toEqual(subject);
      expect(includes(subject, machine(session(itsName, later)))).toBe(true);
    }),
  );
  const person: Principal = { id: 'sub-1', kind: 'person', name: 'rita', groups: [] };
  expect(includes(subjectOf(person), person)).toBe(true);
});

test('comparing a pattern agrees with the regular expression that it means', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 8 });
  const plain = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(letters, plain, (pattern, text) => {
      const meant = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text);
      expect(matchesIam(session(pattern, 'x'), session(text, 'x'))).toBe(meant);
    }),
    { numRuns: 1_000 },
  );
});

test('persons are found by subject and confirmed address, groups by name, and a name of one kind is none of another', () => {
  const rita: Principal = {
    id: 'sub-1',
    kind: 'person',
    name: 'rita',
    email: 'Rita@Example.com',
    groups: ['reviewers'],
  };
  const holds = (kind: 'person' | 'group' | 'iam', its: string) =>
    includes(checkSubject({ kind, name: its }, 's'), rita);
  expect(holds('person', 'sub-1')).toBe(true);
  expect(holds('person', 'RITA@example.com')).toBe(true);
  expect(holds('group', 'reviewers')).toBe(true);
  expect([
    holds('person', 'rita'),
    holds('person', 'reviewers'),
    holds('group', 'sub-1'),
    holds('iam', role('*')),
  ]).toEqual([false, false, false, false]);
  const robot: Principal = { id: session('Trainer', 'a'), kind: 'machine', name: 'Trainer/a', groups: ['reviewers'] };
  expect(includes({ kind: 'group', name: 'reviewers' }, robot)).toBe(false);
  const by = { id: 'a', kind: 'person', name: 'a' } as const;
  const grants = (['owner', 'viewer', 'viewer'] as const).map((its, index) => ({
    id: String(index),
    subject: { kind: 'person', name: 'sub-1' } as const,
    role: its,
    by,
    at: '',
  }));
  expect(rolesIn({ grants }, rita)).toEqual(['viewer', 'owner']);
});
