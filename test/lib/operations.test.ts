import { OPERATIONS } from '../../contract/operations';
import { LOG_QUERIES } from '../../lib/constructs/log-queries';
import { ACCESS_LOG } from '../../lib/constructs/registry-api';
import {
  type Json,
  list,
  mailing,
  type Properties,
  projectFile,
  resource,
  resources,
  statementsOf,
  templateOf,
} from './synthesised';

const template = templateOf('dev', mailing('dev'));
const documents = resources(template, 'AWS::SSM::Document').map(
  ([, { Properties: made }]) => [made['Name'] as string, made['Content'] as Properties] as const,
);

describe('the dashboard', () => {
  const [, { Properties: dashboard }] = resource(template, 'AWS::CloudWatch::Dashboard');
  const text = JSON.stringify(dashboard['DashboardBody']);

  test.each([
    'AWS::Lambda::Function',
    'AWS::ApiGatewayV2::Api',
    'AWS::DynamoDB::Table',
    'AWS::SQS::Queue',
    'AWS::Events::Rule',
    'AWS::CloudWatch::Alarm',
  ])('shows every %s', (type) => {
    const ids = resources(template, type).map(([id]) => id);
    // What the CDK adds for a deployment serves no request.
    const shown = ids.filter((id) => !id.startsWith('Custom'));
    expect(shown.filter((id) => !text.includes(`"${id}"`))).toEqual([]);
    expect(shown.length).toBeGreaterThan(0);
  });
});

describe('saved queries', () => {
  const inRequests = new Set(Object.keys(ACCESS_LOG));
  const inFunctions = /^(level|type|requestId|message\.(requestId|error\.(name|message))|record\.metrics\.\w+)$/;
  const words = /\b(as|by|desc|asc|or|and|count|pct|max|ERROR|platform\.report|REQUEST-ID)\b/;

  test.each(Object.entries(LOG_QUERIES))('%s asks for what is in the logs', (_, { over, query }) => {
    const { fields = [], filterStatements = [], statsStatements = [] } = query ?? {};
    const named = [...fields, ...filterStatements, ...statsStatements.map((text) => text.replaceAll(/ as \w+/g, ''))]
      .flatMap((text) => text.replaceAll(/"[^"]*"/g, '').match(/@?[a-zA-Z][\w.]*/g) ?? [])
      .filter((name) => !words.test(name) && !['@timestamp', '@log', '@message'].includes(name));
    expect(named.length).toBeGreaterThan(0);
    for (const name of named) {
      const known = (over !== 'functions' && inRequests.has(name)) || (over !== 'requests' && inFunctions.test(name));
      expect({ name, known }).toEqual({ name, known: true });
    }
  });

  test('each looks at some log groups, together at all', () => {
    const made = resources(template, 'AWS::Logs::QueryDefinition').map(([, { Properties: query }]) => query);
    expect(made.map(({ Name }) => Name)).toEqual(Object.keys(LOG_QUERIES).map((question) => `Signet/${question}`));
    const groups = made.flatMap(({ LogGroupNames }) => list(LogGroupNames));
    const all = resources(template, 'AWS::Logs::LogGroup').map(([id]) => id);
    expect(new Set(groups.map((group) => (group as Properties)['Ref']))).toEqual(new Set(all));
  });
});

describe('documents for people in the AWS console', () => {
  test('approve, promote, roll back and redrive', () => {
    expect(documents.map(([name]) => name)).toEqual([
      'Signet-ApproveVersion',
      'Signet-PromoteVersion',
      'Signet-RollBack',
      'Signet-RedriveQueue',
    ]);
  });

  test.each(documents)('%s fills in what it asks for, and nothing else', (_, content) => {
    const parameters = content['parameters'] as Record<string, Properties>;
    const text = JSON.stringify(content['mainSteps']);
    const used = new Set([...text.matchAll(/\{\{ ([\w:]+) \}\}|\{\{ ?(\w+) ?\}\}/g)].map(([, a, b]) => a ?? b));
    const own = [...used].filter((name) => !['global:REGION', 'automation:EXECUTION_ID'].includes(name as string));
    expect(own.sort()).toEqual(Object.keys(parameters).sort());
    for (const { description, allowedPattern, allowedValues } of Object.values(parameters)) {
      expect(description).toMatch(/\.$/);
      expect(allowedPattern ?? allowedValues).toBeDefined();
    }
  });

  test('their role calls the routes of three operations and nothing else, and only documents of this account take it', () => {
    const [statement, ...others] = statementsOf(template, 'AutomationRole');
    expect(others).toEqual([]);
    expect(statement?.actions).toEqual(['execute-api:Invoke']);
    const routes = statement?.resources.map((arn) =>
      /\/\$default\/(\w+)(\/.*)"/.exec(JSON.stringify(arn))?.slice(1, 3),
    );
    const known = Object.values(OPERATIONS).map(({ method, path }) => [
      method,
      `/w/*${path.replaceAll(/\{[^}]+\}/g, '*')}`,
    ]);
    expect(routes).toHaveLength(3);
    for (const route of routes ?? []) expect(known).toContainEqual(route);
    const [, { Properties: role }] = resource(template, 'AWS::IAM::Role', 'AutomationRole');
    const [trust] = list((role['AssumeRolePolicyDocument'] as Properties)['Statement']) as Properties[];
    expect(trust).toMatchObject({
      Principal: { Service: 'ssm.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } }, ArnLike: {} },
    });
  });

  test('every queue for failures can be redriven, to the queue that it is of', () => {
    const redrive = documents.find(([name]) => name === 'Signet-RedriveQueue')?.[1] as Properties;
    const [choose, ...steps] = list(redrive['mainSteps']) as Properties[];
    const at = (arn: Json | undefined) => ((arn as Properties)['Fn::GetAtt'] as string[])[0];
    const moves = steps.map(({ inputs }) => {
      const { SourceArn, DestinationArn } = inputs as Properties;
      return [at(DestinationArn), at(SourceArn)];
    });
    const pairs = resources(template, 'AWS::SQS::Queue').flatMap(([id, { Properties: queue }]) => {
      const target = (queue['RedrivePolicy'] as Properties | undefined)?.['deadLetterTargetArn'];
      return target ? [[id, at(target)]] : [];
    });
    expect(moves.sort()).toEqual(pairs.sort());
    const choices = list(((choose as Properties)['inputs'] as Properties)['Choices']) as Properties[];
    expect(choices.map(({ NextStep }) => NextStep)).toEqual(steps.map(({ name }) => name));
    const { allowedValues } = (redrive['parameters'] as Record<string, Properties>)['Queue'] as Properties;
    expect(choices.map(({ StringEquals }) => StringEquals)).toEqual(allowedValues);
  });

  test('and queries are in docs/operations.md', () => {
    const page = projectFile('docs/operations.md');
    for (const [name] of documents) expect(page).toContain(`\`${name}\``);
    for (const question of Object.keys(LOG_QUERIES)) expect(page).toContain(`| ${question} |`);
  });
});

/** Types of which CloudFormation lets nobody tag a resource. */
const WITHOUT_TAGS = [
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::CloudFront::OriginAccessControl',
  'AWS::CloudFront::ResponseHeadersPolicy',
  'AWS::Cognito::UserPoolClient',
  'AWS::Cognito::UserPoolDomain',
  'AWS::Cognito::UserPoolGroup',
  'AWS::Events::Archive',
  'AWS::IAM::Policy',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Logs::QueryDefinition',
  'AWS::S3::BucketPolicy',
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
];

test('everything that can be tagged is tagged', () => {
  const all = template.toJSON()['Resources'] as Record<string, { Type: string; Properties?: Properties }>;
  const untagged = Object.entries(all)
    // What the CDK makes for its own custom resources it does not tag.
    .filter(([id, { Type }]) => !id.startsWith('Custom') && !Type.startsWith('Custom::'))
    .filter(([, { Properties: made }]) => !JSON.stringify([made?.['Tags'], made?.['UserPoolTags']]).includes('signet'))
    .map(([, { Type }]) => Type);
  expect([...new Set(untagged)].sort()).toEqual(WITHOUT_TAGS);
});
