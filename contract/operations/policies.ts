import * as z from 'zod';
import { LIMITS } from '../../core/domain/limits';
import { once } from '../once';
import { operation } from '../operation';
import { checkName, guardsInput, modelPolicy, policy } from '../policies';
import { modelName, reason, text } from '../schemas';

const tag = 'Approval policies';
const params = once(() => z.strictObject({ model: modelName() }));
const body = once(() => z.strictObject({ guards: guardsInput(), reason: reason().optional() }));
const tokenBody = once(() =>
  z.strictObject({
    token: text(LIMITS.checkToken, LIMITS.shortestCheckToken).describe(
      'What nobody can guess: `openssl rand -hex 32`.',
    ),
  }),
);
const tokenDescription = 'It takes the place of the one before. Only its SHA-256 is kept.';

export const getWorkspacePolicy = operation({
  id: 'getWorkspacePolicy',
  method: 'GET',
  path: '/v1/policy',
  effect: 'query',
  needs: 'read',
  tag,
  summary: "Shows the workspace's approval policy, which guards the models that have no other",
  status: 200,
  output: policy,
  errors: [],
});

export const setWorkspacePolicy = operation({
  id: 'setWorkspacePolicy',
  method: 'PUT',
  path: '/v1/policy',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: "Replaces the workspace's approval policy",
  body,
  status: 200,
  output: policy,
  errors: ['limit_exceeded'],
});

export const setWorkspaceCheckToken = operation({
  id: 'setWorkspaceCheckToken',
  method: 'PUT',
  path: '/v1/policy/checks/{check}/token',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: "Gives an external check of the workspace's policy its token",
  description: tokenDescription,
  params: () => z.strictObject({ check: checkName() }),
  body: tokenBody,
  status: 204,
  errors: ['check_not_found'],
});

export const getModelPolicy = operation({
  id: 'getModelPolicy',
  method: 'GET',
  path: '/v1/models/{model}/policy',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Shows the approval policy of a model, and what guards each of its targets',
  params,
  status: 200,
  output: modelPolicy,
  errors: ['model_not_found'],
});

export const setModelPolicy = operation({
  id: 'setModelPolicy',
  method: 'PUT',
  path: '/v1/models/{model}/policy',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Replaces the approval policy of a model',
  description: "Its guard for a target takes the place of the workspace's for that target.",
  params,
  body,
  status: 200,
  output: policy,
  errors: ['model_not_found', 'model_archived', 'limit_exceeded'],
});

export const setModelCheckToken = operation({
  id: 'setModelCheckToken',
  method: 'PUT',
  path: '/v1/models/{model}/policy/checks/{check}/token',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: "Gives an external check of the model's policy its token",
  description: tokenDescription,
  params: () => z.strictObject({ model: modelName(), check: checkName() }),
  body: tokenBody,
  status: 204,
  errors: ['model_not_found', 'model_archived', 'check_not_found'],
});
