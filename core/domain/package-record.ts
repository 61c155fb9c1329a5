import type { PackageApproval, PackageUser } from './package-facts';
import type { PackageLink } from './package-link';
import type { VersionMetadata } from './version';

/** What is known of a package that became a version. */
export interface PackageRecord {
  /** One more with each change of it. */
  readonly sequence: number;
  readonly arn: string;
  /** The newest version that it became: another one where what it runs was replaced. */
  readonly version: number;
  /** Digest of what it ran then: its containers and the files that they load. */
  readonly runs: string;
  /** Who made what it ran then, and so does not approve it; absent where SageMaker does not tell. */
  readonly author?: PackageUser;
  /** What it said when it was last looked at: what changes there is changed here, and nothing else. */
  readonly said: VersionMetadata;
  /** Approval there when it was last looked at, and the time of the newest decision that was judged. */
  readonly approval?: PackageApproval;
  readonly decidedAt?: string;
}

/**
 * A version whose approval a package shows: one that was made of it, and whether that was done, for a call to SageMaker cannot
 * carry a condition of ours; or the one that it came from, onto which approvals are written back.
 */
export interface Mirror {
  /** One more with each change of it. */
  readonly sequence: number;
  readonly workspace: string;
  readonly modelId: string;
  readonly version: number;
  /** Where the package was first. */
  readonly origin: PackageLink['origin'];
  /** ARN of the group. */
  readonly group: string;
  /** Since when it is being made: a package made since then may be the one. */
  readonly since: string;
  /** What the package bears that is made of it. Nobody knows it before there is one, so no package of others is taken for it. */
  readonly making: string;
  /** Digest of the containers that the package is made with; absent where others made it. */
  readonly containers?: string;
  /** Absent until SageMaker has told it. */
  readonly arn?: string;
  /** When the approval ends that the package shows. */
  readonly expiresAt?: string;
}
