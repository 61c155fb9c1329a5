import { z } from 'zod';
import { LIMITS } from '../../core/domain/limits';
import { operation } from '../operation';
import { modelRow, pageQuery, text, timestamp, versionRow } from '../schemas';

const tag = 'Search';

const suggestion = z
  .strictObject({ equals: z.array(z.string()), orderBy: z.string() })
  .describe('An index to declare: it would serve this search in one go.');

const plan = z
  .strictObject({
    index: z.string().describe('What the rows were read from.'),
    residual: z.string().describe('Conditions that rows were compared with one by one.'),
    inOrder: z.boolean().describe('The index has the order asked for; else all that it has was sorted.'),
    readUnits: z.number().describe('Read units of DynamoDB that this page took, 25 at most.'),
    complete: z
      .boolean()
      .describe('The page is full or the last one; else it ended where it became too dear: go on with the cursor.'),
    suggestion: suggestion.optional(),
  })
  .meta({ id: 'SearchPlan' });

const foundModel = modelRow
  .extend({
    activityAt: timestamp.describe('When versions came, went or moved, or its name or description changed.'),
    heldStages: z.array(z.string()).optional().describe('Stages that its versions are in.'),
    aliases: z.array(z.string()).optional(),
  })
  .omit({ stages: true })
  .meta({ id: 'FoundModel' });

export const searchRegistry = operation({
  id: 'searchRegistry',
  method: 'GET',
  path: '/v1/search',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Finds versions or models by a filter',
  description: 'The language of filters and orders, plans and their costs: docs/search.md.',
  query: z
    .strictObject({
      ...pageQuery,
      of: z.enum(['versions', 'models']).default('versions'),
      filter: text(LIMITS.filter).default('').describe("For example `tags.team = 'growth' AND metrics.auc > 0.9`."),
      orderBy: text(LIMITS.filter).default('').describe('For example `metrics.auc DESC, name`.'),
      consistency: z
        .enum(['eventual', 'strong'])
        .default('eventual')
        .describe('strong: sees every change that was acknowledged, at twice the cost; else it may be seconds behind.'),
    })
    .omit({ order: true }),
  paged: 'asc',
  status: 200,
  output: z.strictObject({
    items: z.array(z.union([versionRow, foundModel])),
    plan,
    cursor: z.string().optional().describe('Asks for the next page; absent on the last one.'),
  }),
  errors: ['search_needs_index'],
});
