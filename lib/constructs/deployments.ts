import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type EventBus, type EventPattern, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENV, EVENT_SOURCE } from '../../contract/names';
import type { StageSettings } from '../settings';
import { ALARM_PERIOD, type Alarms } from './alarms';
import type { ArtifactStore } from './artifact-store';
import type { EncryptionKey } from './encryption-key';
import type { RegistryBus } from './event-bus';
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

/** A target takes its turn for twice as long, so who has it is gone before somebody else may. */
const DEPLOY_TIMEOUT = Duration.minutes(1);
/** What streams from S3 to S3 within it is the limit of what is packed. */
const PACK_TIMEOUT = Duration.minutes(15);
/** Batches that are worked on at the same time: different targets do not wait for each other. */
const MOST_AT_ONCE = 5;

/** Changes after which something else may have to run. Edits of metadata are not among them. */
export const DEPLOYING_EVENTS = [
  'version.stage_changed',
  'version.approval_changed',
  'version.locked',
  'version.unlocked',
  'version.deleted',
  'model.deleted',
  'target.set',
  'target.deleted',
  'deployment.requested',
  'deployment.rolled_back',
  'deployment.failed',
];

/**
 * Deploys what enters a stage. Events of the registry and of SageMaker, and a tick every five minutes, go into a queue whose
 * function compares what is wanted with what runs and takes the next step (docs/decisions/0012-deployments.md).
 */
export class Deployments extends Construct {
  constructor(scope: Construct, id: string, props: DeploymentsProps) {
    super(scope, id);
    const { key, logs, settings } = props;
    const common: QueueProps = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key.key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: logs.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    };
    const failed = new Queue(this, 'Failed', common);
    const queue = new Queue(this, 'Queue', {
      ...common,
      // Changes that follow each other within a moment are looked at together: the last one counts.
      deliveryDelay: Duration.seconds(2),
      visibilityTimeout: Duration.seconds(6 * DEPLOY_TIMEOUT.toSeconds()),
      deadLetterQueue: { queue: failed, maxReceiveCount: 5 },
    });
    const deploy = this.function(
      'Deploy',
      'lambdas/deploy.ts',
      'Deploys versions of the model registry',
      DEPLOY_TIMEOUT,
      props,
    );
    props.table.grantDeploy(deploy);
    props.artifacts.grantArchives(deploy, 'look');
    grantQueue(deploy, queue, key, [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:SendMessage',
    ]);
    this.rules(props, queue, failed);
    const mapping = new EventSourceMapping(this, 'Messages', {
      target: deploy.function,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      maxConcurrency: MOST_AT_ONCE,
      reportBatchItemFailures: true,
    });
    // The mapping checks at its creation that the function may read the queue.
    mapping.node.addDependency(deploy);
    watchFailures(props.alarms, deploy, {
      meaning: 'The function that deploys fails or is throttled: versions come into service late.',
      runbook: 'deploy-failures',
    });
    this.watch(props.alarms, queue, failed);
    if (settings.executionRoles.length > 0) this.sageMaker(props, deploy, queue, failed);
  }

  private function(
    id: string,
    entry: string,
    description: string,
    timeout: Duration,
    { logs }: DeploymentsProps,
  ): RegistryFunction {
    return new RegistryFunction(this, id, { description, entry, timeout, logs });
  }

  private rules({ bus }: DeploymentsProps, queue: Queue, failed: Queue): void {
    const pattern = { source: [EVENT_SOURCE], detailType: DEPLOYING_EVENTS };
    this.rule('Changes', 'Changes after which another version may have to run', pattern, bus.bus, queue, failed);
    const tick = new Rule(this, 'Tick', {
      description: 'Compares what is wanted with what runs, whatever events were lost',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [{ bind: () => ({ arn: queue.queueArn, deadLetterConfig: { arn: failed.queueArn } }) }],
    });
    allowRule(tick, queue, failed);
  }

  private rule(
    id: string,
    description: string,
    eventPattern: EventPattern,
    eventBus: EventBus | undefined,
    queue: Queue,
    failed: Queue,
  ): void {
    const rule = new Rule(this, id, {
      description,
      ...(eventBus && { eventBus }),
      eventPattern,
      // Not the target of the CDK: that one would name the rule in the policy of the key that the bus itself needs.
      targets: [{ bind: () => ({ arn: queue.queueArn, deadLetterConfig: { arn: failed.queueArn } }) }],
    });
    allowRule(rule, queue, failed);
  }

  /** What SageMaker takes: its events, the rights on the endpoints that are the registry's, and packing. */
  private sageMaker(props: DeploymentsProps, deploy: RegistryFunction, queue: Queue, failed: Queue): void {
    const { endpointPrefix, executionRoles } = props.settings;
    this.rule(
      'Endpoints',
      'Endpoints of the model registry have changed',
      {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Endpoint State Change', 'SageMaker Endpoint Deployment State Change'],
        detail: { EndpointName: [{ prefix: endpointPrefix }] },
      },
      undefined,
      queue,
      failed,
    );
    allowSageMaker(deploy, endpointPrefix, executionRoles);

    const pack = this.function('Pack', 'lambdas/pack.ts', 'Packs files for endpoints', PACK_TIMEOUT, props);
    props.table.grantPack(pack);
    props.artifacts.grantArchives(pack, 'make');
    grantQueue(pack, queue, props.key, ['sqs:SendMessage']);
    const unpacked = new Rule(this, 'Packing', {
      description: 'Files of a version are to be packed for its deployment',
      eventBus: props.bus.bus,
      eventPattern: { source: [EVENT_SOURCE], detailType: ['deployment.preparing'] },
      targets: [new LambdaFunction(pack.function, { retryAttempts: 2, maxEventAge: Duration.hours(1) })],
    });
    unpacked.node.addDependency(pack);
    watchFailures(props.alarms, pack, {
      meaning: 'The function that packs files for endpoints fails or is throttled: deployments wait for it.',
      runbook: 'pack-failures',
    });
  }

  private watch(alarms: Alarms, queue: Queue, failed: Queue): void {
    alarms.watch('DeploymentsLate', {
      meaning: 'Targets wait for more than 15 minutes to be looked after.',
      runbook: 'deployments-late',
      metric: queue.metricApproximateAgeOfOldestMessage({ period: ALARM_PERIOD, statistic: 'Maximum' }),
      above: Duration.minutes(15).toSeconds(),
    });
    alarms.watch('DeploymentsKeptAside', {
      meaning: 'Messages about targets could not be handled and were put aside.',
      runbook: 'deployments-kept-aside',
      metric: failed.metricApproximateNumberOfMessagesVisible({ period: ALARM_PERIOD, statistic: 'Maximum' }),
      above: 0,
    });
  }
}

function grantQueue(fn: RegistryFunction, queue: Queue, key: EncryptionKey, actions: string[]): void {
  fn.allow(new PolicyStatement({ actions, resources: [queue.queueArn] }));
  key.grantEncrypt(fn, 'sqs');
  fn.setEnvironment(ENV.deployQueue, queue.queueUrl);
}

/** Lets a rule put its events into the queue, and what the queue does not take aside. */
function allowRule(rule: Rule, ...queues: Queue[]): void {
  for (const queue of queues) {
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
      }),
    );
  }
}

/** Rights on what has the registry's prefix, and no others; roles can be passed to SageMaker alone. */
function allowSageMaker(fn: RegistryFunction, prefix: string, roles: readonly string[]): void {
  const named = (kind: string) => {
    const resource = `${kind}/${prefix}*`;
    const reason = `Names of what is deployed are made at run time; all of them start with ${prefix}.`;
    fn.acknowledgeWildcard(`arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:${resource}`, reason);
    return Stack.of(fn).formatArn({ service: 'sagemaker', resource });
  };
  const [endpoint, config, model] = [named('endpoint'), named('endpoint-config'), named('model')];
  const allow = (actions: string[], resources: string[]) =>
    fn.allow(new PolicyStatement({ actions: actions.map((action) => `sagemaker:${action}`), resources }));
  allow(['DescribeEndpoint', 'DeleteEndpoint'], [endpoint]);
  allow(['CreateEndpoint', 'UpdateEndpoint'], [endpoint, config]);
  allow(['CreateEndpointConfig', 'DescribeEndpointConfig', 'DeleteEndpointConfig'], [config]);
  allow(['CreateModel', 'DescribeModel', 'DeleteModel'], [model]);
  allow(['AddTags'], [endpoint, config, model]);
  fn.allow(
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [...roles],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    }),
  );
}
