import * as z from 'zod';
import { LIMITS } from '../../core/domain/limits';
import { once } from '../once';
import { operation } from '../operation';
import { alias, aliasName, bypass, modelName, page, pageQuery, reason, stay, timestamp } from '../schemas';

const tag = 'Aliases';
const params = once(() => z.strictObject({ model: modelName(), alias: aliasName() }));
const at = once(() => timestamp().transform((value) => new Date(value).toISOString()));

export const setAlias = operation({
  id: 'setAlias',
  method: 'PUT',
  path: '/v1/models/{model}/aliases/{alias}',
  effect: 'command',
  needs: 'setAlias',
  tag,
  summary: 'Sets an alias to a READY version',
  params,
  body: () =>
    z.strictObject({
      version: z.int().min(1).max(LIMITS.versionNumber),
      reason: reason().optional().describe('Needed to bypass.'),
      bypass: bypass().optional(),
    }),
  status: 200,
  output: alias,
  errors: [
    'model_not_found',
    'version_not_found',
    'model_archived',
    'version_not_ready',
    'version_locked',
    'limit_exceeded',
    'request_required',
    'forbidden',
  ],
});

export const getAlias = operation({
  id: 'getAlias',
  method: 'GET',
  path: '/v1/models/{model}/aliases/{alias}',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Resolves an alias; latest is the highest READY version',
  params,
  status: 200,
  output: alias,
  errors: ['model_not_found', 'alias_not_found'],
});

export const listAliases = operation({
  id: 'listAliases',
  method: 'GET',
  path: '/v1/models/{model}/aliases',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists the aliases of a model',
  params: () => z.strictObject({ model: modelName() }),
  query: () => z.strictObject(pageQuery()),
  paged: 'asc',
  status: 200,
  output: () => page(alias()),
  errors: ['model_not_found'],
});

export const deleteAlias = operation({
  id: 'deleteAlias',
  method: 'DELETE',
  path: '/v1/models/{model}/aliases/{alias}',
  effect: 'command',
  needs: 'setAlias',
  tag,
  summary: 'Removes an alias',
  params,
  status: 204,
  errors: ['model_not_found', 'alias_not_found', 'model_archived', 'version_locked'],
});

export const getAliasHistory = operation({
  id: 'getAliasHistory',
  method: 'GET',
  path: '/v1/models/{model}/aliases/{alias}/history',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Tells which versions held an alias, and when, the newest first',
  params,
  query: () => z.strictObject(pageQuery()),
  paged: 'desc',
  status: 200,
  output: () => page(stay()),
  errors: ['model_not_found'],
});

export const getAliasHolder = operation({
  id: 'getAliasHolder',
  method: 'GET',
  path: '/v1/models/{model}/aliases/{alias}/holder',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Tells which version held an alias at a time',
  params,
  query: () => z.strictObject({ ...pageQuery(), at: at() }).omit({ order: true }),
  paged: 'desc',
  status: 200,
  output: () => z.strictObject({ at: timestamp(), items: z.array(stay()), cursor: z.string().optional() }),
  errors: ['model_not_found'],
});
