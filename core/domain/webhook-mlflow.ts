import type { RegistryEvent } from './event';
import type { Json, JsonObject } from './json';
import { IS_PROMPT } from './prompt';
import type { MlflowEvent } from './webhook-events';

/** A message of MLflow's webhooks without its envelope. */
export interface MlflowMessage {
  readonly event: MlflowEvent;
  readonly data: JsonObject;
}

const PROMPT_TEXT = 'mlflow.prompt.text';
const PROMPT_TYPE = '_mlflow_prompt_type';
/** Tags by which MLflow keeps what a version of a prompt is; its webhooks do not tell them. */
const RESERVED = [
  IS_PROMPT,
  PROMPT_TEXT,
  PROMPT_TYPE,
  '_mlflow_prompt_response_format',
  '_mlflow_prompt_model_config',
  '_mlflow_experiment_ids',
];

/** Whether a model is a prompt of MLflow. */
export function isPrompt(tags: Readonly<Record<string, Json | undefined>>): boolean {
  return String(tags[IS_PROMPT] ?? '').toLowerCase() === 'true';
}

const TAGS = 'tags.';

function tagsOf(values: JsonObject, without: readonly string[] = []): Record<string, Json> {
  const tags = Object.entries(values).flatMap(([path, value]): [string, Json][] =>
    path.startsWith(TAGS) ? [[path.slice(TAGS.length), value]] : [],
  );
  return Object.fromEntries(tags.filter(([key]) => !without.includes(key)));
}

/** Whether what an event is for MLflow depends on its model being a prompt, which the event does not tell. */
export function dependsOnModel({ type, changed }: Pick<RegistryEvent, 'type' | 'changed'>): boolean {
  if (type === 'alias.set' || type === 'alias.deleted') return true;
  return (type === 'version.updated' || type === 'model.updated') && changed.some((path) => path.startsWith(TAGS));
}

/**
 * The messages that MLflow would send for a change; for most changes none.
 * @param ofPrompt whether the event's model is a prompt, where `dependsOnModel`
 */
export function mlflowMessages(event: RegistryEvent, ofPrompt: boolean): MlflowMessage[] {
  switch (event.type) {
    case 'model.created':
      return [modelCreated(event)];
    case 'version.registered':
      return [versionCreated(event)];
    case 'model.updated':
      return ofPrompt ? tagChanges(event, 'prompt_tag', { name: nameOf(event) }) : [];
    case 'version.updated': {
      const about = { name: nameOf(event), version: String(event.version) };
      return tagChanges(event, ofPrompt ? 'prompt_version_tag' : 'model_version_tag', about);
    }
    case 'alias.set': {
      const data = { name: nameOf(event), alias: aliasOf(event.current), version: String(event.version) };
      return [{ event: ofPrompt ? 'prompt_alias.created' : 'model_version_alias.created', data }];
    }
    case 'alias.deleted': {
      const data = { name: nameOf(event), alias: aliasOf(event.previous) };
      return [{ event: ofPrompt ? 'prompt_alias.deleted' : 'model_version_alias.deleted', data }];
    }
    default:
      return [];
  }
}

function nameOf({ model }: RegistryEvent): string {
  return model ?? '';
}

function aliasOf(values: JsonObject): Json {
  return values['alias'] ?? '';
}

function modelCreated(event: RegistryEvent): MlflowMessage {
  const { current } = event;
  const prompt = isPrompt(tagsOf(current));
  return {
    event: prompt ? 'prompt.created' : 'registered_model.created',
    data: {
      name: nameOf(event),
      tags: tagsOf(current, prompt ? [IS_PROMPT, PROMPT_TYPE] : []),
      description: current['description'] ?? '',
    },
  };
}

function versionCreated(event: RegistryEvent): MlflowMessage {
  const { current } = event;
  const [name, version] = [nameOf(event), String(event.version)];
  const description = current['description'] || null;
  const tags = tagsOf(current);
  if (isPrompt(tags)) {
    const template = tags[PROMPT_TEXT] ?? '';
    const data = { name, version, template, tags: tagsOf(current, RESERVED), description };
    return { event: 'prompt_version.created', data };
  }
  const run = current['run'] as { readonly id?: string } | undefined;
  const source = current['source'] ?? `models:/${name}/${version}`;
  return {
    event: 'model_version.created',
    data: { name, version, source, run_id: run?.id || null, tags, description },
  };
}

function tagChanges(
  { changed, current }: RegistryEvent,
  entity: 'prompt_tag' | 'prompt_version_tag' | 'model_version_tag',
  about: JsonObject,
): MlflowMessage[] {
  return changed
    .filter((path) => path.startsWith(TAGS))
    .map((path) => {
      const key = path.slice(TAGS.length);
      const value = current[path];
      if (value === undefined) return { event: `${entity}.deleted`, data: { ...about, key } };
      return { event: `${entity}.set`, data: { ...about, key, value } };
    });
}

/** The body of a message as MLflow sends it: entity and action apart, the time with its offset, and the workspace. */
export function mlflowBody({ event, data }: MlflowMessage, at: string, workspace: string): string {
  const [entity = '', action = ''] = event.split('.');
  return JSON.stringify({ entity, action, timestamp: at.replace('Z', '+00:00'), data, workspace });
}
