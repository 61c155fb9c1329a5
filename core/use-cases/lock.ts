import { RegistryError } from '../domain/errors';
import { type Key, put } from '../domain/records';
import { checkUnlocked, type Version } from '../domain/version';
import type { UseCase } from './call';
import { changeOf, historyOf } from './change-version';
import { checkIfMatch, versionEtag } from './etag';
import { execute } from './execute';
import { loadVersion } from './load';
import type { VersionView } from './views';

interface OneVersion {
  readonly model: string;
  readonly version: number;
}

function lockKey({ workspace, modelId, number }: Version): Key<'lock'> {
  return { kind: 'lock', workspace, modelId, number };
}

/** Locks a version: until it is unlocked nothing of it changes, nothing replaces it, and its model is not deleted. */
export const lockVersion: UseCase<{ params: OneVersion; body: { reason: string } }, VersionView> =
  (ports) =>
  ({ params, body }, call) =>
    execute(ports, call, async () => {
      const loaded = await loadVersion(ports, call, params.model, params.version);
      const { version } = loaded;
      checkIfMatch(call.ifMatch, versionEtag(version));
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
    execute(ports, call, async () => {
      const loaded = await loadVersion(ports, call, params.model, params.version);
      const { version } = loaded;
      checkIfMatch(call.ifMatch, versionEtag(version));
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
