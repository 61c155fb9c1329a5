import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ENV, EVENT_BUS, EVENT_SOURCE, TABLE } from '../../contract/names';
import { EventSchemas } from '../../lib/constructs/event-schemas';
import { mailing, type Properties, resource, resources, templateOf } from './synthesised';

const template = templateOf('dev', mailing('dev'));
const [busId, { Properties: bus }] = resource(template, 'AWS::Events::EventBus');
const [mappingId, { Properties: mapping }] = resource(template, 'AWS::Lambda::EventSourceMapping', 'Publisher');
const [failedId] = resource(template, 'AWS::S3::Bucket', 'FailedBucket');
const [queueId] = resource(template, 'AWS::SQS::Queue', 'Events');
const alarms = resources(template, 'AWS::CloudWatch::Alarm');

/** Whether an alarm watches the metric of the resource. */
function isWatched(metricName: string, resourceId: string): boolean {
  return alarms.some(([, { Properties: alarm }]) => {
    const text = JSON.stringify([alarm['MetricName'], alarm['Dimensions'], alarm['Metrics']]);
    return text.includes(`"${metricName}"`) && text.includes(`"${resourceId}"`);
  });
}

test('the bus has the name of the contract, and a stage of its own in the same account has another', () => {
  expect(bus['Name']).toBe(EVENT_BUS);
  templateOf('prod').hasResourceProperties('AWS::Events::EventBus', { Name: `${EVENT_BUS}-prod` });
});

test('the bus is encrypted, archived, and keeps what it cannot encrypt', () => {
  expect(bus).toMatchObject({
    KmsKeyIdentifier: expect.anything(),
    DeadLetterConfig: { Arn: { 'Fn::GetAtt': [queueId, 'Arn'] } },
  });
  template.hasResourceProperties('AWS::Events::Archive', {
    EventPattern: { source: [EVENT_SOURCE] },
    RetentionDays: 7,
  });
  expect(resource(template, 'AWS::Events::Archive')[1]).toMatchObject({ DependsOn: [busId] });
});

test('the publisher reads new event items alone, from the first on', () => {
  expect(mapping).toMatchObject({ StartingPosition: 'TRIM_HORIZON', BatchSize: 100 });
  const { Filters } = mapping['FilterCriteria'] as { Filters: { Pattern: string }[] };
  expect(Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
    { eventName: ['INSERT'], dynamodb: { Keys: { [TABLE.sortKey]: { S: [{ prefix: TABLE.eventPrefix }] } } } },
  ]);
});

test('a record that fails is isolated, tried a bounded number of times and kept whole', () => {
  expect(mapping).toMatchObject({
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 20,
    MaximumRecordAgeInSeconds: 6 * 3600,
    ParallelizationFactor: 1,
    DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [failedId, 'Arn'] } } },
  });
});

test('the mapping is created after the rights that Lambda checks', () => {
  const { DependsOn } = resource(template, 'AWS::Lambda::EventSourceMapping', 'Publisher')[1] as unknown as {
    DependsOn: string[];
  };
  expect(DependsOn.some((id) => id.startsWith('PublisherPublishRoleDefaultPolicy'))).toBe(true);
});

test('every mapping of a stream has bounds, a destination for what fails, and an alarm on it', () => {
  const mappings = resources(template, 'AWS::Lambda::EventSourceMapping');
  const ofStreams = mappings.filter(([, { Properties: each }]) => each['StartingPosition'] !== undefined);
  for (const [id, { Properties: each }] of ofStreams) {
    expect(each['MaximumRetryAttempts']).toBeGreaterThanOrEqual(1);
    expect(each['MaximumRecordAgeInSeconds']).toBeLessThan(24 * 3600);
    expect(each['DestinationConfig']).toBeDefined();
    const fn = (each['FunctionName'] as { Ref: string }).Ref;
    expect([id, isWatched('IteratorAge', fn)]).toEqual([id, true]);
    // What seals the audit tries for as long as the stream remembers: it has been late for a day before it gives up.
    const isPatient = (each['MaximumRecordAgeInSeconds'] as number) > 22 * 3600;
    if (isPatient) continue;
    expect([id, isWatched('Errors', fn)]).toEqual([id, true]);
    expect(each['MetricsConfig']).toEqual({ Metrics: ['EventCount'] });
    expect(isWatched('OnFailureDestinationDeliveredEventCount', id)).toBe(true);
    expect(isWatched('DestinationDeliveryFailures', fn)).toBe(true);
  }
  expect(ofStreams.map(([id]) => id)).toEqual([mappingId, expect.stringMatching(/^AuditStream/)]);
});

test('every mapping of a queue gives back what failed alone, after the function has ended, and a bounded number of times', () => {
  const queues = new Map(resources(template, 'AWS::SQS::Queue'));
  const functions = new Map(resources(template, 'AWS::Lambda::Function'));
  const mappings = resources(template, 'AWS::Lambda::EventSourceMapping');
  const ofQueues = mappings.filter(([, { Properties: each }]) => each['StartingPosition'] === undefined);
  expect(ofQueues).toHaveLength(3);
  for (const [, { Properties: each }] of ofQueues) {
    expect(each).toMatchObject({ FunctionResponseTypes: ['ReportBatchItemFailures'], BatchSize: 10 });
    const source = each['EventSourceArn'] as { 'Fn::GetAtt': [string, string] };
    const queue = queues.get(source['Fn::GetAtt'][0])?.Properties;
    const fn = functions.get((each['FunctionName'] as { Ref: string }).Ref)?.Properties;
    expect(queue?.['VisibilityTimeout']).toBeGreaterThanOrEqual(6 * Number(fn?.['Timeout']));
    expect(queue?.['RedrivePolicy']).toMatchObject({ maxReceiveCount: 5 });
  }
});

test('every queue is encrypted, reached by TLS alone, watched, and is a dead-letter queue or has one', () => {
  const rules = resources(template, 'AWS::Events::Rule').map(([, { Properties: rule }]) => rule['Targets']);
  const queues = resources(template, 'AWS::SQS::Queue');
  const redrives = queues.map(([, { Properties: queue }]) => queue['RedrivePolicy'] ?? {});
  const deadLetters = JSON.stringify([bus['DeadLetterConfig'], rules, redrives]);
  for (const [id, { Properties: queue }] of queues) {
    expect(queue).toMatchObject({ KmsMasterKeyId: expect.anything(), MessageRetentionPeriod: 14 * 24 * 3600 });
    const works = queue['RedrivePolicy'] !== undefined;
    expect([id, works || deadLetters.includes(`"${id}"`)]).toEqual([id, true]);
    expect(isWatched(works ? 'ApproximateAgeOfOldestMessage' : 'ApproximateNumberOfMessagesVisible', id)).toBe(true);
  }
  const policies = resources(template, 'AWS::SQS::QueuePolicy').map(([, { Properties: policy }]) => policy);
  expect(policies).toHaveLength(queues.length);
  for (const policy of policies) expect(JSON.stringify(policy)).toContain('"aws:SecureTransport":"false"');
});

test.each([
  ['webhooks', 'Webhooks', { EventPattern: { source: [EVENT_SOURCE] }, EventBusName: { Ref: busId } }],
  ['mails', 'MailsEvents', { EventPattern: { source: [EVENT_SOURCE] }, EventBusName: { Ref: busId } }],
  ['mails, hourly', 'MailsHourly', { ScheduleExpression: 'cron(7 * * * ? *)' }],
  [
    'mails that came back',
    'MailsReturned',
    {
      EventPattern: {
        source: ['aws.ses'],
        'detail-type': ['Email Bounced', 'Email Complaint Received'],
        detail: { mail: { tags: { 'ses:configuration-set': [{ Ref: expect.stringMatching(/^MailsSet/) }] } } },
      },
    },
  ],
])('a rule feeds the queue of %s, which takes messages from its rules alone', (_, prefix, expected) => {
  const [ruleId, { Properties: rule }] = resource(template, 'AWS::Events::Rule', prefix);
  const owner = prefix.startsWith('Mails') ? 'Mails' : 'Webhooks';
  const [workId] = resource(template, 'AWS::SQS::Queue', `${owner}Queue`);
  const [failedEventsId] = resource(template, 'AWS::SQS::Queue', `${owner}Failed`);
  const Targets = [
    {
      Arn: { 'Fn::GetAtt': [workId, 'Arn'] },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [failedEventsId, 'Arn'] } },
    },
  ];
  expect(rule).toMatchObject({ ...expected, Targets: [expect.objectContaining(Targets[0])] });
  for (const id of [workId, failedEventsId]) {
    const [policy = ''] = resources(template, 'AWS::SQS::QueuePolicy')
      .map(([, { Properties }]) => JSON.stringify(Properties))
      .filter((text) => text.includes(`"Queues":[{"Ref":"${id}"}]`));
    expect(policy).toContain(`"aws:SourceArn":{"Fn::GetAtt":["${ruleId}","Arn"]}`);
    const allowed = policy.split('"Effect":"Allow"').length - 1;
    expect(allowed).toBe(owner === 'Mails' ? 3 : 1);
  }
});

test('SES reports what comes back of the mails of the configuration set, to the one bus that it knows', () => {
  const [setId, { Properties: set }] = resource(template, 'AWS::SES::ConfigurationSet');
  expect(set).toMatchObject({ DeliveryOptions: { TlsPolicy: 'REQUIRE' } });
  const [, { Properties: destination }] = resource(template, 'AWS::SES::ConfigurationSetEventDestination');
  expect(destination).toMatchObject({
    ConfigurationSetName: { Ref: setId },
    EventDestination: { Enabled: true, MatchingEventTypes: ['BOUNCE', 'COMPLAINT'] },
  });
  expect(JSON.stringify(destination)).toContain(':event-bus/default"');
});

test('a stage without an address to send from has nothing of mails', () => {
  const without = templateOf('dev').toJSON();
  const text = JSON.stringify(without);
  expect(Object.keys(without['Resources']).filter((id) => id.startsWith('Mails'))).toEqual([]);
  for (const word of ['AWS::SES', 'ses:', ENV.mailFrom, ENV.mailQueue]) expect(text).not.toContain(word);
});

test('EventBridge may use the key for this account, and for nobody else', () => {
  const [, { Properties: key }] = resource(template, 'AWS::KMS::Key', 'Encryption');
  const { Statement } = key['KeyPolicy'] as { Statement: Properties[] };
  const services = Statement.filter((statement) => JSON.stringify(statement['Principal']).includes('"Service"'));
  const unconditional = services.filter(
    (statement) => statement['Condition'] === undefined && statement['Action'] !== 'kms:DescribeKey',
  );
  expect(services.length).toBeGreaterThan(0);
  expect(unconditional).toEqual([]);
});

test('each event type has a published schema by the name that EventBridge would give it', () => {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Schemas');
  const content = JSON.stringify({ $schema: 'http://json-schema.org/draft-04/schema#', type: 'object' });
  new EventSchemas(stack, 'EventSchemas', {
    registryName: 'events',
    schemas: [{ name: 'VersionApproved', description: 'A version was approved', content }],
  });
  Template.fromStack(stack).hasResourceProperties('AWS::EventSchemas::Schema', {
    SchemaName: `${EVENT_SOURCE}@VersionApproved`,
    Type: 'JSONSchemaDraft4',
    Content: content,
  });
});
