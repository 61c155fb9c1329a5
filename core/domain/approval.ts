import { invalid, RegistryError } from './errors';
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
  /** Digest of the containers that it had then. */
  readonly containersDigest?: string;
  /** Id of the transition request by which it was approved, and who approved that. */
  readonly request?: string;
  readonly approvers?: readonly Actor[];
  /** An approval that is over approves nothing any more. */
  readonly expiresAt?: string;
}

/** The approval of a version that nobody has reviewed. */
export const UNREVIEWED: Approval = { status: 'PendingApproval' };

/** Whether an approval approves at a time. */
export function isApproved({ status, expiresAt }: Approval, now: string): boolean {
  return status === 'Approved' && (expiresAt === undefined || now < expiresAt);
}

/** Whether words are about the containers that a version has; those that do not say which are about any. */
export function coversContainers(
  { containersDigest }: { readonly containersDigest?: string | undefined },
  now: string,
): boolean {
  return containersDigest === undefined || containersDigest === now;
}

/** What an approval is at a time, in words. */
export function approvalWords({ status, expiresAt }: Approval, now: string): string {
  const over = status === 'Approved' && expiresAt !== undefined && now >= expiresAt;
  return over ? `the version's approval expired at ${expiresAt}` : `the version's approval is ${status}, not Approved`;
}

/**
 * Checks a change of approval status at a time: to another status unless it renews an approval that is over or about other containers, with a
 * reason unless it approves, and with an end only if it approves, which is yet to come.
 * @param covers whether the current approval is about what the version has now, and what its stage was entered by is not over
 * @throws RegistryError invalid_input
 */
export function checkApprovalChange(
  current: Approval,
  next: Pick<Approval, 'status' | 'reason' | 'expiresAt'>,
  now: string,
  covers = true,
): void {
  const { status, reason, expiresAt } = next;
  if (status === current.status && (status !== 'Approved' || (covers && isApproved(current, now)))) {
    throw new RegistryError('invalid_input', `The approval status is ${status} already.`, [
      { field: 'body.status', value: status, rule: `another status than ${status}` },
    ]);
  }
  if (expiresAt !== undefined && (status !== 'Approved' || expiresAt <= now)) {
    throw invalid('body.expiresAt', expiresAt, `only of an approval, and after ${now}`);
  }
  if (status !== 'Approved' && !reason?.trim()) {
    throw new RegistryError('invalid_input', `${status} needs a reason.`, [
      {
        field: 'body.reason',
        value: reason ?? null,
        rule: 'given when a version is rejected or its approval withdrawn',
      },
    ]);
  }
}
