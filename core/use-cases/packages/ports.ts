import type { AccessSettings } from '../../domain/grant';
import type { ModelPackages, Ports } from '../../ports';

/** A group of SageMaker's registry and the model that it stands for. */
export interface PackageGroup {
  /** ARN of the group. */
  readonly group: string;
  readonly workspace: string;
  readonly model: string;
}

/** What taking packages in needs of the world. */
export type PackagePorts = Pick<Ports, 'store' | 'clock' | 'newId' | 'sha256' | 'pause' | 'random' | 'policies'> & {
  readonly packages: Pick<ModelPackages, 'describe'>;
  readonly groups: readonly PackageGroup[];
  readonly access: AccessSettings;
  /** Name of this registry among others. */
  readonly registry: string;
};

/** Whether a package is in a group, by their ARNs, in which SageMaker writes names in lower case. */
export function isIn(group: string, packageArn: string): boolean {
  const prefix = group.replace(':model-package-group/', ':model-package/');
  return packageArn.toLowerCase().startsWith(`${prefix.toLowerCase()}/`);
}
