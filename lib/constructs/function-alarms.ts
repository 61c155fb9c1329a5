import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { ALARM_PERIOD, type AlarmProps, type Alarms } from './alarms';
import type { RegistryFunction } from './registry-function';

/** Watches a function for invocations that fail or are refused. */
export function watchFailures(
  alarms: Alarms,
  fn: RegistryFunction,
  { meaning, runbook }: Pick<AlarmProps, 'meaning' | 'runbook'>,
): void {
  alarms.watch(`${fn.node.id}Failures`, {
    meaning,
    runbook,
    metric: new MathExpression({
      label: 'errors and throttles',
      expression: 'errors + throttles',
      usingMetrics: { errors: fn.function.metricErrors(), throttles: fn.function.metricThrottles() },
      period: ALARM_PERIOD,
    }),
    above: 0,
  });
}
