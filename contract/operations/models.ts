import * as z from 'zod';
import { LIMITS } from '../../core/domain/limits';
import { once } from '../once';
import { operation } from '../operation';
import {
  map,
  mapPatch,
  model,
  modelName,
  modelRow,
  page,
  pageQuery,
  reason,
  stageSchemeInput,
  tagKey,
  text,
} from '../schemas';

const tag = 'Models';
const params = once(() => z.strictObject({ model: modelName() }));
const description = once(() => text(LIMITS.description));
const tags = once(() => text(LIMITS.tagValue));

export const createModel = operation({
  id: 'createModel',
  method: 'POST',
  path: '/v1/models',
  effect: 'command',
  needs: 'register',
  tag,
  summary: 'Registers a model',
  body: () =>
    z.strictObject({
      name: modelName(),
      description: description().optional().describe('Markdown.'),
      tags: map(tags()).optional(),
      stages: stageSchemeInput().optional().describe('Absent: None, Staging, Production and Archived.'),
    }),
  status: 201,
  output: model,
  errors: ['model_exists', 'limit_exceeded'],
});

export const listModels = operation({
  id: 'listModels',
  method: 'GET',
  path: '/v1/models',
  effect: 'query',
  needs: 'read',
  on: 'members',
  tag,
  summary: 'Lists models by name',
  description: 'Those that the caller may read. A page may be short: go on while there is a cursor.',
  query: () =>
    z.strictObject({ ...pageQuery(), prefix: text(LIMITS.modelName).optional().describe('Names that start so.') }),
  paged: 'asc',
  status: 200,
  output: () => page(modelRow()),
  errors: ['workspace_not_found'],
});

export const getModel = operation({
  id: 'getModel',
  method: 'GET',
  path: '/v1/models/{model}',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Shows a model',
  params,
  status: 200,
  output: model,
  errors: ['model_not_found'],
});

export const updateModel = operation({
  id: 'updateModel',
  method: 'PATCH',
  path: '/v1/models/{model}',
  effect: 'command',
  needs: 'edit',
  tag,
  summary: 'Changes description, tags and stages of a model',
  description: 'A JSON merge patch: null removes, tags are changed one by one, stages as a whole.',
  params,
  body: () =>
    z.strictObject({
      description: description().nullable().optional(),
      tags: mapPatch(tags()).optional(),
      stages: stageSchemeInput().nullable().optional().describe('null: the default stages.'),
    }),
  status: 200,
  output: model,
  errors: ['model_not_found', 'model_archived', 'stage_in_use', 'limit_exceeded'],
});

export const renameModel = operation({
  id: 'renameModel',
  method: 'POST',
  path: '/v1/models/{model}/rename',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Gives a model another name',
  params,
  body: () => z.strictObject({ name: modelName() }),
  status: 200,
  output: model,
  errors: ['model_not_found', 'model_archived', 'model_exists'],
});

export const archiveModel = operation({
  id: 'archiveModel',
  method: 'POST',
  path: '/v1/models/{model}/archive',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Makes a model read-only',
  params,
  body: () => z.strictObject({ reason: reason().optional() }),
  status: 200,
  output: model,
  errors: ['model_not_found'],
});

export const restoreModel = operation({
  id: 'restoreModel',
  method: 'POST',
  path: '/v1/models/{model}/restore',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Makes an archived model changeable again',
  params,
  body: () => z.strictObject({ reason: reason().optional() }),
  status: 200,
  output: model,
  errors: ['model_not_found'],
});

export const deleteModel = operation({
  id: 'deleteModel',
  method: 'DELETE',
  path: '/v1/models/{model}',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Deletes a model; its history stays',
  params,
  query: () => z.strictObject({ reason: reason().optional() }),
  status: 204,
  errors: ['model_not_found', 'model_has_locked_versions'],
});

const tagParams = once(() => z.strictObject({ model: modelName(), key: tagKey() }));

export const setModelTag = operation({
  id: 'setModelTag',
  method: 'PUT',
  path: '/v1/models/{model}/tags/{key}',
  effect: 'command',
  needs: 'edit',
  tag,
  summary: 'Sets one tag of a model',
  params: tagParams,
  body: () => z.strictObject({ value: tags() }),
  status: 200,
  output: model,
  errors: ['model_not_found', 'model_archived', 'limit_exceeded'],
});

export const deleteModelTag = operation({
  id: 'deleteModelTag',
  method: 'DELETE',
  path: '/v1/models/{model}/tags/{key}',
  effect: 'command',
  needs: 'edit',
  tag,
  summary: 'Removes one tag of a model',
  params: tagParams,
  status: 200,
  output: model,
  errors: ['model_not_found', 'model_archived'],
});
