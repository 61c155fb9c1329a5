import { type Approval, coversContainers, isApproved } from './approval';
import type { PackageApproval } from './package-facts';
import type { Tombstone, Version } from './version';

/** What SageMaker's registry is to say of the approval of a version. */
export interface MirrorWish {
  readonly approval: PackageApproval;
  /** Why, and by whom. */
  readonly description: string;
  /** Until when it is so. */
  readonly expiresAt?: string;
}

/** SageMaker takes so many characters, and none that show nothing. */
const LONGEST = 1_024;

/** A text as SageMaker takes it: on one line, without unseen characters, shortened, but not within a character. */
export function sageMakerText(text: string): string {
  return text
    .replace(/[^\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]+/gu, ' ')
    .slice(0, LONGEST)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trim();
}

/**
 * What the package of a version is to say: `Approved` only for the very files that were approved, and as long as the approval
 * lasts; nothing of a deleted version is approved.
 */
export function mirrorWish(version: Version | Tombstone | undefined, now: string): MirrorWish {
  if (!version || 'deleted' in version) return { approval: 'Rejected', description: 'The version was deleted.' };
  const { approval, artifacts } = version;
  const description = wordsOf(approval, now);
  if (isApproved(approval, now) && approval.artifactDigest === artifacts?.digest) {
    const { expiresAt } = approval;
    return { approval: 'Approved', description, ...(expiresAt !== undefined && { expiresAt }) };
  }
  return { approval: approval.status === 'Rejected' ? 'Rejected' : 'PendingManualApproval', description };
}

/**
 * What a package that was made with some containers is to say: an approval of others that the version has by now is not for it.
 * @param containers digest of those of the package; undefined where that is not known
 */
export function wishFor(containers: string | undefined, version: Version | Tombstone | undefined, wish: MirrorWish) {
  if (wish.approval !== 'Approved' || containers === undefined) return wish;
  if (!version || 'deleted' in version || coversContainers(version.approval, containers)) return wish;
  return {
    approval: 'PendingManualApproval',
    description: 'Other containers were approved than this package has.',
  } as const;
}

function wordsOf({ status, by, approvers, reason, expiresAt }: Approval, now: string): string {
  const names = (approvers ?? (by ? [by] : [])).map(({ name }) => name);
  const over = status === 'Approved' && expiresAt !== undefined && now >= expiresAt;
  const words = [
    over ? `The approval expired at ${expiresAt}` : status,
    ...(names.length > 0 ? [`by ${names.join(', ')}`] : []),
    ...(expiresAt !== undefined && !over ? [`until ${expiresAt}`] : []),
  ].join(' ');
  return sageMakerText(reason === undefined ? words : `${words}: ${reason}`);
}
