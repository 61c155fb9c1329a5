import fc from 'fast-check';
import type { Deployment } from '../../core/domain/deployment';
import { type MonitorFacts, planMonitors } from '../../core/domain/monitor-plan';
import { checkMonitoring, type Monitor, type Monitoring, type MonitorKind } from '../../core/domain/monitoring';

const KINDS: readonly MonitorKind[] = ['data_quality', 'model_quality'];

/** A deployment that serves and may be watched. */
function serving(id: string, kinds: readonly MonitorKind[]): Deployment {
  const monitors = kinds.map((kind) => ({ kind, name: `${id}-${kind}` }));
  return { id, wish: { version: 1, digest: 'd', revision: 1, variants: [] }, monitors } as unknown as Deployment;
}

interface World {
  readonly serving: Deployment | undefined;
  readonly monitors: readonly Monitor[];
  readonly facts: ReadonlyMap<string, MonitorFacts | undefined>;
}

/** Does what a step says, as the use case and the host would, with the host refusing some for good. */
function after(world: World, refused: ReadonlySet<string>): World | undefined {
  const step = planMonitors(world);
  if (step.do === 'nothing') return undefined;
  const { monitor } = step;
  const others = world.monitors.filter(({ name }) => name !== monitor.name);
  const facts = new Map(world.facts);
  switch (step.do) {
    case 'note':
    case 'mark':
      return { ...world, monitors: [...others, monitor] };
    case 'tell':
      return { ...world, monitors: [...others, { ...monitor, violatedAt: step.at }] };
    case 'remove':
      facts.delete(monitor.name);
      return { ...world, monitors: others, facts };
    case 'create':
      if (refused.has(monitor.name)) return { ...world, monitors: [...others, { ...monitor, state: 'failed' }] };
      facts.set(monitor.name, { status: 'Scheduled' });
      return { ...world, facts };
  }
}

const kinds = fc.subarray([...KINDS]);
const facts = fc.option(
  fc.record({
    status: fc.constantFrom('Pending' as const, 'Scheduled' as const, 'Failed' as const, 'Stopped' as const),
    last: fc.record({
      at: fc.constantFrom('2026-03-01T10:00:00.000Z', '2026-03-01T11:00:00.000Z'),
      isViolated: fc.boolean(),
    }),
  }),
  { nil: undefined },
);

test('from whatever there is it comes to rest with the monitors of what serves, and no others', () => {
  const story = fc.record({
    wanted: fc.option(kinds, { nil: undefined }),
    had: kinds,
    told: fc.array(facts, { minLength: 4, maxLength: 4 }),
    states: fc.array(fc.constantFrom('creating' as const, 'scheduled' as const, 'failed' as const), {
      minLength: 2,
      maxLength: 2,
    }),
    same: fc.boolean(),
    refused: kinds,
  });
  fc.assert(
    fc.property(story, ({ wanted, had, told, states, same, refused }) => {
      const before = serving(same ? 'now' : 'before', had);
      const now = wanted && serving('now', wanted);
      const monitors = (before.monitors ?? []).map(
        (one, index): Monitor => ({
          ...one,
          deployment: before.id,
          version: 1,
          artifactDigest: 'd',
          state: states[index] ?? 'creating',
        }),
      );
      const there = new Map(monitors.map(({ name }, index) => [name, told[index]] as const));
      let world: World = { serving: now, monitors, facts: there };
      for (let step = 0; step < 20; step++) {
        const next = after(world, new Set(refused.map((kind) => `now-${kind}`)));
        if (!next) break;
        world = next;
      }
      expect(planMonitors(world)).toEqual({ do: 'nothing' });
      const names = (now?.monitors ?? []).map(({ name }) => name).sort();
      expect(world.monitors.map(({ name }) => name).sort()).toEqual(names);
      for (const { name, state } of world.monitors) {
        const found = world.facts.get(name);
        if (state !== 'failed') expect(found?.status).toBeDefined();
        if (found?.status === 'Failed') expect(state).toBe('failed');
      }
    }),
  );
});

test('violations are told once for each execution, also of a monitor that goes', () => {
  const monitor: Monitor = {
    kind: 'data_quality',
    name: 'before-data_quality',
    deployment: 'before',
    version: 1,
    artifactDigest: 'd',
    state: 'scheduled',
  };
  const at = '2026-03-01T10:00:00.000Z';
  const violated = new Map([
    [monitor.name, { status: 'Scheduled', last: { at, isViolated: true, job: 'arn' } } as const],
  ]);
  const told = planMonitors({ monitors: [monitor], facts: violated });
  expect(told).toEqual({ do: 'tell', monitor, at, job: 'arn' });
  const next = planMonitors({ monitors: [{ ...monitor, violatedAt: at }], facts: violated });
  expect(next.do).toBe('remove');
});

const MONITORING: Monitoring = {
  image: 'example.com/analyser',
  outputS3Uri: 's3://reports/churn',
  every: 'hour',
  instanceType: 'ml.m5.xlarge',
  volumeGb: 20,
  onViolation: 'tell',
  dataQuality: { baseline: 'monitoring/data-quality' },
};
const QUALITY = {
  baseline: 'b',
  problemType: 'Regression',
  groundTruthS3Uri: 's3://truth',
  inferenceAttribute: '0',
} as const;

test.each<[string, object, boolean, string | undefined]>([
  ['as it should be', {}, true, undefined],
  ['of both qualities', { modelQuality: QUALITY }, true, undefined],
  ['without captured data', {}, false, 'm'],
  ['of nothing', { dataQuality: undefined }, true, 'm'],
  ['by an image with white space', { image: 'two words' }, true, 'm.image'],
  ['on no instance', { instanceType: 'large' }, true, 'm.instanceType'],
  ['with reports in no bucket', { outputS3Uri: 'https://reports' }, true, 'm.outputS3Uri'],
  ['with a baseline at the root', { dataQuality: { baseline: '/etc' } }, true, 'm.dataQuality.baseline'],
  ['with a baseline above the files', { dataQuality: { baseline: 'a/../b' } }, true, 'm.dataQuality.baseline'],
  [
    'with no place in the answer',
    { modelQuality: { ...QUALITY, inferenceAttribute: undefined } },
    true,
    'm.modelQuality.inferenceAttribute',
  ],
  [
    'with the truth in no bucket',
    { modelQuality: { ...QUALITY, groundTruthS3Uri: 'truth' } },
    true,
    'm.modelQuality.groundTruthS3Uri',
  ],
])('monitoring %s is checked', (_, said, captures, field) => {
  const check = () => checkMonitoring({ ...MONITORING, ...said }, captures, 'm');
  if (field === undefined) expect(check).not.toThrow();
  else
    expect(check).toThrow(
      expect.objectContaining({ code: 'invalid_input', violations: [expect.objectContaining({ field })] }),
    );
});
