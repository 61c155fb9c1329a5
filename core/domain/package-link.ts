import type { PackageApproval, PackageFacts, PackageStatus } from './package-facts';

/** The model package in SageMaker's registry that a version came from, or that was made of it, as last seen. */
export interface PackageLink {
  /** Absent where SageMaker did not take the version. */
  readonly arn?: string;
  /** Where it was first: a version that came from a package is not made a package again, and the other way round. */
  readonly origin: 'sagemaker' | 'signet';
  readonly status: PackageStatus | 'Deleted';
  readonly approval?: PackageApproval;
  readonly approvalDescription?: string;
  /** ARN of who decided there, where SageMaker tells. */
  readonly approvalBy?: string;
  /** Why what was decided there does not count here, or why SageMaker did not take the version. */
  readonly objection?: string;
}

/** The link after a look at the package: what was decided there stays as it was judged. */
export function seen(link: PackageLink, facts: PackageFacts | undefined): PackageLink {
  return { ...link, status: facts?.status ?? 'Deleted' };
}
