import * as useCases from '../../core/use-cases';
import type { Endpoint, MlflowRequest } from './endpoint';
import { shown, versionJson } from './entities';
import { badValue } from './error';
import { downloadUri } from './locations';
import { named } from './registered-models';
import { read } from './request';
import { canonicalStage, checkTag, checkTagKey, noVersion, parseVersion, readTags } from './rules';
import { resolveSource } from './source';
import { namedModel } from './target';

const NAME_AND_VERSION = {
  name: { type: 'string', required: true },
  version: { type: 'string', required: true },
} as const;

/** Stages of which MLflow archives the other versions. */
const ACTIVE = ['Staging', 'Production'];

async function stored({ ports, call }: MlflowRequest, name: string, version: string) {
  const number = parseVersion(version);
  if (number < 1) throw noVersion(name, version);
  return named(name, version, useCases.readVersion(ports, call, name, number));
}

function answer(version: Parameters<typeof versionJson>[0], name: string, source: string) {
  return { model_version: versionJson(version, name, source) };
}

async function create(request: MlflowRequest) {
  const { event, ports, call } = request;
  const { name, source, run_id, tags, run_link, description, model_id } = read(event, {
    name: { type: 'string', required: true },
    source: { type: 'string', required: true },
    run_id: { type: 'string' },
    tags: { type: 'objects' },
    run_link: { type: 'string' },
    description: { type: 'string' },
    model_id: { type: 'string' },
  });
  const said = readTags(tags);
  const origin = await resolveSource(request, source, said);
  const run = { ...(run_id && { id: run_id }), ...(run_link && { url: run_link }) };
  const body = {
    source,
    tags: said,
    description: description ?? '',
    ...(Object.keys(run).length > 0 && { run: { ...run, system: 'mlflow' } }),
    ...(model_id && { metadata: { 'mlflow.model_id': { type: 'string', value: model_id } as const } }),
    final: true,
    ...origin,
  };
  const registered = await named(
    name,
    undefined,
    useCases.registerVersion(ports)({ params: { model: name }, body }, call),
  );
  return answer(shown(registered.body), name, source);
}

async function get(request: MlflowRequest) {
  const { name, version } = read(request.event, NAME_AND_VERSION);
  const found = await stored(request, name, version);
  return answer(found, name, downloadUri(found, found.modelId));
}

async function update(request: MlflowRequest) {
  const { event, ports, call } = request;
  const { name, version, description } = read(event, { ...NAME_AND_VERSION, description: { type: 'string' } });
  const { number, modelId } = await stored(request, name, version);
  const input = { params: { model: name, version: number }, body: { description: description ?? null } };
  const { body } = await named(name, version, useCases.updateVersion(ports)(input, call));
  return answer(shown(body), name, downloadUri(shown(body), modelId));
}

async function remove(request: MlflowRequest) {
  const { event, ports, call } = request;
  const { name, version } = read(event, NAME_AND_VERSION);
  const { number } = await stored(request, name, version);
  const input = { params: { model: name, version: number }, query: {} };
  await named(name, version, useCases.deleteVersion(ports)(input, call));
  return {};
}

async function transition(request: MlflowRequest) {
  const { event, ports, call } = request;
  const { name, version, stage, archive_existing_versions } = read(event, {
    ...NAME_AND_VERSION,
    stage: { type: 'string', required: true },
    archive_existing_versions: { type: 'bool' },
  });
  const to = canonicalStage(stage);
  if (archive_existing_versions && !ACTIVE.includes(to)) {
    throw badValue(
      `Model version transition cannot archive existing model versions because '${stage}' is not an Active stage. Valid stages are ['Staging', 'Production']`,
    );
  }
  const { number, modelId } = await stored(request, name, version);
  const input = {
    params: { model: name, version: number },
    body: { stage: to, stayAllowed: true, archiveExisting: archive_existing_versions === true },
  };
  const { body } = await named(name, version, useCases.transitionVersion(ports)(input, call));
  return answer(shown(body), name, downloadUri(shown(body), modelId));
}

async function getDownloadUri(request: MlflowRequest) {
  const { name, version } = read(request.event, {
    name: { type: 'string', required: true, terse: true },
    version: { type: 'string', required: true, terse: true },
  });
  const found = await stored(request, name, version);
  return { artifact_uri: downloadUri(found, found.modelId) };
}

async function setTag(request: MlflowRequest) {
  const { event, ports, call } = request;
  const {
    name,
    version,
    key,
    value = '',
  } = read(event, {
    ...NAME_AND_VERSION,
    key: { type: 'string', required: true },
    value: { type: 'string' },
  });
  checkTag(key, value);
  const { number } = await stored(request, name, version);
  const input = { params: { model: name, version: number, key }, body: { value } };
  await named(name, version, useCases.setVersionTag(ports)(input, call));
  return {};
}

async function deleteTag(request: MlflowRequest) {
  const { event, ports, call } = request;
  const { name, version, key } = read(event, { ...NAME_AND_VERSION, key: { type: 'string', required: true } });
  checkTagKey(key);
  const { number } = await stored(request, name, version);
  const input = { params: { model: name, version: number, key } };
  await named(name, version, useCases.deleteVersionTag(ports)(input, call));
  return {};
}

const BASE = '/mlflow/model-versions';

/** Endpoints of model versions but their search. */
export const modelVersions: readonly Endpoint[] = [
  {
    method: 'POST',
    path: `${BASE}/create`,
    effect: 'command',
    as: 'registerVersion',
    target: namedModel,
    serve: create,
  },
  { method: 'GET', path: `${BASE}/get`, effect: 'query', as: 'getVersion', target: namedModel, serve: get },
  {
    method: 'PATCH',
    path: `${BASE}/update`,
    effect: 'command',
    as: 'updateVersion',
    target: namedModel,
    serve: update,
  },
  {
    method: 'DELETE',
    path: `${BASE}/delete`,
    effect: 'command',
    as: 'deleteVersion',
    target: namedModel,
    serve: remove,
  },
  {
    method: 'POST',
    path: `${BASE}/transition-stage`,
    effect: 'command',
    as: 'transitionVersion',
    target: namedModel,
    serve: transition,
  },
  {
    method: 'GET',
    path: `${BASE}/get-download-uri`,
    effect: 'query',
    as: 'getDownload',
    target: namedModel,
    serve: getDownloadUri,
  },
  {
    method: 'POST',
    path: `${BASE}/set-tag`,
    effect: 'command',
    as: 'setVersionTag',
    target: namedModel,
    serve: setTag,
  },
  {
    method: 'DELETE',
    path: `${BASE}/delete-tag`,
    effect: 'command',
    as: 'deleteVersionTag',
    target: namedModel,
    serve: deleteTag,
  },
];
