import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DEPLOYING_EVENTS } from '../../contract/events';
import { ENV, EVENT_SOURCE } from '../../contract/names';
import type { StageSettings } from '../settings';
import type { Alarms } from './alarms';
import type { ArtifactStore } from './artifact-store';
import type { EncryptionKey } from './encryption-key';
import type { RegistryBus } from './event-bus';
import { EventQueue, type EventQueueSays } from './event-queue';
import { watchFailures } from './function-alarms';
import type { LogProps } from './log-group';
import type { MetadataTable } from './metadata-table';
import { RegistryFunction } from './registry-function';

/** Props of {@link Deployments}. */
export interface DeploymentsProps {
  readonly settings: StageSettings['deployment'];
  readonly table: MetadataTable;
  readonly artifacts: ArtifactStore;
  readonly bus: RegistryBus;
  readonly key: EncryptionKey;
  readonly logs: LogProps;
  readonly alarms: Alarms;
}

/** What streams from S3 to S3 within it is the limit of what is packed. */
const PACK_TIMEOUT = Duration.minutes(15);
/** Batches that are worked on at the same time: different targets do not wait for each other. */
const MOST_AT_ONCE = 5;

const SAYS: EventQueueSays = {
  failures: {
    meaning: 'The function that deploys fails or is throttled: versions come into service late.',
    runbook: 'deploy-failures',
  },
  late: {
    meaning: 'Targets wait for more than 15 minutes to be looked after.',
    runbook: 'deployments-late',
    after: Duration.minutes(15),
  },
  keptAside: {
    meaning: 'Messages about targets could not be handled and were put aside.',
    runbook: 'deployments-kept-aside',
  },
};

/**
 * Deploys what enters a stage. Events of the registry and of SageMaker, and a tick every five minutes, go into a queue whose
 * function compares what is wanted with what runs and takes the next step (docs/decisions/0012-deployments.md).
 */
export class Deployments extends EventQueue {
  constructor(scope: Construct, id: string, props: DeploymentsProps) {
    const { table, artifacts, bus, key, logs, alarms, settings } = props;
    super(scope, id, {
      functionId: 'Deploy',
      description: 'Deploys versions of the model registry',
      entry: 'lambdas/deploy.ts',
      variable: ENV.deployQueue,
      mostAtOnce: MOST_AT_ONCE,
      // Changes that follow each other within a moment are looked at together: the last one counts.
      deliveryDelay: Duration.seconds(2),
      key,
      logs,
    });
    table.grantDeploy(this.fn);
    artifacts.grantArchives(this.fn, 'look');
    this.receive('Changes', {
      description: 'Changes after which another version may have to run',
      bus: bus.bus,
      pattern: { source: [EVENT_SOURCE], detailType: [...DEPLOYING_EVENTS] },
    });
    this.receive('Tick', {
      description: 'Compares what is wanted with what runs, whatever events were lost',
      schedule: Schedule.rate(Duration.minutes(5)),
    });
    this.watch(alarms, 'Deployments', SAYS);
    if (settings.executionRoles.length > 0) this.sageMaker(props);
  }

  /** What SageMaker takes: its events, the rights on the endpoints that are the registry's, and packing. */
  private sageMaker(props: DeploymentsProps): void {
    const { endpointPrefix, executionRoles } = props.settings;
    this.receive('Endpoints', {
      description: 'Endpoints of the model registry have changed',
      pattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Endpoint State Change', 'SageMaker Endpoint Deployment State Change'],
        detail: { EndpointName: [{ prefix: endpointPrefix }] },
      },
    });
    this.receive('Monitors', {
      description: 'Jobs that watch endpoints of the model registry have ended',
      pattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Processing Job State Change'],
        detail: {
          ProcessingJobStatus: ['Completed', 'Failed', 'Stopped'],
          MonitoringScheduleArn: [{ prefix: named(this, 'monitoring-schedule', endpointPrefix) }],
        },
      },
    });
    allowSageMaker(this.fn, endpointPrefix, executionRoles);
    this.packing(props);
  }

  private packing({ table, artifacts, bus, logs, alarms }: DeploymentsProps): void {
    const pack = new RegistryFunction(this, 'Pack', {
      description: 'Packs files for endpoints',
      entry: 'lambdas/pack.ts',
      timeout: PACK_TIMEOUT,
      logs,
    });
    table.grantPack(pack);
    artifacts.grantArchives(pack, 'make');
    this.grantSend(pack);
    const rule = new Rule(this, 'Packing', {
      description: 'Files of a version are to be packed for its deployment',
      eventBus: bus.bus,
      eventPattern: { source: [EVENT_SOURCE], detailType: ['deployment.preparing'] },
      targets: [
        new LambdaFunction(pack.function, {
          retryAttempts: 2,
          maxEventAge: Duration.hours(1),
          // What the function does not take is put aside and watched with the rest; handled again, it leads to its target.
          deadLetterQueue: this.failed,
        }),
      ],
    });
    rule.node.addDependency(pack);
    watchFailures(alarms, pack, {
      meaning: 'The function that packs files for endpoints fails or is throttled: deployments wait for it.',
      runbook: 'pack-failures',
    });
  }
}

/** How the ARNs of a kind begin whose names have the registry's prefix. */
function named(scope: Construct, kind: string, prefix: string): string {
  return Stack.of(scope).formatArn({ service: 'sagemaker', resource: kind, resourceName: prefix });
}

/** Rights on what has the registry's prefix, and no others; roles can be passed to SageMaker alone. */
function allowSageMaker(fn: RegistryFunction, prefix: string, roles: readonly string[]): void {
  const all = (kind: string) => {
    const reason = `Names of what is deployed are made at run time; all of them start with ${prefix}.`;
    fn.acknowledgeWildcard(`arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:${kind}/${prefix}*`, reason);
    return `${named(fn, kind, prefix)}*`;
  };
  const [endpoint, config, model] = [all('endpoint'), all('endpoint-config'), all('model')];
  const [schedule, dataQuality, modelQuality] = [
    all('monitoring-schedule'),
    all('data-quality-job-definition'),
    all('model-quality-job-definition'),
  ];
  const allow = (actions: string[], resources: string[]) =>
    fn.allow(new PolicyStatement({ actions: actions.map((action) => `sagemaker:${action}`), resources }));
  allow(['DescribeEndpoint', 'DeleteEndpoint'], [endpoint]);
  allow(['CreateEndpoint', 'UpdateEndpoint'], [endpoint, config]);
  allow(['CreateEndpointConfig', 'DescribeEndpointConfig', 'DeleteEndpointConfig'], [config]);
  allow(['CreateModel', 'DescribeModel', 'DeleteModel'], [model]);
  allow(['CreateMonitoringSchedule', 'DescribeMonitoringSchedule', 'DeleteMonitoringSchedule'], [schedule]);
  for (const [kind, resource] of [
    ['DataQuality', dataQuality],
    ['ModelQuality', modelQuality],
  ] as const) {
    allow(
      ['Create', 'Describe', 'Delete'].map((verb) => `${verb}${kind}JobDefinition`),
      [resource],
    );
  }
  allow(['AddTags'], [endpoint, config, model, schedule, dataQuality, modelQuality]);
  fn.allow(
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [...roles],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    }),
  );
}
