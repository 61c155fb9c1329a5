import * as z from 'zod';
import { EVALUATION_OUTCOMES } from '../../core/domain/assessment-terms';
import { LIMITS } from '../../core/domain/limits';
import { once } from '../once';
import { operation } from '../operation';
import {
  actor,
  artifactPath,
  dataset,
  map,
  metric,
  modelName,
  page,
  pageQuery,
  run,
  sha256,
  text,
  timestamp,
  versionNumber,
} from '../schemas';

const tag = 'Evaluations';
const params = once(() => z.strictObject({ model: modelName(), version: versionNumber() }));
const onVersion = ['model_not_found', 'version_not_found'] as const;

const report = once(() =>
  z.union([z.strictObject({ path: artifactPath() }), z.strictObject({ uri: text(LIMITS.uri, 1) })], {
    error: '{"path": a file of the version} or {"uri": …}',
  }),
);
const outcome = once(() => z.enum(EVALUATION_OUTCOMES));
const optional = once(() => ({
  description: text(LIMITS.comment).optional().describe('Markdown.'),
  dataset: dataset().optional().describe('What it was tested with.'),
  run: run().optional().describe('The job that tested it.'),
  report: report().optional().describe('A file of the version, or an address.'),
}));

const evaluationFields = once(() => ({
  workspace: z.string(),
  model: z.string(),
  version: z.int(),
  id: z.string(),
  name: z.string(),
  outcome: outcome(),
  metrics: z.record(z.string(), z.number()),
  ...optional(),
  artifactDigest: sha256().describe('Digest of the files that were tested.'),
  createdAt: timestamp(),
  createdBy: actor(),
}));

const evaluation = once(() => z.strictObject(evaluationFields()).meta({ id: 'Evaluation' }));

const evaluationRow = once(() =>
  z
    .strictObject({ ...evaluationFields(), omitted: z.array(z.string()).optional() })
    .partial({ metrics: true })
    .meta({
      id: 'EvaluationRow',
      description: 'An evaluation in a list; fields that would make the page large are named in omitted.',
    }),
);

export const recordEvaluation = operation({
  id: 'recordEvaluation',
  method: 'POST',
  path: '/v1/models/{model}/versions/{version}/evaluations',
  effect: 'command',
  needs: 'edit',
  tag,
  summary: 'Records an evaluation: a test run of a version',
  description: 'It is evidence about the files that the version has, so it never changes and stays.',
  params,
  body: () =>
    z.strictObject({
      name: text(LIMITS.evaluationName, 1),
      outcome: outcome().default('none').describe('none where it only measures.'),
      metrics: map(metric()).default({}),
      ...optional(),
    }),
  status: 201,
  output: evaluation,
  errors: [...onVersion, 'model_archived', 'version_not_ready', 'artifact_not_found', 'limit_exceeded'],
});

export const listEvaluations = operation({
  id: 'listEvaluations',
  method: 'GET',
  path: '/v1/models/{model}/versions/{version}/evaluations',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists the evaluations of a version, the newest first',
  params,
  query: () => z.strictObject(pageQuery()),
  paged: 'desc',
  status: 200,
  output: () => page(evaluationRow()),
  errors: onVersion,
});

export const getEvaluation = operation({
  id: 'getEvaluation',
  method: 'GET',
  path: '/v1/models/{model}/versions/{version}/evaluations/{evaluation}',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Shows an evaluation',
  params: () => z.strictObject({ model: modelName(), version: versionNumber(), evaluation: text(64, 1) }),
  status: 200,
  output: evaluation,
  errors: [...onVersion, 'evaluation_not_found'],
});
