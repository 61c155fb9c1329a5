import { join } from 'node:path';
import { type CfnResource, type Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { type ICommandHooks, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';
import { encryptedLogGroup, type LogProps } from './log-group';

const PROJECT_ROOT = join(__dirname, '..', '..');

/** What decides access policies: it lies beside the code, which reads it for the first workspace that has some. */
export const POLICY_ENGINE = ['node_modules/@cedar-policy/cedar-wasm/nodejs/cedar_wasm_bg.wasm'];

/** The command that copies a file into a folder, in any shell. */
function copying(file: string, folder: string): string {
  const script =
    'const [file, folder] = process.argv.slice(1); fs.copyFileSync(file, path.join(folder, path.basename(file)))';
  return `node -e "${script}" "${file}" "${folder}"`;
}

/** Props of {@link RegistryFunction}. */
export interface RegistryFunctionProps {
  readonly description: string;
  /** Entry file from the project's root, for example `lambdas/query.ts`; it exports `handler`. */
  readonly entry: string;
  readonly timeout: Duration;
  /** Files from the project's root that the code reads where it stands, such as WebAssembly. */
  readonly files?: readonly string[];
  readonly logs: LogProps;
  /** Files that go beside the code: a folder there, and the command of Node.js that fills the folder named after it. */
  readonly beside?: { readonly folder: string; readonly build: string };
}

/**
 * A function of the registry: role of its own that may log, trace and nothing else, log group with retention, structured
 * logs, tracing. What else it may do comes from grants, and each grant brings the environment variable that goes with it.
 */
export class RegistryFunction extends Construct {
  readonly function: NodejsFunction;
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
    this.function = new NodejsFunction(this, 'Function', {
      description: props.description,
      entry: join(PROJECT_ROOT, props.entry),
      depsLockFilePath: join(PROJECT_ROOT, 'package-lock.json'),
      projectRoot: PROJECT_ROOT,
      handler: 'handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // CPU comes with memory: below this the start of the bundle is the longest part of a cold request.
      memorySize: 1024,
      timeout: props.timeout,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role: this.role,
      bundling: {
        // The SDK goes into the bundle: the version that was tested, without the modules that are not used.
        externalModules: [],
        mainFields: ['module', 'main'],
        target: 'node24',
        format: OutputFormat.CJS,
        minify: true,
        // Names stay readable in logged errors; a source map would be parsed in every cold start.
        keepNames: true,
        sourceMap: false,
        ...((props.beside || props.files) && { commandHooks: besideTheCode(props) }),
      },
    });
    // Lets a reader of the template, such as the local run, find the source of the bundled code.
    (this.function.node.defaultChild as CfnResource).addMetadata('signet:entry', props.entry);
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

function besideTheCode({ beside, files = [] }: RegistryFunctionProps): ICommandHooks {
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (input, output) => [
      ...files.map((file) => copying(join(input, file), output)),
      ...(beside
        ? [`cd ${JSON.stringify(PROJECT_ROOT)} && node ${beside.build} ${JSON.stringify(join(output, beside.folder))}`]
        : []),
    ],
  };
}
