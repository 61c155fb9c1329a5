import { canonicalJson } from './json';
import { handOf } from './principal';

/** How far SageMaker is with a model package. */
export const PACKAGE_STATUSES = ['Pending', 'InProgress', 'Completed', 'Failed', 'Deleting'] as const;
export type PackageStatus = (typeof PACKAGE_STATUSES)[number];

/** What SageMaker's registry says of a package's approval. */
export const PACKAGE_APPROVALS = ['PendingManualApproval', 'Approved', 'Rejected'] as const;
export type PackageApproval = (typeof PACKAGE_APPROVALS)[number];

/** Who made or last changed a package, as far as SageMaker tells. */
export interface PackageUser {
  /** ARN of the IAM identity. */
  readonly arn?: string;
  /** ARN of the user profile in SageMaker Studio. */
  readonly profile?: string;
}

/** A container of a package's inference specification. */
export interface PackageContainer {
  readonly image?: string;
  readonly digest?: string;
  readonly hostname?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly modelData?: string;
  /** Further data that it loads, by the name of their channel. */
  readonly additionalData: readonly { readonly name: string; readonly uri: string }[];
}

/** A model package as SageMaker describes it. */
export interface PackageFacts {
  readonly arn: string;
  readonly status: PackageStatus;
  readonly approval?: PackageApproval;
  readonly approvalDescription?: string;
  readonly description?: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly createdBy?: PackageUser;
  /** Absent while nobody has changed it. */
  readonly lastModified?: string;
  readonly lastModifiedBy?: PackageUser;
  readonly containers: readonly PackageContainer[];
  /** Where reports lie: `modelQuality.statistics` and the like, and the URI. */
  readonly reports: Readonly<Record<string, string>>;
  /** What people wrote on it (`CustomerMetadataProperties`). */
  readonly properties: Readonly<Record<string, string>>;
  /** What made it: a pipeline's execution, a training job. */
  readonly generatedBy?: string;
  readonly projectId?: string;
  readonly repository?: string;
  readonly commit?: string;
  readonly sourceUri?: string;
  readonly sourceAlgorithms: readonly string[];
  readonly domain?: string;
  readonly task?: string;
  /** `Stage` and `StageStatus` of its life cycle there. */
  readonly lifeCycle?: string;
  /** Content of its model card, JSON as SageMaker has it. */
  readonly card?: string;
  /** There is a card, and it cannot be read: it is encrypted with a key that the registry has no right on. */
  readonly cardIsHidden?: boolean;
}

/** Properties by which the registry knows the packages that it made itself. */
export const PACKAGE_MARKS = {
  registry: 'signet:registry',
  version: 'signet:version',
  making: 'signet:making',
} as const;

/** Whether a registry made a package: such a one is not recorded as a version again. */
export function isMadeBy(registry: string, { properties }: Pick<PackageFacts, 'properties'>): boolean {
  return properties[PACKAGE_MARKS.registry] === registry;
}

/**
 * What a package runs, as a text to make a digest of: images, environments and the files that they load. Who approves a
 * package approves this.
 */
export function runText({ containers }: Pick<PackageFacts, 'containers'>): string {
  return canonicalJson(containers);
}

/** Whether two are of one hand, or may be: one that SageMaker does not tell may be anybody. */
export function mayBeSame(one: PackageUser | undefined, other: PackageUser | undefined): boolean {
  const [names, others] = [one, other].map((user) =>
    [user?.arn, user?.profile].filter((name) => name !== undefined).map(handOf),
  ) as [string[], string[]];
  return names.length === 0 || others.length === 0 || names.some((name) => others.includes(name));
}
