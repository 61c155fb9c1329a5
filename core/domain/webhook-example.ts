import type { EventType } from './event';
import type { JsonObject } from './json';
import { EVERY_EVENT, isMlflowEvent, type MlflowEvent, type Subscription } from './webhook-events';
import { type MlflowMessage, mlflowBody } from './webhook-mlflow';

const MODEL = { name: 'example_model' };
const PROMPT = { name: 'example_prompt' };
const VERSION = { version: '1' };
const TAG = { key: 'example_key', value: 'example_value' };
const TAGS = { tags: { example_key: 'example_value' } };
const ALIAS = { alias: 'example_alias' };

/** What MLflow sends for a test of each of its events. */
const DATA: Readonly<Record<MlflowEvent, JsonObject>> = {
  'registered_model.created': { ...MODEL, ...TAGS, description: 'An example registered model' },
  'model_version.created': {
    ...MODEL,
    ...VERSION,
    source: 'models:/123',
    run_id: 'abcd1234abcd5678',
    ...TAGS,
    description: 'An example model version',
  },
  'model_version_tag.set': { ...MODEL, ...VERSION, ...TAG },
  'model_version_tag.deleted': { ...MODEL, ...VERSION, key: TAG.key },
  'model_version_alias.created': { ...MODEL, ...ALIAS, ...VERSION },
  'model_version_alias.deleted': { ...MODEL, ...ALIAS },
  'prompt.created': { ...PROMPT, ...TAGS, description: 'An example prompt' },
  'prompt_version.created': {
    ...PROMPT,
    ...VERSION,
    template: 'Hello {{name}}!',
    ...TAGS,
    description: 'An example prompt version',
  },
  'prompt_tag.set': { ...PROMPT, ...TAG },
  'prompt_tag.deleted': { ...PROMPT, key: TAG.key },
  'prompt_version_tag.set': { ...PROMPT, ...VERSION, ...TAG },
  'prompt_version_tag.deleted': { ...PROMPT, ...VERSION, key: TAG.key },
  'prompt_alias.created': { ...PROMPT, ...ALIAS, ...VERSION },
  'prompt_alias.deleted': { ...PROMPT, ...ALIAS },
  'budget_policy.exceeded': {},
};

/** The body of a test: MLflow's fixed example, or an event of that type that says `test`. */
export function exampleBody(subscription: Subscription, { id, at, workspace }: ExampleOf): string {
  if (isMlflowEvent(subscription)) {
    const message: MlflowMessage = { event: subscription, data: DATA[subscription] };
    return mlflowBody(message, at, workspace);
  }
  const type: EventType = subscription === EVERY_EVENT ? 'model.created' : subscription;
  const isOfWorkspace = /^(workspace|webhook|subscription)\./.test(type);
  const about = isOfWorkspace
    ? {}
    : { model: MODEL.name, modelId: id, ...(!type.startsWith('model.') && { version: 1 }) };
  const changes = { changed: [], previous: {}, current: {} };
  return JSON.stringify({ id, sequence: 1, type, at, workspace, ...about, ...changes, test: true });
}

/** Of what an example is made. */
interface ExampleOf {
  readonly id: string;
  readonly at: string;
  readonly workspace: string;
}
