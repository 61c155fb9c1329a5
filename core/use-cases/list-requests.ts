import { haveRight } from '../domain/access';
import type { TransitionRequest } from '../domain/request';
import { waitsFor } from '../domain/waiting';
import type { Page, PageRequest, Ports } from '../ports';
import type { Call, UseCase } from './call';
import { checkWorkspace, modelIdOf } from './load';
import { type RequestRow, requestRow } from './request-views';

/** Which requests are asked for. */
interface Asked {
  readonly state?: 'open' | 'done' | undefined;
  /** Only those that the caller made. */
  readonly mine?: boolean | undefined;
  /** Only those that wait for a vote or an answer of the caller. */
  readonly waiting?: boolean | undefined;
}

/** Rows of a page over all models, each perhaps of another one: its name is looked up, or the caller's roles on it too. */
const ROWS = 20;
const WAITING_ROWS = 6;

/** What of a page is asked for. What is left out makes the page shorter: its cursor goes on. */
function isAskedFor({ state, mine }: Asked, { principal }: Call): (request: TransitionRequest) => boolean {
  return (request) => {
    if (state !== undefined && (request.state === 'open') !== (state === 'open')) return false;
    return !mine || request.author.id === principal.id;
  };
}

/** The requests that wait for the caller, by what the caller may do on the models of each. */
async function waitingFor(
  { clock }: Ports,
  { principal, workspace, access }: Call,
  requests: readonly TransitionRequest[],
  nameOf: (request: TransitionRequest) => string,
): Promise<TransitionRequest[]> {
  const now = clock().toISOString();
  const models = [...new Set(requests.map(nameOf))];
  const roles = new Map(
    await Promise.all(models.map(async (model) => [model, await access.at({ workspace, model }).settled()] as const)),
  );
  return requests.filter((request) => {
    const known = roles.get(nameOf(request)) ?? [];
    const { id, groups } = principal;
    return waitsFor(request, { id, groups, roles: known, mayApprove: haveRight(known, 'approve') }, now);
  });
}

/** Lists the requests of a workspace, the newest first unless asked otherwise; those that are open unless asked otherwise. */
export const listRequests: UseCase<{ query: Asked; page: PageRequest }, Page<RequestRow>> =
  (ports) =>
  async ({ query, page }, call) => {
    const { workspace } = call;
    await checkWorkspace(ports, workspace);
    const open = query.state !== 'done';
    const limit = Math.min(page.limit, query.waiting ? WAITING_ROWS : ROWS);
    const rows = await ports.store.query<'request'>({ kind: 'request', workspace, open }, { ...page, limit });
    const found = rows.items.filter(isAskedFor(query, call));
    const names = await namesOf(ports, call, found);
    const seen = found.filter(({ modelId }) => names.has(modelId));
    const nameOf = ({ modelId }: TransitionRequest) => names.get(modelId) as string;
    const asked = query.waiting ? await waitingFor(ports, call, seen, nameOf) : seen;
    return { body: { ...rows, items: asked.map((request) => requestRow(request, nameOf(request))) } };
  };

/** Names of the models of requests that the caller may see; models that were deleted have none. */
async function namesOf({ store }: Ports, { workspace, access }: Call, requests: readonly TransitionRequest[]) {
  const ids = [...new Set(requests.map(({ modelId }) => modelId))];
  const models = await Promise.all(ids.map((modelId) => store.get<'model'>({ kind: 'model', workspace, modelId })));
  const there = models.flatMap((model) => (model && model.state !== 'deleted' ? [model] : []));
  return new Map((await access.readable(there)).map(({ id, name }) => [id, name]));
}

/** Lists the requests of a model, the newest first unless asked otherwise. */
export const listModelRequests: UseCase<
  { params: { model: string }; query: Asked; page: PageRequest },
  Page<RequestRow>
> =
  (ports) =>
  async ({ params, query, page }, call) => {
    const { workspace } = call;
    const { model } = params;
    const modelId = await modelIdOf(ports, call, model);
    const rows = await ports.store.query<'request'>({ kind: 'request', workspace, modelId }, page);
    const found = rows.items.filter(isAskedFor(query, call));
    const asked = query.waiting ? await waitingFor(ports, call, found, () => model) : found;
    return { body: { ...rows, items: asked.map((request) => requestRow(request, model)) } };
  };
