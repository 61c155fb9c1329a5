import type { Model } from '../domain/model';
import type { Page, RegistryStore } from '../ports';
import type { HeldInModel } from '../search/copy';

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
  const aliases: string[] = [];
  let after: string | undefined;
  do {
    const page: Page<{ slot: string }> = await store.query<'holder'>(
      { kind: 'holder', ...place, of: 'alias' },
      { limit: 100, order: 'ascending', ...CONSISTENT, ...(after !== undefined && { after }) },
    );
    aliases.push(...page.items.map(({ slot }) => slot));
    after = page.next;
  } while (after !== undefined);
  return { stages: inStages.flat(), aliases };
}
