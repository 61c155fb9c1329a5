import * as z from 'zod';
import { LIMITS } from '../../core/domain/limits';
import { once } from '../once';
import { operation } from '../operation';
import { json, modelName, page, pageQuery, sha256, tagKey, timestamp } from '../schemas';

const tag = 'Search';

const entries = once(() =>
  z.array(
    z.strictObject({
      key: z.string(),
      values: z.array(json()).describe('One for each version in the order asked for; null where it has none.'),
      same: z.boolean(),
    }),
  ),
);

const schema = once(() =>
  z.strictObject({
    verdict: z
      .enum(['compatible', 'backward-compatible', 'breaking', 'unknown'])
      .describe(
        'Whether callers of the first version can call this one; unknown where a signature is absent or has no known form.',
      ),
    changes: z.array(
      z.strictObject({
        of: z.enum(['input', 'output']),
        name: z.string(),
        change: z.enum(['added', 'removed', 'changed']),
        before: z.string().optional(),
        after: z.string().optional(),
        breaking: z.boolean(),
      }),
    ),
  }),
);

export const compareVersions = operation({
  id: 'compareVersions',
  method: 'POST',
  path: '/v1/compare',
  effect: 'query',
  needs: 'read',
  on: 'members',
  tag,
  summary: 'Puts versions side by side',
  description: 'Of one model or of several. Up to 64 files of each are compared, by their SHA-256.',
  body: () =>
    z.strictObject({
      versions: z
        .array(z.strictObject({ model: modelName(), version: z.int().min(1).max(LIMITS.versionNumber) }))
        .min(2)
        .max(LIMITS.comparedVersions),
      differencesOnly: z.boolean().default(false),
    }),
  status: 200,
  output: () =>
    z
      .strictObject({
        versions: z.array(
          z.strictObject({
            model: z.string(),
            version: z.int(),
            stage: z.string(),
            status: z.enum(['PENDING', 'READY']),
            createdAt: timestamp(),
            artifactDigest: sha256().optional(),
          }),
        ),
        metrics: entries(),
        hyperParameters: entries(),
        tags: entries(),
        dependencies: entries(),
        files: entries(),
        schema: z.array(schema()).describe('For each version after the first.'),
        moreFiles: z.array(z.int()).describe('Versions with more files than were compared, by their place.'),
      })
      .meta({ id: 'Comparison' }),
  errors: ['model_not_found', 'version_not_found'],
});

export const getMetricSeries = operation({
  id: 'getMetricSeries',
  method: 'GET',
  path: '/v1/models/{model}/metrics/{metric}',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists the values of a metric over the versions of a model, the newest first',
  description: 'Versions without it are left out, so a page may be short, or empty: go on while there is a cursor.',
  params: () => z.strictObject({ model: modelName(), metric: tagKey() }),
  query: () => z.strictObject(pageQuery()),
  paged: 'desc',
  status: 200,
  output: () =>
    page(
      z
        .strictObject({ version: z.int(), value: z.number(), stage: z.string(), createdAt: timestamp() })
        .meta({ id: 'MetricPoint' }),
    ),
  errors: ['model_not_found'],
});
