import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping, FilterCriteria, FilterRule, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { TABLE } from '../../contract/names';
import { ALARM_PERIOD, type Alarms } from './alarms';
import type { RegistryBus } from './event-bus';
import type { FailedRecords } from './failed-records';
import { watchFailures } from './function-alarms';
import type { LogProps } from './log-group';
import type { MetadataTable } from './metadata-table';
import { RegistryFunction } from './registry-function';

/** Props of {@link EventPublisher}. */
export interface EventPublisherProps {
  readonly table: MetadataTable;
  readonly bus: RegistryBus;
  readonly failed: FailedRecords;
  readonly logs: LogProps;
  readonly alarms: Alarms;
}

/**
 * Publishes the event items that each change writes: the function follows the table's stream and puts them on the bus, in
 * order per model. A record that cannot be published is isolated and kept whole in a bucket.
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
      onFailure: props.failed.destination(fn),
      supportS3OnFailureDestination: true,
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
    // The mapping checks at its creation that the function may read the stream and write to the bucket.
    mapping.node.addDependency(fn);
    watch(props.alarms, fn, mapping);
  }
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
