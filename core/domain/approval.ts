import { RegistryError } from './errors';
import type { Actor } from './principal';

export const APPROVAL_STATUSES = ['PendingApproval', 'Approved', 'Rejected'] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

/** What reviewers decided about a version, and about which bytes. */
export interface Approval {
  readonly status: ApprovalStatus;
  readonly reason?: string;
  readonly by?: Actor;
  /** ISO 8601, UTC. */
  readonly at?: string;
  /** Digest of the artifacts that were approved or rejected. */
  readonly artifactDigest?: string;
}

/** The approval of a version that nobody has reviewed. */
export const UNREVIEWED: Approval = { status: 'PendingApproval' };

/**
 * Checks a change of approval status: to another status, and with a reason unless it approves.
 * @throws RegistryError invalid_input
 */
export function checkApprovalChange(current: ApprovalStatus, next: ApprovalStatus, reason: string | undefined): void {
  if (next === current) {
    throw new RegistryError('invalid_input', `The approval status is ${current} already.`, [
      { field: 'body.status', value: next, rule: `another status than ${current}` },
    ]);
  }
  if (next !== 'Approved' && !reason?.trim()) {
    throw new RegistryError('invalid_input', `${next} needs a reason.`, [
      {
        field: 'body.reason',
        value: reason ?? null,
        rule: 'given when a version is rejected or its approval withdrawn',
      },
    ]);
  }
}
