import { Match, type Template } from 'aws-cdk-lib/assertions';
import { INDEXES, TABLE } from '../../contract/names';
import { list, type Properties, resource, resources, templateOf } from './synthesised';

const dev = templateOf('dev');
const prod = templateOf('prod');
const stages: [string, Template][] = [
  ['dev', dev],
  ['prod', prod],
];

const [keyId] = resource(prod, 'AWS::KMS::Key', 'Encryption');
const key = { 'Fn::GetAtt': [keyId, 'Arn'] };

describe.each(stages)('metadata table in %s', (_stage, template) => {
  const [, { Properties: table }] = resource(template, 'AWS::DynamoDB::Table');

  test('has the keys of the contract', () => {
    expect(table['KeySchema']).toEqual([
      { AttributeName: TABLE.partitionKey, KeyType: 'HASH' },
      { AttributeName: TABLE.sortKey, KeyType: 'RANGE' },
    ]);
    expect(table['TimeToLiveSpecification']).toEqual({ AttributeName: TABLE.expiry, Enabled: true });
  });

  test('has the indexes of the contract with what they project', () => {
    const projected = (index: (typeof INDEXES)[keyof typeof INDEXES]) =>
      index.projected === 'all'
        ? { ProjectionType: 'ALL' }
        : { ProjectionType: 'INCLUDE', NonKeyAttributes: [...index.projected] };
    expect(table['GlobalSecondaryIndexes']).toEqual(
      Object.values(INDEXES).map((index) => ({
        IndexName: index.name,
        KeySchema: [
          { AttributeName: index.partitionKey, KeyType: 'HASH' },
          { AttributeName: index.sortKey, KeyType: 'RANGE' },
        ],
        Projection: projected(index),
      })),
    );
    expect(table['LocalSecondaryIndexes']).toBeUndefined();
  });

  test('is on demand, recoverable to any second, encrypted by the registry key, and streams new items', () => {
    expect(table).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key },
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    });
  });
});

test('only production refuses to delete the table', () => {
  dev.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: false });
  prod.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: true });
});

test.each(stages)('the key of %s rotates', (_stage, template) => {
  template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
});

test.each(stages)('every bucket of %s is private, encrypted and reached by TLS alone', (_stage, template) => {
  const buckets = resources(template, 'AWS::S3::Bucket');
  expect(buckets.length).toBeGreaterThan(0);
  for (const [id, { Properties: bucket }] of buckets) {
    expect(bucket).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
    expect(JSON.stringify(bucket['BucketEncryption'])).toContain(/^(AccessLogs|Console)/.test(id) ? 'AES256' : keyId);
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: id },
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  }
});

describe.each(stages)('artifacts in %s', (_stage, template) => {
  const [, { Properties: bucket }] = resource(template, 'AWS::S3::Bucket', 'Artifacts');

  test('are versioned, and no version of them expires', () => {
    expect(bucket['VersioningConfiguration']).toEqual({ Status: 'Enabled' });
    const rules = list((bucket['LifecycleConfiguration'] as Properties)['Rules']) as Properties[];
    expect(rules).toHaveLength(1);
    expect(rules[0]).toEqual({
      Id: 'abort-abandoned-uploads',
      Status: 'Enabled',
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 14 },
      ExpiredObjectDeleteMarker: true,
    });
  });

  test('use one data key for many objects', () => {
    expect(bucket['BucketEncryption']).toEqual({
      ServerSideEncryptionConfiguration: [
        { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key } },
      ],
    });
  });
});

test('pages of the stage may upload artifacts and read the checksum of each part', () => {
  const [, { Properties: bucket }] = resource(dev, 'AWS::S3::Bucket', 'Artifacts');
  expect(bucket['CorsConfiguration']).toMatchObject({
    CorsRules: [
      {
        AllowedOrigins: ['https://*.cloudfront.net', 'http://localhost:5173'],
        AllowedMethods: ['GET', 'PUT'],
        ExposedHeaders: expect.arrayContaining(['ETag', 'x-amz-checksum-sha256']),
      },
    ],
  });
});

test("a stage without other pages lets the console's alone in", () => {
  const [, { Properties: bucket }] = resource(prod, 'AWS::S3::Bucket', 'Artifacts');
  expect(bucket['CorsConfiguration']).toMatchObject({ CorsRules: [{ AllowedOrigins: ['https://*.cloudfront.net'] }] });
});

test('production logs every access to a bucket', () => {
  for (const [id, { Properties: bucket }] of resources(prod, 'AWS::S3::Bucket')) {
    if (!id.startsWith('AccessLogs')) {
      expect(bucket['LoggingConfiguration']).toMatchObject({ LogFilePrefix: expect.any(String) });
    }
  }
});

/** Types that keep something which a new deployment cannot make again. */
const KEEPS_DATA = [
  'AWS::DynamoDB::Table',
  'AWS::S3::Bucket',
  'AWS::KMS::Key',
  'AWS::Cognito::UserPool',
  'AWS::Logs::LogGroup',
  'AWS::Events::Archive',
  'AWS::SQS::Queue',
];

test.each(KEEPS_DATA)('production retains each %s', (type) => {
  const kept = resources(prod, type);
  expect(kept.length).toBeGreaterThan(0);
  for (const [, { DeletionPolicy, UpdateReplacePolicy }] of kept) {
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
  }
});

test.each(KEEPS_DATA)('a disposable stage leaves no %s behind', (type) => {
  for (const [, { DeletionPolicy }] of resources(dev, type)) {
    expect(DeletionPolicy).toBe('Delete');
  }
});
