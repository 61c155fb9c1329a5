import { type Approval, type ApprovalStatus, checkApprovalChange, coversContainers } from '../domain/approval';
import { hasLapsed } from '../domain/gate';
import { containersText } from '../domain/request';
import { checkReady, checkUnlocked, type Version } from '../domain/version';
import type { Ports } from '../ports';
import type { UseCase } from './call';
import { changeOf, historyOf } from './change-version';
import { commandOnVersion } from './command-on-version';
import { requestKey } from './load-request';
import type { VersionView } from './views';

interface SetApproval {
  params: { model: string; version: number };
  body: { status: ApprovalStatus; reason?: string | undefined; expiresAt?: string | undefined };
}

/** Approves or rejects a version, or withdraws either; bound to the digest of the artifacts that were reviewed. */
export const setApproval: UseCase<SetApproval, VersionView> =
  (ports) =>
  ({ params, body }, call) =>
    commandOnVersion(ports, call, params, async (loaded) => {
      const { version } = loaded;
      checkUnlocked(version);
      checkReady(version);
      const history = historyOf(ports, call, loaded);
      const reason = body.reason !== undefined && { reason: body.reason };
      const expiry = body.expiresAt !== undefined && { expiresAt: body.expiresAt };
      const containersDigest = ports.sha256(containersText(version));
      const isRenewal = body.status === 'Approved' && (await isLapsed(ports, version, history.at));
      const covers = coversContainers(version.approval, containersDigest) && !isRenewal;
      checkApprovalChange(version.approval, { status: body.status, ...reason, ...expiry }, history.at, covers);
      const approval: Approval = {
        status: body.status,
        by: history.actor,
        at: history.at,
        ...reason,
        ...expiry,
        ...(version.artifacts && { artifactDigest: version.artifacts.digest }),
        containersDigest,
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

/** Whether the time is over of the request that let a version into its stage: approving the version renews it. */
async function isLapsed(
  { store }: Pick<Ports, 'store'>,
  { workspace, modelId, approval, stay }: Version,
  now: string,
): Promise<boolean> {
  const id = stay?.admitted?.request;
  if (id === undefined || approval.status !== 'Approved') return false;
  const request = await store.get<'request'>(requestKey({ workspace, modelId, id }), { consistent: true });
  return request !== undefined && hasLapsed(request, approval, now);
}
