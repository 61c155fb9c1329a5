import { S3Client } from '@aws-sdk/client-s3';

/**
 * The S3 client as the registry uses it. Checksums are computed only where an operation demands them: what the registry
 * signs carries the declared SHA-256 already.
 */
export function s3Client(): S3Client {
  return new S3Client({
    maxAttempts: 4,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
}
