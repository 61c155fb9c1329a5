import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RegisterStep } from '../../examples/sagemaker-pipelines-step/step';
import { resource, statementsOf } from './synthesised';

const app = new App({ builtinCloudFormationValidation: false });
const stack = new Stack(app, 'Step', { env: { account: '123456789012', region: 'eu-central-1' } });
new RegisterStep(stack, 'Register', { apiId: 'a1b2c3d4e5', workspace: 'risk' });
const template = Template.fromStack(stack);

test('the step may call the operations that it needs, and nothing else', () => {
  const [statement, ...others] = statementsOf(template, 'Register').filter(({ actions }) =>
    actions.includes('execute-api:Invoke'),
  );
  expect(others).toEqual([]);
  const routes = statement?.resources.map((each) => JSON.stringify(each).replace(/^.*:a1b2c3d4e5\//, ''));
  expect(routes?.map((route) => route.replace(/[\]}"]+$/, ''))).toEqual([
    '*/GET/w/risk/v1/search',
    '*/GET/w/risk/v1/models/*/versions/*',
    '*/POST/w/risk/v1/models/*/versions',
  ]);
});

test('it has its code and no test, and knows its registry', () => {
  const [, { Properties: fn }] = resource(template, 'AWS::Lambda::Function', 'Register');
  expect(JSON.stringify(fn['Environment'])).toContain('https://a1b2c3d4e5.execute-api.eu-central-1');
  const { directory } = app.synth();
  const [asset] = readdirSync(directory).filter((name) => name.startsWith('asset.'));
  expect(readdirSync(join(directory, String(asset)))).toEqual(['register_version.py']);
});
