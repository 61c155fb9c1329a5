import { type Approval, type ApprovalStatus, checkApprovalChange } from '../domain/approval';
import { checkReady, checkUnlocked } from '../domain/version';
import type { UseCase } from './call';
import { changeOf, historyOf } from './change-version';
import { checkIfMatch, versionEtag } from './etag';
import { execute } from './execute';
import { loadVersion } from './load';
import type { VersionView } from './views';

interface SetApproval {
  params: { model: string; version: number };
  body: { status: ApprovalStatus; reason?: string | undefined };
}

/** Approves or rejects a version, or withdraws either; bound to the digest of the artifacts that were reviewed. */
export const setApproval: UseCase<SetApproval, VersionView> =
  (ports) =>
  ({ params, body }, call) =>
    execute(ports, call, async () => {
      const loaded = await loadVersion(ports, call, params.model, params.version);
      const { version } = loaded;
      checkIfMatch(call.ifMatch, versionEtag(version));
      checkUnlocked(version);
      checkReady(version);
      checkApprovalChange(version.approval.status, body.status, body.reason);
      const history = historyOf(ports, call, loaded);
      const reason = body.reason !== undefined && { reason: body.reason };
      const approval: Approval = {
        status: body.status,
        by: history.actor,
        at: history.at,
        ...reason,
        ...(version.artifacts && { artifactDigest: version.artifacts.digest }),
      };
      return changeOf(loaded, history, {
        next: { ...version, approval },
        event: {
          type: 'version.approval_changed',
          changed: ['approval'],
          previous: { approval: version.approval.status },
          current: { approval: body.status },
          ...reason,
        },
      });
    });
