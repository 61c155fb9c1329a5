import {
  CreateDataQualityJobDefinitionCommand,
  CreateModelQualityJobDefinitionCommand,
  CreateMonitoringScheduleCommand,
  DeleteDataQualityJobDefinitionCommand,
  DeleteModelQualityJobDefinitionCommand,
  DeleteMonitoringScheduleCommand,
  DescribeDataQualityJobDefinitionCommand,
  DescribeModelQualityJobDefinitionCommand,
  DescribeMonitoringScheduleCommand,
  type EndpointInput,
  type MonitoringResources,
  type MonitoringType,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { MonitorFacts } from '../../core/domain/monitor-plan';
import type { MonitorKind, MonitorName } from '../../core/domain/monitoring';
import type { HostMonitor } from '../../core/ports';
import { make, present, tagsOf } from './calls';

const TYPES: Readonly<Record<MonitorKind, MonitoringType>> = {
  data_quality: 'DataQuality',
  model_quality: 'ModelQuality',
};
/** Cron expressions as SageMaker takes them: on the hour, or at midnight UTC; it starts within twenty minutes of that. */
const SCHEDULES = { hour: 'cron(0 * ? * * *)', day: 'cron(0 0 ? * * *)' } as const;
/** Seconds that a job may take: an hourly one must have ended before the next, of model quality within half an hour. */
const LONGEST = { hour: 1_800, day: 3_600 } as const;
const INPUT = '/opt/ml/processing/input/endpoint';
const OUTPUT = '/opt/ml/processing/output';
/** Measures go to CloudWatch as well, for alarms of one's own. */
const ENVIRONMENT = { publish_cloudwatch_metrics: 'Enabled' };

/** SageMaker's model monitors: a job definition and a schedule, both of the monitor's name, which follows from its content. */
export class SageMakerMonitors {
  constructor(private readonly client: SageMakerClient) {}

  /** A monitor's schedule with its last execution. */
  async describe({ name }: MonitorName): Promise<MonitorFacts | undefined> {
    const found = await present(
      this.client.send(new DescribeMonitoringScheduleCommand({ MonitoringScheduleName: name })),
    );
    if (!found) return undefined;
    const { MonitoringScheduleStatus, FailureReason, LastMonitoringExecutionSummary: last } = found;
    return {
      status: MonitoringScheduleStatus as MonitorFacts['status'],
      ...(FailureReason !== undefined && { failure: FailureReason }),
      ...(last?.ScheduledTime && {
        last: {
          at: last.ScheduledTime.toISOString(),
          isViolated: last.MonitoringExecutionStatus === 'CompletedWithViolations',
          ...(last.ProcessingJobArn !== undefined && { job: last.ProcessingJobArn }),
        },
      }),
    };
  }

  /** Makes job definition and schedule, as far as they are not there. @throws HostRefusal */
  async create(monitor: HostMonitor): Promise<void> {
    const { kind, name, how, tags } = monitor;
    await this.define(monitor);
    const MonitoringScheduleConfig = {
      MonitoringType: TYPES[kind],
      MonitoringJobDefinitionName: name,
      ScheduleConfig: { ScheduleExpression: SCHEDULES[how.every] },
    };
    const input = { MonitoringScheduleName: name, MonitoringScheduleConfig, Tags: tagsOf(tags) };
    await make(
      () => this.client.send(new CreateMonitoringScheduleCommand(input)),
      () => this.client.send(new DescribeMonitoringScheduleCommand({ MonitoringScheduleName: name })),
    );
  }

  /**
   * Deletes the schedule and, once that is gone, the job definition. One that is being made or changed takes no deletion: who asks
   * later finds it settled.
   * @returns whether both are gone
   */
  async remove(monitor: MonitorName): Promise<boolean> {
    const { name } = monitor;
    const facts = await this.describe(monitor);
    if (facts?.status === 'Pending') return false;
    if (facts) {
      await present(this.client.send(new DeleteMonitoringScheduleCommand({ MonitoringScheduleName: name })));
      if (await this.describe(monitor)) return false;
    }
    await this.discard(monitor);
    return true;
  }

  /** Makes the job definition, unless it is there. @throws HostRefusal */
  define(monitor: HostMonitor): Promise<void> {
    return make(
      () => this.definitionOf(monitor),
      () => this.definition(monitor),
    );
  }

  /** Deletes the job definition, if it is there. */
  async discard({ kind, name }: MonitorName): Promise<void> {
    const input = { JobDefinitionName: name };
    await present(
      kind === 'data_quality'
        ? this.client.send(new DeleteDataQualityJobDefinitionCommand(input))
        : this.client.send(new DeleteModelQualityJobDefinitionCommand(input)),
    );
  }

  private definition({ kind, name }: MonitorName): Promise<unknown> {
    const input = { JobDefinitionName: name };
    return kind === 'data_quality'
      ? this.client.send(new DescribeDataQualityJobDefinitionCommand(input))
      : this.client.send(new DescribeModelQualityJobDefinitionCommand(input));
  }

  private definitionOf(monitor: HostMonitor): Promise<unknown> {
    const { name, endpoint, executionRoleArn, how, outputUrl, constraintsUrl, statisticsUrl, quality, tags } = monitor;
    const output = {
      MonitoringOutputs: [{ S3Output: { S3Uri: outputUrl, LocalPath: OUTPUT, S3UploadMode: 'Continuous' as const } }],
    };
    const common = {
      JobDefinitionName: name,
      JobResources: resourcesOf(monitor),
      RoleArn: executionRoleArn,
      StoppingCondition: { MaxRuntimeInSeconds: LONGEST[how.every] },
      Tags: tagsOf(tags),
    };
    const ConstraintsResource = { S3Uri: constraintsUrl };
    const input: EndpointInput = { EndpointName: endpoint, LocalPath: INPUT };
    if (!quality) {
      return this.client.send(
        new CreateDataQualityJobDefinitionCommand({
          ...common,
          DataQualityBaselineConfig: { ConstraintsResource, StatisticsResource: { S3Uri: statisticsUrl } },
          DataQualityAppSpecification: { ImageUri: how.image, Environment: ENVIRONMENT },
          DataQualityJobInput: { EndpointInput: input },
          DataQualityJobOutputConfig: output,
        }),
      );
    }
    const { problemType, groundTruthS3Uri, inferenceAttribute, probabilityAttribute, probabilityThreshold } = quality;
    return this.client.send(
      new CreateModelQualityJobDefinitionCommand({
        ...common,
        ModelQualityBaselineConfig: { ConstraintsResource },
        ModelQualityAppSpecification: { ImageUri: how.image, ProblemType: problemType, Environment: ENVIRONMENT },
        ModelQualityJobInput: {
          EndpointInput: {
            ...input,
            // What turned out to be true is looked up for the requests of the period before.
            StartTimeOffset: how.every === 'hour' ? '-PT1H' : '-P1D',
            EndTimeOffset: '-PT0H',
            InferenceAttribute: inferenceAttribute,
            ProbabilityAttribute: probabilityAttribute,
            ProbabilityThresholdAttribute: probabilityThreshold,
          },
          GroundTruthS3Input: { S3Uri: groundTruthS3Uri },
        },
        ModelQualityJobOutputConfig: output,
      }),
    );
  }
}

function resourcesOf({ how }: HostMonitor): MonitoringResources {
  type Instance = NonNullable<MonitoringResources['ClusterConfig']>['InstanceType'];
  const { instanceType, volumeGb } = how;
  return { ClusterConfig: { InstanceCount: 1, InstanceType: instanceType as Instance, VolumeSizeInGB: volumeGb } };
}
