import { TABLE } from '../../contract/names';
import { checked, settingsFor } from '../../lib/settings';
import { resource, templateOf } from './synthesised';

const [prod, dev] = [templateOf('prod'), templateOf('dev')];

test('the key signs on P-256, and does nothing else', () => {
  const [, { Properties, DeletionPolicy }] = resource(prod, 'AWS::KMS::Key', 'AuditKey');
  expect(Properties).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  expect(DeletionPolicy).toBe('Retain');
});

test('production keeps every digest for five years, whoever asks; the disposable stage can be disposed of', () => {
  const [, { Properties: kept, DeletionPolicy }] = resource(prod, 'AWS::S3::Bucket', 'AuditDigests');
  expect(DeletionPolicy).toBe('Retain');
  expect(kept).toMatchObject({
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 1825 } } },
    VersioningConfiguration: { Status: 'Enabled' },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true },
    LoggingConfiguration: expect.anything(),
  });
  const [, { Properties: free }] = resource(dev, 'AWS::S3::Bucket', 'AuditDigests');
  expect(free).not.toHaveProperty('ObjectLockEnabled');
  expect(free).toMatchObject({ VersioningConfiguration: { Status: 'Enabled' } });
});

test('changes and readings are collected for a minute, and nothing else wakes the function', () => {
  const [, { Properties }] = resource(prod, 'AWS::Lambda::EventSourceMapping', 'AuditStream');
  expect(Properties).toMatchObject({
    MaximumBatchingWindowInSeconds: 60,
    StartingPosition: 'TRIM_HORIZON',
    BisectBatchOnFunctionError: true,
    DestinationConfig: { OnFailure: { Destination: expect.anything() } },
  });
  const { Filters } = Properties['FilterCriteria'] as { Filters: { Pattern: string }[] };
  expect(Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
    { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: TABLE.eventPrefix }] } } } },
    { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: TABLE.readingPartition }] } } } },
  ]);
});

test('what could not be sealed before the stream forgets it is kept', () => {
  const [bucketId] = resource(prod, 'AWS::S3::Bucket', 'FailedBucket');
  const [, { Properties }] = resource(prod, 'AWS::Lambda::EventSourceMapping', 'AuditStream');
  expect(JSON.stringify(Properties['DestinationConfig'])).toContain(bucketId);
});

test('a stage that leaves nothing behind keeps no digests, and no stage for part of a day', () => {
  const { retainData: _, ...settings } = settingsFor('prod', {});
  expect(() => checked('x', { ...settings, retainData: false })).toThrow('auditRetention needs retainData');
  for (const days of [0, 0.5, 36_501]) {
    const auditRetention = { mode: 'compliance', days } as const;
    expect(() => checked('x', { ...settings, retainData: true, auditRetention })).toThrow('auditRetention');
  }
});
