import * as z from 'zod';
import { LIMITS } from '../../core/domain/limits';
import { once } from '../once';
import { operation } from '../operation';
import {
  bypass,
  modelName,
  page,
  pageQuery,
  reason,
  stageHolders,
  stageName,
  stay,
  text,
  timestamp,
  version,
  versionNumber,
} from '../schemas';

const tag = 'Lifecycle';
const params = once(() => z.strictObject({ model: modelName(), version: versionNumber() }));
const onStage = once(() => z.strictObject({ model: modelName(), stage: stageName() }));
const at = once(() => timestamp().transform((value) => new Date(value).toISOString()));
const onChange = ['model_not_found', 'version_not_found', 'model_archived', 'version_locked'] as const;

export const transitionVersion = operation({
  id: 'transitionVersion',
  method: 'POST',
  path: '/v1/models/{model}/versions/{version}/transition',
  effect: 'command',
  needs: 'promote',
  tag,
  summary: 'Moves a version to another stage',
  description:
    'Who held an exclusive stage before is archived in the same transaction. Where an approval policy asks for more than there is, open a transition request instead.',
  params,
  body: () =>
    z.strictObject({
      stage: stageName(),
      reason: reason().optional().describe('Needed to bypass.'),
      bypass: bypass().optional(),
      archiveExisting: z.boolean().optional().describe('Archives all other versions in the stage.'),
    }),
  status: 200,
  output: version,
  errors: [
    ...onChange,
    'version_not_ready',
    'transition_not_allowed',
    'approval_required',
    'request_required',
    'forbidden',
  ],
});

export const setApproval = operation({
  id: 'setApproval',
  method: 'POST',
  path: '/v1/models/{model}/versions/{version}/approval',
  effect: 'command',
  needs: 'approve',
  tag,
  summary: 'Approves or rejects a version, or withdraws either',
  params,
  body: () =>
    z.strictObject({
      status: z.enum(['PendingApproval', 'Approved', 'Rejected']),
      reason: reason().optional().describe('Needed unless the version is approved.'),
      expiresAt: at().optional().describe('When the approval ends; absent: never.'),
    }),
  status: 200,
  output: version,
  errors: [...onChange, 'version_not_ready'],
});

export const lockVersion = operation({
  id: 'lockVersion',
  method: 'POST',
  path: '/v1/models/{model}/versions/{version}/lock',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Locks a version: nothing of it changes until it is unlocked',
  params,
  body: () => z.strictObject({ reason: text(LIMITS.reason, 1) }),
  status: 200,
  output: version,
  errors: onChange,
});

export const unlockVersion = operation({
  id: 'unlockVersion',
  method: 'POST',
  path: '/v1/models/{model}/versions/{version}/unlock',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Unlocks a version',
  params,
  body: () => z.strictObject({ reason: reason().optional() }),
  status: 200,
  output: version,
  errors: ['model_not_found', 'version_not_found', 'model_archived', 'version_not_locked'],
});

export const listStages = operation({
  id: 'listStages',
  method: 'GET',
  path: '/v1/models/{model}/stages',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists the stages of a model and who is in each',
  params: () => z.strictObject({ model: modelName() }),
  status: 200,
  output: () => z.strictObject({ items: z.array(stageHolders()) }),
  errors: ['model_not_found'],
});

export const getStage = operation({
  id: 'getStage',
  method: 'GET',
  path: '/v1/models/{model}/stages/{stage}',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Shows a stage and who is in it',
  params: onStage,
  status: 200,
  output: stageHolders,
  errors: ['model_not_found'],
});

export const getStageHistory = operation({
  id: 'getStageHistory',
  method: 'GET',
  path: '/v1/models/{model}/stages/{stage}/history',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Tells which versions held a stage, and when, the newest first',
  params: onStage,
  query: () => z.strictObject(pageQuery()),
  paged: 'desc',
  status: 200,
  output: () => page(stay()),
  errors: ['model_not_found'],
});

export const getStageHolders = operation({
  id: 'getStageHolders',
  method: 'GET',
  path: '/v1/models/{model}/stages/{stage}/holder',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Tells which version held a stage at a time',
  params: onStage,
  query: () => z.strictObject({ ...pageQuery(), at: at() }).omit({ order: true }),
  paged: 'desc',
  status: 200,
  output: () => z.strictObject({ at: timestamp(), items: z.array(stay()), cursor: z.string().optional() }),
  errors: ['model_not_found'],
});
