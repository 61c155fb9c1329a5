import { useQuery } from '@tanstack/react-query';
import { useRegistry, useWorkspace } from './registry';

/** More than these are not offered in a menu; their addresses work all the same. */
const MOST = 200;

/** Names of the workspaces to choose from, the present one among them. */
export function useWorkspaces(): readonly string[] {
  const { client, session } = useRegistry();
  const present = useWorkspace();
  const { data = [] } = useQuery({
    queryKey: [session.key, 'workspaces'],
    queryFn: async ({ signal }) => {
      const names: string[] = [];
      for await (const { name } of client.rows('listWorkspaces', { query: { limit: 100 } }, { signal })) {
        names.push(name);
        if (names.length === MOST) break;
      }
      return names;
    },
    meta: { isAside: true },
  });
  return data.includes(present) ? data : [present, ...data];
}
