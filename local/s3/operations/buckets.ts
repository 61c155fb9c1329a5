import { type Handler, timestamp, xmlAnswer } from '../call';
import { S3Error } from '../errors';
import { xmlDocument } from '../xml';

export const OWNER = { ID: 'local', DisplayName: 'local' } as const;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export const listBuckets: Handler = async ({ context }) => {
  const names = [...context.buckets.keys()].sort();
  const created = timestamp(() => new Date(0));
  return xmlAnswer(
    xmlDocument('ListAllMyBucketsResult', {
      Owner: OWNER,
      Buckets: { Bucket: names.map((name) => ({ Name: name, CreationDate: created })) },
    }),
  );
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export const headBucket: Handler = async ({ context }) => ({ headers: { 'x-amz-bucket-region': context.region } });

/** Buckets come from the configuration: creating one of them again succeeds, as in us-east-1, and another is refused. */
export const createBucket: Handler = async ({ context, request }) => {
  if (context.buckets.has(request.bucket)) return { headers: { location: `/${request.bucket}` } };
  throw new S3Error('AccessDenied', { message: 'Buckets of the local endpoint are those of its configuration' });
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
export const getBucketLocation: Handler = async ({ context }) =>
  xmlAnswer(xmlDocument('LocationConstraint', context.region === 'us-east-1' ? '' : context.region));

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html */
export const getBucketVersioning: Handler = async ({ context, request }) =>
  xmlAnswer(
    xmlDocument('VersioningConfiguration', {
      Status: context.buckets.get(request.bucket)?.versioned ? 'Enabled' : undefined,
    }),
  );
