import type { Model } from '../domain/model';
import type { Key } from '../domain/records';
import type { Ports } from '../ports';
import type { Call } from './call';
import { missingModel } from './load';

/** Prefix of a path segment that names a model by its id, which a deleted model keeps. No name can start so. */
const BY_ID = 'id:';

/** Whether a path segment names a model by its id. */
export function isById(named: string): boolean {
  return named.startsWith(BY_ID);
}

/**
 * The model of a path that asks for the past: by name, or by id, for then it may be deleted.
 * @throws RegistryError model_not_found, workspace_not_found
 */
export async function pastModel(ports: Ports, call: Call, named: string): Promise<Model> {
  const { workspace } = call;
  const model = isById(named)
    ? await ports.store.get<'model'>({ kind: 'model', workspace, modelId: named.slice(BY_ID.length) })
    : await namedModel(ports, workspace, named);
  if (!model) throw await missingModel(ports, workspace, named);
  return model;
}

async function namedModel(ports: Ports, workspace: string, name: string): Promise<Model | undefined> {
  const found = await ports.store.getOfModel(
    workspace,
    name,
    (modelId): [Key<'model'>] => [{ kind: 'model', workspace, modelId }],
    'relaxed',
  );
  const [model] = (found?.records ?? []) as [Model?];
  return model;
}
