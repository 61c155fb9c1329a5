import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** Props of {@link RegisterStep}. */
export interface RegisterStepProps {
  /** Id of the registry's API for machines: the first part of `MachinesApiUrl`. */
  readonly apiId: string;
  /** Absent: `default`. */
  readonly workspace?: string;
}

/**
 * The function of a Lambda step that registers versions. Its role may call the two operations that it needs, and nothing else;
 * in the registry it needs the role contributor on the model.
 */
export class RegisterStep extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { apiId, workspace = 'default' }: RegisterStepProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const removalPolicy = RemovalPolicy.DESTROY;
    this.function = new LambdaFunction(this, 'Function', {
      description: 'Registers versions of models in Signet from SageMaker pipelines',
      runtime: Runtime.PYTHON_3_13,
      architecture: Architecture.ARM_64,
      handler: 'register_version.lambda_handler',
      code: Code.fromAsset(__dirname, { exclude: ['*', '!register_version.py'] }),
      memorySize: 256,
      timeout: Duration.minutes(5),
      environment: {
        SIGNET_URL: `https://${apiId}.execute-api.${stack.region}.${stack.urlSuffix}`,
        SIGNET_WORKSPACE: workspace,
      },
      logGroup: new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_MONTH, removalPolicy }),
    });
    const prefix = workspace === 'default' ? '' : `/w/${workspace}`;
    const route = (method: string, path: string) =>
      stack.formatArn({ service: 'execute-api', resource: apiId, resourceName: `*/${method}${prefix}/v1/${path}` });
    this.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['execute-api:Invoke'],
        resources: [route('GET', 'search'), route('GET', 'models/*/versions/*'), route('POST', 'models/*/versions')],
      }),
    );
  }
}
