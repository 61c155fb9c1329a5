import type { ModelCopy, SearchCopy, VersionCopy } from '../domain/search';
import type { PageRequest } from '../ports';
import { unquotedParts } from '../search/order-by';
import type { UseCase } from './call';
import { checkWorkspace } from './load';
import { asParameters, type SearchPlan, searchPostings } from './search';

function shownVersion(workspace: string, copy: VersionCopy) {
  const { of, modelId, name, number, promptName, ...shown } = copy;
  return { workspace, model: name, version: number, ...shown };
}

function shownModel(workspace: string, copy: ModelCopy) {
  const { of, modelId, stages, promptName, omitted, ...shown } = copy;
  const named = omitted?.map((field) => (field === 'stages' ? 'heldStages' : field));
  return { id: modelId, workspace, ...shown, ...(stages && { heldStages: stages }), ...(named && { omitted: named }) };
}

interface Asked {
  of: 'versions' | 'models';
  filter: string;
  orderBy: string;
  consistency: 'eventual' | 'strong';
}

/** Finds versions or models, page by page, and tells how. */
export const searchRegistry: UseCase<
  { query: Asked; page: PageRequest },
  { items: readonly object[]; plan: SearchPlan; next?: string }
> =
  (ports) =>
  async ({ query, page }, call) => {
    const { workspace } = call;
    await checkWorkspace(ports, workspace);
    const { copies, plan, next } = await asParameters(() =>
      searchPostings(ports, call, {
        of: query.of === 'models' ? 'model' : 'version',
        filter: query.filter,
        orderBy: unquotedParts(query.orderBy),
        limit: page.limit,
        after: page.after,
        strong: query.consistency === 'strong',
        likeMlflow: false,
      }),
    );
    const shown = (copy: SearchCopy) =>
      copy.of === 'version' ? shownVersion(workspace, copy) : shownModel(workspace, copy);
    return { body: { items: copies.map(shown), plan, ...(next !== undefined && { next }) } };
  };
