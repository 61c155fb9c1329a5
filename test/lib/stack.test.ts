import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { settingsFor } from '../../lib/settings';
import { mailing, resources, stackOf, templateOf } from './synthesised';

describe.each(['dev', 'prod'] as const)('stack of %s', (stage) => {
  const stack = stackOf(stage, mailing(stage));
  const template = Template.fromStack(stack);

  test('has no finding of the AWS Solutions rules without its reason', () => {
    const { violations } = new AwsSolutionsChecks().validateScope(stack);
    const found = violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );
    expect(found).toEqual([]);
  });

  test('tells where everything is', () => {
    expect(Object.keys(template.toJSON()['Outputs'])).toEqual(
      expect.arrayContaining([
        'PeopleApiUrl',
        'MachinesApiUrl',
        'MachinesApiArn',
        'EventBusName',
        'TableName',
        'BucketName',
        'UserPoolId',
        'UserPoolClientId',
        'AlarmTopicArn',
      ]),
    );
  });

  test('has nothing that is paid by the hour', () => {
    const types = new Set(
      Object.values(template.toJSON()['Resources'] as Record<string, { Type: string }>).map(({ Type }) => Type),
    );
    const hourly = [...types].filter((type) => /::(EC2|ECS|RDS|ElasticLoadBalancing.*|WAFv2|ElastiCache)::/.test(type));
    expect(hourly).toEqual([]);
    expect(JSON.stringify(template.toJSON())).not.toMatch(
      /ProvisionedConcurrency|ProvisionedThroughput|ReservedConcurrent/,
    );
  });

  test('tags its resources', () => {
    template.hasResourceProperties('AWS::KMS::Key', {
      Tags: [
        { Key: 'app', Value: 'signet' },
        { Key: 'stage', Value: stage },
      ],
    });
  });
});

test('only production refuses to be deleted', () => {
  expect([stackOf('dev').terminationProtection, stackOf('prod').terminationProtection]).toEqual([false, true]);
});

test('a permissions boundary bounds every role', () => {
  const permissionsBoundary = 'arn:aws:iam::123456789012:policy/boundary';
  const template = templateOf('dev', { settings: { ...settingsFor('dev', {}), permissionsBoundary } });
  const roles = resources(template, 'AWS::IAM::Role');
  expect(roles.map(([, { Properties: role }]) => role['PermissionsBoundary'])).toEqual(
    roles.map(() => permissionsBoundary),
  );
});

test('alarms are sent to the address of the stage', () => {
  const template = templateOf('dev', { settings: { ...settingsFor('dev', {}), alarmEmail: 'on-call@example.com' } });
  template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'on-call@example.com' });
});
