import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { EncryptionKey } from './encryption-key';

/** What all buckets of a stage have in common. */
export interface PrivateBucketProps extends BucketProps {
  readonly key: EncryptionKey;
  /** Whether the bucket outlives the stack. Otherwise it is emptied and deleted with it. */
  readonly retainData: boolean;
  /** Bucket that takes the access log; none in a disposable stage. */
  readonly accessLogs: IBucket | undefined;
}

/** A bucket that nobody reaches without TLS and a policy, encrypted by the registry's key. */
export function privateBucket(scope: Construct, id: string, props: PrivateBucketProps): Bucket {
  const { key, retainData, accessLogs, ...rest } = props;
  const bucket = new Bucket(scope, id, {
    ...rest,
    encryption: BucketEncryption.KMS,
    encryptionKey: key.key,
    // One data key for many objects: KMS is asked, and paid, a hundredth as often.
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    ...(accessLogs ? { serverAccessLogsBucket: accessLogs, serverAccessLogsPrefix: `${scope.node.id}/` } : {}),
    ...removal(retainData),
  });
  if (!accessLogs) {
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Disposable stage: S3 delivers access logs up to hours later, so a log bucket fills again after it was emptied and blocks the removal of the stack. Production logs every access.',
    });
  }
  return bucket;
}

/** What happens to a bucket when its stack goes. */
export function removal(retainData: boolean): Pick<BucketProps, 'removalPolicy' | 'autoDeleteObjects'> {
  return retainData
    ? { removalPolicy: RemovalPolicy.RETAIN }
    : { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true };
}
