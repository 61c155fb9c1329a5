import { readFileSync } from 'node:fs';
import type { EventType, RegistryEvent } from '../../core/domain/event';
import type { JsonObject } from '../../core/domain/json';
import { MLFLOW_EVENTS, type Subscription } from '../../core/domain/webhook-events';
import { exampleBody } from '../../core/domain/webhook-example';
import { dependsOnModel, isPrompt, mlflowBody, mlflowMessages } from '../../core/domain/webhook-mlflow';

interface Sent {
  readonly entity: string;
  readonly action: string;
  readonly timestamp: string;
  readonly data: JsonObject;
}

/** What a real server sent to its webhooks. */
const golden: Sent[] = readFileSync('test/fixtures/mlflow/webhooks.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { label: string; body: string })
  .filter(({ label }) => label === 'delivery')
  .map(({ body }) => JSON.parse(body) as Sent);

function goldenData(name: string, of: 'example_model' | 'real'): JsonObject {
  const found = golden.filter(({ entity, action, data }) => {
    return `${entity}.${action}` === name && (data['name'] === 'example_model') === (of === 'example_model');
  });
  expect(found).toHaveLength(1);
  return found[0]?.data ?? {};
}

function event(type: EventType, model: string, more: Partial<RegistryEvent>): RegistryEvent {
  return {
    id: '01M84B964KYSGZS90ABJVFM3FG',
    sequence: 1,
    type,
    at: '2026-11-23T09:32:40.352Z',
    workspace: 'default',
    model,
    modelId: 'm',
    actor: { id: 'ada', kind: 'person', name: 'ada' },
    changed: Object.keys({ ...more.previous, ...more.current }),
    previous: {},
    current: {},
    requestId: 'r',
    previousHash: '',
    hash: '',
    ...more,
  };
}

/** One row for each of MLflow's events, with the change that it tells of; those that a real server sent are compared. */
const ROWS: [name: string, event: RegistryEvent, ofPrompt: boolean, data: JsonObject | 'golden'][] = [
  [
    'registered_model.created',
    event('model.created', 'whm', { current: { name: 'whm', 'tags.a': 'b' } }),
    false,
    'golden',
  ],
  [
    'model_version.created',
    event('version.registered', 'whm', {
      version: 1,
      current: { status: 'READY', source: 's3://b/k', run: { id: 'r1', system: 'mlflow' }, description: '' },
    }),
    false,
    'golden',
  ],
  [
    'model_version_tag.set',
    event('version.updated', 'whm', { version: 1, current: { 'tags.k': 'v' } }),
    false,
    'golden',
  ],
  [
    'model_version_tag.deleted',
    event('version.updated', 'whm', { version: 1, previous: { 'tags.k': 'v' } }),
    false,
    'golden',
  ],
  [
    'model_version_alias.created',
    event('alias.set', 'whm', { version: 1, current: { alias: 'champ', version: 1 } }),
    false,
    'golden',
  ],
  [
    'model_version_alias.deleted',
    event('alias.deleted', 'whm', { version: 1, previous: { alias: 'champ', version: 1 } }),
    false,
    'golden',
  ],
  [
    'prompt.created',
    event('model.created', 'whp', {
      current: {
        name: 'whp',
        'tags.mlflow.prompt.is_prompt': 'true',
        'tags.z': 'y',
        'tags._mlflow_prompt_type': 'text',
      },
    }),
    true,
    'golden',
  ],
  [
    'prompt_version.created',
    event('version.registered', 'whp', {
      version: 1,
      current: {
        source: 'dummy-source',
        description: 'c',
        'tags.mlflow.prompt.is_prompt': 'true',
        'tags.mlflow.prompt.text': 'Hi {{x}}',
        'tags._mlflow_prompt_type': 'text',
        'tags.z': 'y',
      },
    }),
    true,
    { name: 'whp', version: '1', template: 'Hi {{x}}', tags: { z: 'y' }, description: 'c' },
  ],
  [
    'prompt_tag.set',
    event('model.updated', 'whp', { current: { 'tags.k': 'v' } }),
    true,
    { name: 'whp', key: 'k', value: 'v' },
  ],
  [
    'prompt_tag.deleted',
    event('model.updated', 'whp', { previous: { 'tags.k': 'v' } }),
    true,
    { name: 'whp', key: 'k' },
  ],
  [
    'prompt_version_tag.set',
    event('version.updated', 'whp', { version: 2, current: { 'tags.k': '' } }),
    true,
    { name: 'whp', version: '2', key: 'k', value: '' },
  ],
  [
    'prompt_version_tag.deleted',
    event('version.updated', 'whp', { version: 2, previous: { 'tags.k': 'v' } }),
    true,
    { name: 'whp', version: '2', key: 'k' },
  ],
  [
    'prompt_alias.created',
    event('alias.set', 'whp', { version: 2, current: { alias: 'a', version: 2 } }),
    true,
    { name: 'whp', alias: 'a', version: '2' },
  ],
  [
    'prompt_alias.deleted',
    event('alias.deleted', 'whp', { version: 2, previous: { alias: 'a', version: 2 } }),
    true,
    { name: 'whp', alias: 'a' },
  ],
];

test('every event of MLflow has a row, but the one that does not happen here', () => {
  expect([...ROWS.map(([name]) => name), 'budget_policy.exceeded']).toEqual([...MLFLOW_EVENTS]);
});

test.each(ROWS)('%s', (name, change, ofPrompt, data) => {
  const expected = data === 'golden' ? goldenData(name, 'real') : data;
  expect(mlflowMessages(change, ofPrompt)).toEqual([{ event: name, data: expected }]);
});

test('each tag that one change sets or removes is a message of its own', () => {
  const change = event('version.updated', 'm', {
    version: 3,
    changed: ['description', 'tags.a', 'tags.b.c'],
    previous: { description: 'x', 'tags.b.c': '1' },
    current: { description: 'y', 'tags.a': '2' },
  });
  expect(mlflowMessages(change, false)).toEqual([
    { event: 'model_version_tag.set', data: { name: 'm', version: '3', key: 'a', value: '2' } },
    { event: 'model_version_tag.deleted', data: { name: 'm', version: '3', key: 'b.c' } },
  ]);
});

test('tags of models, and what MLflow has no event for, are no message', () => {
  expect(mlflowMessages(event('model.updated', 'm', { current: { 'tags.a': '1' } }), false)).toEqual([]);
  for (const type of ['model.renamed', 'model.deleted', 'version.stage_changed', 'version.deleted'] as const) {
    expect(mlflowMessages(event(type, 'm', { version: 1 }), false)).toEqual([]);
  }
});

test('a version without a source is named by its own URI', () => {
  const [message] = mlflowMessages(event('version.registered', 'm', { version: 2 }), false);
  expect(message?.data).toEqual({
    name: 'm',
    version: '2',
    source: 'models:/m/2',
    run_id: null,
    tags: {},
    description: null,
  });
});

test('only where the event does not tell, the model is asked whether it is a prompt', () => {
  const asked = ROWS.filter(([, change]) => dependsOnModel(change)).map(([name]) => name);
  expect(asked).toEqual(MLFLOW_EVENTS.filter((name) => /tag|alias/.test(name)));
  expect(dependsOnModel(event('version.updated', 'm', { current: { description: 'x' } }))).toBe(false);
  expect([isPrompt({ 'mlflow.prompt.is_prompt': 'True' }), isPrompt({}), isPrompt({ x: 'true' })]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a body has the envelope of MLflow, and the workspace as where workspaces are on', () => {
  const [message] = mlflowMessages(ROWS[0]?.[1] as RegistryEvent, false);
  const body = JSON.parse(mlflowBody(message as NonNullable<typeof message>, '2026-11-23T09:32:40.352Z', 'team'));
  const [sent] = golden.filter(({ entity }) => entity === 'registered_model');
  expect(body).toEqual({ ...sent, timestamp: '2026-11-23T09:32:40.352+00:00', workspace: 'team' });
});

test.each(MLFLOW_EVENTS)('the example of %s is the one of MLflow', (name) => {
  const of = { id: 'i', at: '2026-11-23T09:32:40.352Z', workspace: 'default' };
  const body = JSON.parse(exampleBody(name, of));
  expect(`${body.entity}.${body.action}`).toBe(name);
  if (golden.some(({ entity, action, data }) => `${entity}.${action}` === name && data['name'] === 'example_model')) {
    expect(body.data).toEqual(goldenData(name, 'example_model'));
  }
});

test.each<Subscription>(['*', 'version.stage_changed', 'webhook.created'])(
  'the example of %s says that it is one',
  (name) => {
    const body = JSON.parse(exampleBody(name, { id: 'i', at: '2026-11-23T09:32:40.352Z', workspace: 'team' }));
    expect(body).toMatchObject({ type: name === '*' ? 'model.created' : name, test: true, workspace: 'team' });
    expect('version' in body).toBe(name === 'version.stage_changed');
  },
);
