import type { BucketOptions, DefaultEncryption, DefaultRetention } from './s3';
import { isObject, type Stack } from './template';

const BUCKET_PROPERTIES = [
  'BucketEncryption',
  'VersioningConfiguration',
  'ObjectLockEnabled',
  'ObjectLockConfiguration',
];

/** The buckets of a stack, as its template configures them. */
export function bucketsOf(stack: Stack): BucketOptions[] {
  return stack.logicalIds('AWS::S3::Bucket').map((id) => {
    const { identity, properties } = stack.resource(id, BUCKET_PROPERTIES);
    const versioning = properties['VersioningConfiguration'];
    const versioned = isObject(versioning) && versioning['Status'] === 'Enabled';
    const bucket = { name: identity.ref, versioned, kms: defaultEncryption(properties['BucketEncryption']) };
    if (properties['ObjectLockEnabled'] !== true) return bucket;
    return { ...bucket, versioned: true, lock: defaultRetention(properties['ObjectLockConfiguration']) };
  });
}

function defaultEncryption(configuration: unknown): DefaultEncryption | undefined {
  const rules = isObject(configuration) ? configuration['ServerSideEncryptionConfiguration'] : undefined;
  const rule: unknown = Array.isArray(rules) ? rules[0] : undefined;
  const encryption = isObject(rule) ? rule['ServerSideEncryptionByDefault'] : undefined;
  if (!isObject(encryption)) return undefined;
  const { SSEAlgorithm: algorithm, KMSMasterKeyID: key } = encryption;
  if (algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse') return undefined;
  return { algorithm, key: typeof key === 'string' ? key : undefined };
}

function defaultRetention(configuration: unknown): DefaultRetention {
  const rule = isObject(configuration) && isObject(configuration['Rule']) ? configuration['Rule'] : {};
  const retention = isObject(rule['DefaultRetention']) ? rule['DefaultRetention'] : {};
  const { Mode, Days, Years } = retention;
  if (Mode !== 'GOVERNANCE' && Mode !== 'COMPLIANCE') return {};
  return { mode: Mode, days: Years === undefined ? Number(Days) : 365 * Number(Years) };
}
