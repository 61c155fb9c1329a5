import { invalid, RegistryError } from '../domain/errors';
import { EMPTY_HEAD, type Workspace } from '../domain/model';
import { checkWorkspaceName } from '../domain/names';
import { type Key, put } from '../domain/records';
import { checkEntitySize } from '../domain/version';
import type { Page, PageRequest, Ports, Row } from '../ports';
import type { UseCase } from './call';
import { checkIfMatch } from './etag';
import { execute } from './execute';
import { History } from './history';
import { checkWorkspace, DEFAULT_WORKSPACE } from './load';

/** The workspace that exists from the start, as it is shown. */
const DEFAULT: Workspace = {
  name: DEFAULT_WORKSPACE,
  description: 'The workspace of every path that names none.',
  createdAt: '1970-01-01T00:00:00.000Z',
  createdBy: { id: 'signet', kind: 'machine', name: 'signet' },
};

/** Creates a workspace. */
export const createWorkspace: UseCase<{ body: { name: string; description?: string | undefined } }, Workspace> =
  (ports) =>
  ({ body }, call) => {
    const name = checkWorkspaceName(body.name, 'body.name');
    checkEntitySize({ description: body.description }, 'body');
    return execute(ports, call, async () => {
      const key: Key<'workspace'> = { kind: 'workspace', workspace: name };
      if (name === DEFAULT_WORKSPACE || (await ports.store.get(key, { consistent: true }))) throw taken(name);
      checkIfMatch(call.ifMatch, undefined);
      const history = new History(ports, call, EMPTY_HEAD, name);
      const workspace: Workspace = {
        name,
        ...(body.description !== undefined && { description: body.description }),
        createdAt: history.at,
        createdBy: history.actor,
      };
      const current = body.description === undefined ? { name } : { name, description: body.description };
      history.add({ type: 'workspace.created', changed: Object.keys(current), previous: {}, current });
      const { heads, writes } = history.close();
      return {
        answer: { body: workspace, etag: workspaceEtag(workspace) },
        change: { heads, writes: [put<'workspace'>(key, workspace), ...writes], absent: [key] },
      };
    });
  };

function taken(name: string): RegistryError {
  return new RegistryError('workspace_exists', `Workspace ${name} exists already.`, [
    { field: 'body.name', value: name, rule: 'not taken' },
  ]);
}

/** Workspaces do not change, so their creation is their version. */
function workspaceEtag(workspace: Workspace): string {
  return `"${Date.parse(workspace.createdAt).toString(36)}"`;
}

/** Shows a workspace. */
export const getWorkspace: UseCase<{ params: { workspace: string } }, Workspace> =
  (ports) =>
  async ({ params }) => {
    const name = checkWorkspaceName(params.workspace, 'path.workspace');
    const stored = await ports.store.get({ kind: 'workspace', workspace: name });
    if (!stored) await checkWorkspace(ports, name);
    const workspace = stored ?? DEFAULT;
    return { body: workspace, etag: workspaceEtag(workspace) };
  };

/** Marks a position in the list of somebody who does not see all workspaces. */
const OWN = '=';

/**
 * Lists the workspaces in which the caller has a role by name; to who sees all of them the default one, which is not
 * stored, comes first on the first page.
 */
export const listWorkspaces: UseCase<{ page: PageRequest }, Page<Row<'workspace'>>> =
  (ports) =>
  async ({ page }, call) => {
    const names = await call.access.workspaces();
    if (names) return { body: await ownWorkspaces(ports, [...names], page) };
    if (page.after?.startsWith(OWN))
      throw invalid('query.cursor', page.after, 'given to a caller with the same rights');
    const stored = await ports.store.query<'workspace'>({ kind: 'workspace' }, page);
    return { body: page.after === undefined ? { ...stored, items: [DEFAULT, ...stored.items] } : stored };
  };

async function ownWorkspaces(
  { store }: Ports,
  names: string[],
  { after, limit, order }: PageRequest,
): Promise<Page<Row<'workspace'>>> {
  const sorted = names.sort();
  if (order === 'descending') sorted.reverse();
  const isBehind = (name: string) =>
    order === 'ascending' ? `${OWN}${name}` > String(after) : `${OWN}${name}` < String(after);
  const rest = after === undefined ? sorted : sorted.filter(isBehind);
  const here = rest.slice(0, limit);
  const records = await Promise.all(here.map((workspace) => store.get<'workspace'>({ kind: 'workspace', workspace })));
  const items = here.flatMap((name, index) => records[index] ?? (name === DEFAULT_WORKSPACE ? [DEFAULT] : []));
  return { items, ...(rest.length > limit && { next: `${OWN}${here.at(-1)}` }) };
}
