import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENV, EVENT_SOURCE } from '../../contract/names';
import { ALARM_PERIOD, type Alarms } from './alarms';
import type { EncryptionKey } from './encryption-key';
import type { RegistryBus } from './event-bus';
import { watchFailures } from './function-alarms';
import type { LogProps } from './log-group';
import type { MetadataTable } from './metadata-table';
import { RegistryFunction } from './registry-function';

/** Props of {@link Webhooks}. */
export interface WebhooksProps {
  readonly table: MetadataTable;
  readonly bus: RegistryBus;
  readonly key: EncryptionKey;
  readonly logs: LogProps;
  readonly alarms: Alarms;
}

/** Long enough for the slowest attempt (30 s) and what is around it. */
const FUNCTION_TIMEOUT = Duration.minutes(1);
/** Batches that are worked on at the same time: what receivers make wait takes no more of the account's concurrency. */
const MOST_AT_ONCE = 50;

/**
 * Tells webhooks of events. A rule puts every event into a queue, whose function makes a delivery for each webhook that
 * subscribed to it and puts their attempts into the same queue, the later ones with a delay (docs/decisions/0006-webhooks.md).
 */
export class Webhooks extends Construct {
  constructor(scope: Construct, id: string, props: WebhooksProps) {
    super(scope, id);
    const { key, logs } = props;
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
      // Six times the function's time, as Lambda asks for: a batch is never handed out while it is worked on.
      visibilityTimeout: Duration.seconds(6 * FUNCTION_TIMEOUT.toSeconds()),
      deadLetterQueue: { queue: failed, maxReceiveCount: 5 },
    });
    const fn = new RegistryFunction(this, 'Deliver', {
      description: 'Tells webhooks of events of the model registry',
      entry: 'lambdas/deliver-webhooks.ts',
      timeout: FUNCTION_TIMEOUT,
      logs,
    });
    props.table.grantDeliveries(fn);
    grantQueue(fn, queue, key);
    receiveEvents(this, props.bus, [queue, failed]);
    const mapping = new EventSourceMapping(this, 'Messages', {
      target: fn.function,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      maxConcurrency: MOST_AT_ONCE,
      reportBatchItemFailures: true,
    });
    // The mapping checks at its creation that the function may read the queue.
    mapping.node.addDependency(fn);
    watch(props.alarms, fn, queue, failed);
  }
}

/** Lambda receives messages with the function's role; the function itself sends further ones. */
function grantQueue(fn: RegistryFunction, queue: Queue, key: EncryptionKey): void {
  const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:SendMessage'];
  fn.allow(new PolicyStatement({ actions, resources: [queue.queueArn] }));
  key.grantEncrypt(fn, 'sqs');
  fn.setEnvironment(ENV.webhookQueue, queue.queueUrl);
}

/** Puts every event into the queue; what it does not take goes to its dead-letter queue. */
function receiveEvents(scope: Construct, bus: RegistryBus, [queue, failed]: [Queue, Queue]): void {
  const rule = new Rule(scope, 'Events', {
    description: 'Every change of the model registry, for its webhooks',
    eventBus: bus.bus,
    eventPattern: { source: [EVENT_SOURCE] },
    // Not the target of the CDK: that one would name the rule in the policy of the key that the bus itself needs.
    targets: [{ bind: () => ({ arn: queue.queueArn, deadLetterConfig: { arn: failed.queueArn } }) }],
  });
  for (const each of [queue, failed]) {
    each.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [each.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
      }),
    );
  }
}

function watch(alarms: Alarms, fn: RegistryFunction, queue: Queue, failed: Queue): void {
  watchFailures(alarms, fn, {
    meaning: 'The function of webhooks fails: receivers are told late.',
    runbook: 'webhook-failures',
  });
  alarms.watch('WebhooksLate', {
    meaning: 'Messages for webhooks wait for more than 45 minutes: longer than any attempt is put off.',
    runbook: 'webhooks-late',
    metric: queue.metricApproximateAgeOfOldestMessage({ period: ALARM_PERIOD, statistic: 'Maximum' }),
    above: Duration.minutes(45).toSeconds(),
  });
  alarms.watch('WebhooksKeptAside', {
    meaning: 'Messages for webhooks could not be handled and were put aside: receivers were not told.',
    runbook: 'webhooks-kept-aside',
    metric: failed.metricApproximateNumberOfMessagesVisible({ period: ALARM_PERIOD, statistic: 'Maximum' }),
    above: 0,
  });
}
