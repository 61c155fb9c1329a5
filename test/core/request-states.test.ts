import type { Guard } from '../../core/domain/approval-policy';
import { isSatisfied, judge, statusOf } from '../../core/domain/judge';
import {
  checkOpen,
  checkSubject,
  rebound,
  type TransitionRequest,
  withoutVote,
  withVote,
} from '../../core/domain/request';
import type { Version } from '../../core/domain/version';
import { AT, actor, exampleGuard, exampleRequest, exampleVersion, subjectOf } from '../support/requests';

/** ada registered the version and asks for it; rita and sam review. */
const ACTORS = ['ada', 'rita', 'sam'] as const;
type Name = (typeof ACTORS)[number];
const BEFORE = '2026-03-02T09:59:59.999Z';
const EXPIRY = '2026-03-02T10:00:00.000Z';

/** A request and its version, as the commands would have them. */
interface World {
  readonly version: Version;
  readonly request: TransitionRequest;
  readonly now: string;
}

const ACTIONS = [
  ...ACTORS.flatMap((name) => (['approve', 'reject', 'withdraw'] as const).map((vote) => ({ name, vote }))),
  'edit',
  'revert',
  'refresh',
  'expire',
] as const;
type Action = (typeof ACTIONS)[number];

/** Does what the use cases do of each action, with the rules of the domain alone; refusals leave everything as it was. */
function act(world: World, action: Action): World {
  const { version, request, now } = world;
  try {
    if (action === 'edit')
      return { ...world, version: { ...version, tags: { edits: `${Number(version.tags['edits'] ?? 0) + 1}` } } };
    if (action === 'revert') return { ...world, version: { ...version, tags: {} } };
    if (action === 'expire') return { ...world, now: EXPIRY };
    checkOpen(request, now);
    if (action === 'refresh') {
      const artifacts = version.artifacts as NonNullable<Version['artifacts']>;
      return {
        ...world,
        request: rebound(request, {
          subject: subjectOf(version),
          artifacts,
          containersDigest: 'c'.repeat(64),
          expiresAt: request.expiresAt,
        }),
      };
    }
    const { name, vote } = action;
    if (vote === 'withdraw') return { ...world, request: withoutVote(request, name) };
    if (vote === 'approve') checkSubject(request, undefined, subjectOf(version));
    const by = actor(name);
    const said = { by, at: now, subject: request.subject, roles: ['reviewer'], groups: [], reason: 'because' };
    return { ...world, request: withVote(request, { ...said, vote }) };
  } catch {
    return world;
  }
}

function statusIn({ version, request, now }: World, guard: Guard): string {
  const facts = { version, subject: subjectOf(version), holder: () => undefined, now };
  const requirements = judge(guard, facts, request);
  const status = statusOf(request, requirements);
  if (request.state === 'open') expect(isSatisfied(requirements)).toBe(status === 'approved');
  return status;
}

/** The same told apart: contents are numbers, votes a list of who said what of which content. */
class Blackboard {
  content = 0;
  bound = 0;
  over = false;
  votes: { name: Name; vote: 'approve' | 'reject'; of: number }[] = [];

  act(action: Action): void {
    if (action === 'edit') this.content += 1;
    else if (action === 'revert') this.content = 0;
    else if (action === 'expire') this.over = true;
    else if (this.over) return;
    else if (action === 'refresh') {
      this.bound = this.content;
      this.votes = this.votes.filter(({ vote }) => vote !== 'approve');
    } else {
      const { name, vote } = action;
      const others = this.votes.filter((one) => one.name !== name);
      if (vote === 'withdraw') this.votes = others;
      else if (vote === 'reject' || this.content === this.bound)
        this.votes = [...others, { name, vote, of: this.bound }];
    }
  }

  status(count: number, authorMayApprove: boolean): string {
    if (this.over) return 'expired';
    if (this.content !== this.bound) return 'outdated';
    if (this.votes.some(({ vote }) => vote === 'reject')) return 'rejected';
    const good = this.votes.filter(
      ({ name, vote, of }) => vote === 'approve' && of === this.content && (name !== 'ada' || authorMayApprove),
    );
    return good.length >= count ? 'approved' : 'open';
  }
}

const GUARDS = [1, 2].flatMap((count) =>
  [false, true].map((authorMayApprove) => exampleGuard({ approvals: { count, authorMayApprove } })),
);

test('every state of 3 actors, 3 votes, expiry and change of what was looked at is as the rules say', () => {
  const votes = ['none', 'approve', 'reject'] as const;
  const changes = [
    'none',
    'changed after the votes',
    'changed and refreshed',
    'changed before the votes and refreshed',
  ];
  const seen = new Map<string, number>();
  let states = 0;
  for (const guard of GUARDS) {
    for (const ada of votes) {
      for (const rita of votes) {
        for (const sam of votes) {
          for (const change of changes) {
            for (const over of [false, true]) {
              const cast = Object.entries({ ada, rita, sam }).flatMap(([name, vote]) =>
                vote === 'none' ? [] : [{ name: name as Name, vote }],
              );
              const edits: Action[] = change === 'none' ? [] : ['edit'];
              const actions: Action[] = change.includes('before')
                ? [...edits, 'refresh', ...cast]
                : [...cast, ...edits, ...(change.endsWith('refreshed') ? (['refresh'] as const) : [])];
              const version = exampleVersion();
              let world: World = { version, request: exampleRequest(version, guard), now: BEFORE };
              for (const action of actions) world = act(world, action);
              if (over) world = act(world, 'expire');
              const reset = change === 'changed and refreshed';
              const approving = reset ? [] : cast.filter(({ vote }) => vote === 'approve');
              const { count, authorMayApprove } = guard.approvals;
              const enough = approving.filter(({ name }) => name !== 'ada' || authorMayApprove).length >= count;
              const expected = over
                ? 'expired'
                : change === 'changed after the votes'
                  ? 'outdated'
                  : cast.some(({ vote }) => vote === 'reject')
                    ? 'rejected'
                    : enough
                      ? 'approved'
                      : 'open';
              const status = statusIn(world, guard);
              expect({ ada, rita, sam, change, over, ...guard.approvals, status }).toEqual({
                ...{ ada, rita, sam, change, over, ...guard.approvals },
                status: expected,
              });
              seen.set(status, (seen.get(status) ?? 0) + 1);
              states += 1;
            }
          }
        }
      }
    }
  }
  expect(states).toBe(4 * 27 * 4 * 2);
  expect([...seen.keys()].sort()).toEqual(['approved', 'expired', 'open', 'outdated', 'rejected']);
});

test('every sequence of up to four actions leads where a blackboard says', () => {
  const wrong: unknown[] = [];
  const reached = new Map<string, number>();
  let sequences = 0;
  const walk = (world: World, done: readonly Action[]) => {
    sequences += 1;
    for (const guard of GUARDS) {
      const board = new Blackboard();
      for (const action of done) board.act(action);
      const { version, request, now } = world;
      const facts = { version, subject: subjectOf(version), holder: () => undefined, now };
      const status = statusOf(request, judge(guard, facts, request));
      const expected = board.status(guard.approvals.count, guard.approvals.authorMayApprove);
      if (status !== expected) wrong.push({ done, status, expected, approvals: guard.approvals });
      reached.set(status, (reached.get(status) ?? 0) + 1);
    }
    if (done.length === 4) return;
    for (const action of ACTIONS) walk(act(world, action), [...done, action]);
  };
  const version = exampleVersion();
  walk({ version, request: exampleRequest(version, GUARDS[0] as Guard), now: AT }, []);
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(sequences).toBe(1 + 13 + 13 ** 2 + 13 ** 3 + 13 ** 4);
  expect(reached.size).toBe(5);
  expect(reached.get('approved')).toBeGreaterThan(1_000);
});

test('a request that has ended stays as it ended, whatever is judged', () => {
  const version = exampleVersion();
  for (const state of ['committed', 'closed', 'expired'] as const) {
    const request = { ...exampleRequest(version, exampleGuard()), state };
    expect(
      statusIn({ version, request, now: AT }, exampleGuard({ approvals: { count: 0, authorMayApprove: true } })),
    ).toBe(state);
    expect(() => checkOpen(request, AT)).toThrow(`is ${state}`);
  }
});
