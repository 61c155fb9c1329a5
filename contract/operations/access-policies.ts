import * as z from 'zod';
import { LIMITS } from '../../core/domain/limits';
import { once } from '../once';
import { operation } from '../operation';
import { actor, text, timestamp } from '../schemas';

const tag = 'Access';
const name = once(() => z.strictObject({ policy: text(LIMITS.accessPolicyName, 1) }));

const policy = once(() =>
  z.strictObject({ name: z.string(), text: z.string(), by: actor(), at: timestamp() }).meta({
    id: 'AccessPolicy',
    description: 'A policy in Cedar that adds to what the roles of a workspace allow, or takes of it.',
  }),
);

export const listAccessPolicies = operation({
  id: 'listAccessPolicies',
  method: 'GET',
  path: '/v1/access-policies',
  effect: 'query',
  needs: 'administer',
  tag,
  summary: 'Lists the policies that a workspace has of its own',
  status: 200,
  output: () => z.strictObject({ items: z.array(policy()) }),
  errors: ['workspace_not_found'],
});

export const putAccessPolicy = operation({
  id: 'putAccessPolicy',
  method: 'PUT',
  path: '/v1/access-policies/{policy}',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Adds or changes a policy of a workspace',
  description:
    'One `permit` or `forbid` in Cedar, which must fit the schema and leave an admin the right to administer. Only admins of the workspace decide on its policies.',
  params: name,
  query: () =>
    z.strictObject({
      dryRun: z
        .enum(['true', 'false'])
        .transform((value) => value === 'true')
        .optional()
        .describe('Only tells whether the policy would be taken.'),
    }),
  body: () => z.strictObject({ text: text(LIMITS.accessPolicyText, 1) }),
  status: 200,
  output: policy,
  errors: ['workspace_not_found', 'limit_exceeded', 'access_policy_locks_out'],
});

export const deleteAccessPolicy = operation({
  id: 'deleteAccessPolicy',
  method: 'DELETE',
  path: '/v1/access-policies/{policy}',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Deletes a policy of a workspace',
  params: name,
  status: 204,
  errors: ['workspace_not_found', 'access_policy_not_found'],
});
