import * as z from 'zod';
import { LIMITS } from '../../core/domain/limits';
import { once } from '../once';
import { operation } from '../operation';
import { actor, modelRow, pageQuery, text, timestamp, versionRow } from '../schemas';

const tag = 'Search';

const suggestion = once(() =>
  z
    .strictObject({ equals: z.array(z.string()), orderBy: z.string() })
    .describe('An index to declare: it would serve this search in one go.'),
);

const plan = once(() =>
  z
    .strictObject({
      index: z.string().describe('What the rows were read from.'),
      residual: z.string().describe('Conditions that rows were compared with one by one.'),
      inOrder: z.boolean().describe('The index has the order asked for; else all that it has was sorted.'),
      readUnits: z.number().describe('Read units of DynamoDB that this page took, 25 at most.'),
      complete: z
        .boolean()
        .describe('The page is full or the last one; else it ended where it became too dear: go on with the cursor.'),
      suggestion: suggestion().optional(),
    })
    .meta({ id: 'SearchPlan' }),
);

const foundModel = once(() =>
  modelRow()
    .extend({
      activityAt: timestamp().describe('When versions came, went or moved, or its name or description changed.'),
      heldStages: z.array(z.string()).optional().describe('Stages that its versions are in.'),
      aliases: z.array(z.string()).optional(),
      lastVersion: z.int().describe('Highest version number given out; 0 before the first.'),
    })
    .omit({ stages: true })
    .meta({ id: 'FoundModel' }),
);

export const searchRegistry = operation({
  id: 'searchRegistry',
  method: 'GET',
  path: '/v1/search',
  effect: 'query',
  needs: 'read',
  on: 'members',
  tag,
  summary: 'Finds versions or models by a filter',
  description: 'The language of filters and orders, plans and their costs: docs/search.md.',
  query: () =>
    z
      .strictObject({
        ...pageQuery(),
        of: z.enum(['versions', 'models']).default('versions'),
        filter: text(LIMITS.filter).default('').describe("For example `tags.team = 'growth' AND metrics.auc > 0.9`."),
        orderBy: text(LIMITS.filter).default('').describe('For example `metrics.auc DESC, name`.'),
        consistency: z
          .enum(['eventual', 'strong'])
          .default('eventual')
          .describe(
            'strong: sees every change that was acknowledged, at twice the cost; else it may be seconds behind.',
          ),
      })
      .omit({ order: true }),
  paged: 'asc',
  status: 200,
  output: () =>
    z.strictObject({
      items: z.array(z.union([versionRow(), foundModel()])),
      plan: plan(),
      cursor: z.string().optional().describe('Asks for the next page; absent on the last one.'),
    }),
  errors: ['search_needs_index'],
});

const indexName = once(() => text(LIMITS.indexName, 1));
const indexField = once(() => text(LIMITS.tagKey + 16, 1));
const declared = once(() => ({
  name: indexName(),
  equals: z
    .array(indexField())
    .min(1)
    .max(LIMITS.indexFields)
    .describe('Fields that searches compare with `=`: stage, creator, tag.team, param.lr, metadata.region ...'),
  orderBy: indexField().describe('metric.auc, version_number, creation_timestamp or last_updated_timestamp.'),
}));
const index = once(() =>
  z
    .strictObject({
      ...declared(),
      name: z.string(),
      state: z.enum(['building', 'ready']).describe('Searches use it once it has everything.'),
      posted: z.int().optional().describe('Models and versions that have been looked at, while it is built.'),
      createdAt: timestamp(),
      createdBy: actor(),
    })
    .meta({ id: 'SearchIndex' }),
);
const walk = once(() =>
  z
    .strictObject({
      id: z.string(),
      task: z.enum(['fill', 'empty', 'rebuild']),
      posted: z.int().describe('Models and versions that have been looked at.'),
      startedAt: timestamp(),
    })
    .meta({ id: 'SearchWalk', description: 'A walk through everything of a workspace that posts it anew.' }),
);

export const createSearchIndex = operation({
  id: 'createSearchIndex',
  method: 'POST',
  path: '/v1/search/indexes',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Declares an index over versions for searches that no other serves',
  description: 'What is there already is added by a walk; then searches use it.',
  body: () => z.strictObject(declared()),
  status: 201,
  output: index,
  errors: ['search_index_exists', 'limit_exceeded'],
});

export const listSearchIndexes = operation({
  id: 'listSearchIndexes',
  method: 'GET',
  path: '/v1/search/indexes',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists the declared indexes, and how far they are built',
  status: 200,
  output: () => z.strictObject({ indexes: z.array(index()), walks: z.array(walk()) }),
  errors: [],
});

export const deleteSearchIndex = operation({
  id: 'deleteSearchIndex',
  method: 'DELETE',
  path: '/v1/search/indexes/{index}',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Removes a declared index',
  params: () => z.strictObject({ index: indexName() }),
  status: 204,
  errors: ['search_index_not_found'],
});

export const rebuildSearch = operation({
  id: 'rebuildSearch',
  method: 'POST',
  path: '/v1/search/rebuild',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Makes everything that searches read anew from the records; searches go on meanwhile',
  status: 200,
  output: walk,
  errors: [],
});
