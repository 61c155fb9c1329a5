import { ulid } from 'ulid';
import type { Context } from './call';
import { invalidArgument, S3Error } from './errors';
import { isDeleteMarker, type ObjectVersion, type Version } from './state';

/** Id of a version about to be written: fresh in versioned buckets, the one `null` version elsewhere. */
export function newVersionId({ buckets }: Context, bucket: string): string {
  return buckets.get(bucket)?.versioned ? ulid() : 'null';
}

/** Header naming the version that was read or written; buckets without versioning have none. */
export function versionHeader(context: Context, bucket: string, id: string): Record<string, string> {
  return context.buckets.get(bucket)?.versioned ? { 'x-amz-version-id': id } : {};
}

/** The newest version of a key if it is an object. */
export function currentObject({ store }: Context, bucket: string, key: string): ObjectVersion | undefined {
  const newest = store.state.versions(bucket, key)[0];
  return newest === undefined || isDeleteMarker(newest) ? undefined : newest;
}

/** A version by its id. @throws S3Error InvalidArgument when it cannot be an id, NoSuchVersion */
function versionById({ store }: Context, bucket: string, key: string, id: string): Version {
  checkVersionId(id);
  const version = store.state.versions(bucket, key).find((one) => one.id === id);
  if (version === undefined) throw new S3Error('NoSuchVersion', { elements: { Key: key, VersionId: id } });
  return version;
}

/** @throws S3Error InvalidArgument when the text cannot be a version id */
export function checkVersionId(id: string): void {
  if (id !== 'null' && !/^[0-9A-HJKMNP-TV-Z]{26}$/.test(id)) {
    throw invalidArgument('versionId', id, 'Invalid version id specified');
  }
}

/**
 * The object that a read addresses.
 *
 * @param id a version id, or `undefined` for the newest
 * @throws S3Error NoSuchKey, NoSuchVersion, and MethodNotAllowed for a delete marker addressed by its id
 */
export function objectToRead(context: Context, bucket: string, key: string, id: string | undefined): ObjectVersion {
  const version =
    id === undefined ? context.store.state.versions(bucket, key)[0] : versionById(context, bucket, key, id);
  if (version === undefined) throw new S3Error('NoSuchKey', { elements: { Key: key } });
  if (!isDeleteMarker(version)) return version;
  const marker = { 'x-amz-delete-marker': 'true', ...versionHeader(context, bucket, version.id) };
  if (id === undefined) throw new S3Error('NoSuchKey', { elements: { Key: key }, headers: marker });
  throw new S3Error('MethodNotAllowed', {
    elements: { Method: 'GET', ResourceType: 'DeleteMarker' },
    headers: { ...marker, allow: 'DELETE', 'last-modified': new Date(version.at).toUTCString() },
  });
}
