import { TABLE } from '../../contract/names';
import type { TargetPlace } from '../../core/ports';
import { type DeployPorts, type Left, reconcile } from '../../core/use-cases';
import { within } from './partitions';
import type { TestRegistry } from './registry';
import { SageMakerModel } from './sagemaker';
import { sagemaker } from './targets';
import type { Send } from './trials';

/** Partitions that the function's role opens. */
export const DEPLOYER = {
  writes: [TABLE.modelPartition, TABLE.turnPartition, TABLE.endpointPartition],
  checks: [TABLE.workspacePartition],
} as const;

/** Model data that are there as soon as they are asked for, or never. */
export interface TestArchives {
  readonly made: string[];
  packs: boolean;
}

/** A registry that deploys to a state model of SageMaker. */
export interface Deploying {
  readonly host: SageMakerModel;
  readonly ports: DeployPorts;
  readonly archives: TestArchives;
  look(place: TargetPlace): Promise<Left>;
  /** Lets everything come to its end: whoever looks sees what there is, and time passes. */
  quiesce(place: TargetPlace): Promise<void>;
}

/** @param clock of the registry, which tests may put forward */
export function deploying(registry: TestRegistry): Deploying {
  const host = new SageMakerModel();
  const archives: TestArchives = { made: [], packs: true };
  const ports: DeployPorts = {
    ...within(registry.ports, DEPLOYER),
    host,
    archives: {
      exists: async (key) => archives.packs || archives.made.includes(key),
      url: (key) => `s3://bucket/_deploy/${key}`,
      make: async ({ key }) => {
        archives.made.push(key);
      },
    },
    queue: { put: async () => {} },
    pause: async () => {},
  };
  const look = (place: TargetPlace) => reconcile(ports, place, 'test');
  return {
    host,
    ports,
    archives,
    look,
    quiesce: async (place) => {
      for (let round = 0; round < 60; round++) {
        const left = await look(place);
        const pending = [...host.monitors.values()].some(({ status }) => status === 'Pending');
        const busy = pending || [...host.endpoints.keys()].some((name) => host.isBusy(name));
        if (left === 'settled' && !busy) return;
        host.tick();
      }
      throw new Error('it never settles');
    },
  };
}

/** Folder with the baseline of each kind of monitor. */
const BASELINES = ['monitoring/data-quality', 'monitoring/model-quality'];

/** What a target says so that its endpoint is watched for both qualities. */
export function watched(onViolation: 'rollback' | 'tell' = 'tell'): object {
  return {
    dataCapture: { s3Uri: 's3://captures/churn', percent: 100 },
    monitoring: {
      image: '156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer',
      outputS3Uri: 's3://reports/churn/',
      onViolation,
      dataQuality: {},
      modelQuality: {
        problemType: 'BinaryClassification',
        groundTruthS3Uri: 's3://truth/churn',
        inferenceAttribute: '0',
      },
    },
  };
}

/** Registers a READY version with a container and baselines, and approves it unless told otherwise. */
export async function serveable(send: Send, model: string, approved = true, baselines = BASELINES): Promise<number> {
  const files = baselines.flatMap((folder) => [`${folder}/statistics.json`, `${folder}/constraints.json`]);
  const { body } = await send('POST', `/v1/models/${model}/versions`, {
    final: true,
    containers: [{ image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/server:1', modelData: 'model.tar.gz' }],
    references: ['model.tar.gz', ...files].map((path) => ({ path, uri: `s3://bucket/${model}/${path}` })),
  });
  if (approved) await send('POST', `/v1/models/${model}/versions/${body.version}/approval`, { status: 'Approved' });
  return body.version;
}

/** Moves a version to Production by way of Staging. */
export async function toProduction(send: Send, model: string, version: number): Promise<void> {
  await send('POST', `/v1/models/${model}/versions/${version}/transition`, { stage: 'Staging' });
  await send('POST', `/v1/models/${model}/versions/${version}/transition`, { stage: 'Production' });
}

/** Makes a model with a target for Production. @returns where the target is */
export async function withTarget(send: Send, name: string, body: object = {}): Promise<TargetPlace> {
  const { body: model } = await send('POST', '/v1/models', { name });
  await send('PUT', `/v1/models/${name}/targets/Production`, { sagemaker: sagemaker({ name }), ...body });
  return { workspace: 'default', modelId: model.id, stage: 'Production' };
}
