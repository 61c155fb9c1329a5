import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { DEPLOYING_EVENTS } from '../../contract/events';
import { EVENT_TYPES } from '../../core/domain/event';
import { settingsFor } from '../../lib/settings';
import { compilePattern } from '../../local/events/pattern';
import { type Properties, resource, resources, stackOf, statementsOf, templateOf } from './synthesised';

const ROLE = 'arn:aws:iam::123456789012:role/endpoints';

/** The stack that may deploy to endpoints. */
const deployment = { endpointPrefix: 'signet-', executionRoles: [ROLE] };
const stack = stackOf('dev', { settings: { ...settingsFor('dev', {}), deployment } });
const template = Template.fromStack(stack);

test('what deploys to SageMaker has no finding of the AWS Solutions rules without its reason', () => {
  const { violations } = new AwsSolutionsChecks().validateScope(stack);
  const found = violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
  );
  expect(found).toEqual([]);
});

test('SageMaker rights end at the prefix, and roles are passed to SageMaker alone, exactly those configured', () => {
  const statements = statementsOf(template, 'DeploymentsDeploy');
  const sagemaker = statements.filter(({ actions }) => actions.some((action) => action.startsWith('sagemaker:')));
  expect(sagemaker.length).toBeGreaterThan(3);
  for (const { resources: targets } of sagemaker) {
    for (const target of targets)
      expect(JSON.stringify(target)).toMatch(
        /:(endpoint|endpoint-config|model|monitoring-schedule|(data|model)-quality-job-definition)\/signet-\*"\]\]\}$/,
      );
  }
  const passes = statements.filter(({ actions }) => actions.includes('iam:PassRole'));
  expect(passes).toEqual([
    {
      actions: ['iam:PassRole'],
      resources: [ROLE],
      condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      effect: 'Allow',
    },
  ]);
  for (const [id] of resources(template, 'AWS::IAM::Policy')) {
    if (!id.startsWith('DeploymentsDeploy')) {
      expect(JSON.stringify(statementsOf(template, id))).not.toMatch(/sagemaker:|iam:/);
    }
  }
});

test('without a role there is no right and no rule for SageMaker, and nothing that packs', () => {
  const plain = templateOf('prod');
  expect(JSON.stringify(plain.toJSON())).not.toMatch(/sagemaker:|iam:PassRole|aws\.sagemaker/);
});

test('who packs reads files and writes archives, and no item', () => {
  const actions = statementsOf(template, 'DeploymentsPack').flatMap((statement) => statement.actions);
  expect(actions.filter((action) => /dynamodb:(?!GetItem|Query)/.test(action))).toEqual([]);
  const puts = statementsOf(template, 'DeploymentsPack').filter((each) => each.actions.includes('s3:PutObject'));
  for (const { resources: targets } of puts) expect(JSON.stringify(targets)).toContain('/_deploy/*');
});

test('only changes after which another version may have to run wake the function: 1,000 edits do not', () => {
  const [, { Properties: rule }] = resource(template, 'AWS::Events::Rule', 'DeploymentsChanges');
  const matches = compilePattern(rule['EventPattern'] as Properties);
  const woken = EVENT_TYPES.filter((type) => matches({ source: 'signet', 'detail-type': type, detail: {} }));
  expect([...woken].sort()).toEqual([...DEPLOYING_EVENTS].sort());
  expect(woken).not.toContain('version.updated');
  const storm = Array.from({ length: 1_000 }, (_, index) => ({
    source: 'signet',
    'detail-type': 'version.updated',
    detail: { changed: ['tags.k'], current: { 'tags.k': String(index) }, artifactDigest: 'f'.repeat(64) },
  }));
  expect(storm.filter((event) => matches(event))).toEqual([]);
});

test("changes of the registry's endpoints wake the function, and of no others", () => {
  const [, { Properties: rule }] = resource(template, 'AWS::Events::Rule', 'DeploymentsEndpoints');
  expect(rule['EventBusName']).toBeUndefined();
  const matches = compilePattern(rule['EventPattern'] as Properties);
  const event = (detailType: string, EndpointName: string) => ({
    source: 'aws.sagemaker',
    'detail-type': detailType,
    detail: { EndpointName, EndpointStatus: 'IN_SERVICE' },
  });
  expect(matches(event('SageMaker Endpoint State Change', 'signet-churn'))).toBe(true);
  expect(matches(event('SageMaker Endpoint Deployment State Change', 'signet-churn'))).toBe(true);
  expect(matches(event('SageMaker Endpoint State Change', 'churn'))).toBe(false);
});

test("jobs of the registry's monitors wake the function, once they have ended, and no other jobs", () => {
  const [, { Properties: rule }] = resource(template, 'AWS::Events::Rule', 'DeploymentsMonitors');
  const text = JSON.stringify(rule['EventPattern']).replace(
    /\{"Fn::Join":\["",\[(.*?)\]\]\}/g,
    (_, parts: string) => `"${parts.replace(/\{"Ref":"AWS::(\w+)"\}/g, '$1').replace(/"?,"?|^"|"$/g, '')}"`,
  );
  const matches = compilePattern(JSON.parse(text));
  const event = (ProcessingJobStatus: string, schedule?: string) => ({
    source: 'aws.sagemaker',
    'detail-type': 'SageMaker Processing Job State Change',
    detail: {
      ProcessingJobStatus,
      ...(schedule && {
        MonitoringScheduleArn: `arn:Partition:sagemaker:Region:AccountId:monitoring-schedule/${schedule}`,
      }),
    },
  });
  expect(matches(event('Completed', 'signet-churn-1-0123456789ab-dq'))).toBe(true);
  expect(matches(event('InProgress', 'signet-churn-1-0123456789ab-dq'))).toBe(false);
  expect(matches(event('Completed', 'churn'))).toBe(false);
  expect(matches(event('Completed'))).toBe(false);
});

test('a lost event leaves nothing wrong for long: every five minutes all targets are looked at', () => {
  const [, { Properties: tick }] = resource(template, 'AWS::Events::Rule', 'DeploymentsTick');
  expect(tick['ScheduleExpression']).toBe('rate(5 minutes)');
});
