import type { Head, Model } from '../domain/model';
import type { Holder } from '../domain/records';
import type { Version } from '../domain/version';
import type { Ports } from '../ports';
import type { Call } from './call';
import { missingModel } from './load';
import { type NewestVersions, newestVersions, rememberStages, stagesSeen } from './newest-versions';
import { everyRow } from './rows';

/** A model with everything that hangs on it, however many versions it has. */
export interface DescribedModel {
  readonly model: Model;
  readonly head: Head;
  readonly aliases: readonly Holder[];
  /** The newest version of each stage that has one, in the order of the stages. */
  readonly latest: readonly Version[];
}

/**
 * Reads a model with its aliases and the newest version of each of its stages: in one step where its name and its stages are
 * remembered.
 * @throws RegistryError model_not_found, workspace_not_found
 */
export async function describeModel(ports: Ports, call: Call, name: string): Promise<DescribedModel> {
  const { workspace } = call;
  const found = await ports.store.ofModel(workspace, name, (modelId) => read(ports, { workspace, modelId }));
  if (!found?.model || !found.head) throw await missingModel(ports, workspace, name);
  const { model, head, aliases, early } = found;
  return { model, head, aliases, latest: await latestVersions(ports, model, early) };
}

/** What of a model can be read at the same time, without knowing it. */
async function read(ports: Ports, place: { readonly workspace: string; readonly modelId: string }) {
  const [model, head, aliases, early] = await Promise.all([
    ports.store.get<'model'>({ kind: 'model', ...place }),
    ports.store.get<'head'>({ kind: 'head', ...place }),
    aliasesOf(ports, { workspace: place.workspace, id: place.modelId }),
    newestVersions(ports, place, stagesSeen(place.modelId)),
  ]);
  return { model, head, aliases, early };
}

/** All aliases of a model, by name. */
export function aliasesOf(ports: Ports, { workspace, id }: Pick<Model, 'workspace' | 'id'>): Promise<Holder[]> {
  return everyRow<'holder'>(ports, { kind: 'holder', workspace, modelId: id, of: 'alias' });
}

/**
 * The newest version of each stage of a model that has one, in the order of the stages.
 * @param early those that have been read already, by stage
 */
export async function latestVersions(
  ports: Pick<Ports, 'store'>,
  { workspace, id, stages }: Pick<Model, 'workspace' | 'id' | 'stages'>,
  early: NewestVersions = new Map(),
): Promise<Version[]> {
  const names = stages.stages.map(({ name }) => name);
  const place = { workspace, modelId: id };
  const unread = names.filter((name) => !early.has(name));
  const newest = new Map([...early, ...(unread.length > 0 ? await newestVersions(ports, place, unread) : [])]);
  rememberStages(id, names);
  return names.flatMap((name) => newest.get(name) ?? []);
}
