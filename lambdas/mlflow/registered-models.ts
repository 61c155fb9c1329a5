import { RegistryError } from '../../core/domain/errors';
import { IS_PROMPT } from '../../core/domain/prompt';
import { OPEN_STAGES } from '../../core/domain/stages';
import * as useCases from '../../core/use-cases';
import type { Endpoint, MlflowRequest } from './endpoint';
import { modelJson, versionJson } from './entities';
import { badValue, MlflowError } from './error';
import { downloadUri } from './locations';
import { read } from './request';
import {
  canonicalStage,
  checkAliasName,
  checkName,
  checkTag,
  checkTagKey,
  noModel,
  noVersion,
  parseVersion,
  readTags,
} from './rules';
import { namedModel } from './target';

/** Answers a missing model or version in MLflow's words. */
export async function named<T>(name: string, version: string | undefined, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const code = error instanceof RegistryError ? error.code : undefined;
    if (code === 'version_not_found') throw noVersion(name, version ?? '');
    if (code === 'model_not_found') throw version === undefined ? noModel(name) : noVersion(name, version);
    throw error;
  }
}

/** A model in MLflow's JSON, as `get` answers it. */
export function describedJson({ model, head, aliases, latest }: useCases.DescribedModel) {
  return modelJson(model, head, {
    latest: latest.map((version) => versionJson(version, model.name, downloadUri(version, model.id))),
    aliases: aliases.map(({ slot, version }) => ({ alias: slot, version })),
  });
}

async function described({ ports, call }: MlflowRequest, name: string) {
  return { registered_model: describedJson(await named(name, undefined, useCases.describeModel(ports, call, name))) };
}

function kindOf(tags: Readonly<Record<string, string>>): string {
  return tags[IS_PROMPT]?.toLowerCase() === 'true' ? 'prompt' : 'registered model';
}

/** The refusal of a name that is taken, in the words that MLflow's callers match on. */
async function nameTaken(
  { ports, call }: MlflowRequest,
  name: string,
  tags: Record<string, string>,
): Promise<MlflowError> {
  const { model } = await useCases.describeModel(ports, call, name);
  const [kind, taken] = [kindOf(tags), kindOf(model.tags)];
  if (kind !== taken) {
    return new MlflowError(
      'RESOURCE_ALREADY_EXISTS',
      `Tried to create a ${kind} with name '${name}', but the name is already taken by a ${taken}. MLflow does not allow creating a model and a prompt with the same name.`,
    );
  }
  const what = kind === 'prompt' ? 'Prompt' : 'Registered Model';
  return new MlflowError('RESOURCE_ALREADY_EXISTS', `${what} (name=${name}) already exists.`);
}

function isTaken(error: unknown): boolean {
  return error instanceof RegistryError && error.code === 'model_exists';
}

async function create(request: MlflowRequest) {
  const { event, ports, call } = request;
  const { name, tags, description } = read(event, {
    name: { type: 'string', required: true },
    tags: { type: 'objects' },
    description: { type: 'string' },
  });
  checkName(name);
  const body = { name, tags: readTags(tags), stages: OPEN_STAGES, ...(description && { description }) };
  try {
    const { body: model } = await useCases.createModel(ports)({ body }, call);
    return { registered_model: modelJson(model, { activityAt: model.createdAt }) };
  } catch (error) {
    throw isTaken(error) ? await nameTaken(request, name, body.tags) : error;
  }
}

async function get(request: MlflowRequest) {
  const { name } = read(request.event, { name: { type: 'string', required: true } });
  return described(request, name);
}

async function rename(request: MlflowRequest) {
  const { event, ports, call } = request;
  const fields = { name: { type: 'string', required: true }, new_name: { type: 'string', required: true } } as const;
  const { name, new_name } = read(event, fields);
  checkName(new_name);
  try {
    await named(
      name,
      undefined,
      useCases.renameModel(ports)({ params: { model: name }, body: { name: new_name } }, call),
    );
  } catch (error) {
    if (!isTaken(error)) throw error;
    throw new MlflowError('RESOURCE_ALREADY_EXISTS', `Registered Model (name=${new_name}) already exists.`);
  }
  return described(request, new_name);
}

async function update(request: MlflowRequest) {
  const { event, ports, call } = request;
  const { name, description } = read(event, {
    name: { type: 'string', required: true },
    description: { type: 'string' },
  });
  const body = { description: description || null };
  await named(name, undefined, useCases.updateModel(ports)({ params: { model: name }, body }, call));
  return described(request, name);
}

async function remove({ event, ports, call }: MlflowRequest) {
  const { name } = read(event, { name: { type: 'string', required: true } });
  await named(name, undefined, useCases.deleteModel(ports)({ params: { model: name }, query: {} }, call));
  return {};
}

async function getLatestVersions({ event, ports, call }: MlflowRequest) {
  const { name, stages = [] } = read(event, {
    name: { type: 'string', required: true },
    stages: { type: 'strings' },
  });
  const wanted = stages.map(canonicalStage);
  const { model, latest } = await named(name, undefined, useCases.describeModel(ports, call, name));
  const versions = latest.filter(({ stage }) => wanted.length === 0 || wanted.includes(stage));
  if (versions.length === 0) return {};
  return { model_versions: versions.map((version) => versionJson(version, name, downloadUri(version, model.id))) };
}

async function setTag({ event, ports, call }: MlflowRequest) {
  const {
    name,
    key,
    value = '',
  } = read(event, {
    name: { type: 'string', required: true },
    key: { type: 'string', required: true },
    value: { type: 'string' },
  });
  checkTag(key, value);
  await named(name, undefined, useCases.setModelTag(ports)({ params: { model: name, key }, body: { value } }, call));
  return {};
}

async function deleteTag({ event, ports, call }: MlflowRequest) {
  const { name, key } = read(event, {
    name: { type: 'string', required: true },
    key: { type: 'string', required: true },
  });
  const params = { model: name, key: checkTagKey(key) };
  await named(name, undefined, useCases.deleteModelTag(ports)({ params }, call));
  return {};
}

async function setAlias({ event, ports, call }: MlflowRequest) {
  const { name, alias, version } = read(event, {
    name: { type: 'string', required: true },
    alias: { type: 'string', required: true },
    version: { type: 'string', required: true },
  });
  checkAliasName(alias, true);
  const number = parseVersion(version);
  const input = { params: { model: name, alias }, body: { version: number } };
  await named(name, version, useCases.setAlias(ports)(input, call));
  return {};
}

async function deleteAlias({ event, ports, call }: MlflowRequest) {
  const { name, alias } = read(event, {
    name: { type: 'string', required: true },
    alias: { type: 'string', required: true },
  });
  checkAliasName(alias);
  try {
    await named(name, undefined, useCases.deleteAlias(ports)({ params: { model: name, alias } }, call));
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'alias_not_found') throw error;
  }
  return {};
}

async function getAlias({ event, ports, call }: MlflowRequest) {
  const { name, alias } = read(event, {
    name: { type: 'string', required: true },
    alias: { type: 'string', required: true },
  });
  checkAliasName(alias);
  const isLatest = alias.toLowerCase() === 'latest';
  try {
    const resolved = await named(name, undefined, useCases.getAlias(ports)({ params: { model: name, alias } }, call));
    const version = await useCases.readVersion(ports, call, name, resolved.body.version);
    return { model_version: versionJson(version, name, downloadUri(version, version.modelId)) };
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'alias_not_found') throw error;
    if (isLatest) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Latest version not found for model ${name}.`);
    throw badValue(`Registered model alias ${alias} not found.`);
  }
}

const BASE = '/mlflow/registered-models';

/** Endpoints of registered models but their search. */
export const registeredModels: readonly Endpoint[] = [
  { method: 'POST', path: `${BASE}/create`, effect: 'command', as: 'createModel', serve: create },
  { method: 'GET', path: `${BASE}/get`, effect: 'query', as: 'getModel', target: namedModel, serve: get },
  { method: 'POST', path: `${BASE}/rename`, effect: 'command', as: 'renameModel', target: namedModel, serve: rename },
  { method: 'PATCH', path: `${BASE}/update`, effect: 'command', as: 'updateModel', target: namedModel, serve: update },
  { method: 'DELETE', path: `${BASE}/delete`, effect: 'command', as: 'deleteModel', target: namedModel, serve: remove },
  {
    method: 'POST',
    path: `${BASE}/get-latest-versions`,
    effect: 'query',
    as: 'listVersions',
    target: namedModel,
    serve: getLatestVersions,
  },
  {
    method: 'GET',
    path: `${BASE}/get-latest-versions`,
    effect: 'query',
    as: 'listVersions',
    target: namedModel,
    serve: getLatestVersions,
  },
  { method: 'POST', path: `${BASE}/set-tag`, effect: 'command', as: 'setModelTag', target: namedModel, serve: setTag },
  {
    method: 'DELETE',
    path: `${BASE}/delete-tag`,
    effect: 'command',
    as: 'deleteModelTag',
    target: namedModel,
    serve: deleteTag,
  },
  { method: 'POST', path: `${BASE}/alias`, effect: 'command', as: 'setAlias', target: namedModel, serve: setAlias },
  {
    method: 'DELETE',
    path: `${BASE}/alias`,
    effect: 'command',
    as: 'deleteAlias',
    target: namedModel,
    serve: deleteAlias,
  },
  { method: 'GET', path: `${BASE}/alias`, effect: 'query', as: 'getAlias', target: namedModel, serve: getAlias },
];
