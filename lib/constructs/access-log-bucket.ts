import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/**
 * The bucket that keeps S3's access logs: the only record of who downloaded which artifact, since the bytes do not pass
 * through a function. S3 delivers logs to buckets with its own encryption only, so this one does not use the registry's key.
 */
export function accessLogBucket(scope: Construct, id: string, keep: Duration): IBucket {
  const bucket = new Bucket(scope, id, {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    lifecycleRules: [{ expiration: keep, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  // The class declares `isWebsite` as possibly undefined, its interface as absent: not the same to exactOptionalPropertyTypes.
  return bucket as IBucket;
}
