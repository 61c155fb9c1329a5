import { Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  Metric,
  Row,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { type CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ALARM_PERIOD } from './alarms';
import { RegistryApi } from './registry-api';
import { RegistryFunction } from './registry-function';

const WIDTH = 24;
const HEIGHT = 6;
const period = ALARM_PERIOD;

/**
 * One page in CloudWatch with everything that the stack has at the moment it is made: who adds an API, a function, a queue, a
 * rule or an alarm adds it here. It has to be made last. An account has three dashboards free of charge.
 */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = Stack.of(this);
    const all = stack.node.findAll();
    const those = <T>(kind: abstract new (...args: never[]) => T): T[] =>
      all.filter((each): each is T & typeof each => each instanceof kind);

    const dashboard = new CloudWatchDashboard(this, 'Dashboard', { dashboardName: stack.stackName });
    dashboard.addWidgets(
      new TextWidget({
        markdown: `# ${stack.stackName}\nThe registry of models. What to do when something is red: \`docs/runbook.md\`; saved queries over its logs begin with \`${stack.stackName}/\`.`,
        width: WIDTH,
        height: 2,
      }),
      new AlarmStatusWidget({ title: 'Alarms', alarms: those(Alarm), width: WIDTH, height: 4 }),
    );
    for (const row of [
      requests(those(RegistryApi)),
      functions(those(RegistryFunction)),
      events(those(Rule)),
      queues(those(Queue)),
      tables(those(Table)),
    ])
      dashboard.addWidgets(row);
  }
}

function requests(apis: readonly RegistryApi[]): Row {
  const of = (name: keyof RegistryApi['metrics'], label: string): IMetric[] =>
    apis.map(({ node, metrics }) => metrics[name].with({ label: `${node.id} ${label}` }));
  return row([
    ['Requests', of('requests', 'requests')],
    ['Errors', [...of('serverErrors', '5xx'), ...of('clientErrors', '4xx')]],
    ['Latency in ms', [...of('median', 'p50'), ...of('slow', 'p99')]],
  ]);
}

function functions(all: readonly RegistryFunction[]): Row {
  const of = (name: string, statistic: string): IMetric[] =>
    all.map(({ node, function: fn }) =>
      fn.metric(name, { period, statistic, label: node.path.split('/')[1] ?? node.id }),
    );
  return row([
    ['Function errors', of('Errors', Stats.SUM)],
    ['Function duration in ms, p99', of('Duration', Stats.p(99))],
    ['Function throttles', of('Throttles', Stats.SUM)],
    ['Invocations', of('Invocations', Stats.SUM)],
    ['Age of the oldest change that is not published, in ms', of('IteratorAge', Stats.MAXIMUM)],
  ]);
}

/** Rules of the bus and of the default one: deployments start from events as webhooks, mails and search do. */
function events(rules: readonly Rule[]): Row {
  const of = (metricName: string): IMetric[] =>
    rules.map(({ node, ruleName }) => {
      const { eventBusName } = node.defaultChild as CfnRule;
      const dimensionsMap = { RuleName: ruleName, ...(eventBusName && { EventBusName: eventBusName }) };
      const label = node.path.split('/').slice(1).join('/');
      return new Metric({ namespace: 'AWS/Events', metricName, dimensionsMap, period, statistic: Stats.SUM, label });
    });
  return row([
    ['Events that rules passed on', of('Invocations')],
    ['Events that rules could not pass on', of('FailedInvocations')],
  ]);
}

function queues(all: readonly Queue[]): Row {
  const named = (queue: Queue) => queue.node.path.split('/').slice(1).join('/');
  const depth = (queue: Queue) =>
    queue.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM, label: named(queue) });
  const age = (queue: Queue) =>
    queue.metricApproximateAgeOfOldestMessage({ period, statistic: Stats.MAXIMUM, label: named(queue) });
  const working = all.filter(({ deadLetterQueue }) => deadLetterQueue);
  return row([
    ['Messages that wait', working.map(depth)],
    ['Age of the oldest message in seconds', working.map(age)],
    ['Messages that were put aside', all.filter((queue) => !working.includes(queue)).map(depth)],
  ]);
}

function tables(all: readonly Table[]): Row {
  return row([
    [
      'Capacity units consumed',
      all.flatMap((table) => [
        table.metricConsumedReadCapacityUnits({ period, statistic: Stats.SUM, label: 'read' }),
        table.metricConsumedWriteCapacityUnits({ period, statistic: Stats.SUM, label: 'write' }),
      ]),
    ],
    [
      'Throttled calls to the table',
      all.flatMap(({ tableName }) =>
        ['ReadThrottleEvents', 'WriteThrottleEvents'].map(
          (metricName) =>
            new Metric({
              namespace: 'AWS/DynamoDB',
              metricName,
              dimensionsMap: { TableName: tableName },
              period,
              statistic: Stats.SUM,
              label: metricName,
            }),
        ),
      ),
    ],
  ]);
}

/** Graphs side by side over the whole width, at most three in a line. */
function row(graphs: readonly (readonly [title: string, metrics: IMetric[]])[]): Row {
  const width = WIDTH / Math.min(graphs.length, 3);
  return new Row(...graphs.map(([title, left]) => new GraphWidget({ title, left, width, height: HEIGHT })));
}
