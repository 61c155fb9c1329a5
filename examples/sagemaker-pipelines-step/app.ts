/** The function of the Lambda step in a stack of its own, in the account of the pipelines. */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { RegisterStep } from './step';

const app = new App();
const apiId: unknown = app.node.tryGetContext('api');
if (typeof apiId !== 'string') throw new Error('Name the API for machines: -c api=<first part of MachinesApiUrl>.');
const workspace: unknown = app.node.tryGetContext('workspace');

const stack = new Stack(app, 'SignetPipelinesStep');
const step = new RegisterStep(stack, 'Register', {
  apiId,
  ...(workspace !== undefined && { workspace: String(workspace) }),
});
new CfnOutput(stack, 'FunctionArn', {
  value: step.function.functionArn,
  description: 'For lambda_func of the LambdaStep',
});
new CfnOutput(stack, 'RoleArn', {
  value: String(step.function.role?.roleArn),
  description: 'Give it the role contributor on the models that it registers',
});
