import { accessOf } from '../../domain/access';
import type { Head, Model } from '../../domain/model';
import type { PackageRecord } from '../../domain/package-record';
import type { Principal } from '../../domain/principal';
import type { Version } from '../../domain/version';
import type { Ports } from '../../ports';
import type { Call } from '../call';
import { checkActive, loadModel } from '../load';
import type { PackageGroup } from './ports';

/** Who acts where SageMaker does not tell who did. */
export const SAGEMAKER: Principal = { id: 'signet:sagemaker', kind: 'machine', name: 'sagemaker', groups: [] };

/** The same for what the registry does in SageMaker by itself. */
export const MIRRORER: Principal = { id: 'signet:packages', kind: 'machine', name: 'packages', groups: [] };

/** An IAM identity as a caller: `arn:aws:sts::123456789012:assumed-role/Trainer/job-7` is read as `Trainer/job-7`. */
export function machineOf(arn: string): Principal {
  const resource = arn.split(':').slice(5).join(':');
  return { id: arn, kind: 'machine', name: resource.slice(resource.indexOf('/') + 1), groups: [] };
}

/** The call under which something of SageMaker is written down: nobody asked for it, so it needs no right. */
export function callOf({ workspace }: Pick<PackageGroup, 'workspace'>, principal: Principal, requestId: string): Call {
  return { workspace, principal, access: accessOf([]), requestId };
}

/** A model and what it has of a package, as of one moment. */
export interface PackageState {
  readonly model: Model;
  readonly head: Head;
  readonly record: PackageRecord | undefined;
  /** The version that the package became; absent where it never did, or the version is deleted. */
  readonly version: Version | undefined;
}

/**
 * Reads what a model has of a package. The version is read after the head: one that changes meanwhile makes the commit fail.
 * @throws RegistryError model_not_found, workspace_not_found, model_archived
 */
export async function readPackage(
  ports: Pick<Ports, 'store'>,
  call: Call,
  name: string,
  arn: string,
): Promise<PackageState> {
  const { workspace } = call;
  const { model, head, also } = await loadModel<['package']>(ports as Ports, call, name, (modelId) => [
    { kind: 'package', workspace, modelId, arn },
  ]);
  checkActive(model);
  const [record] = also;
  const found =
    record &&
    (await ports.store.get<'version'>(
      { kind: 'version', workspace, modelId: model.id, number: record.version },
      { consistent: true },
    ));
  return { model, head, record, version: found && !('deleted' in found) ? found : undefined };
}
