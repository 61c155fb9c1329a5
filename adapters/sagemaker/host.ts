import {
  type AutoRollbackConfig,
  type BlueGreenUpdatePolicy,
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  type ProductionVariant,
  type SageMakerClient,
  type Tag,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import type { EndpointFacts } from '../../core/domain/deployment-plan';
import type { MonitorFacts } from '../../core/domain/monitor-plan';
import type { MonitorName } from '../../core/domain/monitoring';
import type { Litter, UpdatePolicy } from '../../core/domain/target';
import { type HostConfig, type HostMonitor, HostRefusal, type HostVariant, type ModelHost } from '../../core/ports';
import { isRefusal, make, present, tagsOf } from './calls';
import { SageMakerMonitors } from './monitors';

const BUSY = ['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting'];

/** SageMaker's endpoints. Names follow from content, so what exists under a name is what was to be made. */
export class SageMakerHost implements ModelHost {
  private readonly monitors: SageMakerMonitors;

  constructor(private readonly client: SageMakerClient) {
    this.monitors = new SageMakerMonitors(client);
  }

  describeMonitor(monitor: MonitorName): Promise<MonitorFacts | undefined> {
    return this.monitors.describe(monitor);
  }

  createMonitor(monitor: HostMonitor): Promise<void> {
    return this.monitors.create(monitor);
  }

  removeMonitor(monitor: MonitorName): Promise<boolean> {
    return this.monitors.remove(monitor);
  }

  async describe(endpoint: string): Promise<EndpointFacts | undefined> {
    const found = await present(this.client.send(new DescribeEndpointCommand({ EndpointName: endpoint })));
    if (!found) return undefined;
    const {
      EndpointStatus,
      EndpointConfigName = '',
      LastModifiedTime,
      PendingDeploymentSummary,
      FailureReason,
    } = found;
    const pending = PendingDeploymentSummary;
    const baking = (pending?.ProductionVariants ?? []).some(({ VariantStatus = [] }) =>
      VariantStatus.some(({ Status }) => Status === 'Baking'),
    );
    return {
      status: EndpointStatus as EndpointFacts['status'],
      config: EndpointConfigName,
      ...(pending?.EndpointConfigName !== undefined && { pendingConfig: pending.EndpointConfigName }),
      baking,
      lastModified: (LastModifiedTime ?? new Date(0)).toISOString(),
      ...(FailureReason !== undefined && { failure: FailureReason }),
    };
  }

  async prepare(config: HostConfig): Promise<void> {
    const Tags = tagsOf(config.tags);
    for (const variant of config.variants.filter(({ isKept }) => !isKept)) {
      await make(
        () => this.client.send(new CreateModelCommand(modelInput(variant, config.executionRoleArn, Tags))),
        () => this.client.send(new DescribeModelCommand({ ModelName: variant.model })),
      );
    }
    await make(
      () => this.client.send(new CreateEndpointConfigCommand(configInput(config, Tags))),
      () => this.client.send(new DescribeEndpointConfigCommand({ EndpointConfigName: config.name })),
    );
  }

  create(endpoint: string, config: string, tags: HostConfig['tags']): Promise<void> {
    const input = { EndpointName: endpoint, EndpointConfigName: config, Tags: tagsOf(tags) };
    return make(
      () => this.client.send(new CreateEndpointCommand(input)),
      () => this.client.send(new DescribeEndpointCommand({ EndpointName: endpoint })),
    );
  }

  async update(endpoint: string, config: string, policy: UpdatePolicy): Promise<void> {
    const DeploymentConfig = {
      BlueGreenUpdatePolicy: trafficOf(policy),
      ...(policy.alarms.length > 0 && { AutoRollbackConfiguration: rollbackOf(policy) }),
    };
    try {
      await this.client.send(
        new UpdateEndpointCommand({ EndpointName: endpoint, EndpointConfigName: config, DeploymentConfig }),
      );
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (!(await this.isBusyOrGone(endpoint))) throw new HostRefusal(error.message, { cause: error });
    }
  }

  async remove(endpoint: string): Promise<void> {
    try {
      await this.client.send(new DeleteEndpointCommand({ EndpointName: endpoint }));
    } catch (error) {
      if (!isRefusal(error) || !(await this.isBusyOrGone(endpoint))) throw error;
    }
  }

  async discard({ config, models }: Litter): Promise<void> {
    if (config !== undefined) {
      await present(this.client.send(new DeleteEndpointConfigCommand({ EndpointConfigName: config })));
    }
    for (const ModelName of models) await present(this.client.send(new DeleteModelCommand({ ModelName })));
  }

  private async isBusyOrGone(endpoint: string): Promise<boolean> {
    const facts = await this.describe(endpoint);
    return facts === undefined || BUSY.includes(facts.status);
  }
}

function modelInput({ model, containers }: HostVariant, role: string, Tags: Tag[]) {
  const definitions = containers.map(({ image, environment, modelDataUrl }) => ({
    Image: image,
    Environment: { ...environment },
    ...(modelDataUrl !== undefined && { ModelDataUrl: modelDataUrl }),
  }));
  const [only] = definitions;
  const run = definitions.length === 1 && only ? { PrimaryContainer: only } : { Containers: definitions };
  return { ModelName: model, ExecutionRoleArn: role, ...run, Tags };
}

function configInput({ name, variants, dataCapture }: HostConfig, Tags: Tag[]) {
  const shadows = variants.filter(({ traffic }) => traffic === 'shadow').map(variantInput);
  return {
    EndpointConfigName: name,
    ProductionVariants: variants.filter(({ traffic }) => traffic === 'weighted').map(variantInput),
    ...(shadows.length > 0 && { ShadowProductionVariants: shadows }),
    ...(dataCapture && {
      DataCaptureConfig: {
        EnableCapture: true,
        InitialSamplingPercentage: dataCapture.percent,
        DestinationS3Uri: dataCapture.s3Uri,
        CaptureOptions: [{ CaptureMode: 'Input' as const }, { CaptureMode: 'Output' as const }],
        // Of other types, and of these unless they are named, it writes base64, which monitors do not read.
        CaptureContentTypeHeader: { CsvContentTypes: ['text/csv'], JsonContentTypes: ['application/json'] },
      },
    }),
    Tags,
  };
}

function variantInput({ name, model, capacity, weight }: HostVariant): ProductionVariant {
  const { instanceType, instanceCount, serverless } = capacity;
  return {
    VariantName: name,
    ModelName: model,
    ...(serverless
      ? { ServerlessConfig: { MemorySizeInMB: serverless.memoryMb, MaxConcurrency: serverless.maxConcurrency } }
      : {
          InstanceType: instanceType as NonNullable<ProductionVariant['InstanceType']>,
          InitialInstanceCount: instanceCount,
          InitialVariantWeight: weight,
        }),
  };
}

function trafficOf({ strategy, stepPercent, bakeSeconds }: UpdatePolicy): BlueGreenUpdatePolicy {
  const step = { Type: 'CAPACITY_PERCENT' as const, Value: stepPercent };
  return {
    TrafficRoutingConfiguration: {
      Type: ({ all_at_once: 'ALL_AT_ONCE', canary: 'CANARY', linear: 'LINEAR' } as const)[strategy],
      WaitIntervalInSeconds: bakeSeconds,
      ...(strategy === 'canary' && { CanarySize: step }),
      ...(strategy === 'linear' && { LinearStepSize: step }),
    },
    // The interval stands between steps of traffic: where there is one step, alarms watch before the old fleet ends.
    ...(strategy === 'all_at_once' && { TerminationWaitInSeconds: bakeSeconds }),
  };
}

function rollbackOf({ alarms }: UpdatePolicy): AutoRollbackConfig {
  return { Alarms: alarms.map((AlarmName) => ({ AlarmName })) };
}
