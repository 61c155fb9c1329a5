import { useQueries } from '@tanstack/react-query';
import { useKey } from '../app/calls';
import { useClient } from '../app/registry';
import type { VersionRow } from './types';

/** Versions of which a list leaves something out, each read by itself. */
export function useWholeVersions(rows: readonly VersionRow[]): readonly VersionRow[] {
  const client = useClient();
  const [caller, workspace] = useKey('getVersion', {});
  const results = useQueries({
    queries: rows.map(({ model, version }) => {
      const input = { params: { model, version } };
      return {
        queryKey: [caller, workspace, 'getVersion', input],
        queryFn: ({ signal }: { signal: AbortSignal }) => client.getVersion(input, { signal }),
        meta: { isAside: true },
      };
    }),
  });
  return results.flatMap(({ data }) => data ?? []);
}
