import type { OutputOf } from '../../../client/api';

/** A version as it is read by itself. */
export type Version = OutputOf<'getVersion'>;

/** Why nothing of a version can be changed now, if so. */
export function blockedOf(version: Version, isArchived: boolean): string | undefined {
  if (isArchived) return 'The model is archived: restore it first.';
  return version.lock && `The version is locked by ${version.lock.by.name}: ${version.lock.reason}`;
}

/** Why a version cannot move on yet, if so. */
export function pendingOf(version: Version): string | undefined {
  return version.status === 'PENDING' ? 'Its files are not final yet.' : undefined;
}
