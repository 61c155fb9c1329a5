import type { PackageApproval } from './package-facts';
import type { VersionMetadata } from './version';

/** What is known of a package that became a version. */
export interface PackageRecord {
  /** One more with each change of it. */
  readonly sequence: number;
  readonly arn: string;
  /** The newest version that it became: another one where its files were replaced. */
  readonly version: number;
  /** Digest of the files that it named then. */
  readonly files: string;
  /** What it said when it was last looked at: what changes there is changed here, and nothing else. */
  readonly said: VersionMetadata;
  /** Approval there when it was last looked at, and the time of the newest decision that was judged. */
  readonly approval?: PackageApproval;
  readonly decidedAt?: string;
}
