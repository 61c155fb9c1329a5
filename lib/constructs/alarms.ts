import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { EncryptionKey } from './encryption-key';

/** Props of {@link Alarms}. */
export interface AlarmsProps {
  readonly key: EncryptionKey;
  /** Address that receives the alarms, if any. */
  readonly email: string | undefined;
}

/** What an alarm watches, and where its reader finds what to do. */
export interface AlarmProps {
  /** One sentence on what is wrong for whom when it goes off. */
  readonly meaning: string;
  /** Anchor of the section of docs/runbook.md that says what to do. */
  readonly runbook: string;
  readonly metric: IMetric;
  /** The alarm goes off when the metric is above this ... */
  readonly above: number;
  /** ... in each of this many periods, one by default. */
  readonly periods?: number;
}

/** Period of all alarm metrics: shorter ones cost more and react to what retries already heal. */
export const ALARM_PERIOD = Duration.minutes(5);

/**
 * The one door through which alarms are made, so that each has a runbook section and reaches the same topic. An account
 * has ten alarm metrics free of charge; each further one costs 0.10 USD a month.
 */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', {
      displayName: `Alarms of ${Stack.of(this).stackName}`,
      masterKey: props.key.key,
      enforceSSL: true,
    });
    // A topic with a policy of its own (TLS only) loses the implied right of the account's alarms to publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    props.key.allowService('cloudwatch.amazonaws.com');
    if (props.email) {
      this.topic.addSubscription(new EmailSubscription(props.email));
    }
  }

  /** Watches a metric. No data is no trouble: an idle registry reports nothing. */
  watch(id: string, props: AlarmProps): Alarm {
    const alarm = new Alarm(this, id, {
      alarmDescription: `${props.meaning} What to do: docs/runbook.md#${props.runbook}`,
      metric: props.metric,
      threshold: props.above,
      evaluationPeriods: props.periods ?? 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    return alarm;
  }
}
