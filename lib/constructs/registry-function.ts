import { join } from 'node:path';
import { AssetHashType, type CfnResource, DockerImage, type Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type BundleProps, bundle, PROJECT_ROOT } from '../bundle';
import { encryptedLogGroup, type LogProps } from './log-group';

/** What decides access policies: it lies beside the code, which reads it for the first workspace that has some. */
export const POLICY_ENGINE = ['node_modules/@cedar-policy/cedar-wasm/nodejs/cedar_wasm_bg.wasm'];

/** Props of {@link RegistryFunction}. */
export interface RegistryFunctionProps extends BundleProps {
  readonly description: string;
  readonly timeout: Duration;
  readonly logs: LogProps;
}

/**
 * A function of the registry: role of its own that may log, trace and nothing else, log group with retention, structured
 * logs, tracing. What else it may do comes from grants, and each grant brings the environment variable that goes with it.
 */
export class RegistryFunction extends Construct {
  readonly function: LambdaFunction;
  private readonly role: Role;

  constructor(scope: Construct, id: string, props: RegistryFunctionProps) {
    super(scope, id);
    const logGroup = encryptedLogGroup(this, 'Logs', props.logs);
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.allow(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'xray:PutTraceSegments and xray:PutTelemetryRecords define no resource type, so IAM accepts no other resource for them; a test allows `*` to these two actions only.',
    });
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: bundled(props),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // CPU comes with memory: below this the start of the bundle is the longest part of a cold request.
      memorySize: 1024,
      timeout: props.timeout,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role: this.role,
    });
    // Lets a reader of the template, such as the local run, find the source of the bundled code.
    (this.function.node.defaultChild as CfnResource).addMetadata('signet:entry', props.entry);
  }

  /** ARN of the function's role. */
  get roleArn(): string {
    return this.role.roleArn;
  }

  /** Adds a statement to the function's role. */
  allow(statement: PolicyStatement): void {
    this.role.addToPrincipalPolicy(statement);
  }

  /** Sets an environment variable. Grants do this, so that no function knows a resource that it may not use. */
  setEnvironment(name: string, value: string): void {
    this.function.addEnvironment(name, value);
  }

  /** Records why a grant names resources by the beginning of their names. */
  acknowledgeWildcard(resource: string, reason: string): void {
    Validations.of(this.role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
  }

  /** Records why a grant names all objects of a bucket. */
  acknowledgeObjectWildcard(bucket: CfnResource, reason: string, folder = ''): void {
    const logicalId = Stack.of(this).getLogicalId(bucket);
    Validations.of(this.role).acknowledge({ id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${folder}*]`, reason });
  }
}

/** The function's code as an asset of the stack. It is bundled without a container; only CDK asks for an image. */
function bundled({ entry, files, beside }: BundleProps): Code {
  const props: BundleProps = { entry, ...(files && { files }), ...(beside && { beside }) };
  return Code.fromAsset(join(PROJECT_ROOT, 'lambdas'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('none'),
      // CDK tells assets from each other by what is written here.
      command: [JSON.stringify(props)],
      local: {
        tryBundle: (folder) => {
          bundle(props, folder);
          return true;
        },
      },
    },
  });
}
