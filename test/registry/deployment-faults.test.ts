import fc from 'fast-check';
import { gate } from '../../core/domain/gate';
import type { TargetPlace } from '../../core/ports';
import { containersOf } from '../../core/use-cases/deploy/governing';
import { type Deploying, deploying, serveable, toProduction, watched, withTarget } from '../support/deployments';
import { sized } from '../support/examples';
import { type Fault, faultsOf, type Plan, under } from '../support/faults';
import { memoryRegistry } from '../support/memory-registry';
import { sagemaker } from '../support/targets';
import { sender } from '../support/trials';

const { registry, now, forward } = memoryRegistry();
const send = sender(registry);
let count = 0;

/** Registry and SageMaker agree: what serves is what is recorded, nothing is left over, and no two updates have raced. */
async function agree(world: Deploying, place: TargetPlace, endpoint: string): Promise<void> {
  const { store } = registry.ports;
  const { workspace, modelId, stage } = place;
  expect(world.host.violations).toEqual([]);
  const target = await store.get<'target'>({ kind: 'target', workspace, modelId, stage }, { consistent: true });
  const { items } = await store.query<'deployment'>(
    { kind: 'deployment', workspace, modelId },
    { limit: 100, order: 'ascending', consistent: true },
  );
  const live = items.filter(({ state }) => !['failed', 'rolled_back', 'superseded', 'deleted'].includes(state));
  const there = world.host.endpoints.get(endpoint);
  const [serving] = live;
  if (!serving || !target) {
    expect({ live: live.map(({ state }) => state), status: there?.status }).toEqual({
      live: [],
      // What somebody made by hand where nothing is wanted is left alone.
      status: there?.config === 'by-hand' ? there.status : undefined,
    });
    expect([[...world.host.monitors.keys()], target?.monitors ?? []]).toEqual([[], []]);
    return;
  }
  expect(live.map(({ id, state }) => [id, state])).toEqual([[target.serving, 'in_service']]);
  expect(there).toMatchObject({ status: 'InService', config: serving.config });
  expect([...world.host.configs.keys()]).toEqual([serving.config]);
  expect([...world.host.models].sort()).toEqual([...(serving.models ?? [])].sort());
  const monitors = (serving.monitors ?? []).map(({ name }) => [name, endpoint, 'Scheduled']);
  expect(monitors).toHaveLength(2);
  expect(
    [...world.host.monitors].map(([name, { monitor, status }]) => [name, monitor.endpoint, status]).sort(),
  ).toEqual(monitors);
  expect(target.monitors?.map(({ name, state }) => [name, endpoint, state]).sort()).toEqual(
    monitors.map(([name]) => [name, endpoint, 'scheduled']),
  );
}

/** What the test starts from, what happens then, and which version answers in the end (0: none). */
interface Scenario {
  readonly name: string;
  readonly before: number;
  happens(world: Deploying, model: string): Promise<void>;
  readonly ends: number;
  /** How many violations are told of it. */
  readonly violated?: number;
  /** How its traffic goes over, unless all at once. */
  readonly update?: { readonly strategy: 'canary' | 'linear' } & object;
  /** A variant beside it takes its version from Staging. */
  readonly shadow?: true;
}

const SHADOW = {
  name: 'shadow',
  stage: 'Staging',
  traffic: 'shadow',
  weight: 1,
  capacity: { instanceType: 'ml.m5.large', instanceCount: 1 },
};

/** The policy objects to what serves, which goes on, and another version enters the stage of the variant beside it. */
const beside = (image: string) => async (world: Deploying, model: string) => {
  world.host.poisoned.add('bad:1');
  const conditions = [{ metric: 'auc', op: '>=', value: 0.9 }];
  await send('PUT', `/v1/models/${model}/policy`, { guards: [{ target: { stage: 'Production' }, conditions }] });
  const path = `/v1/models/${model}/versions/${await serveable(send, model)}`;
  await send('PATCH', path, { containers: [{ image, modelData: 'model.tar.gz' }] });
  await send('POST', `${path}/transition`, { stage: 'Staging' });
};

const next = async (_: Deploying, model: string) => toProduction(send, model, await serveable(send, model));

const CANARY = { strategy: 'canary', stepPercent: 10, bakeSeconds: 600, alarms: ['churn-errors'] } as const;

const SCENARIOS: readonly Scenario[] = [
  { name: 'create', before: 0, happens: next, ends: 1 },
  { name: 'update', before: 1, happens: next, ends: 2 },
  { name: 'a canary', before: 1, happens: next, ends: 2, update: CANARY },
  {
    name: 'an update that alarms call back',
    before: 1,
    update: CANARY,
    happens: (world, model) => {
      world.host.poisoned.add('2');
      return next(world, model);
    },
    ends: 1,
  },
  {
    name: 'rollback',
    before: 2,
    happens: async (_, model) => {
      await send('POST', `/v1/models/${model}/targets/Production/rollback`, {});
    },
    ends: 1,
  },
  {
    name: 'a rollback by what monitors found',
    before: 2,
    happens: async (world, model) => world.host.violate(`signet-${model}`, '2027-03-01T10:00:00.000Z'),
    ends: 1,
    violated: 2,
  },
  { name: 'a variant beside what is tolerated', before: 1, happens: beside('good:1'), ends: 1, shadow: true },
  { name: 'a variant that alarms call back', before: 1, happens: beside('bad:1'), ends: 1, shadow: true },
  {
    name: 'delete',
    before: 1,
    happens: async (_, model) => {
      await send('DELETE', `/v1/models/${model}/targets/Production`);
    },
    ends: 0,
  },
];

async function prepare({ before, happens, violated, shadow, update }: Scenario) {
  const world = deploying(registry);
  const model = `f${++count}`;
  const said = watched(violated === undefined ? 'tell' : 'rollback');
  const place = await withTarget(send, model, {
    sagemaker: sagemaker({ name: model, ...said, ...(update && { update }), ...(shadow && { variants: [SHADOW] }) }),
  });
  for (let version = 1; version <= before; version++) {
    await next(world, model);
    await world.quiesce(place);
  }
  await happens(world, model);
  return { world, place, endpoint: `signet-${model}` };
}

async function violationsTold({ workspace, modelId }: TargetPlace): Promise<number> {
  const { items } = await registry.ports.store.query<'event'>(
    { kind: 'event', workspace, modelId },
    { limit: 1_000, order: 'ascending', consistent: true },
  );
  return items.filter((event) => (event as { type?: string }).type === 'monitoring.violated').length;
}

/** Follows a change to its end, with one call of one look going wrong; events of the host arrive in time. */
async function follow(world: Deploying, place: TargetPlace, fault?: { at: number; kind: Fault }): Promise<string[]> {
  const made: string[] = [];
  for (let round = 0; round < 12; round++) {
    const at = fault && fault.at - made.length;
    const plan: Plan = { calls: [], ...(fault && at !== undefined && at >= 0 && { at, fault: fault.kind }) };
    try {
      await under(plan, () => world.look(place));
    } catch {
      // Its message comes again, when whoever had the turn is gone.
    }
    made.push(...plan.calls);
    world.host.tick();
  }
  return made;
}

test.each(SCENARIOS)(
  '$name: whatever goes wrong at whichever call, both agree afterwards',
  async (scenario) => {
    const { world, place } = await prepare(scenario);
    const calls = await follow(world, place);
    if (scenario.update) expect([...world.host.strategies]).toEqual([scenario.update.strategy]);
    const changing = calls.flatMap((call, at) =>
      /^(TransactWrite|prepare|create|update|remove|discard)/.test(call) ? [{ call, at }] : [],
    );
    expect(changing.length).toBeGreaterThan(5);
    // In npm test each third call goes wrong, in the gate each.
    for (const { call, at } of changing.filter((_, index) => index % sized(1, 3) === 0)) {
      for (const kind of faultsOf(call, at)) {
        const again = await prepare(scenario);
        await follow(again.world, again.place, { at, kind });
        forward(180_000);
        await again.world.quiesce(again.place);
        await agree(again.world, again.place, again.endpoint);
        expect({ call, kind, ends: again.world.host.versionOf(again.endpoint) ?? 0 }).toEqual({
          call,
          kind,
          ends: scenario.ends,
        });
        expect(await violationsTold(again.place)).toBe(scenario.violated ?? 0);
      }
    }
  },
  240_000,
);

type Happening =
  | 'promote'
  | 'approve'
  | 'reject'
  | 'lock'
  | 'unlock'
  | 'tag'
  | 'archive'
  | 'rollback'
  | 'tick'
  | 'look'
  | 'twice'
  | 'late'
  | 'crash'
  | 'meddle'
  | 'poison'
  | 'violate';

const happening = fc.record({
  what: fc.constantFrom<Happening>(
    ...(['promote', 'approve', 'reject', 'lock', 'unlock', 'tag', 'archive', 'rollback', 'poison', 'meddle'] as const),
    'violate',
    ...(['tick', 'tick', 'tick', 'look', 'look', 'look', 'twice', 'late', 'crash'] as const),
  ),
  version: fc.integer({ min: 1, max: 3 }),
  at: fc.integer({ min: 0, max: 30 }),
});

const violation = fc.constantFrom('tell' as const, 'rollback' as const);

test('whatever happens in whichever order, with messages lost, late and doubled, both agree in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 8, maxLength: 30 }), violation, async (story, onViolation) => {
      const world = deploying(registry);
      const model = `r${++count}`;
      const target = sagemaker({ name: model, ...watched(onViolation) });
      const place = await withTarget(send, model, { sagemaker: target });
      const versions = `/v1/models/${model}/versions`;
      for (const _ of [1, 2, 3]) await serveable(send, model);
      // Refusals are part of the story.
      const say = (path: string, body: object) => registry.request('POST', path, { body });
      for (const { what, version, at } of story) {
        const one = `${versions}/${version}`;
        if (what === 'promote') {
          await say(`${one}/transition`, { stage: 'Staging' });
          await say(`${one}/transition`, { stage: 'Production' });
        } else if (what === 'approve') await say(`${one}/approval`, { status: 'Approved' });
        else if (what === 'reject') await say(`${one}/approval`, { status: 'Rejected', reason: 'bad' });
        else if (what === 'lock') await say(`${one}/lock`, { reason: 'audit' });
        else if (what === 'unlock') await say(`${one}/unlock`, {});
        else if (what === 'tag') await registry.request('PUT', `${one}/tags/a`, { body: { value: String(at) } });
        else if (what === 'archive') await say(`${one}/transition`, { stage: 'Archived' });
        else if (what === 'rollback') await say(`/v1/models/${model}/targets/Production/rollback`, {});
        else if (what === 'tick') world.host.tick();
        else if (what === 'poison') world.host.poisoned.add(String(version));
        else if (what === 'violate') world.host.violate(`signet-${model}`, now().toISOString());
        else if (what === 'meddle')
          world.host.meddle(`signet-${model}`, at % 2 === 0 ? 'delete' : { config: 'by-hand' });
        else if (what === 'look') await world.look(place);
        else if (what === 'twice') await Promise.all([world.look(place), world.look(place), world.look(place)]);
        else if (what === 'late') forward(180_000);
        else await under({ calls: [], fault: 'crash', at }, () => world.look(place)).catch(() => {});
      }
      forward(180_000);
      await world.quiesce(place);
      await agree(world, place, `signet-${model}`);
      await onlyApprovedServe(place);
    }),
    { numRuns: Number(process.env['SIGNET_DEPLOYMENT_RUNS'] ?? sized(40, 8)) },
  );
}, 240_000);

/** What serves may be deployed, unless nothing else may. */
async function onlyApprovedServe({ workspace, modelId, stage }: TargetPlace): Promise<void> {
  const { store } = registry.ports;
  const strong = { consistent: true };
  const target = await store.get<'target'>({ kind: 'target', workspace, modelId, stage }, strong);
  if (!target?.serving) return;
  const serving = await store.get<'deployment'>({ kind: 'deployment', workspace, modelId, id: target.serving }, strong);
  const version = (number: number) => store.get<'version'>({ kind: 'version', workspace, modelId, number }, strong);
  const circumstances = { rules: target, stage: { requiresApproval: true }, now: now().toISOString() };
  const objectionsTo = async (number: number) => {
    const found = await version(number);
    return gate(found, { ...circumstances, containers: containersOf(registry.ports, found) });
  };
  const objections = await objectionsTo(serving?.wish.version ?? 0);
  if (objections.length === 0) return;
  const others = target.served.filter((number) => number !== serving?.wish.version);
  for (const number of others) {
    const failed = target.failed.some((each) => each.version === number);
    if (!failed) expect(await objectionsTo(number)).not.toEqual([]);
  }
}
