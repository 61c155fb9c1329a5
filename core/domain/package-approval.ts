import { type ApprovalStatus, isApproved } from './approval';
import { mayBeSame, type PackageApproval, type PackageFacts, type PackageUser } from './package-facts';
import type { PackageLink } from './package-link';
import type { PackageRecord } from './package-record';
import type { Version } from './version';

/** What an event says of the change that it tells. Everything else is read anew. */
export interface PackageNews {
  /** `UpdatedModelPackageFields`; absent in events that do not name what changed. */
  readonly fields?: readonly string[];
  /** When the package was last modified, ISO 8601, as the event knows it. */
  readonly lastModified?: string;
}

const HERE: Readonly<Record<PackageApproval, ApprovalStatus>> = {
  PendingManualApproval: 'PendingApproval',
  Approved: 'Approved',
  Rejected: 'Rejected',
};

/** The approval of a version that corresponds to one of SageMaker's. */
export function approvalHere(approval: PackageApproval): ApprovalStatus {
  return HERE[approval];
}

/** Events tell times by the second, descriptions more exactly. */
function sameSecond(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one.slice(0, 19) === other.slice(0, 19);
}

/** What was decided in SageMaker and is new here. */
export interface Decision {
  readonly status: ApprovalStatus;
  /** Who decided. Absent where something else was changed since then: nobody can tell any more. */
  readonly by?: PackageUser;
  /** Whether who decided is, or may be, who made what the package runs; nobody can tell where that is not known. */
  readonly byAuthor: boolean | 'unknown';
  /** Nothing more will be told of it: the event is about this very change, or there was none since the package was made. */
  readonly isFinal: boolean;
}

/**
 * Who made what a package runs now. Where it was replaced, that is who replaced it, known only if the event names
 * `InferenceSpecification` among what was changed by the very last modification; else it may have been anybody.
 */
export function authorOf(
  facts: PackageFacts,
  record: PackageRecord | undefined,
  news: PackageNews,
): PackageUser | undefined {
  if (!record) return facts.createdBy;
  const isNamed = news.fields?.includes('InferenceSpecification') === true;
  return isNamed && sameSecond(news.lastModified, facts.lastModified) ? facts.lastModifiedBy : undefined;
}

/**
 * Finds what was decided in SageMaker since it was last looked at. Edits of anything else carry the approval along, and are
 * no decision: `ModelApprovalStatus` is new only if it is another one than before, or if the event names it among what was
 * changed by the very last modification. A package that was approved when it was made was approved by its author, and so
 * is what was replaced by whoever replaced it.
 */
export function decisionIn(facts: PackageFacts, record: PackageRecord, news: PackageNews): Decision | undefined {
  const { approval, createdBy, lastModifiedBy, createdAt } = facts;
  if (approval === undefined) return undefined;
  const changed = facts.lastModified ?? createdAt;
  const untouched = facts.lastModified === undefined || sameSecond(facts.lastModified, createdAt);
  const isLast = sameSecond(news.lastModified, changed);
  const isNamed = news.fields?.includes('ModelApprovalStatus') === true;
  const isNew = approval !== (record.approval ?? 'PendingManualApproval');
  const isExplicit = isNamed && isLast && changed > (record.decidedAt ?? '');
  if (!isNew && !isExplicit) return undefined;
  const by = untouched ? createdBy : isNamed && isLast ? lastModifiedBy : undefined;
  return {
    status: approvalHere(approval),
    ...(by && { by }),
    isFinal: untouched || (isNamed && isLast),
    byAuthor: untouched || (record.author ? mayBeSame(record.author, by) : 'unknown'),
  };
}

/** What speaks against taking over what was decided in SageMaker; nothing where it counts here too. */
export function objectionTo(
  decision: Decision,
  version: Pick<Version, 'status' | 'lock'>,
  mayApprove: boolean,
): string | undefined {
  const { status, by, byAuthor } = decision;
  if (by?.arn === undefined) return 'SageMaker does not tell who decided';
  if (status === 'Approved' && byAuthor === 'unknown') return 'SageMaker does not tell who made what was approved';
  if (status === 'Approved' && byAuthor) return 'who made the package does not approve it';
  if (!mayApprove) return `${by.arn} may not approve this model here`;
  if (version.lock) return 'the version is locked';
  if (version.status !== 'READY') return `the version is ${version.status}`;
  return undefined;
}

/** Whether a version is approved here as it is there: an approval that is over is as if there were none. */
export function isSettled({ approval }: Pick<Version, 'approval'>, status: ApprovalStatus, now: string): boolean {
  const isOver = approval.status === 'Approved' && !isApproved(approval, now);
  return status === (isOver ? 'PendingApproval' : approval.status);
}

/** The link after a decision there was judged. */
export function judged(
  link: PackageLink,
  facts: PackageFacts,
  decision: Decision,
  objection: string | undefined,
): PackageLink {
  const { approval, approvalDescription } = facts;
  const { arn, origin, status } = link;
  return {
    ...(arn !== undefined && { arn }),
    origin,
    status,
    ...(approval !== undefined && { approval }),
    ...(approvalDescription !== undefined && { approvalDescription }),
    ...(decision.by?.arn !== undefined && { approvalBy: decision.by.arn }),
    ...(objection !== undefined && { objection }),
  };
}
