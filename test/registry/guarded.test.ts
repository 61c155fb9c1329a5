import * as fc from 'fast-check';
import type { Guard } from '../../core/domain/approval-policy';
import type { RegistryEvent } from '../../core/domain/event';
import { sized } from '../support/examples';
import { type Fault, injectIntoArtifacts, injectIntoTable, type Plan, under } from '../support/faults';
import { invariants } from '../support/invariants';
import { startRegistry, type TestRegistry } from '../support/registry';
import { sender } from '../support/trials';

const SEED = Number(process.env['SIGNET_SEED'] ?? 20260301);
const MODEL = '/v1/models/m';
const VERSIONS = [1, 2, 3];
const production = { stage: 'Production' };

const approvals = (count: number, more: object = {}) => ({
  target: production,
  approvals: { count },
  expiresAfterHours: 2,
  ...more,
});
/** What the policy of the model is, at one time or another. */
const POLICIES: object[][] = [
  [approvals(1)],
  [approvals(2, { commit: 'automatic' })],
  [approvals(1, { commit: 'automatic', conditions: [{ metric: 'auc', op: '>=', than: production }] })],
  [{ target: production, conditions: [{ metric: 'auc', op: '>=', value: 0.5 }] }],
  [approvals(1), { target: { alias: 'champion' }, approvals: { count: 1 }, commit: 'automatic' }],
];

/** What somebody tries. `pick` chooses among the requests that there are. */
interface Step {
  readonly what: string;
  readonly who: string;
  readonly version: number;
  readonly pick: number;
  readonly fault: Fault | 'none';
  readonly at: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(
    ...['open', 'open', 'open', 'approve', 'approve', 'approve', 'approve', 'approve', 'approve', 'approve', 'approve'],
    ...['commit', 'commit', 'commit', 'commit', 'back', 'back', 'direct', 'direct', 'alias', 'alias', 'withdraw'],
    ...['reject', 'edit', 'refresh', 'close', 'policy', 'later'],
  ),
  who: fc.constantFrom('ada', 'rita', 'rita', 'rita', 'sam', 'sam', 'sam'),
  version: fc.constantFrom(...VERSIONS),
  pick: fc.constantFrom(0, 0, 0, 1, 1, 1, 2, 3, 4, 5),
  fault: fc.constantFrom<Fault | 'none'>(
    'none',
    'none',
    'none',
    'none',
    'throttled',
    'failed',
    'unanswered',
    'conflict',
    'crash',
  ),
  at: fc.nat({ max: 6 }),
});

function requestOf(
  { what, version, pick }: Step,
  ids: readonly string[],
): [method: string, path: string, body?: object] {
  const id = ids.at(-1 - (pick % Math.max(1, ids.length))) ?? 'none';
  const request = `${MODEL}/requests/${id}`;
  switch (what) {
    case 'open':
      return [
        'POST',
        `${MODEL}/requests`,
        { version, target: pick > 2 ? { alias: 'champion' } : production, reason: 'try' },
      ];
    case 'edit':
      return ['PATCH', `${MODEL}/versions/${version}`, { metrics: { auc: [0.4, 0.6, 0.8][pick % 3] } }];
    case 'direct':
      return ['POST', `${MODEL}/versions/${version}/transition`, production];
    case 'back':
      return ['POST', `${MODEL}/versions/${version}/transition`, { stage: 'Staging' }];
    case 'alias':
      return ['PUT', `${MODEL}/aliases/champion`, { version }];
    case 'policy':
      return ['PUT', `${MODEL}/policy`, { guards: POLICIES[pick % POLICIES.length] }];
    case 'commit':
      return ['POST', `${request}/commit`];
    case 'refresh':
    case 'close':
      return ['POST', `${request}/${what}`, {}];
    default:
      return ['POST', `${request}/vote`, { vote: what, reason: 'because' }];
  }
}

interface PlayedRequest {
  readonly version: number;
  readonly slot: string;
  readonly author: string;
  expiresAt: string;
  content: string;
  state: string;
  readonly votes: Map<string, { readonly vote: string; readonly content: string }>;
}

const nameOf = (slot: object) => JSON.stringify(slot);

/**
 * Plays the history of a model and asserts of every version that got to a guarded stage or alias that its policy was
 * satisfied then: written from what a policy means, with nothing of what the registry judges by. Tells how many got there.
 */
function checkEntries(events: readonly RegistryEvent[]): { guarded: number; committed: number } {
  let guards: Guard[] = [];
  const metrics = new Map<number, Record<string, unknown>>();
  const creators = new Map<number, string>();
  const requests = new Map<string, PlayedRequest>();
  const holders = new Map<string, number>();
  const contentOf = (version: number) => JSON.stringify(metrics.get(version));
  let [guarded, committed] = [0, 0];
  let before = { requestId: '', holders: new Map<string, number>() };

  const checkEntry = (event: RegistryEvent, slot: string): void => {
    const version = event.version as number;
    const guard = guards.find(({ target }) => nameOf(target) === slot);
    const request = event.request === undefined ? undefined : requests.get(event.request);
    if (event.request !== undefined) {
      expect(request).toMatchObject({ version, slot, state: 'open' });
      expect((request as PlayedRequest).expiresAt > event.at).toBe(true);
    }
    const good = [...(request?.votes ?? [])].filter(
      ([person, { vote, content }]) =>
        vote === 'approve' &&
        content === contentOf(version) &&
        person !== request?.author &&
        person !== creators.get(version),
    );
    const rejected = [...(request?.votes.values() ?? [])].some(({ vote }) => vote === 'reject');
    const needed = guard?.approvals.count ?? (request ? 1 : 0);
    const fails = (guard?.conditions ?? []).filter((condition) => {
      const own = metrics.get(version)?.['auc'] as number;
      if ('value' in condition) return !(own >= condition.value);
      const holder = before.holders.get(nameOf(condition.than));
      return holder !== undefined && holder !== version && !(own >= (metrics.get(holder)?.['auc'] as number));
    });
    const outdated = request !== undefined && request.content !== contentOf(version);
    expect({
      sequence: event.sequence,
      good: good.length >= needed,
      rejected,
      fails,
      outdated,
      bypassed: event.bypassed,
    }).toEqual({
      ...{ sequence: event.sequence, good: true, rejected: false, fails: [], outdated: false, bypassed: undefined },
    });
    if (guard) guarded += 1;
  };

  for (const event of events) {
    const { type, version = 0, current, changed, actor, request: id = '' } = event;
    if (before.requestId !== event.requestId) before = { requestId: event.requestId, holders: new Map(holders) };
    const request = requests.get(id);
    if (type === 'policy.changed') guards = current['guards'] as unknown as Guard[];
    if (type === 'version.registered') {
      creators.set(version, actor.id);
      metrics.set(version, { auc: current['metrics.auc'] });
    }
    if (type === 'version.updated' && changed.includes('metrics.auc'))
      metrics.set(version, { auc: current['metrics.auc'] });
    if (type === 'request.opened') {
      requests.set(id, {
        ...{
          version,
          slot: nameOf(current['target'] as object),
          author: actor.id,
          expiresAt: current['expiresAt'] as string,
        },
        ...{ content: contentOf(version), state: 'open', votes: new Map() },
      });
    }
    if (request && type === 'request.voted') {
      const vote = (current['vote'] as { vote: string } | undefined)?.vote;
      if (vote) request.votes.set(actor.id, { vote, content: request.content });
      else request.votes.delete(actor.id);
    }
    if (request && type === 'request.refreshed') {
      request.content = contentOf(version);
      request.expiresAt = current['expiresAt'] as string;
      for (const [person, { vote }] of request.votes) if (vote === 'approve') request.votes.delete(person);
    }
    if (request && current['state']) request.state = current['state'] as string;
    if (type === 'request.committed') committed += 1;
    if (type === 'version.stage_changed') {
      for (const [slot, holder] of holders) if (slot.includes('stage') && holder === version) holders.delete(slot);
      if (current['stage'] === 'Production') {
        checkEntry(event, nameOf(production));
        holders.set(nameOf(production), version);
      }
    }
    if (type === 'alias.set') {
      checkEntry(event, nameOf({ alias: current['alias'] as string }));
      holders.set(nameOf({ alias: current['alias'] as string }), version);
    }
  }
  return { guarded, committed };
}

async function prepare(registry: TestRegistry): Promise<void> {
  const send = sender(registry);
  await send('POST', '/v1/models', { name: 'm' });
  for (const version of VERSIONS) {
    await send('POST', `${MODEL}/versions`, { final: true, metrics: { auc: 0.6 } });
    await send('POST', `${MODEL}/versions/${version}/transition`, { stage: 'Staging' });
    await send('POST', `${MODEL}/versions/${version}/approval`, { status: 'Approved' });
  }
  await send('PUT', `${MODEL}/policy`, { guards: POLICIES[0] });
}

test(`nothing reaches a guarded stage or alias but as its policy asks, whatever happens at once and goes wrong (seed ${SEED})`, async () => {
  jest.spyOn(console, 'error').mockImplementation(() => {});
  const seen = { guarded: 0, committed: 0, faults: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 6, maxLength: 6 }), { minLength: 30, maxLength: 30, size: 'max' }),
      async (rounds) => {
        let ahead = 0;
        const registry = await startRegistry((real) => ({
          ...injectIntoArtifacts(real),
          clock: () => new Date(Date.now() + ahead),
        }));
        injectIntoTable(registry);
        let key = 0;
        const ids: string[] = [];
        const attempt = async (made: Step): Promise<void> => {
          if (made.what === 'later') {
            ahead += 1_500_000;
            return;
          }
          const [method, path, body] = requestOf(made, ids);
          const headers = { 'idempotency-key': `k${key++}` };
          const plan: Plan = { calls: [], ...(made.fault !== 'none' && { fault: made.fault, at: made.at }) };
          const send = () =>
            registry.request(method, path, { body, headers, as: made.what === 'open' ? 'ada' : made.who });
          let answer = await under(plan, send);
          if (answer.status >= 500) seen.faults += 1;
          for (let again = 0; answer.status >= 500 && again < 4; again++) answer = await send();
          if (made.what === 'open' && answer.status === 201) ids.push(answer.body.id);
        };
        try {
          await prepare(registry);
          for (const round of rounds) await Promise.all(round.map(attempt));
          const { histories } = await invariants(registry);
          const [{ events } = { events: [] }] = [...histories.values()].filter(({ model }) => model?.name === 'm');
          const { guarded, committed } = checkEntries(events);
          seen.guarded += guarded;
          seen.committed += committed;
        } finally {
          await registry.close();
        }
      },
    ),
    { seed: SEED, numRuns: Number(process.env['SIGNET_RUNS'] ?? sized(4, 2)), endOnFailure: true },
  );
  jest.restoreAllMocks();
  // The runs got somewhere: versions went where they may, by requests too, and faults were felt.
  expect(seen.guarded).toBeGreaterThan(4);
  expect(seen.committed).toBeGreaterThan(2);
  expect(seen.faults).toBeGreaterThan(10);
}, 120_000);
