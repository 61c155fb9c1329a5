import * as z from 'zod';
import { LIMITS } from '../../core/domain/limits';
import { CHECK_RESULTS, REQUEST_STATES, REQUEST_STATUSES, REQUIREMENTS, VOTES } from '../../core/domain/request-terms';
import { once } from '../once';
import { operation } from '../operation';
import { checkName, guard, slot } from '../policies';
import { actor, modelName, page, pageQuery, reason, sha256, text, timestamp } from '../schemas';

const tag = 'Transition requests';
const ofModel = once(() => z.strictObject({ model: modelName() }));
const params = once(() => z.strictObject({ model: modelName(), request: text(64, 1) }));
const versionNumber = once(() => z.int().min(1).max(LIMITS.versionNumber));
const looked = once(() =>
  sha256().describe('Digest of what the caller looked at, as the request told it: refused when it is another.'),
);
const said = once(() => ({
  by: actor(),
  at: timestamp(),
  stale: z.literal(true).optional().describe('About something else.'),
}));
const evidence = once(() => text(LIMITS.evidence));

const requestFields = once(() => ({
  id: z.string(),
  workspace: z.string(),
  model: z.string(),
  version: z.int(),
  target: slot(),
  reason: z.string(),
  author: actor(),
  state: z.enum(REQUEST_STATES),
  subject: sha256().describe("Digest of the version's files and metadata that it is about."),
  artifactDigest: sha256(),
  containersDigest: sha256().optional().describe("Digest of the version's containers that it is about."),
  votes: z.array(z.strictObject({ ...said(), vote: z.enum(['approve', 'reject']), reason: z.string().optional() })),
  answers: z.array(
    z.strictObject({ ...said(), item: z.string(), checked: z.boolean(), evidence: z.string().optional() }),
  ),
  results: z.array(
    z.strictObject({
      ...said(),
      check: z.string(),
      result: z.enum(CHECK_RESULTS),
      detail: z.string().optional(),
      url: z.string().optional(),
    }),
  ),
  openedAt: timestamp(),
  expiresAt: timestamp(),
  updatedAt: timestamp(),
  updatedBy: actor(),
  ended: z.strictObject({ by: actor(), at: timestamp(), reason: z.string().optional() }).optional(),
}));

const requestRow = once(() => z.strictObject(requestFields()).meta({ id: 'TransitionRequestRow' }));

const request = once(() =>
  z
    .strictObject({
      ...requestFields(),
      status: z
        .enum(REQUEST_STATUSES)
        .describe(
          'How it stands now: an open one may be approved, rejected, outdated or, before it is marked, expired.',
        ),
      requirements: z
        .array(
          z.strictObject({
            kind: z.enum(REQUIREMENTS),
            name: z.string().optional(),
            satisfied: z.boolean(),
            says: z.string(),
          }),
        )
        .describe('What it needs, while it is open.'),
      guard: guard(),
    })
    .meta({ id: 'TransitionRequest' }),
);

const remark = once(() =>
  z
    .strictObject({ id: z.string(), text: z.string(), author: actor(), createdAt: timestamp() })
    .meta({ id: 'RequestComment' }),
);

const yes = once(() =>
  z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
);
const asked = once(() => ({
  ...pageQuery(),
  mine: yes().describe('Only those that the caller made.'),
  waiting: yes().describe('Only those that wait for a vote or an answer of the caller.'),
}));
const states = once(() => z.enum(['open', 'done']));

const onRequest = ['model_not_found', 'request_not_found', 'version_not_found', 'model_archived'] as const;
const onOpen = [...onRequest, 'request_not_open'] as const;
/** What a word can bring about besides, where the policy commits automatically, leaves the request open instead. */
const onWord = [...onOpen, 'request_outdated', 'limit_exceeded', 'forbidden'] as const;

export const listRequests = operation({
  id: 'listRequests',
  method: 'GET',
  path: '/v1/requests',
  effect: 'query',
  needs: 'read',
  on: 'members',
  tag,
  summary: 'Lists the transition requests of a workspace, the newest first',
  description:
    'Only those of models that the caller may read. A page may be short where much was left out of it: its cursor goes on.',
  query: () => z.strictObject({ ...asked(), state: states().default('open') }),
  paged: 'desc',
  status: 200,
  output: () => page(requestRow()),
  errors: [],
});

export const listModelRequests = operation({
  id: 'listModelRequests',
  method: 'GET',
  path: '/v1/models/{model}/requests',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists the transition requests of a model, the newest first',
  params: ofModel,
  query: () => z.strictObject({ ...asked(), state: states().optional() }),
  paged: 'desc',
  status: 200,
  output: () => page(requestRow()),
  errors: ['model_not_found'],
});

export const openRequest = operation({
  id: 'openRequest',
  method: 'POST',
  path: '/v1/models/{model}/requests',
  effect: 'command',
  needs: 'request',
  tag,
  summary: 'Asks that a version enter a stage or get an alias',
  params: ofModel,
  body: () => z.strictObject({ version: versionNumber(), target: slot(), reason: text(LIMITS.reason, 1) }),
  status: 201,
  output: request,
  errors: [
    'model_not_found',
    'version_not_found',
    'model_archived',
    'version_not_ready',
    'version_locked',
    'request_exists',
  ],
});

export const getRequest = operation({
  id: 'getRequest',
  method: 'GET',
  path: '/v1/models/{model}/requests/{request}',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Shows a transition request, how it stands and what it needs',
  params,
  status: 200,
  output: request,
  errors: ['model_not_found', 'request_not_found'],
});

export const listRequestComments = operation({
  id: 'listRequestComments',
  method: 'GET',
  path: '/v1/models/{model}/requests/{request}/comments',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists the comments on a transition request, the oldest first',
  params,
  query: () => z.strictObject(pageQuery()),
  paged: 'asc',
  status: 200,
  output: () => page(remark()),
  errors: ['model_not_found', 'request_not_found'],
});

export const commentOnRequest = operation({
  id: 'commentOnRequest',
  method: 'POST',
  path: '/v1/models/{model}/requests/{request}/comments',
  effect: 'command',
  needs: 'request',
  tag,
  summary: 'Comments on a transition request',
  params,
  body: () => z.strictObject({ text: text(LIMITS.comment, 1) }),
  status: 201,
  output: remark,
  errors: ['model_not_found', 'request_not_found', 'model_archived'],
});

export const voteOnRequest = operation({
  id: 'voteOnRequest',
  method: 'POST',
  path: '/v1/models/{model}/requests/{request}/vote',
  effect: 'command',
  needs: 'approve',
  tag,
  summary: 'Approves or rejects a transition request, or withdraws either',
  description: 'The last vote of a person counts. One rejection blocks until who gave it withdraws it.',
  params,
  body: () =>
    z.strictObject({
      vote: z.enum(VOTES),
      reason: reason().optional().describe('Needed to reject and to withdraw.'),
      subject: looked().optional(),
    }),
  status: 200,
  output: request,
  errors: onWord,
});

export const answerChecklist = operation({
  id: 'answerChecklist',
  method: 'POST',
  path: '/v1/models/{model}/requests/{request}/checklist',
  effect: 'command',
  needs: 'request',
  tag,
  summary: 'Answers an item of the checklist of a transition request',
  params,
  body: () =>
    z.strictObject({
      item: text(LIMITS.policyName, 1),
      checked: z.boolean(),
      evidence: evidence().optional(),
      subject: looked().optional(),
    }),
  status: 200,
  output: request,
  errors: onWord,
});

export const answerCheck = operation({
  id: 'answerCheck',
  method: 'POST',
  path: '/v1/models/{model}/requests/{request}/checks/{check}',
  effect: 'command',
  needs: 'anyone',
  tag,
  summary: 'Says what an external check of a transition request came to',
  description: "Whoever has the token of the policy's check may; no other right is needed.",
  params: () => params().extend({ check: checkName() }),
  body: () =>
    z.strictObject({
      token: text(LIMITS.checkToken, 1),
      result: z.enum(CHECK_RESULTS),
      subject: looked(),
      detail: evidence().optional(),
      url: z
        .url({ protocol: /^https?$/ })
        .max(LIMITS.uri)
        .optional(),
    }),
  status: 200,
  output: () => z.strictObject({ request: z.string(), check: z.string(), result: z.enum(CHECK_RESULTS) }),
  errors: [...onWord, 'check_not_found'],
});

export const refreshRequest = operation({
  id: 'refreshRequest',
  method: 'POST',
  path: '/v1/models/{model}/requests/{request}/refresh',
  effect: 'command',
  needs: 'request',
  tag,
  summary: 'Makes a transition request one about the version as it is now',
  description: 'Approvals and answers were about something else and are gone; rejections stay. Its time starts again.',
  params,
  body: () => z.strictObject({ reason: reason().optional() }),
  status: 200,
  output: request,
  errors: [...onOpen, 'forbidden'],
});

export const closeRequest = operation({
  id: 'closeRequest',
  method: 'POST',
  path: '/v1/models/{model}/requests/{request}/close',
  effect: 'command',
  needs: 'request',
  tag,
  summary: 'Closes a transition request without its transition',
  params,
  body: () => z.strictObject({ reason: reason().optional() }),
  status: 200,
  output: request,
  errors: [...onOpen, 'forbidden'],
});

export const commitRequest = operation({
  id: 'commitRequest',
  method: 'POST',
  path: '/v1/models/{model}/requests/{request}/commit',
  effect: 'command',
  needs: 'promote',
  tag,
  summary: 'Carries out a transition request that has all it needs',
  description: 'Its transition, the approval of the version and the end of the request are one transaction.',
  params,
  status: 200,
  output: request,
  errors: [
    ...onOpen,
    'request_unsatisfied',
    'version_not_ready',
    'version_locked',
    'transition_not_allowed',
    'limit_exceeded',
  ],
});
