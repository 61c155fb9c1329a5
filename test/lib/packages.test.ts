import { checked, type StageSettings, settingsFor } from '../../lib/settings';
import { compilePattern } from '../../local/events/pattern';
import { published } from '../support/packages';
import { derivedEvents } from '../support/published';
import { type Properties, projectFile, resource, resources, statementsOf, templateOf } from './synthesised';

const ABROAD = 'arn:aws:sagemaker:us-east-1:210987654321:model-package-group/Risk';
const CARD_KEY = 'arn:aws:kms:us-east-1:210987654321:key/0d1c4b2a-0000-4000-8000-000000000000';
const packages: NonNullable<StageSettings['packages']> = {
  from: [
    { group: 'versionedmp-p-idy6c3e1fiqj', model: 'abalone' },
    { group: ABROAD, workspace: 'risk', model: 'scores', writesApproval: true, cardKey: CARD_KEY },
  ],
  to: [{ group: 'Serving', model: 'churn' }],
};

const template = templateOf('dev', { settings: { ...settingsFor('dev', {}), packages } });
const text = (value: unknown) => JSON.stringify(value);

test('packages are described in exactly the groups of the settings, and nothing else is done at SageMaker', () => {
  const statements = statementsOf(template, 'PackagesInRecord');
  const sagemaker = statements.filter(({ actions }) => actions.some((action) => action.startsWith('sagemaker:')));
  expect(sagemaker.flatMap(({ actions }) => actions)).toEqual(['sagemaker:DescribeModelPackage']);
  const [abroad, own] = sagemaker.flatMap((statement) => statement.resources).map(text);
  expect(own).toMatch(/:model-package\/versionedmp-p-idy6c3e1fiqj\/\*/);
  expect(abroad).toMatch(/arn:aws:sagemaker:us-east-1:210987654321:model-package\/risk\/\*/);
});

test('it reads items, and writes those of models and what search reads of them', () => {
  const statements = statementsOf(template, 'PackagesInRecord');
  const table = statements.filter(({ actions }) => actions.some((action) => action.startsWith('dynamodb:')));
  expect(table.flatMap(({ actions }) => actions).sort()).toEqual(['dynamodb:GetItem', 'dynamodb:PutItem']);
  const puts = table.find(({ actions }) => actions.includes('dynamodb:PutItem'));
  expect(text(puts?.condition)).toContain('["M#*","SN#*"]');
});

test('cards are decrypted with exactly the keys of the settings, through SageMaker alone', () => {
  const decrypts = statementsOf(template, 'PackagesInRecord').filter(({ resources: keys }) => keys.includes(CARD_KEY));
  expect(decrypts.map(({ actions }) => actions)).toEqual([['kms:Decrypt']]);
  expect(text(decrypts[0]?.condition)).toMatch(/"kms:ViaService":.*sagemaker\.us-east-1\./);
  expect(text(statementsOf(template, 'PackagesOutMirror'))).not.toContain(CARD_KEY);
});

test('what could not be told SageMaker is tried again when its function says so', () => {
  const [, { Properties: queue }] = resource(template, 'AWS::SQS::Queue', 'PackagesOutQueue');
  expect(queue['VisibilityTimeout']).toBe(90 * 60);
  const actions = (fn: string) => statementsOf(template, fn).flatMap((statement) => statement.actions);
  expect(actions('PackagesOutMirror')).toContain('sqs:ChangeMessageVisibility');
  expect(actions('PackagesInRecord')).not.toContain('sqs:ChangeMessageVisibility');
});

test('approvals that end are found in the list of them, without a look at any model', () => {
  const queries = statementsOf(template, 'PackagesOutMirror').filter(({ actions }) =>
    actions.includes('dynamodb:Query'),
  );
  expect(text(queries.flatMap((statement) => statement.resources))).toMatch(/index\/gsi1/);
  expect(text(queries.flatMap((statement) => statement.resources))).not.toMatch(/index\/gsi2/);
});

test('events of these groups wake it, whatever their case, and no others', () => {
  const [, { Properties: rule }] = resource(template, 'AWS::Events::Rule', 'PackagesIn');
  expect(rule['EventBusName']).toBeUndefined();
  const matches = compilePattern(rule['EventPattern'] as Properties);
  const event = published('documented-2025-updated-fields') as unknown as Properties;
  expect(matches(event)).toBe(true);
  for (const [, each] of derivedEvents('model-packages')) expect(matches(each as unknown as Properties)).toBe(true);
  expect(matches({ ...event, detail: { ModelPackageGroupName: 'risk' } })).toBe(true);
  expect(matches({ ...event, detail: { ModelPackageGroupName: 'risk-2' } })).toBe(false);
  expect(matches({ ...event, 'detail-type': 'SageMaker Model State Change' })).toBe(false);
});

test('packages are made in exactly the group of the settings, and approvals written back where that is asked for', () => {
  const statements = statementsOf(template, 'PackagesOutMirror').filter(({ actions }) =>
    /sagemaker:/.test(text(actions)),
  );
  const rights = statements.flatMap(({ actions, resources: targets }) =>
    targets.map((target) => `${text(target).replace(/^.*:(model-package.*?)"(?:.*)$/, '$1')} ${actions.join(' ')}`),
  );
  const changes = 'sagemaker:DescribeModelPackage sagemaker:UpdateModelPackage';
  const making = 'sagemaker:CreateModelPackage sagemaker:ListModelPackages';
  expect(rights.map((right) => right.split(' ')[0]).sort()).toEqual([
    'model-package-group/serving',
    'model-package/risk/*',
    'model-package/serving/*',
  ]);
  expect(rights).toContain(`model-package-group/serving ${making}`);
  expect(rights).toContain(`model-package/risk/* ${changes}`);
});

test('changes of approvals, deletions and the tick lead to SageMaker, and 1,000 edits do not', () => {
  const [, { Properties: rule }] = resource(template, 'AWS::Events::Rule', 'PackagesOutChanges');
  const matches = compilePattern(rule['EventPattern'] as Properties);
  const event = (type: string, model = 'churn') => ({ source: 'signet', 'detail-type': type, detail: { model } });
  expect(matches(event('version.approval_changed'))).toBe(true);
  expect(matches(event('version.deleted', 'scores'))).toBe(true);
  expect(matches(event('model.deleted'))).toBe(true);
  // A model that was renamed has another name than the settings.
  expect(matches(event('version.approval_changed', 'other'))).toBe(true);
  expect(matches(event('version.updated'))).toBe(false);
  expect(matches(event('version.package_changed'))).toBe(false);
});

test('without groups there is neither function nor rule nor right', () => {
  expect(text(templateOf('prod').toJSON())).not.toMatch(/PackagesIn|PackagesOut|ModelPackage"/);
});

test('its alarms have their sections in the runbook', () => {
  const sections = new Set([...projectFile('docs/runbook.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading));
  const alarms = resources(template, 'AWS::CloudWatch::Alarm').filter(([, alarm]) =>
    /[Pp]ackage|SageMaker is to/.test(text(alarm)),
  );
  expect(alarms).toHaveLength(6);
  for (const [, { Properties: alarm }] of alarms) {
    const [, anchor] = /runbook\.md#([a-z-]+)$/.exec(alarm['AlarmDescription'] as string) ?? [];
    expect(sections).toContain(anchor);
  }
});

test('one model becomes packages of one group', () => {
  const to = ['a', 'b'].map((group) => ({ group, model: 'churn' }));
  const settings = { ...settingsFor('dev', {}), packages: { from: [], to } };
  expect(() => checked('dev', settings)).toThrow('packages.to must name one group for each model');
});

test.each([
  [{ group: 'under_score', model: 'm' }],
  [{ group: 'ends-', model: 'm' }],
  [{ group: 'arn:aws:sagemaker:us-east-1:1:model-package-group/short', model: 'm' }],
  [{ group: 'g', workspace: 'Upper', model: 'm' }],
  [{ group: 'g', model: ' ' }],
  [{ group: 'g', model: 'm', cardKey: 'alias/cards' }],
])('%j is refused', (group) => {
  expect(() => checked('dev', { ...settingsFor('dev', {}), packages: { from: [group], to: [] } })).toThrow(
    'packages.from',
  );
});
