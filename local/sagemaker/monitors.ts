import { type Actions, AwsError } from '../aws-json';
import { isObject, type JsonObject } from '../template';
import { arnOf, invalid, type Monitored, type MonitorKind, type Records } from './records';
import { listed } from './resources';

/** Job definitions by the word that their actions have. */
const DEFINITIONS = {
  DataQuality: 'data-quality-job-definition',
  ModelQuality: 'model-quality-job-definition',
} as const;

/**
 * Schedules of model monitors and their job definitions. They are kept as they were made, and no job ever runs: the containers
 * that compare captured requests with baselines are AWS's own.
 */
export function monitorActions(records: Records): Actions {
  return {
    ...Object.assign({}, ...Object.entries(DEFINITIONS).map(([word, kind]) => definitionActions(records, word, kind))),
    'SageMaker.CreateMonitoringSchedule': (input: JsonObject) => {
      const { MonitoringScheduleConfig: config } = input;
      const { MonitoringType: type, MonitoringJobDefinitionName: job } = isObject(config) ? config : {};
      const kind = DEFINITIONS[String(type) as keyof typeof DEFINITIONS];
      if (!kind || typeof job !== 'string')
        throw invalid('Only schedules of a data or model quality job definition run locally.');
      need(records, kind, job);
      return { MonitoringScheduleArn: make(records, 'monitoring-schedule', input, 'MonitoringScheduleName') };
    },
    'SageMaker.DescribeMonitoringSchedule': ({ MonitoringScheduleName }: JsonObject) => {
      const { name, createdAt, input } = need(records, 'monitoring-schedule', MonitoringScheduleName);
      const config = input['MonitoringScheduleConfig'];
      return {
        ...shown(name, createdAt),
        LastModifiedTime: createdAt / 1_000,
        MonitoringScheduleConfig: config,
        ...(isObject(config) && { MonitoringType: config['MonitoringType'] }),
      };
    },
    'SageMaker.ListMonitoringSchedules': (input: JsonObject) =>
      listed(input, records.all('monitoring-schedule'), 'MonitoringScheduleSummaries', ({ name, createdAt }) =>
        shown(name, createdAt),
      ),
    'SageMaker.DeleteMonitoringSchedule': ({ MonitoringScheduleName }: JsonObject) =>
      remove(records, 'monitoring-schedule', MonitoringScheduleName),
  };
}

function definitionActions(records: Records, word: string, kind: MonitorKind): Actions {
  return {
    [`SageMaker.Create${word}JobDefinition`]: (input) => ({
      JobDefinitionArn: make(records, kind, input, 'JobDefinitionName'),
    }),
    [`SageMaker.Describe${word}JobDefinition`]: ({ JobDefinitionName }) => {
      const { name, createdAt, input } = need(records, kind, JobDefinitionName);
      return { ...input, JobDefinitionArn: arnOf(kind, name), CreationTime: createdAt / 1_000 };
    },
    [`SageMaker.Delete${word}JobDefinition`]: ({ JobDefinitionName }) => remove(records, kind, JobDefinitionName),
  };
}

function shown(name: string, createdAt: number): JsonObject {
  return {
    MonitoringScheduleName: name,
    MonitoringScheduleArn: arnOf('monitoring-schedule', name),
    MonitoringScheduleStatus: 'Scheduled',
    CreationTime: createdAt / 1_000,
  };
}

function make(records: Records, kind: MonitorKind, { Tags, ...input }: JsonObject, field: string): string {
  const name = String(input[field]);
  const arn = arnOf(kind, name);
  if (records.get(kind, name)) throw new AwsError('ResourceInUse', `${arn} already exists.`);
  records.set(kind, name, { name, createdAt: Date.now(), input });
  records.tag(arn, Tags);
  return arn;
}

function need(records: Records, kind: MonitorKind, name: JsonObject[string]): Monitored {
  const found = records.get(kind, String(name));
  if (!found) throw new AwsError('ResourceNotFound', `${arnOf(kind, String(name))} not found.`);
  return found;
}

function remove(records: Records, kind: MonitorKind, name: JsonObject[string]): object {
  need(records, kind, name);
  records.delete(kind, String(name));
  records.delete('tags', arnOf(kind, String(name)));
  return {};
}
