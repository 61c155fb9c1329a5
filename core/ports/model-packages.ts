import type { PackageApproval, PackageFacts } from '../domain/package-facts';
import type { HostContainer } from './model-host';

/** A package that is to be made of a version. */
export interface NewPackage {
  /** ARN of the group. */
  readonly group: string;
  /** The same one twice makes one package. */
  readonly token: string;
  readonly description?: string;
  readonly containers: readonly HostContainer[];
  readonly approval: PackageApproval;
  /** What tells it from packages of others. */
  readonly properties: Readonly<Record<string, string>>;
}

/** A change of a package's approval. */
export interface PackageUpdate {
  readonly approval: PackageApproval;
  readonly description: string;
  readonly token: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** SageMaker will not do it, however often it is asked. */
export class PackageRefusal extends Error {
  override readonly name = 'PackageRefusal';
}

/** SageMaker's registry of models. */
export interface ModelPackages {
  /** A package as it is now, or undefined where there is none. */
  describe(arn: string): Promise<PackageFacts | undefined>;
  /** Makes a package and tells its ARN. @throws PackageRefusal */
  create(wanted: NewPackage): Promise<string>;
  /** @throws PackageRefusal */
  update(arn: string, change: PackageUpdate): Promise<void>;
  /** The first package of a group with such properties, among those made since a time. */
  find(group: string, properties: Readonly<Record<string, string>>, since: string): Promise<string | undefined>;
}
