import type { Head, Model } from '../domain/model';
import type { Holder, Key } from '../domain/records';
import type { Version } from '../domain/version';
import type { Ports } from '../ports';
import type { Call } from './call';
import { missingModel } from './load';

/** A model with everything that hangs on it, however many versions it has. */
export interface DescribedModel {
  readonly model: Model;
  readonly head: Head;
  readonly aliases: readonly Holder[];
  /** The newest version of each stage that has one, in the order of the stages. */
  readonly latest: readonly Version[];
}

/**
 * Reads a model with its aliases and the newest version of each of its stages.
 * @throws RegistryError model_not_found, workspace_not_found
 */
export async function describeModel(ports: Ports, call: Call, name: string): Promise<DescribedModel> {
  const { workspace } = call;
  const found = await ports.store.getOfModel(
    workspace,
    name,
    (modelId): [Key<'model'>, Key<'head'>] => [
      { kind: 'model', workspace, modelId },
      { kind: 'head', workspace, modelId },
    ],
    'relaxed',
  );
  const [model, head] = (found?.records ?? []) as [Model?, Head?];
  if (!model || !head) throw await missingModel(ports, workspace, name);
  const [aliases, latest] = await Promise.all([aliasesOf(ports, model), latestVersions(ports, model)]);
  return { model, head, aliases, latest };
}

/** All aliases of a model, by name. */
export async function aliasesOf(
  { store }: Ports,
  { workspace, id }: Pick<Model, 'workspace' | 'id'>,
): Promise<Holder[]> {
  const aliases: Holder[] = [];
  let after: string | undefined;
  do {
    const page = await store.query<'holder'>(
      { kind: 'holder', workspace, modelId: id, of: 'alias' },
      { limit: 100, order: 'ascending', ...(after !== undefined && { after }) },
    );
    aliases.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return aliases;
}

/**
 * The newest version of each stage of a model that has one; each costs two reads, whatever the number of versions.
 * @param stages only these, where given
 */
export async function latestVersions(
  { store }: Ports,
  model: Pick<Model, 'workspace' | 'id' | 'stages'>,
  stages: readonly string[] = model.stages.stages.map(({ name }) => name),
): Promise<Version[]> {
  const place = { workspace: model.workspace, modelId: model.id };
  const latest = await Promise.all(
    stages.map(async (stage) => {
      const { items } = await store.query<'member'>(
        { kind: 'member', ...place, stage },
        { limit: 1, order: 'descending', consistent: true },
      );
      const [member] = items;
      if (!member) return [];
      const version = await store.get<'version'>(
        { kind: 'version', ...place, number: member.version },
        { consistent: true },
      );
      return version && !('deleted' in version) ? [version] : [];
    }),
  );
  return latest.flat();
}
