import { type CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { type Bucket, type IBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ENV, TABLE } from '../../contract/names';
import { ALARM_PERIOD, type Alarms } from './alarms';
import type { EncryptionKey } from './encryption-key';
import type { FailedRecords } from './failed-records';
import type { LogProps } from './log-group';
import type { MetadataTable } from './metadata-table';
import { privateBucket } from './private-bucket';
import { RegistryFunction } from './registry-function';

/** How long nobody may delete a digest. */
export interface DigestRetention {
  /** `compliance`: nobody, not the account's root either. `governance`: only who has s3:BypassGovernanceRetention. */
  readonly mode: 'compliance' | 'governance';
  readonly days: number;
}

/** Props of {@link AuditSeal}. */
export interface AuditSealProps {
  readonly table: MetadataTable;
  readonly key: EncryptionKey;
  readonly retainData: boolean;
  /** None in a disposable stage: its bucket could not be deleted. */
  readonly retention: DigestRetention | undefined;
  readonly accessLogs: IBucket | undefined;
  readonly failed: FailedRecords;
  readonly logs: LogProps;
  readonly alarms: Alarms;
}

/**
 * Seals the audit: a function follows the table's stream and writes a signed digest of where the changed histories stand, at
 * most every minute, into a bucket that keeps it (docs/audit.md). When nothing changes nothing is written.
 */
export class AuditSeal extends Construct {
  /** Signs digests, and nothing else. */
  readonly signingKey: Key;
  readonly bucket: Bucket;
  private readonly encryption: EncryptionKey;

  constructor(scope: Construct, id: string, props: AuditSealProps) {
    super(scope, id);
    const { retainData, retention } = props;
    this.encryption = props.key;
    this.signingKey = new Key(this, 'Key', {
      description: `Signs digests of the audit of ${Stack.of(this).stackName}`,
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...(retainData ? {} : { pendingWindow: Duration.days(7) }),
    });
    this.bucket = privateBucket(this, 'Digests', {
      key: props.key,
      retainData,
      accessLogs: props.accessLogs,
      versioned: true,
      ...(retention && {
        objectLockEnabled: true,
        objectLockDefaultRetention: ObjectLockRetention[retention.mode](Duration.days(retention.days)),
      }),
    });
    const fn = new RegistryFunction(this, 'Seal', {
      description: 'Seals the audit of the model registry with signed digests',
      entry: 'lambdas/seal-audit.ts',
      timeout: Duration.minutes(1),
      logs: props.logs,
    });
    props.table.grantSealing(fn);
    this.grantWrite(fn);
    const mapping = new EventSourceMapping(this, 'Stream', {
      target: fn.function,
      eventSourceArn: props.table.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 1_000,
      maxBatchingWindow: Duration.minutes(1),
      filters: [
        inserted({ [TABLE.sortKey]: { S: FilterRule.beginsWith(TABLE.eventPrefix) } }),
        inserted({ [TABLE.partitionKey]: { S: FilterRule.beginsWith(TABLE.readingPartition) } }),
      ],
      parallelizationFactor: 1,
      bisectBatchOnError: true,
      // What is not sealed today is sealed tomorrow; only what the stream forgets is put aside.
      retryAttempts: 10_000,
      maxRecordAge: Duration.hours(23),
      onFailure: props.failed.destination(fn),
      supportS3OnFailureDestination: true,
    });
    mapping.node.addDependency(fn);
    watch(props.alarms, fn);
  }

  /** Lets the function read digests and public keys, and tells it the bucket. */
  grantRead(fn: RegistryFunction): void {
    this.allowOnObjects(fn, ['s3:GetObject']);
    this.encryption.grantDecrypt(fn, 's3');
    fn.setEnvironment(ENV.digestBucket, this.bucket.bucketName);
  }

  /** Nothing is overwritten or deleted, and no retention is chosen: that is the bucket's. */
  private grantWrite(fn: RegistryFunction): void {
    this.allowOnObjects(fn, ['s3:GetObject', 's3:PutObject']);
    // Without this right S3 answers 403 instead of 404 for a digest that is not there.
    fn.allow(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }));
    this.encryption.grantEncrypt(fn, 's3');
    fn.allow(new PolicyStatement({ actions: ['kms:Sign', 'kms:GetPublicKey'], resources: [this.signingKey.keyArn] }));
    fn.setEnvironment(ENV.digestBucket, this.bucket.bucketName);
    fn.setEnvironment(ENV.digestKey, this.signingKey.keyArn);
  }

  private allowOnObjects(fn: RegistryFunction, actions: string[]): void {
    fn.allow(new PolicyStatement({ actions, resources: [this.bucket.arnForObjects('*')] }));
    fn.acknowledgeObjectWildcard(
      this.bucket.node.defaultChild as CfnResource,
      'Digests are numbered as they are made, so their keys cannot be listed; the bucket holds them and public keys only.',
    );
  }
}

function inserted(Keys: object) {
  return FilterCriteria.filter({ eventName: FilterRule.isEqual('INSERT'), dynamodb: { Keys } });
}

function watch(alarms: Alarms, fn: RegistryFunction): void {
  // Failures need no alarm of their own: one is healed by the next attempt, and more of them make the digest late.
  alarms.watch('AuditLate', {
    meaning: 'Changes wait for their digest for more than 15 minutes: they are recorded, but nothing proves them yet.',
    runbook: 'audit-late',
    metric: fn.function.metric('IteratorAge', { period: ALARM_PERIOD, statistic: Stats.MAXIMUM }),
    above: Duration.minutes(15).toMilliseconds(),
  });
}
