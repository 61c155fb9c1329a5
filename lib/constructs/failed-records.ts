import type { CfnResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { EncryptionKey } from './encryption-key';
import { privateBucket } from './private-bucket';
import type { RegistryFunction } from './registry-function';

/** Props of {@link FailedRecords}. */
export interface FailedRecordsProps {
  readonly key: EncryptionKey;
  readonly retainData: boolean;
  /** Bucket that takes the access log; none in a disposable stage. */
  readonly accessLogs: IBucket | undefined;
  /** How long records are kept. */
  readonly keep: Duration;
}

/**
 * Keeps records of the table's stream that a function could not handle, whole: a queue would get the record's position
 * only, and the stream forgets it after a day.
 */
export class FailedRecords extends Construct {
  private readonly bucket: Bucket;
  private readonly key: EncryptionKey;

  constructor(scope: Construct, id: string, props: FailedRecordsProps) {
    super(scope, id);
    this.key = props.key;
    this.bucket = privateBucket(this, 'Bucket', {
      key: props.key,
      retainData: props.retainData,
      accessLogs: props.accessLogs,
      lifecycleRules: [{ id: 'forget-failed-records', expiration: props.keep }],
    });
  }

  /** The bucket as the failure destination of a function's mapping: Lambda writes with the function's role. */
  destination(fn: RegistryFunction): IEventSourceDlq {
    fn.allow(new PolicyStatement({ actions: ['s3:PutObject'], resources: [this.bucket.arnForObjects('*')] }));
    fn.allow(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }));
    fn.acknowledgeObjectWildcard(
      this.bucket.node.defaultChild as CfnResource,
      'Lambda names the objects by mapping, shard and time, so their keys cannot be listed; the bucket holds failed records only.',
    );
    this.key.grantEncrypt(fn, 's3');
    return { bind: () => ({ destination: this.bucket.bucketArn }) };
  }
}
