import { Stack } from 'aws-cdk-lib';
import { type ILogGroup, LogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** A question to the logs. */
export interface LogQuery {
  /** Logs of requests at the APIs, or of functions, or both. */
  readonly over: 'requests' | 'functions' | 'all';
  readonly query: ConstructorParameters<typeof QueryString>[0];
}

/** Saved queries of CloudWatch Logs Insights, by the question that each answers. */
export const LOG_QUERIES: Readonly<Record<string, LogQuery>> = {
  'Which requests failed': {
    over: 'requests',
    query: {
      fields: ['@timestamp', 'requestId', 'method', 'path', 'status', 'integrationError', 'principal', 'subject'],
      filterStatements: ['status >= 500'],
      sort: '@timestamp desc',
      limit: 200,
    },
  },
  'Which requests were refused, and whose': {
    over: 'requests',
    query: {
      filterStatements: ['status = 401 or status = 403 or status = 429'],
      statsStatements: ['count(*) as requests by status, routeKey, principal, subject, ip'],
      sort: 'requests desc',
      limit: 100,
    },
  },
  'Which routes are slow': {
    over: 'requests',
    query: {
      statsStatements: [
        'count(*) as requests, pct(latency, 50) as p50, pct(latency, 99) as p99, max(latency) as slowest by routeKey',
      ],
      sort: 'p99 desc',
      limit: 100,
    },
  },
  'Who asks for what': {
    over: 'requests',
    query: {
      statsStatements: ['count(*) as requests by principal, subject, routeKey'],
      sort: 'requests desc',
      limit: 200,
    },
  },
  'Everything about one request': {
    over: 'all',
    query: {
      fields: ['@timestamp', '@log', '@message'],
      filterStatements: ['requestId = "REQUEST-ID" or message.requestId = "REQUEST-ID"'],
      sort: '@timestamp asc',
      limit: 100,
    },
  },
  'Which errors functions logged': {
    over: 'functions',
    query: {
      fields: ['@timestamp', '@log', 'message.error.name', 'message.error.message', 'message.requestId', '@message'],
      filterStatements: ['level = "ERROR"'],
      sort: '@timestamp desc',
      limit: 200,
    },
  },
  'How long functions start and run': {
    over: 'functions',
    query: {
      filterStatements: ['type = "platform.report"'],
      statsStatements: [
        'count(*) as runs, count(record.metrics.initDurationMs) as starts, pct(record.metrics.initDurationMs, 99) as startP99, pct(record.metrics.durationMs, 99) as runP99, max(record.metrics.maxMemoryUsedMB) as memory by @log',
      ],
      sort: 'runs desc',
    },
  },
};

/** The saved queries, over the log groups that the stack has at the moment this is made: it has to be made last. */
export class LogQueries extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = Stack.of(this);
    const groups = stack.node.findAll().filter((each): each is LogGroup => each instanceof LogGroup);
    const requests = groups.filter(({ node }) => node.id === 'AccessLogs');
    const over: Record<LogQuery['over'], ILogGroup[]> = {
      requests,
      functions: groups.filter((group) => !requests.includes(group)),
      all: groups,
    };
    for (const [question, { over: which, query }] of Object.entries(LOG_QUERIES)) {
      new QueryDefinition(this, question.replaceAll(/\W/g, ''), {
        queryDefinitionName: `${stack.stackName}/${question}`,
        queryString: new QueryString(query),
        logGroups: over[which],
      });
    }
  }
}
