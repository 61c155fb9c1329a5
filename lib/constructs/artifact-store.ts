import { type CfnResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type Bucket, HttpMethods, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { DEPLOY_FOLDER, ENV, PROXY_FOLDER } from '../../contract/names';
import type { EncryptionKey } from './encryption-key';
import { privateBucket } from './private-bucket';
import type { RegistryFunction } from './registry-function';

/** Props of {@link ArtifactStore}. */
export interface ArtifactStoreProps {
  readonly key: EncryptionKey;
  /** Whether the artifacts outlive the stack. */
  readonly retainData: boolean;
  /** Bucket that takes the access log; none in a disposable stage. */
  readonly accessLogs: IBucket | undefined;
  /** Origins whose pages may upload and download with presigned URLs. */
  readonly browserOrigins: readonly string[];
}

/** Listing the parts that arrived is a read: it lets a caller resume an upload. */
const READ_ACTIONS = ['s3:GetObject', 's3:GetObjectVersion', 's3:ListMultipartUploadParts'];
/** Creating and completing an upload are authorised as PutObject. */
const WRITE_ACTIONS = ['s3:PutObject', 's3:AbortMultipartUpload'];

/**
 * The artifacts: callers put and get them with URLs that a function presigned, so its role needs every right that they use.
 * Versioned, and no version expires: what a model version names must stay what it was.
 */
export class ArtifactStore extends Construct {
  readonly bucket: Bucket;
  private readonly key: EncryptionKey;

  constructor(scope: Construct, id: string, props: ArtifactStoreProps) {
    super(scope, id);
    this.key = props.key;
    this.bucket = privateBucket(this, 'Bucket', {
      key: props.key,
      retainData: props.retainData,
      accessLogs: props.accessLogs,
      versioned: true,
      lifecycleRules: [
        {
          // Uploads can be resumed for two weeks; the parts of those given up cost storage until then.
          id: 'abort-abandoned-uploads',
          abortIncompleteMultipartUploadAfter: Duration.days(14),
          expiredObjectDeleteMarker: true,
        },
      ],
      ...(props.browserOrigins.length > 0
        ? {
            cors: [
              {
                allowedOrigins: [...props.browserOrigins],
                allowedMethods: [HttpMethods.GET, HttpMethods.PUT],
                allowedHeaders: [
                  'content-type',
                  'if-none-match',
                  'x-amz-checksum-sha256',
                  'x-amz-sdk-checksum-algorithm',
                ],
                exposedHeaders: ['ETag', 'x-amz-checksum-sha256', 'x-amz-version-id'],
                maxAge: 3600,
              },
            ],
          }
        : {}),
    });
  }

  /** Lets the function presign downloads and see which parts of an upload arrived, and tells it the bucket. */
  grantQuery(fn: RegistryFunction): void {
    this.allowOnObjects(fn, READ_ACTIONS);
    this.key.grantDecrypt(fn, 's3');
    fn.setEnvironment(ENV.bucket, this.bucket.bucketName);
  }

  /** Lets the function presign uploads, complete and abort them, and tells it the bucket. */
  grantCommand(fn: RegistryFunction): void {
    this.allowOnObjects(fn, [...READ_ACTIONS, ...WRITE_ACTIONS]);
    // Files of versions are never deleted; those that MLflow's artifact protocol keeps by path may be.
    const proxied = this.bucket.arnForObjects(`${PROXY_FOLDER}/*`);
    fn.allow(new PolicyStatement({ actions: ['s3:DeleteObject'], resources: [proxied] }));
    fn.acknowledgeObjectWildcard(
      this.bucket.node.defaultChild as CfnResource,
      'Clients of the artifact protocol name these files at run time, so their keys cannot be listed.',
      `${PROXY_FOLDER}/`,
    );
    this.key.grantEncrypt(fn, 's3');
    fn.setEnvironment(ENV.bucket, this.bucket.bucketName);
  }

  /** Lets the function find archives of files, or make them of what callers brought, and tells it the bucket. */
  grantArchives(fn: RegistryFunction, purpose: 'look' | 'make'): void {
    const archives = this.bucket.arnForObjects(`${DEPLOY_FOLDER}/*`);
    const bucket = this.bucket.node.defaultChild as CfnResource;
    fn.allow(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }));
    fn.allow(new PolicyStatement({ actions: ['s3:GetObject'], resources: [archives] }));
    fn.acknowledgeObjectWildcard(bucket, 'Keys of archives follow from the files in them.', `${DEPLOY_FOLDER}/`);
    if (purpose === 'make') {
      const all = this.bucket.arnForObjects('*');
      fn.allow(new PolicyStatement({ actions: ['s3:GetObjectVersion'], resources: [all] }));
      fn.allow(new PolicyStatement({ actions: WRITE_ACTIONS, resources: [archives] }));
      fn.acknowledgeObjectWildcard(
        bucket,
        'Objects are created by callers at run time, so their keys cannot be listed.',
      );
      this.key.grantEncrypt(fn, 's3');
    } else this.key.grantDecrypt(fn, 's3');
    fn.setEnvironment(ENV.bucket, this.bucket.bucketName);
  }

  private allowOnObjects(fn: RegistryFunction, actions: string[]): void {
    // Without this right S3 answers 403 instead of 404 for a declared file that never arrived.
    fn.allow(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }));
    fn.allow(new PolicyStatement({ actions, resources: [this.bucket.arnForObjects('*')] }));
    fn.acknowledgeObjectWildcard(
      this.bucket.node.defaultChild as CfnResource,
      'Objects are created by callers at run time, so their keys cannot be listed; the bucket holds artifacts only.',
    );
  }
}
