import { z } from 'zod';
import { eventRow, eventSchema, eventSummary } from '../events';
import { operation } from '../operation';
import { modelName, page, pageQuery, timestamp } from '../schemas';

const tag = 'Audit';
const time = timestamp.transform((value) => new Date(value).toISOString());

export const listModelEvents = operation({
  id: 'listModelEvents',
  method: 'GET',
  path: '/v1/models/{model}/events',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists everything that happened to a model, the newest first',
  description: 'A deleted model is named by its id: `id:{id}`.',
  params: z.strictObject({ model: modelName }),
  query: z.strictObject(pageQuery),
  paged: 'desc',
  status: 200,
  output: page(eventRow),
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
  params: z.strictObject({
    model: modelName,
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
    'The last 7 days unless `from` says otherwise. A page may be short where many days were empty: go on while there is a cursor.',
  query: z.strictObject({ ...pageQuery, from: time.optional(), to: time.optional() }).omit({ order: true }),
  paged: 'desc',
  status: 200,
  output: page(eventSummary),
  errors: ['workspace_not_found'],
});
