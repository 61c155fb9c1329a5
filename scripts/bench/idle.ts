import type { Amounts } from './bill';

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}
type Resources = Readonly<Record<string, Resource>>;

/** Types that cost nothing, or only what is used, while they are there: any other one has to be looked at before it is added. */
const PAID_BY_USE = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudFront::Distribution',
  'AWS::CloudFront::Function',
  'AWS::CloudFront::OriginAccessControl',
  'AWS::CloudFront::ResponseHeadersPolicy',
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolClient',
  'AWS::Cognito::UserPoolDomain',
  'AWS::Cognito::UserPoolGroup',
  'AWS::EventSchemas::Registry',
  'AWS::EventSchemas::Schema',
  'AWS::Events::Archive',
  'AWS::Events::EventBus',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::QueryDefinition',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SES::ConfigurationSet',
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::SSM::Document',
]);

/** How many times Lambda asks an idle queue in a month: five pollers that wait 20 seconds each. */
const POLLS = (5 * 30 * 24 * 3_600) / 20;
const MINUTES = 30 * 24 * 60;
/** Seconds that a scheduled run with nothing to do takes, generously. */
const RUN_SECONDS = 0.2;

/**
 * What a stack takes in a month in which nobody uses it, from its template.
 * @throws Error for a resource whose idle cost is not known, such as one that is paid by the hour
 */
export function idleAmounts(resources: Resources): Amounts {
  const amounts = {
    kmsKeyMonth: 0,
    alarmMetricMonth: 0,
    dashboardMonth: 0,
    queueRequest: 0,
    functionRequest: 0,
    functionGigabyteSecond: 0,
  };
  for (const [id, { Type, Properties = {} }] of Object.entries(resources)) {
    if (Type === 'AWS::KMS::Key') amounts.kmsKeyMonth++;
    else if (Type === 'AWS::CloudWatch::Alarm') amounts.alarmMetricMonth += metricsOf(Properties);
    else if (Type === 'AWS::CloudWatch::Dashboard') amounts.dashboardMonth++;
    else if (Type === 'AWS::Lambda::EventSourceMapping') amounts.queueRequest += isOfStream(Properties) ? 0 : POLLS;
    else if (Type === 'AWS::Events::Rule') {
      const runs = runsOf(Properties);
      amounts.functionRequest += runs;
      amounts.functionGigabyteSecond += runs * RUN_SECONDS;
    } else if (!isPaidByUse(Type, Properties)) throw new Error(`${id}: what ${Type} costs while idle is not known`);
  }
  return amounts;
}

function metricsOf({ Metrics }: Readonly<Record<string, unknown>>): number {
  return Array.isArray(Metrics) ? Metrics.filter((metric: object) => 'MetricStat' in metric).length : 1;
}

/** A stream that a function follows is asked free of charge, a queue is not. */
function isOfStream({ StartingPosition }: Readonly<Record<string, unknown>>): boolean {
  return StartingPosition !== undefined;
}

function runsOf({ ScheduleExpression: schedule }: Readonly<Record<string, unknown>>): number {
  if (schedule === undefined) return 0;
  const [, every, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(String(schedule)) ?? [];
  const minutes = MINUTES_OF[unit];
  if (minutes !== undefined) return MINUTES / (Number(every) * minutes);
  const [, hour] = /^cron\(\d+ (\d+|\*) \* \* \? \*\)$/.exec(String(schedule)) ?? [];
  if (hour === undefined) throw new Error(`${schedule}: how often that is is not known`);
  return MINUTES / (hour === '*' ? 60 : 1_440);
}

const MINUTES_OF: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1_440 };

function isPaidByUse(type: string, properties: Readonly<Record<string, unknown>>): boolean {
  if (type === 'AWS::DynamoDB::Table') return properties['BillingMode'] === 'PAY_PER_REQUEST';
  if (type === 'AWS::Lambda::Function') return !('ProvisionedConcurrencyConfig' in properties);
  return type.startsWith('Custom::') || PAID_BY_USE.has(type);
}
