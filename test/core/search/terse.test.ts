import fc from 'fast-check';
import type { Actor } from '../../../core/domain/principal';
import type { SearchCopy } from '../../../core/domain/search';
import { full, terse } from '../../../core/search/terse';
import { model, version } from './memory';

const PIPELINE: Actor = {
  id: 'arn:aws:sts::123456789012:assumed-role/sagemaker-training-pipeline-execution/SageMaker',
  kind: 'machine',
  name: 'sagemaker-training-pipeline-execution/SageMaker',
};
const actor = fc.constantFrom<Actor>(PIPELINE, { id: 'ada', kind: 'person', name: 'ada' });
const time = fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z');
const texts = fc.dictionary(fc.string({ maxLength: 20 }), fc.string({ maxLength: 200 }), { maxKeys: 4 });
const typed = fc.string({ maxLength: 200 }).map((value) => ({ type: 'string' as const, value }));
const numbers = fc.dictionary(fc.string({ maxLength: 20 }), fc.double({ noNaN: true }), { maxKeys: 4 });

const ofVersion = fc
  .record(
    {
      stage: fc.constantFrom('None', 'Production'),
      approval: fc.constantFrom({ status: 'PendingApproval' as const }, { status: 'Approved' as const }),
      aliases: fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 3 }),
      tags: texts,
      metrics: numbers,
      hyperParameters: texts,
      metadata: fc.dictionary(fc.string({ maxLength: 20 }), typed, { maxKeys: 4 }),
      description: fc.string({ maxLength: 900 }),
      createdAt: time,
      createdBy: actor,
      updatedAt: time,
      updatedBy: actor,
      editedAt: time,
    },
    { noNullPrototype: true },
  )
  .map((said) => version({ modelId: 'm', number: 1, ...said }, 'vad').copy);
const ofModel = fc
  .record({ tags: texts, activityAt: time, createdAt: time }, { noNullPrototype: true })
  .map((said) => model('m', 'vad', said).copy);

const stored = (copy: SearchCopy) => JSON.parse(JSON.stringify(terse(copy)));

test('what is stored of a copy is the copy again', () => {
  fc.assert(
    fc.property(fc.oneof(ofVersion, ofModel), (copy) => {
      expect(full(stored(copy))).toEqual(JSON.parse(JSON.stringify(copy)));
    }),
  );
});

test('a copy that is stored has the room that a write unit leaves it', () => {
  fc.assert(
    fc.property(fc.oneof(ofVersion, ofModel), (copy) => {
      expect(Buffer.byteLength(JSON.stringify(stored(copy)))).toBeLessThanOrEqual(740);
    }),
  );
});

test('what a pipeline registers is searched without another read: its copies have tags, metrics and run', () => {
  const { copy } = version(
    {
      modelId: '01M8Q192W731JYH7WPZZ0W3GT0',
      number: 100_000,
      createdBy: PIPELINE,
      updatedBy: PIPELINE,
      run: { id: '9f1c2d3e4b5a49788c7d6e5f4a3b2c1d', system: 'mlflow' },
      source: 's3://models/churn/9f1c2d3e4b5a49788c7d6e5f4a3b2c1d/artifacts/model',
      tags: { team: 'team-3', commit: 'c0ffee' },
      metrics: { auc: 0.93, f1: 0.81 },
    },
    'churn',
  );
  expect(copy.omitted).toBeUndefined();
});
