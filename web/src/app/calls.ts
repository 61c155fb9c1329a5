import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { ApiError, Arguments, InputOf, OperationId, OutputOf, PagedId, RowOf } from '../../../client/api';
import { noteChange } from './changes';
import { useNotify } from './notifications';
import { useClient, useRegistry, useWorkspace } from './registry';

/** What a read may be told besides its input. */
interface ReadOptions {
  readonly enabled?: boolean;
  readonly refetchInterval?: number | false;
  /** What reads it does not tell by itself that this failed: the bar at the top does. */
  readonly isAside?: boolean;
}

type Call<Id extends OperationId> = (input: InputOf<Id>, options: { signal?: AbortSignal }) => Promise<OutputOf<Id>>;

/** Reads through an operation; the answer is shared by all who ask the same. */
export function useRead<Id extends OperationId>(
  id: Id,
  input: InputOf<Id>,
  // What somebody may do only spares refusals: nothing waits for it.
  { isAside = id === 'whoami', ...options }: ReadOptions = {},
): UseQueryResult<OutputOf<Id>, ApiError> {
  const client = useClient();
  const key = useKey(id, input);
  const call = client[id] as unknown as Call<Id>;
  return useQuery<OutputOf<Id>, ApiError>({
    queryKey: key,
    // A query that was answered with nothing is answered with null.
    queryFn: async ({ signal }) => ((await call(input, { signal })) ?? null) as OutputOf<Id>,
    meta: { isAside },
    ...options,
  });
}

/** Key under which the answer of a read is kept. */
export function useKey(id: OperationId, input: unknown): readonly unknown[] {
  const { session } = useRegistry();
  return [session.key, useWorkspace(), id, input];
}

interface Page<Row> {
  readonly items: readonly Row[];
  readonly cursor?: string | undefined;
}

/** How far a list has been read, whatever its rows are. */
export interface ListState {
  readonly isPending: boolean;
  readonly error: ApiError | null;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
  readonly refetch: () => unknown;
}

/** A list that one read answers as a whole, as those are that come in pages. */
export function wholeList<Row>(
  { isPending, error, refetch }: Pick<UseQueryResult<unknown, ApiError>, 'isPending' | 'error' | 'refetch'>,
  rows: readonly Row[],
): ListState & { readonly rows: readonly Row[] } {
  return { rows, isPending, error, refetch, hasNextPage: false, isFetchingNextPage: false, fetchNextPage: () => {} };
}

/** Reads a list page by page; `rows` are those of the pages that were asked for. */
export function usePages<Id extends PagedId>(
  id: Id,
  input: InputOf<Id>,
  { isAside = false, ...options }: ReadOptions = {},
): UseInfiniteQueryResult<InfiniteData<Page<RowOf<Id>>>, ApiError> & { readonly rows: readonly RowOf<Id>[] } {
  const client = useClient();
  const key = useKey(id, input);
  const call = client[id] as unknown as (input: unknown, options: { signal?: AbortSignal }) => Promise<Page<RowOf<Id>>>;
  const result = useInfiniteQuery<
    Page<RowOf<Id>>,
    ApiError,
    InfiniteData<Page<RowOf<Id>>>,
    readonly unknown[],
    string | undefined
  >({
    queryKey: [...key, 'pages'],
    initialPageParam: undefined,
    queryFn: ({ pageParam, signal }) => {
      const { query = {} } = input as { query?: object };
      return call({ ...input, query: { ...query, cursor: pageParam } }, { signal });
    },
    getNextPageParam: (last) => last.cursor,
    meta: { isAside },
    ...options,
  });
  const rows = result.data?.pages.flatMap(({ items }) => items) ?? [];
  return { ...result, rows };
}

/** What a command may be told besides its input. */
interface CommandOptions<Id extends OperationId> {
  /** What is said once it is done. */
  readonly done?: (output: OutputOf<Id>) => string;
  readonly onDone?: (output: OutputOf<Id>) => void;
  /** Says a refusal in the notifications; otherwise whoever called shows it. */
  readonly tellsRefusals?: boolean;
}

/** Changes something through an operation. Afterwards everything that is shown is read again. */
export function useCommand<Id extends OperationId>(
  id: Id,
  { done, onDone, tellsRefusals = false }: CommandOptions<Id> = {},
): UseMutationResult<OutputOf<Id>, ApiError, Arguments<Id>> {
  const client = useClient();
  const queries = useQueryClient();
  const notify = useNotify();
  const call = client[id] as unknown as (...args: Arguments<Id>) => Promise<OutputOf<Id>>;
  return useMutation<OutputOf<Id>, ApiError, Arguments<Id>>({
    mutationFn: (args) => call(...args),
    onSuccess: (output) => {
      noteChange();
      const shown = queries.invalidateQueries();
      onDone?.(output);
      // What is said to be done is to be seen by then.
      if (done) void shown.then(() => notify({ type: 'success', content: done(output) }));
    },
    onError: (error) => {
      if (tellsRefusals) notify({ type: 'error', content: error.message });
    },
  });
}
