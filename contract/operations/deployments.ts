import * as z from 'zod';
import { DEPLOYMENT_CAUSES, DEPLOYMENT_STATES, REPORTED_STATES } from '../../core/domain/deployment';
import { LIMITS } from '../../core/domain/limits';
import {
  MONITOR_EVERY,
  MONITOR_KINDS,
  MONITOR_STATES,
  ON_VIOLATION,
  PROBLEM_TYPES,
} from '../../core/domain/monitoring';
import {
  TARGET_KINDS,
  TRAFFIC,
  UPDATE_STRATEGIES,
  WHEN_EXPIRED,
  WHEN_LOCKED,
  WHEN_NOTHING_QUALIFIES,
} from '../../core/domain/target';
import { once } from '../once';
import { operation } from '../operation';
import { actor, modelName, page, pageQuery, reason, sha256, stageName, text, timestamp } from '../schemas';

const tag = 'Deployments';
const onStage = once(() => z.strictObject({ model: modelName(), stage: stageName() }));
const onModel = once(() => z.strictObject({ model: modelName() }));
const id = once(() => text(64, 1));
const onDeployment = once(() => z.strictObject({ model: modelName(), deployment: id() }));
const url = once(() =>
  z
    .url({ protocol: /^https?$/ })
    .max(LIMITS.uri)
    .optional(),
);
const system = once(() => text(LIMITS.deploymentSystem, 1).describe('What runs there: kubernetes, edge, argo-cd …'));

const capacity = once(() =>
  z
    .strictObject({
      instanceType: text(64, 1).optional().describe('Such as ml.m5.large.'),
      instanceCount: z.int().min(1).max(1_000).optional(),
      serverless: z
        .strictObject({ memoryMb: z.int().min(1_024).max(6_144), maxConcurrency: z.int().min(1).max(200) })
        .optional(),
    })
    .describe('Either instanceType and instanceCount, or serverless.'),
);
const weight = once(() => z.number().min(0).max(1_000));
const variantName = once(() => text(63, 1));

const update = once(() =>
  z.strictObject({
    strategy: z.enum(UPDATE_STRATEGIES),
    stepPercent: z.int().min(5).max(50).optional().describe('Of the canary, or of each linear step.'),
    bakeSeconds: z.int().min(0).max(3_600),
    alarms: z.array(text(255, 1)).max(LIMITS.rollbackAlarms).describe('CloudWatch alarms that call the traffic back.'),
  }),
);
const dataCapture = once(() => z.strictObject({ s3Uri: text(LIMITS.uri, 1), percent: z.int().min(0).max(100) }));
const baseline = once(() =>
  text(LIMITS.artifactPath, 1).describe("Folder of the version's files with statistics.json and constraints.json."),
);
const monitoring = once(() =>
  z
    .strictObject({
      image: text(LIMITS.uri, 1).describe("Image of SageMaker's analyser in this region."),
      outputS3Uri: text(LIMITS.uri, 1),
      every: z.enum(MONITOR_EVERY).default('hour'),
      instanceType: text(64, 1).default('ml.m5.xlarge'),
      volumeGb: z.int().min(1).max(1_000).default(20),
      onViolation: z.enum(ON_VIOLATION).default('tell'),
      dataQuality: z.strictObject({ baseline: baseline().default('monitoring/data-quality') }).optional(),
      modelQuality: z
        .strictObject({
          baseline: baseline().default('monitoring/model-quality'),
          problemType: z.enum(PROBLEM_TYPES),
          groundTruthS3Uri: text(LIMITS.uri, 1).describe('Where what turned out to be true is put, by the hour.'),
          inferenceAttribute: text(256, 1).optional(),
          probabilityAttribute: text(256, 1).optional(),
          probabilityThreshold: z.number().min(0).max(1).optional(),
        })
        .optional(),
    })
    .describe('What watches the requests and answers of versions that carry a baseline; only with dataCapture.'),
);
const monitor = once(() =>
  z.strictObject({
    kind: z.enum(MONITOR_KINDS),
    name: z.string(),
    deployment: z.string(),
    version: z.int(),
    artifactDigest: sha256(),
    state: z.enum(MONITOR_STATES),
    reason: z.string().optional(),
    violatedAt: timestamp().optional().describe('When the last execution was due whose violations were told.'),
  }),
);
const extraVariant = once(() =>
  z.strictObject({
    name: variantName(),
    stage: stageName().describe('The stage that its version comes from.'),
    traffic: z.enum(TRAFFIC),
    weight: weight().describe('Share of the traffic; of a shadow variant, of the requests that are copied to it.'),
    capacity: capacity(),
  }),
);

const sagemakerInput = once(() =>
  z.strictObject({
    name: text(63, 1)
      .optional()
      .describe('Name of the endpoint, after the prefix of the settings. Absent: made of model and stage. It stays.'),
    executionRoleArn: text(LIMITS.uri, 1).describe('One of the roles of the settings.'),
    capacity: capacity(),
    weight: weight().default(1),
    update: update().default({ strategy: 'all_at_once', bakeSeconds: 300, alarms: [] }),
    dataCapture: dataCapture().optional(),
    monitoring: monitoring().optional(),
    variants: z.array(extraVariant()).max(LIMITS.endpointVariants).default([]),
  }),
);

const rules = once(() => ({
  requiresApproval: z.boolean(),
  whenLocked: z.enum(WHEN_LOCKED),
  whenExpired: z.enum(WHEN_EXPIRED),
  whenNothingQualifies: z.enum(WHEN_NOTHING_QUALIFIES),
}));
const external = once(() => z.strictObject({ system: system(), url: url() }));

const objections = once(() =>
  z.array(z.string()).describe('Each: a stable code, a colon, and words. The codes are in docs/deployment.md.'),
);
const objected = once(() => z.strictObject({ version: z.int(), objections: objections() }));

const target = once(() =>
  z
    .strictObject({
      workspace: z.string(),
      model: z.string(),
      stage: z.string(),
      sagemaker: z
        .strictObject({
          endpoint: z.string(),
          executionRoleArn: z.string(),
          capacity: capacity(),
          weight: weight(),
          update: update(),
          dataCapture: dataCapture().optional(),
          monitoring: monitoring().optional(),
          variants: z.array(extraVariant()),
        })
        .optional(),
      external: external().optional(),
      ...rules(),
      generation: z.int().describe('How many deployments were requested here.'),
      current: z.string().optional().describe('Id of the newest deployment.'),
      serving: z.string().optional().describe('Id of the deployment whose version serves.'),
      refused: objected().optional().describe('The newest version of the stage may not be deployed.'),
      tolerated: objected().optional().describe('What serves would not be deployed any more, and goes on.'),
      monitors: z.array(monitor()).optional().describe('What watches the endpoint.'),
      removing: z.boolean().describe('It goes once nothing runs there any more.'),
      createdAt: timestamp(),
      createdBy: actor(),
      updatedAt: timestamp(),
      updatedBy: actor(),
    })
    .meta({ id: 'Target' }),
);

const deployment = once(() =>
  z
    .strictObject({
      id: z.string(),
      workspace: z.string(),
      model: z.string(),
      stage: z.string().optional(),
      version: z.int(),
      artifactDigest: sha256(),
      variants: z.array(z.strictObject({ name: z.string(), version: z.int(), digest: sha256() })),
      generation: z.int().describe('1, 2, 3 … in each target; 0 where it was recorded.'),
      cause: z.enum(DEPLOYMENT_CAUSES),
      state: z.enum(DEPLOYMENT_STATES),
      reason: z.string().optional(),
      objections: objections().optional().describe('What the gate says against what was recorded.'),
      kind: z.enum(TARGET_KINDS),
      endpoint: z.string().optional(),
      config: z.string().optional().describe('Configuration of the endpoint.'),
      system: z.string().optional(),
      url: z.string().optional(),
      createdAt: timestamp(),
      createdBy: actor(),
      updatedAt: timestamp(),
      updatedBy: actor(),
      inServiceAt: timestamp().optional(),
      finishedAt: timestamp().optional(),
    })
    .meta({ id: 'Deployment' }),
);

export const putTarget = operation({
  id: 'putTarget',
  method: 'PUT',
  path: '/v1/models/{model}/targets/{stage}',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Says what happens when a version enters a stage',
  description: 'Either a SageMaker endpoint that the registry keeps, or a place that others deploy to and report from.',
  params: onStage,
  body: () =>
    z.strictObject({
      sagemaker: sagemakerInput().optional(),
      external: external().optional(),
      requiresApproval: rules().requiresApproval.default(true).describe('Only approved versions are deployed.'),
      whenLocked: rules().whenLocked.default('replace').describe('Whether a version that is locked is replaced.'),
      whenExpired: rules()
        .whenExpired.default('keep')
        .describe(
          'Whether a version whose approval has expired while it serves is replaced, or goes on with a notice.',
        ),
      whenNothingQualifies: rules().whenNothingQualifies.default('keep').describe('When no version may be deployed.'),
    }),
  status: 200,
  output: target,
  errors: ['model_not_found', 'model_archived', 'endpoint_taken'],
});

export const getTarget = operation({
  id: 'getTarget',
  method: 'GET',
  path: '/v1/models/{model}/targets/{stage}',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Shows the deployment target of a stage',
  params: onStage,
  status: 200,
  output: target,
  errors: ['model_not_found', 'target_not_found'],
});

export const listTargets = operation({
  id: 'listTargets',
  method: 'GET',
  path: '/v1/models/{model}/targets',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists the deployment targets of a model by stage',
  params: onModel,
  query: () => z.strictObject(pageQuery()),
  paged: 'asc',
  status: 200,
  output: () => page(target()),
  errors: ['model_not_found'],
});

export const deleteTarget = operation({
  id: 'deleteTarget',
  method: 'DELETE',
  path: '/v1/models/{model}/targets/{stage}',
  effect: 'command',
  needs: 'administer',
  tag,
  summary: 'Deletes a deployment target: what runs there is taken down first, by the registry or by who deployed it',
  params: onStage,
  status: 204,
  errors: ['model_not_found', 'target_not_found', 'model_archived'],
});

export const rollbackTarget = operation({
  id: 'rollbackTarget',
  method: 'POST',
  path: '/v1/models/{model}/targets/{stage}/rollback',
  effect: 'command',
  needs: 'deploy',
  tag,
  summary: 'Goes back to the version that served before',
  description: 'The stage goes back with it, whatever transitions are allowed; who came in since then is archived.',
  params: onStage,
  body: () =>
    z.strictObject({
      version: z
        .int()
        .min(1)
        .max(LIMITS.versionNumber)
        .optional()
        .describe('Absent: the last one that may be deployed.'),
      reason: reason().optional(),
    }),
  status: 200,
  output: target,
  errors: [
    'model_not_found',
    'target_not_found',
    'model_archived',
    'version_locked',
    'nothing_to_deploy',
    'limit_exceeded',
  ],
});

export const redeployTarget = operation({
  id: 'redeployTarget',
  method: 'POST',
  path: '/v1/models/{model}/targets/{stage}/redeploy',
  effect: 'command',
  needs: 'deploy',
  tag,
  summary: 'Deploys what is wanted once more, also where that failed before',
  params: onStage,
  status: 201,
  output: deployment,
  errors: ['model_not_found', 'target_not_found', 'model_archived', 'nothing_to_deploy'],
});

export const listDeployments = operation({
  id: 'listDeployments',
  method: 'GET',
  path: '/v1/models/{model}/deployments',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists the deployments of a model, the newest first',
  params: onModel,
  query: () => z.strictObject(pageQuery()),
  paged: 'desc',
  status: 200,
  output: () => page(deployment()),
  errors: ['model_not_found'],
});

export const getDeployment = operation({
  id: 'getDeployment',
  method: 'GET',
  path: '/v1/models/{model}/deployments/{deployment}',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Shows a deployment',
  params: onDeployment,
  status: 200,
  output: deployment,
  errors: ['model_not_found', 'deployment_not_found'],
});

export const recordDeployment = operation({
  id: 'recordDeployment',
  method: 'POST',
  path: '/v1/models/{model}/deployments',
  effect: 'command',
  needs: 'deploy',
  tag,
  summary: 'Records that a version runs somewhere',
  description: 'A fact, which the gate does not refuse: what it says against the version is kept with the record.',
  params: onModel,
  body: () =>
    z.strictObject({
      version: z.int().min(1).max(LIMITS.versionNumber),
      system: system(),
      url: url(),
      state: z.enum(['creating', 'in_service']).optional().describe('Absent: in_service.'),
      reason: reason().optional(),
    }),
  status: 201,
  output: deployment,
  errors: ['model_not_found', 'version_not_found', 'model_archived', 'version_not_ready'],
});

export const reportDeployment = operation({
  id: 'reportDeployment',
  method: 'PUT',
  path: '/v1/models/{model}/deployments/{deployment}/status',
  effect: 'command',
  needs: 'deploy',
  tag,
  summary: 'Notes what became of a deployment that others carry out',
  description: 'A fact, which an archived model takes too.',
  params: onDeployment,
  body: () =>
    z.strictObject({
      state: z.enum(REPORTED_STATES),
      reason: reason().optional(),
    }),
  status: 200,
  output: deployment,
  errors: ['model_not_found', 'deployment_not_found', 'deployment_managed', 'deployment_over'],
});
