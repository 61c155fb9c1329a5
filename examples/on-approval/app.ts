/** The registry with a rule of its own: whenever a version is approved, a function runs. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { registryApp, settingsOf } from '../../lib/app';
import { RegistryStack } from '../../lib/registry-stack';

const app = registryApp();
const settings = settingsOf(app);
const stack = new RegistryStack(app, settings.stackName, { settings });

const announce = new NodejsFunction(stack, 'Announce', {
  entry: 'examples/on-approval/announce.ts',
  runtime: Runtime.NODEJS_24_X,
  logGroup: new LogGroup(stack, 'AnnounceLogs', {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  }),
});

new Rule(stack, 'OnApproval', {
  description: 'A version of a model was approved',
  eventBus: stack.bus,
  eventPattern: {
    source: ['signet'],
    detailType: ['version.approval_changed'],
    detail: { current: { approval: ['Approved'] } },
  },
  targets: [
    new LambdaFunction(announce, {
      retryAttempts: 10,
      maxEventAge: Duration.hours(2),
      deadLetterQueue: new Queue(stack, 'AnnounceFailed', { enforceSSL: true, retentionPeriod: Duration.days(14) }),
    }),
  ],
});
