import { S3Error } from './errors';
import type { S3Request } from './request';
import type { ObjectVersion } from './state';

/** Whether a list of entity tags, quoted or not, or `*`, names this one. */
export function matchesEtag(header: string, etag: string): boolean {
  const bare = (tag: string) =>
    tag
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
  return header.trim() === '*' || header.split(',').some((tag) => bare(tag) === bare(etag));
}

/**
 * Checks the conditions of a read in the order S3 documents.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 *
 * @param prefix `''`, or `x-amz-copy-source-` for the source of a copy
 * @throws S3Error PreconditionFailed; NotModified for reads, which for copies is PreconditionFailed
 */
export function checkReadConditions(request: S3Request, version: ObjectVersion, prefix = ''): void {
  const at = Date.parse(version.at);
  const fail = (condition: string) => new S3Error('PreconditionFailed', { elements: { Condition: condition } });
  const ifMatch = request.header(`${prefix}if-match`);
  const ifUnmodified = dateOf(request.header(`${prefix}if-unmodified-since`));
  if (ifMatch !== undefined) {
    if (!matchesEtag(ifMatch, version.etag)) throw fail('If-Match');
  } else if (ifUnmodified !== undefined && at > ifUnmodified) {
    throw fail('If-Unmodified-Since');
  }
  const notModified = (condition: string) =>
    prefix === ''
      ? new S3Error('NotModified', { headers: { etag: version.etag, 'last-modified': new Date(at).toUTCString() } })
      : fail(condition);
  const ifNoneMatch = request.header(`${prefix}if-none-match`);
  const ifModified = dateOf(request.header(`${prefix}if-modified-since`));
  if (ifNoneMatch !== undefined) {
    if (matchesEtag(ifNoneMatch, version.etag)) throw notModified('If-None-Match');
  } else if (ifModified !== undefined && at <= ifModified) {
    throw notModified('If-Modified-Since');
  }
}

// A date that cannot be read is as good as none, as RFC 9110 says.
function dateOf(header: string | undefined): number | undefined {
  const date = Date.parse(header ?? '');
  return Number.isNaN(date) ? undefined : date;
}

/**
 * Checks the conditions of a write against the newest version, at the moment of writing.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 *
 * @throws S3Error PreconditionFailed, NoSuchKey for `If-Match` on nothing, NotImplemented for `If-None-Match` with a tag
 */
export function checkWriteConditions(request: S3Request, current: ObjectVersion | undefined): void {
  const ifNoneMatch = request.header('if-none-match');
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() !== '*') throw new S3Error('NotImplemented', { elements: { Header: 'If-None-Match' } });
    if (current !== undefined) throw new S3Error('PreconditionFailed', { elements: { Condition: 'If-None-Match' } });
  }
  const ifMatch = request.header('if-match');
  if (ifMatch !== undefined) {
    if (current === undefined) throw new S3Error('NoSuchKey', { elements: { Key: request.key } });
    if (!matchesEtag(ifMatch, current.etag)) {
      throw new S3Error('PreconditionFailed', { elements: { Condition: 'If-Match' } });
    }
  }
}
