import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ApiError, OutputOf, RowOf } from '../../../client/api';
import { useKey } from '../app/calls';
import { changedLately } from '../app/changes';
import { useClient } from '../app/registry';

type Found = RowOf<'searchRegistry'>;

/** A model as a search finds it. */
export type FoundModel = Extract<Found, { readonly id: string }>;

/** A version as a search finds it. */
export type FoundVersion = Extract<Found, { readonly version: number }>;

/** How a search was answered, and what that cost. */
export type SearchPlan = OutputOf<'searchRegistry'>['plan'];

/** What is searched for. */
export interface Search {
  readonly of: 'models' | 'versions';
  readonly filter: string;
  readonly orderBy: string;
}

/** A page of what was found. */
export interface FoundPage<Row> {
  readonly items: readonly Row[];
  readonly cursor?: string | undefined;
  /** Absent where the rows came from a plain list. */
  readonly plan?: SearchPlan | undefined;
}

/** Reads one page from a place on. */
type Reading<Row> = (cursor: string | undefined, limit: number, signal: AbortSignal) => Promise<FoundPage<Row>>;

/** A page that became too dear before it was full is gone on with so many times. */
const MOST_CALLS = 4;

/** Goes on until the page is full, or has become too dear. */
async function filled<Row>(read: Reading<Row>, cursor: string | undefined, limit: number, signal: AbortSignal) {
  let page = await read(cursor, limit, signal);
  for (let calls = 1; calls < MOST_CALLS && page.cursor && page.items.length < limit; calls += 1) {
    const { items, plan } = page;
    const more = await read(page.cursor, limit - items.length, signal);
    page = {
      items: [...items, ...more.items],
      cursor: more.cursor,
      ...(more.plan && { plan: { ...more.plan, readUnits: (plan?.readUnits ?? 0) + more.plan.readUnits } }),
    };
  }
  return page;
}

interface PageOf<Row> {
  readonly key: readonly unknown[];
  readonly read: Reading<Row>;
  readonly size: number;
}

/** A page by its number. Each starts where the one before ended: those before it are read if nobody has done so yet. */
function pageQuery<Row>(queries: QueryClient, { key, read, size }: PageOf<Row>, number: number) {
  return {
    queryKey: [...key, size, number],
    queryFn: async ({ signal }: { signal: AbortSignal }): Promise<FoundPage<Row>> => {
      if (number === 1) return await filled(read, undefined, size, signal);
      const before = await queries.fetchQuery({
        ...pageQuery(queries, { key, read, size }, number - 1),
        staleTime: Number.POSITIVE_INFINITY,
      });
      return before.cursor ? await filled(read, before.cursor, size, signal) : { items: [] };
    },
  };
}

/**
 * One page of a search. Nothing but that page is read, and those before it when a link leads to it.
 * @param plain reads the same rows without a search, if there is such a list
 */
export function useSearch<Row>(search: Search | undefined, number: number, size: number, plain?: Reading<Row>) {
  const client = useClient();
  const queries = useQueryClient();
  const base = useKey('searchRegistry', plain ? { plain: search } : search);
  const read: Reading<Row> =
    plain ??
    (async (cursor, limit, signal) => {
      // A cursor goes on as it was begun.
      const [consistency, place] = cursor?.split(' ') ?? [changedLately() ? 'strong' : 'eventual'];
      const page = await client.searchRegistry(
        {
          query: {
            ...(search as Search),
            consistency: consistency as 'strong' | 'eventual',
            limit,
            ...(place && { cursor: place }),
          },
        },
        { signal },
      );
      return {
        items: page.items as unknown as Row[],
        plan: page.plan,
        cursor: page.cursor && `${consistency} ${page.cursor}`,
      };
    });
  return useQuery<FoundPage<Row>, ApiError>({
    ...pageQuery(queries, { key: base, read, size }, number),
    enabled: search !== undefined,
    // The rows of the page before stay while the next is read; those of another search do not.
    placeholderData: (before, query) =>
      JSON.stringify(query?.queryKey.slice(0, base.length)) === JSON.stringify(base) ? before : undefined,
  });
}
