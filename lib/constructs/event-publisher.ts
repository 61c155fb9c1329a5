import { type CfnResource, Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, FilterRule, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { TABLE } from '../../contract/names';
import { ALARM_PERIOD, type Alarms } from './alarms';
import type { EncryptionKey } from './encryption-key';
import type { RegistryBus } from './event-bus';
import { watchFailures } from './function-alarms';
import type { LogProps } from './log-group';
import type { MetadataTable } from './metadata-table';
import { privateBucket } from './private-bucket';
import { RegistryFunction } from './registry-function';

/** Props of {@link EventPublisher}. */
export interface EventPublisherProps {
  readonly table: MetadataTable;
  readonly bus: RegistryBus;
  readonly key: EncryptionKey;
  /** Bucket that takes the access log; none in a disposable stage. */
  readonly accessLogs: IBucket | undefined;
  /** How long records that could not be published are kept. */
  readonly keepFailed: Duration;
  readonly logs: LogProps;
  readonly alarms: Alarms;
}

/**
 * Publishes the event items that each change writes: the function follows the table's stream and puts them on the bus, in
 * order per model. A record that cannot be published is isolated and kept whole in a bucket: a queue would get the
 * record's position only, and the stream forgets it after a day.
 */
export class EventPublisher extends Construct {
  constructor(scope: Construct, id: string, props: EventPublisherProps) {
    super(scope, id);
    const fn = new RegistryFunction(this, 'Publish', {
      description: 'Puts the events of the model registry on its bus',
      entry: 'lambdas/publish-events.ts',
      timeout: Duration.minutes(1),
      logs: props.logs,
    });
    props.table.grantStream(fn);
    props.bus.grantPublish(fn);

    const failed = privateBucket(this, 'Failed', {
      key: props.key,
      retainData: props.logs.retainData,
      accessLogs: props.accessLogs,
      lifecycleRules: [{ id: 'forget-failed-records', expiration: props.keepFailed }],
    });
    grantKeepFailed(fn, failed, props.key);

    const mapping = new EventSourceMapping(this, 'Stream', {
      target: fn.function,
      eventSourceArn: props.table.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { Keys: { [TABLE.sortKey]: { S: FilterRule.beginsWith(TABLE.eventPrefix) } } },
        }),
      ],
      // One batch a shard at a time: the order of a model's events is the order of its changes.
      parallelizationFactor: 1,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // Enough to sit out an outage of the bus; bounded, so that a poison record does not hold up its shard for a day.
      retryAttempts: 20,
      maxRecordAge: Duration.hours(6),
      onFailure: { bind: () => ({ destination: failed.bucketArn }) },
      supportS3OnFailureDestination: true,
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
    // The mapping checks at its creation that the function may read the stream and write to the bucket.
    mapping.node.addDependency(fn);
    watch(props.alarms, fn, mapping);
  }
}

/** Lambda itself writes records that failed, with the function's role. */
function grantKeepFailed(fn: RegistryFunction, failed: Bucket, key: EncryptionKey): void {
  fn.allow(new PolicyStatement({ actions: ['s3:PutObject'], resources: [failed.arnForObjects('*')] }));
  fn.allow(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [failed.bucketArn] }));
  fn.acknowledgeObjectWildcard(
    failed.node.defaultChild as CfnResource,
    'Lambda names the objects by mapping, shard and time, so their keys cannot be listed; the bucket holds failed records only.',
  );
  key.grantEncrypt(fn, 's3');
}

function watch(alarms: Alarms, fn: RegistryFunction, mapping: EventSourceMapping): void {
  watchFailures(alarms, fn, {
    meaning: 'The event publisher fails: events are late, and lost to rules after 20 attempts or 6 hours.',
    runbook: 'publisher-failures',
  });
  alarms.watch('PublisherLate', {
    meaning: 'Events reach the bus more than 5 minutes after their change.',
    runbook: 'publisher-late',
    metric: fn.function.metric('IteratorAge', { period: ALARM_PERIOD, statistic: Stats.MAXIMUM }),
    above: Duration.minutes(5).toMilliseconds(),
  });
  alarms.watch('EventsKeptAside', {
    meaning: 'Events could not be published and were put aside in the bucket of failed records.',
    runbook: 'events-kept-aside',
    metric: mappingMetric(mapping, 'OnFailureDestinationDeliveredEventCount'),
    above: 0,
  });
  alarms.watch('EventsDropped', {
    meaning: 'Events could neither be published nor put aside: they are in the table only.',
    runbook: 'events-dropped',
    metric: fn.function.metric('DestinationDeliveryFailures', { period: ALARM_PERIOD, statistic: Stats.SUM }),
    above: 0,
  });
}

function mappingMetric(mapping: EventSourceMapping, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
    statistic: Stats.SUM,
    period: ALARM_PERIOD,
  });
}
