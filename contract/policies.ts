import * as z from 'zod';
import { ROLES } from '../core/domain/access';
import { RATED_RISKS } from '../core/domain/assessment-terms';
import { LIMITS } from '../core/domain/limits';
import { COMMITS, OPERATORS, REQUIRED_FIELDS } from '../core/domain/request-terms';
import { once } from './once';
import { aliasName, stageName, tagKey, text } from './schemas';

/** A stage or an alias. */
export const slot = once(() =>
  z.union([z.strictObject({ stage: stageName() }), z.strictObject({ alias: aliasName() })], {
    error: '{"stage": …} or {"alias": …}',
  }),
);

const who = once(() => ({
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length).optional().describe('Whoever has one of these roles …'),
  groups: z
    .array(text(LIMITS.groupName, 1))
    .min(1)
    .max(LIMITS.groups)
    .optional()
    .describe('… or is in one of these groups; anybody where neither is named.'),
}));

const name = once(() => text(LIMITS.policyName, 1));
const metric = once(() => ({ metric: tagKey(), op: z.enum(OPERATORS) }));
const condition = once(() =>
  z.union(
    [
      z.strictObject({ ...metric(), value: z.number() }),
      z.strictObject({
        ...metric(),
        than: slot().describe('Compares with the version that holds it; a condition on nobody is met.'),
        tolerance: z.number().min(0).optional(),
      }),
    ],
    { error: 'metric, op and value, or metric, op and than' },
  ),
);
const check = once(() => z.strictObject({ name: name() }));

const itemFields = once(() => ({ id: name(), text: text(LIMITS.checklistText, 1), ...who() }));
const EVIDENCE = ['none', 'required'] as const;
const hours = once(() => z.int().min(1).max(LIMITS.requestHours));
const conditions = once(() => z.array(condition()).max(LIMITS.conditions));
const tags = once(() => z.array(tagKey()).max(LIMITS.requiredTags));
const fields = once(() => z.array(z.enum(REQUIRED_FIELDS)).max(REQUIRED_FIELDS.length));
const risk = once(() => z.enum(RATED_RISKS).optional().describe('It rates the risk, and no higher than this.'));
const checks = once(() => z.array(check()).max(LIMITS.checks));
const count = once(() => z.int().min(0).max(LIMITS.approvals));

/** A guard as callers declare it. */
const guardInput = once(() =>
  z
    .strictObject({
      target: slot(),
      approvals: z
        .strictObject({
          count: count().default(1),
          ...who(),
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
            ...itemFields(),
            required: z.boolean().default(true),
            evidence: z.enum(EVIDENCE).default('none'),
          }),
        )
        .max(LIMITS.checklist)
        .default([]),
      conditions: conditions().default([]),
      required: z
        .strictObject({
          tags: tags().default([]),
          fields: fields().default([]),
          documentation: z.boolean().default(false).describe('Model and version each have a description.'),
          card: z
            .strictObject({ approved: z.boolean().default(false).describe('Its status is Approved.'), risk: risk() })
            .optional()
            .describe('The version has a model card.'),
        })
        .default({ tags: [], fields: [], documentation: false }),
      checks: checks().default([]).describe('External checks that must have passed.'),
      expiresAfterHours: hours().default(LIMITS.defaultRequestHours),
      commit: z.enum(COMMITS).default('manual').describe('automatic: the last word that was missing carries it out.'),
      bypass: z.boolean().default(true).describe('Whether those who have the right may pass over it.'),
      enforced: z.boolean().optional().describe("Of a workspace's policy: models cannot have another guard instead."),
    })
    .meta({ id: 'GuardInput' }),
);

export const guardsInput = once(() => z.array(guardInput()).max(LIMITS.guards));

/** A guard as it is stored. */
export const guard = once(() =>
  z
    .strictObject({
      target: slot(),
      approvals: z.strictObject({ count: count(), ...who(), authorMayApprove: z.boolean() }),
      checklist: z.array(z.strictObject({ ...itemFields(), required: z.boolean(), evidence: z.enum(EVIDENCE) })),
      conditions: conditions(),
      required: z.strictObject({
        tags: tags(),
        fields: fields(),
        documentation: z.boolean(),
        card: z.strictObject({ approved: z.boolean(), risk: risk() }).optional(),
      }),
      checks: checks(),
      expiresAfterHours: hours(),
      commit: z.enum(COMMITS),
      bypass: z.boolean(),
      enforced: z.boolean().optional(),
    })
    .meta({ id: 'Guard', description: 'What a version needs before it may enter a stage or get an alias.' }),
);

const policyFields = once(() => ({
  workspace: z.string(),
  model: z.string().optional(),
  guards: z.array(guard()),
  tokens: z.array(z.string()).describe('Names of the checks that have a token.'),
}));

export const policy = once(() => z.strictObject(policyFields()).meta({ id: 'ApprovalPolicy' }));

/** Where a guard comes from. */
export const guardFrom = once(() => z.enum(['model', 'workspace', 'default']));

export const modelPolicy = once(() =>
  z
    .strictObject({
      ...policyFields(),
      effective: z
        .array(z.strictObject({ guard: guard(), from: guardFrom() }))
        .describe("What guards each target: the model's guard, or the workspace's where it has none."),
    })
    .meta({ id: 'ModelApprovalPolicy' }),
);

/** The name of an external check in a path. */
export const checkName = once(() => name)();
