import { RegistryError } from '../domain/errors';
import { type Key, put } from '../domain/records';
import { checkUnlocked, type Version } from '../domain/version';
import type { UseCase } from './call';
import { changeOf, historyOf } from './change-version';
import { commandOnVersion, type OneVersion } from './command-on-version';
import type { VersionView } from './views';

function lockKey({ workspace, modelId, number }: Version): Key<'lock'> {
  return { kind: 'lock', workspace, modelId, number };
}

/** Locks a version: until it is unlocked nothing of it changes, nothing replaces it, and its model is not deleted. */
export const lockVersion: UseCase<{ params: OneVersion; body: { reason: string } }, VersionView> =
  (ports) =>
  ({ params, body }, call) =>
    commandOnVersion(ports, call, params, async (loaded) => {
      const { version } = loaded;
      checkUnlocked(version);
      const history = historyOf(ports, call, loaded);
      return changeOf(loaded, history, {
        next: { ...version, lock: { reason: body.reason, by: history.actor, at: history.at } },
        event: {
          type: 'version.locked',
          changed: ['lock'],
          previous: {},
          current: { lock: body.reason },
          reason: body.reason,
        },
        writes: [put<'lock'>(lockKey(version), { version: version.number })],
      });
    });

/** Unlocks a version. */
export const unlockVersion: UseCase<{ params: OneVersion; body: { reason?: string | undefined } }, VersionView> =
  (ports) =>
  ({ params, body }, call) =>
    commandOnVersion(ports, call, params, async (loaded) => {
      const { version } = loaded;
      const { lock, ...unlocked } = version;
      if (!lock) {
        throw new RegistryError('version_not_locked', `Version ${version.number} is not locked.`, [
          { field: 'path.version', value: version.number, rule: 'locked' },
        ]);
      }
      return changeOf(loaded, historyOf(ports, call, loaded), {
        next: unlocked,
        event: {
          type: 'version.unlocked',
          changed: ['lock'],
          previous: { lock: lock.reason },
          current: {},
          ...(body.reason !== undefined && { reason: body.reason }),
        },
        writes: [{ delete: lockKey(version) }],
      });
    });
