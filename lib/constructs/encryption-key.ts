import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** What a right can be given to. */
export interface Grantee {
  allow(statement: PolicyStatement): void;
}

/** Props of {@link EncryptionKey}. */
export interface EncryptionKeyProps {
  /** Whether the key outlives the stack. Data that outlives it is lost without its key. */
  readonly retainData: boolean;
}

/** Actions that reading encrypted data takes. */
const READ = ['kms:Decrypt', 'kms:DescribeKey'];
/** Actions that writing it takes: those of CDK's own grants, spelt out. Multipart uploads decrypt the key of the parts before. */
const WRITE = [...READ, 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/**
 * The one customer-managed key of a registry: table, artifacts, bus, queues, secret and logs. A key costs 1 USD a month
 * while idle, so data that belongs together shares one; roles may use it only through the service whose data they are
 * granted.
 */
export class EncryptionKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: `Data of the model registry ${Stack.of(this).stackName}`,
      enableKeyRotation: true,
      removalPolicy: props.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      // The shortest that KMS offers: a disposable stage has nothing to regret.
      ...(props.retainData ? {} : { pendingWindow: Duration.days(7) }),
    });
    this.allowLogGroups();
  }

  /** Lets the function read data of `service` (`dynamodb`, `s3` ...) that this key encrypts. */
  grantDecrypt(fn: Grantee, service: string): void {
    fn.allow(this.throughService(READ, service));
  }

  /** Lets the function read and write data of `service` that this key encrypts. */
  grantEncrypt(fn: Grantee, service: string): void {
    fn.allow(this.throughService(WRITE, service));
  }

  /** Lets an AWS service use the key for resources of this account. */
  allowService(service: string): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal(service)],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
  }

  private throughService(actions: string[], service: string): PolicyStatement {
    return new PolicyStatement({
      actions,
      resources: [this.key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
    });
  }

  /** CloudWatch Logs sends no source account: its encryption context names the log group instead. */
  private allowLogGroups(): void {
    const logGroups = Stack.of(this).formatArn({ service: 'logs', resource: 'log-group:*' });
    this.key.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('logs.amazonaws.com')],
        actions: WRITE,
        resources: ['*'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
      }),
    );
  }
}
