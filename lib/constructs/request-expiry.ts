import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Alarms } from './alarms';
import { watchFailures } from './function-alarms';
import type { LogProps } from './log-group';
import type { MetadataTable } from './metadata-table';
import { RegistryFunction } from './registry-function';

/** Props of {@link RequestExpiry}. */
export interface RequestExpiryProps {
  readonly table: MetadataTable;
  readonly logs: LogProps;
  readonly alarms: Alarms;
}

/** How often requests are looked for whose time is over. */
const EVERY = Duration.minutes(5);

/**
 * Marks transition requests whose time is over, and so tells of it. Every command looks at the clock itself, so what is
 * late here is a list and an event, never a refusal. A run that fails is not repeated and not kept: the next one finds the
 * same requests.
 */
export class RequestExpiry extends Construct {
  constructor(scope: Construct, id: string, props: RequestExpiryProps) {
    super(scope, id);
    const fn = new RegistryFunction(this, 'Expire', {
      description: 'Marks transition requests of the model registry whose time is over',
      entry: 'lambdas/expire-requests.ts',
      timeout: Duration.minutes(1),
      logs: props.logs,
    });
    props.table.grantExpiry(fn);
    fn.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: EVERY });
    new Rule(this, 'Schedule', {
      description: 'Looks for transition requests of the model registry whose time is over',
      schedule: Schedule.rate(EVERY),
      targets: [new LambdaFunction(fn.function, { retryAttempts: 0, maxEventAge: EVERY })],
    });
    watchFailures(props.alarms, fn, {
      meaning: 'Transition requests whose time is over are not marked: lists show them as open.',
      runbook: 'request-expiry-failures',
      // One failure is healed by the next run.
      periods: 2,
    });
  }
}
