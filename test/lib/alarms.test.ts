import { list, mailing, type Properties, projectFile, resource, resources, templateOf } from './synthesised';

const template = templateOf('dev', mailing('dev'));
const alarms = resources(template, 'AWS::CloudWatch::Alarm').map(([id, { Properties }]) => [id, Properties] as const);
const sections = new Set([...projectFile('docs/runbook.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading));

test.each([
  ['18', templateOf('dev')],
  ['21', template],
])('alarms watch the %s metrics that the idle cost of the stack is stated for', (count, each) => {
  const metrics = resources(each, 'AWS::CloudWatch::Alarm').flatMap(([, { Properties: alarm }]) => {
    const queries = list(alarm['Metrics']) as Properties[];
    return queries.length > 0 ? queries.filter((query) => 'MetricStat' in query) : [alarm['MetricName']];
  });
  expect(metrics).toHaveLength(Number(count));
});

describe.each(alarms)('%s', (_id, alarm) => {
  test('names a section of the runbook that is there', () => {
    const [, anchor] = /docs\/runbook\.md#([a-z-]+)$/.exec(alarm['AlarmDescription'] as string) ?? [];
    expect(sections).toContain(anchor);
  });

  test('reaches the topic, and is silent when nothing happens', () => {
    const [topicId] = resource(template, 'AWS::SNS::Topic');
    expect(alarm['AlarmActions']).toEqual([{ Ref: topicId }]);
    expect(alarm['TreatMissingData']).toBe('notBreaching');
  });
});

test('both APIs, the functions that are not behind them, and the table are watched', () => {
  const text = JSON.stringify(alarms);
  for (const [id] of ['AWS::Lambda::Function', 'AWS::ApiGatewayV2::Api', 'AWS::DynamoDB::Table']
    .flatMap((type) => resources(template, type))
    // What runs only in a deployment makes the deployment fail, and when one behind the APIs fails, they answer server errors.
    .filter(([id]) => !/^(Custom|ConsolePublish|Functions)/.test(id))) {
    expect(text).toContain(`"Ref":"${id}"`);
  }
});

test('alarms may publish to the topic, which accepts TLS alone', () => {
  template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: {} });
  const [, { Properties: policy }] = resource(template, 'AWS::SNS::TopicPolicy');
  expect(JSON.stringify(policy)).toContain('"cloudwatch.amazonaws.com"');
  expect(JSON.stringify(policy)).toContain('"aws:SecureTransport":"false"');
});
