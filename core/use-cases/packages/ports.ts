import type { AccessSettings } from '../../domain/grant';
import type { Archives, ModelPackages, Ports } from '../../ports';

/** A group of SageMaker's registry and the model that it stands for. */
export interface PackageGroup {
  /** ARN of the group. */
  readonly group: string;
  readonly workspace: string;
  readonly model: string;
  /** Of a group that packages are taken from: whether approvals that versions get here are written onto their packages. */
  readonly writesApproval?: boolean;
}

/** What taking packages in needs of the world. */
export type PackagePorts = Pick<Ports, 'store' | 'clock' | 'newId' | 'sha256' | 'pause' | 'random' | 'policies'> & {
  readonly packages: Pick<ModelPackages, 'describe'>;
  readonly groups: readonly PackageGroup[];
  readonly access: AccessSettings;
  /** Name of this registry among others. */
  readonly registry: string;
};

/** What making packages of versions needs of the world. */
export type MirrorPorts = Pick<Ports, 'store' | 'clock' | 'newId' | 'sha256' | 'pause' | 'random'> & {
  readonly packages: ModelPackages;
  readonly archives: Archives;
  /** Groups that packages are made in. */
  readonly groups: readonly PackageGroup[];
  /** Groups that packages are taken from. */
  readonly sources: readonly PackageGroup[];
  /** Name of this registry among others. */
  readonly registry: string;
};

/** Whether a package is in a group, by their ARNs, in which SageMaker writes names in lower case. */
export function isIn(group: string, packageArn: string): boolean {
  const prefix = group.replace(':model-package-group/', ':model-package/');
  return packageArn.toLowerCase().startsWith(`${prefix.toLowerCase()}/`);
}
