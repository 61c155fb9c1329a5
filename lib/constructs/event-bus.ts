import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENV, EVENT_SOURCE } from '../../contract/names';
import { ALARM_PERIOD, type Alarms } from './alarms';
import type { EncryptionKey } from './encryption-key';
import type { RegistryFunction } from './registry-function';

/** Props of {@link RegistryBus}. */
export interface RegistryBusProps {
  /** Stable name: rules in other stacks and accounts refer to it. */
  readonly busName: string;
  readonly key: EncryptionKey;
  /** How long the archive keeps events for a replay. */
  readonly archive: Duration;
  /** Whether the archive and undeliverable events outlive the stack. */
  readonly retainData: boolean;
  readonly alarms: Alarms;
}

/** The bus that announces every change of the registry, with an archive for replays. */
export class RegistryBus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, props: RegistryBusProps) {
    super(scope, id);
    const removalPolicy = props.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const undeliverable = new Queue(this, 'Undeliverable', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.key.key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy,
    });
    Validations.of(undeliverable).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This is the dead-letter queue of the bus itself; no function consumes it and an alarm watches it.',
    });
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: props.busName,
      description: 'Every change of the model registry',
      kmsKey: props.key.key,
      deadLetterQueue: undeliverable,
    });
    undeliverable.addToResourcePolicy(this.deliveryStatement(undeliverable));
    props.key.allowService('events.amazonaws.com');
    this.archive(props).applyRemovalPolicy(removalPolicy);
    props.alarms.watch('BusUndeliverable', {
      meaning: 'EventBridge could not encrypt or decrypt events of the bus: rules have not seen them.',
      runbook: 'bus-undeliverable',
      metric: undeliverable.metricApproximateNumberOfMessagesVisible({ period: ALARM_PERIOD, statistic: 'Maximum' }),
      above: 0,
    });
  }

  /** Lets the function put events on the bus, and tells it which. */
  grantPublish(fn: RegistryFunction): void {
    fn.allow(new PolicyStatement({ actions: ['events:PutEvents'], resources: [this.bus.eventBusArn] }));
    fn.setEnvironment(ENV.bus, this.bus.eventBusName);
  }

  private deliveryStatement(queue: Queue): PolicyStatement {
    return new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': this.bus.eventBusArn } },
    });
  }

  private archive(props: RegistryBusProps): Archive {
    const archive = new Archive(this, 'Archive', {
      // By its name: the archive puts the bus's ARN into the key's policy, and the bus itself refers to the key.
      sourceEventBus: EventBus.fromEventBusName(this, 'BusByName', props.busName),
      description: `Events of ${Stack.of(this).stackName} for a replay`,
      eventPattern: { source: [EVENT_SOURCE] },
      retention: props.archive,
      kmsKey: props.key.key,
    });
    archive.node.addDependency(this.bus);
    return archive;
  }
}
