import fc from 'fast-check';
import { type Circumstances, endsService, type Governed, gate } from '../../core/domain/gate';
import type { TransitionRequest } from '../../core/domain/request';
import type { Version } from '../../core/domain/version';
import {
  AT,
  actor,
  conditionsOnly,
  exampleGuard,
  exampleRequest,
  exampleVersion,
  subjectOf,
} from '../support/requests';

const FILES = 'f'.repeat(64);
const OTHERS = 'e'.repeat(64);
const CONTAINERS = 'c'.repeat(64);
const EXPIRY = '2026-03-02T10:00:00.000Z';
const LATER = '2026-03-01T12:00:00.000Z';

/** A version that may be deployed: READY, approved for its files until a time. */
function approved(said: Partial<Version> = {}): Version {
  return exampleVersion({
    stage: 'Production',
    approval: { status: 'Approved', artifactDigest: FILES, expiresAt: EXPIRY },
    ...said,
  });
}

function circumstances(said: Partial<Circumstances> = {}): Circumstances {
  const rules = { requiresApproval: true, whenLocked: 'replace', whenExpired: 'keep' } as const;
  return { rules, stage: { requiresApproval: true }, now: AT, containers: CONTAINERS, ...said };
}

/** The policy of the stage, and a request that somebody besides the author has approved. */
function governed(version: Version, said: Partial<Governed> & { request?: TransitionRequest } = {}): Governed {
  const guard = exampleGuard();
  const request = exampleRequest(version, guard);
  const vote = {
    vote: 'approve',
    by: actor('rita'),
    at: AT,
    subject: request.subject,
    roles: ['reviewer'],
    groups: [],
  };
  return {
    guard,
    request: { ...request, state: 'committed', votes: [vote as TransitionRequest['votes'][number]] },
    passedOver: false,
    facts: { subject: subjectOf(version), holder: () => undefined },
    ...said,
  };
}

const LOCK = { reason: 'court order', by: actor('ada'), at: AT };
const codes = (version: Parameters<typeof gate>[0], said: Partial<Circumstances> = {}) =>
  gate(version, circumstances(said)).map(({ code }) => code);

test.each([
  ['a version as it should be', approved(), {}, []],
  ['none', undefined, {}, ['version_missing']],
  ['a deleted one', { number: 1, deleted: { by: actor('ada'), at: AT } } as never, {}, ['version_deleted']],
  ['one whose files are not complete', approved({ status: 'PENDING' }), {}, ['not_ready']],
  ['one that nobody approved', approved({ approval: { status: 'PendingApproval' } }), {}, ['not_approved']],
  ['one that was rejected', approved({ approval: { status: 'Rejected', reason: 'bad' } }), {}, ['not_approved']],
  ['one whose approval is over', approved(), { now: EXPIRY }, ['approval_expired']],
  [
    'one with other files than were approved',
    approved({ artifacts: { digest: OTHERS, files: 1, bytes: 1 } }),
    {},
    ['other_files'],
  ],
  ['a locked one', approved({ lock: LOCK }), {}, ['locked']],
  [
    'one with everything against it',
    approved({ status: 'PENDING', approval: { status: 'Rejected' }, lock: LOCK }),
    {},
    ['not_ready', 'not_approved', 'locked'],
  ],
])('of %s it says why, by stable names', (_, version, said, expected) => {
  expect(codes(version, said)).toEqual(expected);
});

test('the words of the request that let it in count, whatever was edited since', () => {
  const version = approved();
  const edited = { ...version, tags: { owner: 'growth' }, description: 'better now' };
  expect(codes(edited, { governed: governed(version) })).toEqual([]);
});

test('a policy that is tightened later keeps it out, and says what is missing', () => {
  const version = approved({ metrics: { auc: 0.9 } });
  const before = governed(version);
  const two = exampleGuard({ approvals: { count: 2, authorMayApprove: false } });
  expect(gate(version, circumstances({ governed: { ...before, guard: two } }))).toEqual([
    { code: 'policy_unsatisfied', says: '1 of 2 approvals, not by the author' },
  ]);
  const better = conditionsOnly({ metric: 'auc', op: '>=', value: 0.95 });
  expect(codes(version, { governed: { ...before, guard: better } })).toEqual(['policy_unsatisfied']);
});

test('containers that were edited since keep it out, and do not end its service', () => {
  const version = approved({ approval: { status: 'Approved', artifactDigest: FILES, containersDigest: CONTAINERS } });
  const edited = { containers: OTHERS };
  expect(codes(version)).toEqual([]);
  expect(codes(version, edited)).toEqual(['other_containers']);
  const asked = governed(version);
  const request = { ...(asked.request as TransitionRequest), containersDigest: CONTAINERS };
  const free = { stage: undefined, rules: { ...circumstances().rules, requiresApproval: false } };
  expect(codes(version, { ...free, governed: { ...asked, request } })).toEqual([]);
  expect(codes(version, { ...free, ...edited, governed: { ...asked, request } })).toEqual(['other_containers']);
  const [objection] = gate(version, circumstances(edited));
  expect(objection && endsService(objection, { whenExpired: 'replace' })).toBe(false);
  // Approvals of a time when containers were not written down go on as they are.
  expect(codes(approved(), edited)).toEqual([]);
});

test('a policy that was passed over asks for nothing more, approval and lock still count', () => {
  const version = approved({ lock: LOCK });
  const { request: _, ...without } = governed(version);
  expect(codes(version, { governed: without })).toEqual(['policy_unsatisfied', 'locked']);
  expect(codes(version, { governed: { ...without, passedOver: true } })).toEqual(['locked']);
});

test('where the stage asks for no approval, the request says about which files and until when', () => {
  const rules = { requiresApproval: false, whenLocked: 'replace', whenExpired: 'keep' } as const;
  const version = approved({ approval: { status: 'PendingApproval' } });
  const free = { rules, stage: { requiresApproval: false }, governed: governed(version) };
  expect(codes(version, free)).toEqual([]);
  expect(codes(version, { ...free, now: EXPIRY })).toEqual(['approval_expired']);
  const others = { ...version, artifacts: { digest: OTHERS, files: 1, bytes: 1 } };
  expect(codes(others, free)).toEqual(['other_files']);
  expect(codes({ ...version, approval: { status: 'Rejected', reason: 'bad' } }, free)).toEqual(['not_approved']);
  const renewed: Version = { ...version, approval: { status: 'Approved', artifactDigest: FILES, at: LATER } };
  expect(codes(renewed, { ...free, now: EXPIRY })).toEqual([]);
});

test('an approval from before a request does not outlive the time that the policy gave it, one from after renews it', () => {
  const at = (time: string) => approved({ approval: { status: 'Approved', artifactDigest: FILES, at: time } });
  const before = at('2026-02-01T10:00:00.000Z');
  const asked = governed(before);
  const request = { ...(asked.request as TransitionRequest), ended: { by: actor('rita'), at: AT } };
  const during = { governed: { ...asked, request } };
  expect(codes(before, during)).toEqual([]);
  expect(codes(before, { ...during, now: EXPIRY })).toEqual(['approval_expired']);
  // The very approval that the request brought is over with it.
  expect(codes(at(AT), { ...during, now: EXPIRY })).toEqual(['approval_expired']);
  expect(codes(at(LATER), { ...during, now: EXPIRY })).toEqual([]);
});

const anyVersion = fc
  .record({
    ready: fc.boolean(),
    status: fc.constantFrom('PendingApproval' as const, 'Approved' as const, 'Rejected' as const),
    sameFiles: fc.boolean(),
    locked: fc.boolean(),
    auc: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ ready, status, sameFiles, locked, auc }) =>
    approved({
      status: ready ? 'READY' : 'PENDING',
      approval: { status, artifactDigest: sameFiles ? FILES : OTHERS, expiresAt: EXPIRY },
      metrics: { auc },
      ...(locked && { lock: LOCK }),
    }),
  );

test('it lets a version through exactly when all that is asked for is so', () => {
  fc.assert(
    fc.property(
      anyVersion,
      fc.constantFrom(AT, EXPIRY),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (version, now, bar) => {
        const guard = conditionsOnly({ metric: 'auc', op: '>=', value: bar });
        const asked = { ...governed(version), guard };
        const { approval, artifacts, metrics, lock, status } = version;
        const isApproved =
          approval.status === 'Approved' && approval.artifactDigest === artifacts?.digest && now < EXPIRY;
        const may = status === 'READY' && isApproved && (metrics['auc'] ?? 0) >= bar && !lock;
        expect(codes(version, { now, governed: asked }).length === 0).toBe(may);
      },
    ),
  );
});

test('edits of metadata alone never end the service of a version', () => {
  const edit = fc.record({
    tags: fc.dictionary(fc.string({ minLength: 1 }), fc.string()),
    metrics: fc.dictionary(fc.constantFrom('auc', 'loss'), fc.double({ noNaN: true })),
    description: fc.string(),
  });
  const guard = exampleGuard({
    conditions: [{ metric: 'auc', op: '>=', value: 0.9 }],
    required: { tags: ['owner'], fields: ['signature'], documentation: true },
  });
  fc.assert(
    fc.property(edit, fc.constantFrom('keep' as const, 'replace' as const), (edited, whenExpired) => {
      const version = approved();
      const asked = { ...governed(version), guard };
      const rules = { requiresApproval: true, whenLocked: 'replace', whenExpired } as const;
      const objections = gate({ ...version, ...edited }, circumstances({ rules, governed: asked }));
      expect(objections.filter((each) => endsService(each, rules))).toEqual([]);
    }),
  );
});
