import { bucketsOf } from '../../local/buckets';
import { Stack } from '../../local/template';

const stackOf = (Resources: Record<string, object>) =>
  new Stack(
    { stackName: 'Test', template: { Resources } as never, assets: new Map() },
    { awsEndpoint: 'http://127.0.0.1:1' },
  );
const bucketOf = (Properties: object, others: Record<string, object> = {}) =>
  bucketsOf(stackOf({ Artifacts: { Type: 'AWS::S3::Bucket', Properties }, ...others }))[0];
const encryptedBy = (ServerSideEncryptionByDefault: object) => ({
  BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault }] },
});

test('a bucket is encrypted with the key of its template', () => {
  const KMSMasterKeyID = { 'Fn::GetAtt': ['Key', 'Arn'] };
  const bucket = bucketOf(encryptedBy({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID }), { Key: { Type: 'AWS::KMS::Key' } });
  expect(bucket?.kms).toEqual({ algorithm: 'aws:kms', key: expect.stringMatching(/^arn:aws:kms:.*:key\//) });
});

test.each([{}, encryptedBy({ SSEAlgorithm: 'AES256' })])(
  'S3 encrypts the bucket of %j with its own keys',
  (properties) => {
    expect(bucketOf(properties)?.kms).toBeUndefined();
  },
);

test('a bucket with Object Lock keeps versions, for so long', () => {
  const bucket = bucketOf({
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Years: 2 } } },
  });
  expect(bucket).toMatchObject({ versioned: true, lock: { mode: 'COMPLIANCE', days: 730 } });
});
