import { useQuery } from '@tanstack/react-query';
import type { ApiError, RowOf } from '../../../client/api';
import { useKey } from '../app/calls';
import { useClient } from '../app/registry';

/** More models than these are not loaded to filter and sort them here; the name's beginning narrows them down. */
export const MOST_MODELS = 1_000;

/** A model as the table shows, filters and sorts it; each tag is a field of its own, `tag.` and its key. */
export type ModelItem = RowOf<'listModels'> & { readonly owner: string; readonly [tag: `tag.${string}`]: string };

interface ModelList {
  readonly items: readonly ModelItem[];
  /** Whether there are more than were loaded. */
  readonly isCut: boolean;
}

/** The models of the workspace whose names start with a text. */
export function useModelList(prefix: string | undefined) {
  const client = useClient();
  const query = { limit: 100, ...(prefix && { prefix }) };
  return useQuery<ModelList, ApiError>({
    queryKey: [...useKey('listModels', query), 'all'],
    queryFn: async ({ signal }) => {
      const items: ModelItem[] = [];
      for await (const row of client.rows('listModels', { query }, { signal })) {
        if (items.length === MOST_MODELS) return { items, isCut: true };
        items.push(itemOf(row));
      }
      return { items, isCut: false };
    },
  });
}

function itemOf(row: RowOf<'listModels'>): ModelItem {
  const tags = Object.entries(row.tags ?? {}).map(([key, value]) => [`tag.${key}`, value]);
  return { ...row, owner: row.tags?.['owner'] ?? row.createdBy.name, ...Object.fromEntries(tags) };
}
