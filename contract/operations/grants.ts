import * as z from 'zod';
import { ROLES, SUBJECT_KINDS } from '../../core/domain/access';
import { LIMITS } from '../../core/domain/limits';
import { once } from '../once';
import { operation } from '../operation';
import { access, actor, aliasName, modelName, stageName, text, timestamp } from '../schemas';

const tag = 'Access';
const id = once(() => text(64, 1));
const kind = once(() => z.enum(SUBJECT_KINDS));
const role = once(() => z.enum(ROLES));
const onModel = once(() => z.strictObject({ model: modelName() }));

const given = once(() =>
  z.strictObject({
    subject: z.strictObject({
      kind: kind(),
      name: text(LIMITS.iamPattern, 1).describe(
        'Of a person the subject in the user pool or the e-mail address; of a group its name; of IAM identities the ARN of a role, a session or a user, in whose names `*` stands for any characters.',
      ),
    }),
    role: role().describe('`admin` on a workspace only.'),
  }),
);

const grant = once(() =>
  z
    .strictObject({
      id: z.string(),
      subject: z.strictObject({ kind: kind(), name: z.string() }),
      role: role(),
      by: actor(),
      at: timestamp(),
    })
    .meta({ id: 'Grant', description: 'A role that somebody has on a workspace or on a model.' }),
);

const grants = once(() => z.strictObject({ items: z.array(grant()) }));

const groupName = once(() => text(LIMITS.groupName, 1));

const someone = once(() =>
  z.strictObject({
    kind: z.enum(['person', 'machine']),
    id: text(LIMITS.iamPattern, 1).describe(
      'Of a person the subject in the user pool or the e-mail address, of an IAM identity its ARN.',
    ),
    email: text(LIMITS.address, 1).optional().describe('Absent: the id, where that is an address.'),
    groups: z.array(groupName()).max(LIMITS.principalGroups).optional(),
  }),
);

const asked = once(() =>
  z.strictObject({
    principal: someone(),
    version: z.int().min(1).max(LIMITS.versionNumber).optional(),
    stage: stageName().optional(),
    alias: aliasName().optional(),
  }),
);

const check = once(() =>
  z
    .strictObject({
      principal: z.strictObject({
        id: z.string(),
        kind: z.enum(['person', 'machine']),
        email: z.string().optional(),
        groups: z.array(z.string()),
      }),
      access: access(),
      grants: z
        .array(grant().extend({ on: z.enum(['workspace', 'model']) }))
        .describe('Those that give the roles; what all have in the default workspace is none.'),
    })
    .meta({ id: 'AccessCheck' }),
);

const checkDescription =
  'Judged as their own requests would be, by grants, settings and policies as they are now. Version, stage and alias are what a request would say besides, which policies can ask.';

export const checkAccess = operation({
  id: 'checkAccess',
  method: 'POST',
  path: '/v1/access/check',
  effect: 'query',
  needs: 'administer',
  tag,
  summary: 'Tells what somebody may do in a workspace',
  description: checkDescription,
  body: asked,
  status: 200,
  output: check,
  errors: ['workspace_not_found'],
});

export const checkModelAccess = operation({
  id: 'checkModelAccess',
  method: 'POST',
  path: '/v1/models/{model}/access/check',
  effect: 'query',
  needs: 'administer',
  tag,
  summary: 'Tells what somebody may do with a model',
  description: checkDescription,
  params: onModel,
  body: asked,
  status: 200,
  output: check,
  errors: ['model_not_found'],
});

export const listGrants = operation({
  id: 'listGrants',
  method: 'GET',
  path: '/v1/grants',
  effect: 'query',
  needs: 'administer',
  tag,
  summary: 'Lists who has which role in a workspace',
  status: 200,
  output: grants,
  errors: ['workspace_not_found'],
});

export const setGrant = operation({
  id: 'setGrant',
  method: 'POST',
  path: '/v1/grants',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Gives a role in a workspace',
  description: 'Only with rights that the caller has too. The same grant again is there already.',
  body: given,
  status: 200,
  output: grant,
  errors: ['workspace_not_found', 'limit_exceeded'],
});

export const deleteGrant = operation({
  id: 'deleteGrant',
  method: 'DELETE',
  path: '/v1/grants/{grant}',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Takes a role in a workspace away',
  params: () => z.strictObject({ grant: id() }),
  status: 204,
  errors: ['grant_not_found'],
});

export const listModelGrants = operation({
  id: 'listModelGrants',
  method: 'GET',
  path: '/v1/models/{model}/grants',
  effect: 'query',
  needs: 'administer',
  tag,
  summary: 'Lists who has which role on a model, besides those of its workspace',
  params: onModel,
  status: 200,
  output: grants,
  errors: ['model_not_found'],
});

export const setModelGrant = operation({
  id: 'setModelGrant',
  method: 'POST',
  path: '/v1/models/{model}/grants',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Gives a role on a model',
  description: 'Only with rights that the caller has too. The same grant again is there already.',
  params: onModel,
  body: given,
  status: 200,
  output: grant,
  errors: ['model_not_found', 'limit_exceeded'],
});

export const deleteModelGrant = operation({
  id: 'deleteModelGrant',
  method: 'DELETE',
  path: '/v1/models/{model}/grants/{grant}',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Takes a role on a model away',
  params: () => z.strictObject({ model: modelName(), grant: id() }),
  status: 204,
  errors: ['model_not_found', 'grant_not_found'],
});
