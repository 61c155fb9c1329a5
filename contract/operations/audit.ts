import * as z from 'zod';
import { AUDIT_TYPES } from '../../core/domain/audit';
import { EVENT_TYPES } from '../../core/domain/event';
import { auditRecord, auditSummary, eventRow, eventSchema, sealedDigest } from '../events';
import { once } from '../once';
import { operation } from '../operation';
import { modelName, page, pageQuery, text, timestamp, versionNumber } from '../schemas';

const tag = 'Audit';
const time = once(() => timestamp().transform((value) => new Date(value).toISOString()));
const times = once(() => ({ from: time().optional(), to: time().optional() }));
const actor = once(() => text(2_048, 1).optional().describe('Id or name of who acted.'));
const lines = { lines: true, paged: 'asc', status: 200 } as const;
const linesQuery = once(() => ({ limit: pageQuery().limit, cursor: pageQuery().cursor }));
const nextPage = 'JSON Lines; the header `Link` names the next page, as long as there is one.';

export const listModelEvents = operation({
  id: 'listModelEvents',
  method: 'GET',
  path: '/v1/models/{model}/events',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists everything that happened to a model, or to one version of it, the newest first',
  description:
    'A deleted model is named by its id: `id:{id}`. A page may be short where a filter passed over many: go on while there is a cursor.',
  params: () => z.strictObject({ model: modelName() }),
  query: () =>
    z.strictObject({
      ...pageQuery(),
      ...times(),
      actor: actor(),
      type: z.enum(EVENT_TYPES).optional(),
      version: versionNumber().optional().describe('Number of the version; one that was deleted keeps its history.'),
    }),
  paged: 'desc',
  status: 200,
  output: () => page(eventRow()),
  errors: ['model_not_found'],
});

export const getModelEvent = operation({
  id: 'getModelEvent',
  method: 'GET',
  path: '/v1/models/{model}/events/{sequence}',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Shows one event of a model with everything it holds',
  params: () =>
    z.strictObject({
      model: modelName(),
      sequence: z
        .string()
        .regex(/^[1-9][0-9]{0,11}$/, 'a whole number from 1 to 999999999999')
        .transform(Number),
    }),
  status: 200,
  output: eventSchema,
  errors: ['model_not_found', 'event_not_found'],
});

export const listWorkspaceEvents = operation({
  id: 'listWorkspaceEvents',
  method: 'GET',
  path: '/v1/events',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists what happened in a workspace, the newest first',
  description:
    'The last 7 days unless `from` says otherwise, downloads too. A page may be short where many days were empty or a filter passed over many: go on while there is a cursor.',
  query: () =>
    z
      .strictObject({
        ...pageQuery(),
        ...times(),
        actor: actor(),
        type: z.enum(AUDIT_TYPES).optional(),
        model: modelName().optional().describe('Name at that time, or `id:` and the id.'),
      })
      .omit({ order: true }),
  paged: 'desc',
  status: 200,
  output: () => page(auditSummary()),
  errors: ['workspace_not_found'],
});

export const exportAudit = operation({
  id: 'exportAudit',
  method: 'GET',
  path: '/v1/audit/export',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Exports the audit of a workspace, the oldest first: every event whole, and every download',
  description: nextPage,
  query: () => z.strictObject({ ...linesQuery(), ...times() }),
  ...lines,
  output: auditRecord,
  errors: ['workspace_not_found'],
});

export const exportModelAudit = operation({
  id: 'exportModelAudit',
  method: 'GET',
  path: '/v1/models/{model}/audit/export',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Exports the audit of a model, the oldest first: every event whole, and every download',
  description: `A deleted model is named by its id: \`id:{id}\`. ${nextPage}`,
  params: () => z.strictObject({ model: modelName() }),
  query: () => z.strictObject({ ...linesQuery(), ...times() }),
  ...lines,
  output: auditRecord,
  errors: ['model_not_found'],
});

export const exportDigests = operation({
  id: 'exportDigests',
  method: 'GET',
  path: '/v1/audit/digests',
  effect: 'query',
  needs: 'administer',
  on: 'registry',
  tag,
  summary: 'Exports the signed digests that seal the audit of the whole registry',
  description: `They name every workspace, models by their ids alone, and hashes. ${nextPage}`,
  query: () =>
    z.strictObject({
      ...linesQuery(),
      after: z.coerce
        .number()
        .int()
        .min(0)
        .max(999_999_999_999)
        .default(0)
        .describe('Number of the last digest that is known.'),
    }),
  ...lines,
  output: sealedDigest,
  errors: ['workspace_not_found'],
});

export const getAuditKey = operation({
  id: 'getAuditKey',
  method: 'GET',
  path: '/v1/audit/key',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Shows the public key that verifies digests, in PEM',
  description: 'Compare it with what KMS says of the key `AuditKeyArn` before you trust it.',
  status: 200,
  text: true,
  output: () => z.string(),
  errors: ['workspace_not_found', 'digest_not_found'],
});
