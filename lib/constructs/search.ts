import { Duration } from 'aws-cdk-lib';
import { type IRule, Rule, type RuleProps, Schedule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../../contract/names';
import type { Alarms } from './alarms';
import type { RegistryBus } from './event-bus';
import { watchFailures } from './function-alarms';
import type { LogProps } from './log-group';
import type { MetadataTable } from './metadata-table';
import { RegistryFunction } from './registry-function';

/** Props of {@link Search}. */
export interface SearchProps {
  readonly table: MetadataTable;
  readonly bus: RegistryBus;
  readonly logs: LogProps;
  readonly alarms: Alarms;
}

/**
 * Keeps the postings that searches read. Each change leaves a note in its transaction; every event of the bus wakes the
 * function, which posts what the notes of its workspace ask for, and the clock wakes it once a minute for what was missed.
 * The notes are the queue: what cannot be posted stays there, is tried again every minute, and sets off the alarm.
 */
export class Search extends Construct {
  private readonly fn: RegistryFunction;

  constructor(scope: Construct, id: string, { table, bus, logs, alarms }: SearchProps) {
    super(scope, id);
    this.fn = new RegistryFunction(this, 'Post', {
      description: 'Posts changes of the model registry for its search',
      entry: 'lambdas/post-search.ts',
      timeout: Duration.minutes(2),
      logs,
    });
    table.grantPostings(this.fn);
    this.wakeOn('Events', {
      description: 'Every change of the model registry, for its search',
      eventBus: bus.bus,
      eventPattern: { source: [EVENT_SOURCE] },
    });
    this.wakeOn('Clock', {
      description: 'Once a minute, for what search of the model registry has missed',
      schedule: Schedule.rate(Duration.minutes(1)),
    });
    watchFailures(alarms, this.fn, {
      meaning: 'Changes cannot be posted for search: searches do not see them.',
      runbook: 'search-failures',
    });
  }

  private wakeOn(id: string, props: RuleProps): IRule {
    const { function: fn } = this.fn;
    const rule = new Rule(this, id, { ...props, targets: [{ bind: () => ({ arn: fn.functionArn }) }] });
    fn.addPermission(id, { principal: new ServicePrincipal('events.amazonaws.com'), sourceArn: rule.ruleArn });
    return rule;
  }
}
