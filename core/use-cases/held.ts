import type { Model } from '../domain/model';
import type { RegistryStore } from '../ports';
import type { HeldInModel } from '../search/copy';
import { everyRow } from './rows';

const CONSISTENT = { consistent: true } as const;

/** Stages and aliases that versions of a model hold, as last acknowledged. */
export async function heldIn(
  store: RegistryStore,
  { workspace, id, stages }: Pick<Model, 'workspace' | 'id' | 'stages'>,
): Promise<HeldInModel> {
  const place = { workspace, modelId: id };
  const inStages = await Promise.all(
    stages.stages.map(async ({ name }) => {
      const page = { limit: 1, order: 'descending', ...CONSISTENT } as const;
      const { items } = await store.query<'member'>({ kind: 'member', ...place, stage: name }, page);
      return items.length > 0 ? [name] : [];
    }),
  );
  const aliases = await everyRow<'holder'>({ store }, { kind: 'holder', ...place, of: 'alias' }, CONSISTENT);
  return { stages: inStages.flat(), aliases: aliases.map(({ slot }) => slot) };
}
