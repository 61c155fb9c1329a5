import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type EventBus, type EventPattern, Rule, type Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ALARM_PERIOD, type AlarmProps, type Alarms } from './alarms';
import type { EncryptionKey } from './encryption-key';
import { watchFailures } from './function-alarms';
import type { LogProps } from './log-group';
import { RegistryFunction } from './registry-function';

/** Props of {@link EventQueue}. */
export interface EventQueueProps {
  /** Id of the function's construct, for example `Deliver`. */
  readonly functionId: string;
  readonly description: string;
  readonly entry: string;
  /** Files that the code reads where it stands. */
  readonly files?: readonly string[];
  /** Environment variable that tells the function its queue. */
  readonly variable: string;
  /** Batches that are worked on at the same time: what they wait for takes no more of the account's concurrency. */
  readonly mostAtOnce: number;
  /** How long each message waits before it is handed out, so that those that follow each other are seen together. */
  readonly deliveryDelay?: Duration;
  /** Messages that are handed out together, and how long the function may take for them. */
  readonly batchSize?: number;
  readonly timeout?: Duration;
  /** The function itself says when what failed is handed out again, rather than after six times its time. */
  readonly choosesRetry?: boolean;
  readonly key: EncryptionKey;
  readonly logs: LogProps;
}

/** What a rule puts into the queue. */
export type EventQueueRule = { readonly description: string } & (
  | { readonly bus?: EventBus; readonly pattern: EventPattern }
  | { readonly schedule: Schedule }
);

/** An alarm's sentence, and its section of the runbook. */
type Says = Pick<AlarmProps, 'meaning' | 'runbook'>;

/** What the alarms of a queue say: that its function fails, that messages wait too long, that some were put aside. */
export interface EventQueueSays {
  readonly failures: Says;
  readonly late: Says & { readonly after: Duration };
  readonly keptAside: Says;
}

/** Long enough for the slowest message (30 s) and what is around it. */
const FUNCTION_TIMEOUT = Duration.minutes(1);
/** Longest time that a message to a receiver is put off: longer than any attempt is. */
const LATE = Duration.minutes(45);

/** What alarms say of a queue that tells receivers of events. `what` is who is told, `runbook` begins names of its sections. */
export function receiversSay(what: string, runbook: string): EventQueueSays {
  return {
    failures: {
      meaning: `The function of ${what} fails: receivers are told late.`,
      runbook: `${runbook}-failures`,
    },
    late: {
      meaning: `Messages for ${what} wait for more than 45 minutes: longer than any attempt is put off.`,
      runbook: `${runbook}s-late`,
      after: LATE,
    },
    keptAside: {
      meaning: `Messages for ${what} could not be handled and were put aside: receivers were not told.`,
      runbook: `${runbook}s-kept-aside`,
    },
  };
}

/**
 * A queue that rules put events into, and its function, which puts further work into the same queue, some of it with a delay.
 * What cannot be handled five times is put aside (docs/decisions/0006-webhooks.md).
 */
export class EventQueue extends Construct {
  readonly fn: RegistryFunction;
  readonly queue: Queue;
  readonly failed: Queue;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: EventQueueProps,
  ) {
    super(scope, id);
    const { key, logs, batchSize = 10, timeout = FUNCTION_TIMEOUT } = props;
    const common: QueueProps = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key.key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: logs.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    };
    this.failed = new Queue(this, 'Failed', common);
    this.queue = new Queue(this, 'Queue', {
      ...common,
      ...(props.deliveryDelay && { deliveryDelay: props.deliveryDelay }),
      // Six times the function's time, as Lambda asks for: a batch is never handed out while it is worked on.
      visibilityTimeout: Duration.seconds(6 * timeout.toSeconds()),
      deadLetterQueue: { queue: this.failed, maxReceiveCount: 5 },
    });
    this.fn = new RegistryFunction(this, props.functionId, {
      description: props.description,
      entry: props.entry,
      ...(props.files && { files: props.files }),
      timeout,
      logs,
    });
    // Lambda receives messages with the function's role; the function itself sends further ones.
    this.letUse(this.fn, [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:SendMessage',
      ...(props.choosesRetry ? ['sqs:ChangeMessageVisibility'] : []),
    ]);
    const mapping = new EventSourceMapping(this, 'Messages', {
      target: this.fn.function,
      eventSourceArn: this.queue.queueArn,
      batchSize,
      maxConcurrency: props.mostAtOnce,
      reportBatchItemFailures: true,
    });
    // The mapping checks at its creation that the function may read the queue.
    mapping.node.addDependency(this.fn);
  }

  /** Lets another function put messages into the queue, and tells it which that is. */
  grantSend(fn: RegistryFunction): void {
    this.letUse(fn, ['sqs:SendMessage']);
  }

  private letUse(fn: RegistryFunction, actions: string[]): void {
    const { key, variable } = this.props;
    fn.allow(new PolicyStatement({ actions, resources: [this.queue.queueArn] }));
    key.grantEncrypt(fn, 'sqs');
    fn.setEnvironment(variable, this.queue.queueUrl);
  }

  /** Lets a rule put what it matches into the queue; what that does not take goes to the one for what failed. */
  receive(id: string, { description, ...matches }: EventQueueRule): void {
    const rule = new Rule(this, id, {
      description,
      ...('schedule' in matches
        ? { schedule: matches.schedule }
        : { eventPattern: matches.pattern, ...(matches.bus && { eventBus: matches.bus }) }),
      // Not the target of the CDK: that one would name the rule in the policy of the key that the bus itself needs.
      targets: [{ bind: () => ({ arn: this.queue.queueArn, deadLetterConfig: { arn: this.failed.queueArn } }) }],
    });
    for (const each of [this.queue, this.failed]) {
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

  /** Watches for what fails, waits or was put aside. `name` begins the ids of the alarms. */
  watch(alarms: Alarms, name: string, { failures, late: { after, ...late }, keptAside }: EventQueueSays): void {
    watchFailures(alarms, this.fn, failures);
    alarms.watch(`${name}Late`, {
      ...late,
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: ALARM_PERIOD, statistic: 'Maximum' }),
      above: after.toSeconds(),
    });
    alarms.watch(`${name}KeptAside`, {
      ...keptAside,
      metric: this.failed.metricApproximateNumberOfMessagesVisible({ period: ALARM_PERIOD, statistic: 'Maximum' }),
      above: 0,
    });
  }
}
