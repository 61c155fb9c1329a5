import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ALARM_PERIOD, type AlarmProps, type Alarms } from './alarms';
import type { RegistryFunction } from './registry-function';

/**
 * Watches a function for invocations that fail. One that is throttled needs no metric of its own: its API then answers
 * server errors, its stream or queue is late, and both are watched.
 */
export function watchFailures(
  alarms: Alarms,
  fn: RegistryFunction,
  { meaning, runbook, periods = 1 }: Pick<AlarmProps, 'meaning' | 'runbook' | 'periods'>,
): void {
  alarms.watch(`${fn.node.id}Failures`, {
    meaning,
    runbook,
    metric: fn.function.metricErrors({ period: ALARM_PERIOD, statistic: Stats.SUM }),
    above: 0,
    periods,
  });
}
