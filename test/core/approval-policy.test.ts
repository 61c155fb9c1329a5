import {
  type Condition,
  checkGuards,
  conditionWords,
  type Guard,
  guardOf,
  NO_POLICY,
} from '../../core/domain/approval-policy';
import type { RegistryError } from '../../core/domain/errors';
import { isSatisfied, judge, missingOf } from '../../core/domain/judge';
import { DEFAULT_STAGES } from '../../core/domain/stages';
import type { Version } from '../../core/domain/version';
import { waitsFor } from '../../core/domain/waiting';
import {
  AT,
  actor,
  conditionsOnly,
  exampleGuard,
  exampleRequest,
  exampleVersion,
  subjectOf,
} from '../support/requests';

function refusal(guards: readonly Guard[], scheme = true) {
  try {
    checkGuards(guards, scheme ? DEFAULT_STAGES : undefined, 'body.guards');
    return undefined;
  } catch (error) {
    return (error as RegistryError).violations[0]?.field;
  }
}

const item = { id: 'bias', text: 'Was bias measured?', required: true, evidence: 'none' } as const;
const nothing = { approvals: { count: 0, authorMayApprove: false } };

test.each<[what: string, guards: Guard[], field: string | undefined]>([
  ['one approval', [exampleGuard()], undefined],
  ['an alias', [exampleGuard({ target: { alias: 'champion' } })], undefined],
  ['nothing asked for', [exampleGuard(nothing)], 'body.guards.0'],
  [
    'only what may be left out',
    [exampleGuard({ ...nothing, checklist: [{ ...item, required: false }] })],
    'body.guards.0',
  ],
  ['a stage that the model has not', [exampleGuard({ target: { stage: 'Shadow' } })], 'body.guards.0.target.stage'],
  ['the stage where versions start', [exampleGuard({ target: { stage: 'None' } })], 'body.guards.0.target.stage'],
  ['the stage where they end', [exampleGuard({ target: { stage: 'Archived' } })], 'body.guards.0.target.stage'],
  ['an alias that nobody sets', [exampleGuard({ target: { alias: 'latest' } })], 'body.guards.0.target.alias'],
  ['a target twice', [exampleGuard(), exampleGuard()], 'body.guards.1.target'],
  [
    'a role that may not approve',
    [exampleGuard({ approvals: { count: 1, roles: ['reviewer', 'contributor'], authorMayApprove: false } })],
    'body.guards.0.approvals.roles.1',
  ],
  [
    'named approvers of whom none is needed',
    [exampleGuard({ approvals: { count: 0, groups: ['risk'], authorMayApprove: false } })],
    'body.guards.0.approvals.count',
  ],
  ['an item twice', [exampleGuard({ checklist: [item, item] })], 'body.guards.0.checklist.1.id'],
  ['an item without a name', [exampleGuard({ checklist: [{ ...item, id: ' ' }] })], 'body.guards.0.checklist.0.id'],
  [
    'an item for a role that may not answer',
    [exampleGuard({ checklist: [{ ...item, roles: ['viewer'] }] })],
    'body.guards.0.checklist.0.roles.0',
  ],
  ['a check twice', [exampleGuard({ checks: [{ name: 'scan' }, { name: 'scan' }] })], 'body.guards.0.checks.1.name'],
  ['a metric of no name', [conditionsOnly({ metric: '..', op: '>=', value: 1 })], 'body.guards.0.conditions.0.metric'],
  [
    'a comparison with no stage of the model',
    [conditionsOnly({ metric: 'auc', op: '>=', than: { stage: 'Shadow' } })],
    'body.guards.0.conditions.0.than.stage',
  ],
  [
    'conditions that exclude each other',
    [conditionsOnly({ metric: 'auc', op: '<', value: 0.9 }, { metric: 'auc', op: '>=', value: 0.9 })],
    'body.guards.0.conditions.1',
  ],
  [
    'conditions that meet in one value',
    [conditionsOnly({ metric: 'auc', op: '<=', value: 0.9 }, { metric: 'auc', op: '>=', value: 0.9 })],
    undefined,
  ],
  [
    'conditions on different metrics',
    [conditionsOnly({ metric: 'loss', op: '<', value: 0.1 }, { metric: 'auc', op: '>=', value: 0.9 })],
    undefined,
  ],
  ['a model that forces itself', [exampleGuard({ enforced: true })], 'body.guards.0.enforced'],
  [
    'a tag of no name',
    [exampleGuard({ required: { tags: ['a//b'], fields: [], documentation: false } })],
    'body.guards.0.required.tags.0',
  ],
])('a policy with %s', (_what, guards, field) => {
  expect(refusal(guards)).toBe(field);
});

test("a workspace's policy may name any stage, as its models have their own, and may force itself on them", () => {
  expect(refusal([exampleGuard({ target: { stage: 'Shadow' }, enforced: true })], false)).toBeUndefined();
  expect(refusal([exampleGuard({ target: { stage: '1st' } })], false)).toBe('body.guards.0.target.stage');
});

test('the guard of a model takes the place of the one of its workspace for the same target, unless that is enforced', () => {
  const target = { stage: 'Production' };
  const of = (...guards: Guard[]) => ({ ...NO_POLICY, guards });
  const [own, common] = [exampleGuard({ expiresAfterHours: 1 }), exampleGuard({ expiresAfterHours: 2 })];
  const alias = exampleGuard({ target: { alias: 'Production' } });
  expect(guardOf(undefined, undefined, target)).toBeUndefined();
  expect(guardOf(of(alias), of(alias), target)).toBeUndefined();
  expect(guardOf(of(own), of(common), target)).toEqual({ guard: own, from: 'model' });
  expect(guardOf(of(alias), of(alias, common), target)).toEqual({ guard: common, from: 'workspace' });
  const enforced = { ...common, enforced: true };
  expect(guardOf(of(own), of(enforced), target)).toEqual({ guard: enforced, from: 'workspace' });
});

function missing(guard: Guard, version: Version, holder?: Version, modelDescription?: string): string[] {
  const facts = { version, subject: subjectOf(version), modelDescription, holder: () => holder, now: AT };
  return missingOf(judge(guard, facts));
}

test.each<[condition: Condition, own: number, held: number | undefined, met: boolean]>([
  [{ metric: 'auc', op: '>=', value: 0.9 }, 0.9, undefined, true],
  [{ metric: 'auc', op: '>', value: 0.9 }, 0.9, undefined, false],
  [{ metric: 'auc', op: '<=', value: 0.9 }, 0.9, undefined, true],
  [{ metric: 'auc', op: '<', value: 0.9 }, 0.9, undefined, false],
  [{ metric: 'auc', op: '>=', than: { stage: 'Production' } }, 0.89, 0.9, false],
  [{ metric: 'auc', op: '>=', than: { stage: 'Production' } }, 0.9, 0.9, true],
  [{ metric: 'auc', op: '>', than: { stage: 'Production' } }, 0.9, 0.9, false],
  [{ metric: 'auc', op: '>=', than: { stage: 'Production' }, tolerance: 0.02 }, 0.89, 0.9, true],
  [{ metric: 'auc', op: '<=', than: { alias: 'champion' }, tolerance: 0.5 }, 1.5, 1, true],
  [{ metric: 'auc', op: '<', than: { alias: 'champion' }, tolerance: 0.5 }, 1.5, 1, false],
  [{ metric: 'auc', op: '>=', than: { stage: 'Production' } }, 0.1, undefined, true],
])('%j is judged of %d, with %d held', (condition, own, held, met) => {
  const holder = held === undefined ? undefined : exampleVersion({ number: 2, metrics: { auc: held } });
  const found = missing(conditionsOnly(condition), exampleVersion({ metrics: { auc: own } }), holder);
  expect(found).toEqual(met ? [] : [expect.stringContaining(conditionWords(condition))]);
});

test('a metric that either version lacks is no metric that is good enough', () => {
  const guard = conditionsOnly({ metric: 'constructor', op: '>=', than: { stage: 'Production' } });
  expect(missing(guard, exampleVersion())).toEqual([expect.stringContaining('the version has no metric constructor')]);
  const version = exampleVersion({ metrics: { constructor: 1 } as never });
  expect(missing(guard, version, exampleVersion({ number: 7 }))).toEqual([expect.stringContaining('version 7')]);
});

test.each<[asked: Guard['required']['card'], card: Partial<NonNullable<Version['card']>> | undefined, met: boolean]>([
  [{ approved: false }, undefined, false],
  [{ approved: false }, { status: 'Draft', riskRating: 'Unknown' }, true],
  [{ approved: true }, { status: 'PendingReview', riskRating: 'Low' }, false],
  [{ approved: true }, { status: 'Archived', riskRating: 'Low' }, false],
  [{ approved: true }, { status: 'Approved', riskRating: 'High' }, true],
  [{ approved: false, risk: 'High' }, { riskRating: 'Unknown' }, false],
  [{ approved: false, risk: 'High' }, { riskRating: 'High' }, true],
  [{ approved: false, risk: 'Medium' }, { riskRating: 'High' }, false],
  [{ approved: false, risk: 'Medium' }, { riskRating: 'Medium' }, true],
  [{ approved: false, risk: 'Low' }, { riskRating: 'Medium' }, false],
  [{ approved: true, risk: 'Low' }, { status: 'Approved', riskRating: 'Low' }, true],
])('a guard that asks for the card %j is judged of %j', (asked, said, met) => {
  const required = { tags: [], fields: [], documentation: false, ...(asked && { card: asked }) };
  const guard = exampleGuard({ ...nothing, required });
  expect(refusal([guard])).toBeUndefined();
  const card = { revision: 3, status: 'Draft', riskRating: 'Unknown', contentDigest: 'c'.repeat(64), ...said } as const;
  const found = missing(guard, exampleVersion(said ? { card } : {}));
  expect(found).toEqual(met ? [] : [expect.stringContaining('model card')]);
});

test('what a card says is part of what reviewers look at, its status is not', () => {
  const card = { revision: 1, status: 'Draft', riskRating: 'Low', contentDigest: 'c'.repeat(64) } as const;
  const subject = subjectOf(exampleVersion({ card }));
  expect(subjectOf(exampleVersion({ card: { ...card, revision: 2, status: 'Approved' } }))).toBe(subject);
  expect(subjectOf(exampleVersion({ card: { ...card, contentDigest: 'd'.repeat(64) } }))).not.toBe(subject);
  expect(subjectOf(exampleVersion())).not.toBe(subject);
});

test('tags, fields and documentation must be there, and not be empty', () => {
  const required = {
    tags: ['owner', 'toString'],
    fields: ['signature', 'datasets', 'semanticVersion'],
    documentation: true,
  } as const;
  const guard = exampleGuard({ ...nothing, required });
  expect(missing(guard, exampleVersion({ datasets: [], description: ' ' }))).toEqual([
    'tag owner is missing',
    'tag toString is missing',
    'signature is missing',
    'datasets is missing',
    'semanticVersion is missing',
    'the model and the version has no description',
  ]);
  const whole = exampleVersion({
    tags: { owner: '', toString: 'x' } as never,
    signature: { inputs: [] },
    datasets: [{ name: 'd' }],
    semanticVersion: '1.0.0',
    description: 'x',
  });
  expect(missing(guard, whole, undefined, 'A model.')).toEqual([]);
});

test('a version that reviewers rejected is not let in, whatever a request for it has', () => {
  const version = exampleVersion({ approval: { status: 'Rejected', reason: 'biased' } });
  expect(missing(conditionsOnly({ metric: 'auc', op: '>', value: 0 }), { ...version, metrics: { auc: 1 } })).toEqual([
    'the version is rejected: biased',
  ]);
});

const said = (name: string, more: object = {}) => ({
  by: actor(name),
  at: AT,
  subject: subjectOf(exampleVersion()),
  roles: ['reviewer'],
  groups: [],
  ...more,
});

test('approvals count by the roles or the groups that they were given with', () => {
  const guard = exampleGuard({ approvals: { count: 2, roles: ['owner'], groups: ['risk'], authorMayApprove: false } });
  const version = exampleVersion();
  const request = exampleRequest(version, guard);
  const judged = (...votes: object[]) => {
    const facts = { version, subject: subjectOf(version), holder: () => undefined, now: AT };
    return isSatisfied(judge(guard, facts, { ...request, votes: votes as never }));
  };
  const [owner, risk] = [
    said('olga', { vote: 'approve', roles: ['owner'] }),
    said('rita', { vote: 'approve', groups: ['risk'] }),
  ];
  expect(judged(owner, risk)).toBe(true);
  expect(judged(owner, said('sam', { vote: 'approve' }))).toBe(false);
  expect(judged(owner, said('ada', { vote: 'approve', roles: ['owner'] }))).toBe(false);
  expect(judged(owner, risk, said('sam', { vote: 'reject' }))).toBe(false);
});

test('who registered the version is an author as well as who asks for it', () => {
  const version = exampleVersion({ createdBy: actor('tom') });
  const guard = exampleGuard();
  const facts = { version, subject: subjectOf(version), holder: () => undefined, now: AT };
  const judged = (name: string) =>
    isSatisfied(
      judge(guard, facts, { ...exampleRequest(version, guard), votes: [said(name, { vote: 'approve' }) as never] }),
    );
  expect({ ada: judged('ada'), tom: judged('tom'), rita: judged('rita') }).toEqual({
    ada: false,
    tom: false,
    rita: true,
  });
});

test('the checklist and the checks are judged by their answers about the version as it is', () => {
  const guard = exampleGuard({
    ...nothing,
    checklist: [
      item,
      { ...item, id: 'risk', evidence: 'required', groups: ['risk'] },
      { ...item, id: 'note', required: false },
    ],
    checks: [{ name: 'scan' }],
  });
  const version = exampleVersion();
  const judged = (answers: object[], results: object[]) => {
    const facts = { version, subject: subjectOf(version), holder: () => undefined, now: AT };
    const request = { ...exampleRequest(version, guard), answers: answers as never, results: results as never };
    return missingOf(judge(guard, facts, request));
  };
  const scan = said('scanner', { check: 'scan', result: 'passed' });
  const bias = said('ada', { item: 'bias', checked: true });
  const risk = said('rita', { item: 'risk', checked: true, evidence: 'https://example.com/1', groups: ['risk'] });
  expect(judged([bias, risk], [scan])).toEqual([]);
  expect(judged([], [])).toEqual([
    'bias: not answered',
    'risk: not answered by group risk',
    'check scan has not answered',
  ]);
  expect(
    judged(
      [
        { ...bias, checked: false },
        { ...risk, evidence: undefined },
      ],
      [{ ...scan, result: 'failed' }],
    ),
  ).toEqual(['bias: answered with no', 'risk: answered without evidence', 'check scan has failed']);
  const stale = (one: object) => ({ ...one, subject: 'other' });
  expect(judged([stale(bias), { ...risk, groups: [] }], [stale(scan)])).toHaveLength(3);
});

test('a request waits for those whose word it still needs', () => {
  const guard = exampleGuard({
    approvals: { count: 1, roles: ['reviewer'], authorMayApprove: false },
    checklist: [{ ...item, groups: ['risk'] }],
  });
  const request = exampleRequest(exampleVersion(), guard);
  const rita = { id: 'rita', roles: ['reviewer'], groups: [] as string[], mayApprove: true };
  const waits = (caller: object, more: object = {}, now = AT) =>
    waitsFor({ ...request, ...more }, { ...rita, ...caller }, now);
  expect(waits({})).toBe(true);
  expect(waits({ mayApprove: false })).toBe(false);
  expect(waits({ roles: ['owner'] })).toBe(false);
  expect(waits({ id: 'ada' })).toBe(false);
  expect(waits({ mayApprove: false, groups: ['risk'] })).toBe(true);
  expect(waits({}, { state: 'closed' })).toBe(false);
  expect(waits({}, {}, request.expiresAt)).toBe(false);
  expect(waits({}, { votes: [said('rita', { vote: 'approve' })] })).toBe(false);
  expect(waits({}, { votes: [said('rita', { vote: 'approve', subject: 'other' })] })).toBe(true);
  expect(waits({}, { votes: [said('rita', { vote: 'reject', subject: 'other' })] })).toBe(false);
  expect(waits({ mayApprove: false, groups: ['risk'] }, { answers: [said('sam', { item: 'bias' })] })).toBe(false);
});
