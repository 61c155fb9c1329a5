import * as z from 'zod';
import { ROLES } from '../core/domain/access';
import { LIMITS } from '../core/domain/limits';
import { COMMITS, OPERATORS, REQUIRED_FIELDS } from '../core/domain/request-terms';
import { aliasName, stageName, tagKey, text } from './schemas';

/** A stage or an alias. */
export const slot = z.union([z.strictObject({ stage: stageName }), z.strictObject({ alias: aliasName })], {
  error: '{"stage": …} or {"alias": …}',
});

const who = {
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length).optional().describe('Whoever has one of these roles …'),
  groups: z
    .array(text(LIMITS.groupName, 1))
    .min(1)
    .max(LIMITS.groups)
    .optional()
    .describe('… or is in one of these groups; anybody where neither is named.'),
};

const name = text(LIMITS.policyName, 1);
const metric = { metric: tagKey, op: z.enum(OPERATORS) };
const condition = z.union(
  [
    z.strictObject({ ...metric, value: z.number() }),
    z.strictObject({
      ...metric,
      than: slot.describe('Compares with the version that holds it; a condition on nobody is met.'),
      tolerance: z.number().min(0).optional(),
    }),
  ],
  { error: 'metric, op and value, or metric, op and than' },
);
const check = z.strictObject({ name });

const itemFields = { id: name, text: text(LIMITS.checklistText, 1), ...who };
const EVIDENCE = ['none', 'required'] as const;
const hours = z.int().min(1).max(LIMITS.requestHours);
const conditions = z.array(condition).max(LIMITS.conditions);
const tags = z.array(tagKey).max(LIMITS.requiredTags);
const fields = z.array(z.enum(REQUIRED_FIELDS)).max(REQUIRED_FIELDS.length);
const checks = z.array(check).max(LIMITS.checks);
const count = z.int().min(0).max(LIMITS.approvals);

/** A guard as callers declare it. */
const guardInput = z
  .strictObject({
    target: slot,
    approvals: z
      .strictObject({
        count: count.default(1),
        ...who,
        authorMayApprove: z
          .boolean()
          .default(false)
          .describe('An author is who asks for the transition, and who registered the version.'),
      })
      .default({ count: 0, authorMayApprove: false })
      .describe('Absent: none is needed.'),
    checklist: z
      .array(
        z.strictObject({
          ...itemFields,
          required: z.boolean().default(true),
          evidence: z.enum(EVIDENCE).default('none'),
        }),
      )
      .max(LIMITS.checklist)
      .default([]),
    conditions: conditions.default([]),
    required: z
      .strictObject({
        tags: tags.default([]),
        fields: fields.default([]),
        documentation: z.boolean().default(false).describe('Model and version each have a description.'),
      })
      .default({ tags: [], fields: [], documentation: false }),
    checks: checks.default([]).describe('External checks that must have passed.'),
    expiresAfterHours: hours.default(LIMITS.defaultRequestHours),
    commit: z.enum(COMMITS).default('manual').describe('automatic: the last word that was missing carries it out.'),
    bypass: z.boolean().default(true).describe('Whether those who have the right may pass over it.'),
    enforced: z.boolean().optional().describe("Of a workspace's policy: models cannot have another guard instead."),
  })
  .meta({ id: 'GuardInput' });

export const guardsInput = z.array(guardInput).max(LIMITS.guards);

/** A guard as it is stored. */
export const guard = z
  .strictObject({
    target: slot,
    approvals: z.strictObject({ count, ...who, authorMayApprove: z.boolean() }),
    checklist: z.array(z.strictObject({ ...itemFields, required: z.boolean(), evidence: z.enum(EVIDENCE) })),
    conditions,
    required: z.strictObject({ tags, fields, documentation: z.boolean() }),
    checks,
    expiresAfterHours: hours,
    commit: z.enum(COMMITS),
    bypass: z.boolean(),
    enforced: z.boolean().optional(),
  })
  .meta({ id: 'Guard', description: 'What a version needs before it may enter a stage or get an alias.' });

const policyFields = {
  workspace: z.string(),
  model: z.string().optional(),
  guards: z.array(guard),
  tokens: z.array(z.string()).describe('Names of the checks that have a token.'),
};

export const policy = z.strictObject(policyFields).meta({ id: 'ApprovalPolicy' });

/** Where a guard comes from. */
export const guardFrom = z.enum(['model', 'workspace', 'default']);

export const modelPolicy = z
  .strictObject({
    ...policyFields,
    effective: z
      .array(z.strictObject({ guard, from: guardFrom }))
      .describe("What guards each target: the model's guard, or the workspace's where it has none."),
  })
  .meta({ id: 'ModelApprovalPolicy' });

/** The name of an external check in a path. */
export const checkName = name;
