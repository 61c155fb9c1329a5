import { invalid, RegistryError } from '../domain/errors';
import type { Json } from '../domain/json';
import { LIMITS } from '../domain/limits';
import { EMPTY_HEAD, type Head } from '../domain/model';
import { type Key, put, type Write } from '../domain/records';
import type { SearchIndex, SearchWalk } from '../domain/search';
import type { Ports } from '../ports';
import { isIndexField, isIndexOrder } from '../search/plan';
import type { Call, UseCase } from './call';
import { checkIfMatch } from './etag';
import { execute } from './execute';
import { History } from './history';
import { checkWorkspace } from './load';
import { workspaceChange } from './workspace-records';

/** Id of the walk that posts everything anew; no index has it for a name. */
const REBUILD = 'rebuild';

/** A declared index as callers see it. */
export interface IndexView {
  readonly name: string;
  readonly equals: readonly string[];
  readonly orderBy: string;
  /** Searches use it once it has everything. */
  readonly state: 'building' | 'ready';
  /** Models and versions that the walk which fills it has posted. */
  readonly posted?: number;
  readonly createdAt: string;
  readonly createdBy: SearchIndex['createdBy'];
}

/** A walk through everything, as callers see it. */
export interface WalkView {
  readonly id: string;
  readonly task: SearchWalk['task'];
  readonly posted: number;
  readonly startedAt: string;
}

function indexView({ revision, ...index }: SearchIndex, walks: readonly SearchWalk[]): IndexView {
  const walk = walks.find(({ id }) => id === index.name);
  return { ...index, state: walk ? 'building' : 'ready', ...(walk && { posted: walk.done }) };
}

function walkView({ id, task, done, startedAt }: SearchWalk): WalkView {
  return { id, task, posted: done, startedAt };
}

function checkIndex({ name, equals, orderBy }: Pick<SearchIndex, 'name' | 'equals' | 'orderBy'>): void {
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) || name === REBUILD) {
    throw invalid('body.name', name, `a-z, 0-9 and inner '-', and not '${REBUILD}'`);
  }
  for (const [at, field] of equals.entries()) {
    if (isIndexField(field) && equals.indexOf(field) === at) continue;
    const rule =
      'each once: name, stage, status, approval, creator, run_id, source_path, tag.`key`, param.`key`, metadata.`key`';
    throw invalid(`body.equals.${at}`, field, rule.replaceAll('`', ''));
  }
  if (isIndexOrder(orderBy)) return;
  const rule = 'metric.key, version_number, creation_timestamp or last_updated_timestamp';
  throw invalid('body.orderBy', orderBy, rule);
}

async function headOf(ports: Ports, workspace: string): Promise<Head> {
  return (await ports.store.get<'head'>({ kind: 'head', workspace }, { consistent: true })) ?? EMPTY_HEAD;
}

function walkOf(workspace: string, id: string, task: SearchWalk['task'], at: string): Write {
  const key: Key<'walk'> = { kind: 'walk', workspace, id };
  return put<'walk'>(key, { id, task, startedAt: at, done: 0, step: 0, at });
}

/** What a command reads: the head first, so that what changes after it makes the commit fail. */
async function load(ports: Ports, { workspace }: Call) {
  const head = await headOf(ports, workspace);
  const { indexes, walks } = await ports.postings.desk(workspace, { marks: false, consistent: true });
  return { head, indexes, walks };
}

interface Declared {
  name: string;
  equals: string[];
  orderBy: string;
}

/** Declares an index over versions, and has it filled. */
export const createSearchIndex: UseCase<{ body: Declared }, IndexView> =
  (ports) =>
  async ({ body }, call) => {
    checkIndex(body);
    const { name, equals, orderBy } = body;
    const { workspace } = call;
    return execute(ports, call, async () => {
      await checkWorkspace(ports, workspace);
      checkIfMatch(call.ifMatch, undefined);
      const { head, indexes, walks } = await load(ports, call);
      if (indexes.some((each) => each.name === name) || walks.some(({ id }) => id === name)) {
        const violation = { field: 'body.name', value: name, rule: 'not taken, also not by one that is being removed' };
        throw new RegistryError('search_index_exists', `The index ${name} exists already.`, [violation]);
      }
      if (indexes.length >= LIMITS.searchIndexes) {
        throw new RegistryError('limit_exceeded', `A workspace has at most ${LIMITS.searchIndexes} indexes.`, [
          { field: 'body', value: indexes.length + 1, rule: `at most ${LIMITS.searchIndexes} indexes` },
        ]);
      }
      const history = new History(ports, call, head, workspace);
      const said: Record<string, Json> = { name, equals, orderBy };
      const revision = history.add({
        type: 'search_index.created',
        changed: Object.keys(said),
        previous: {},
        current: said,
      });
      const index: SearchIndex = { name, equals, orderBy, createdAt: history.at, createdBy: history.actor, revision };
      const writes = [
        put<'index'>({ kind: 'index', workspace, name }, index),
        walkOf(workspace, name, 'fill', history.at),
      ];
      const { revision: _, ...shown } = index;
      const answer = { body: { ...shown, state: 'building', posted: 0 } as const };
      return { answer, change: workspaceChange(history, writes) };
    });
  };

/** Lists the declared indexes and the walks that are under way. */
export const listSearchIndexes: UseCase<
  Record<string, unknown>,
  { indexes: readonly IndexView[]; walks: readonly WalkView[] }
> = (ports) => async (_, call) => {
  const { workspace } = call;
  await checkWorkspace(ports, workspace);
  const { indexes, walks } = await ports.postings.desk(workspace, { marks: false, consistent: false });
  return { body: { indexes: indexes.map((index) => indexView(index, walks)), walks: walks.map(walkView) } };
};

/** Removes an index; what it holds is removed by a walk. */
export const deleteSearchIndex: UseCase<{ params: { index: string } }, void> =
  (ports) =>
  ({ params }, call) =>
    execute(ports, call, async () => {
      const { workspace } = call;
      checkIfMatch(call.ifMatch, undefined);
      const { head, indexes } = await load(ports, call);
      const index = indexes.find(({ name }) => name === params.index);
      if (!index) {
        await checkWorkspace(ports, workspace);
        const violation = { field: 'path.index', value: params.index, rule: 'exists' };
        throw new RegistryError('search_index_not_found', `There is no index ${params.index}.`, [violation]);
      }
      const { name, equals, orderBy } = index;
      const history = new History(ports, call, head, workspace);
      const said: Record<string, Json> = { name, equals: [...equals], orderBy };
      history.add({ type: 'search_index.deleted', changed: Object.keys(said), previous: said, current: {} });
      const writes = [
        { delete: { kind: 'index', workspace, name } as const },
        walkOf(workspace, name, 'empty', history.at),
      ];
      return { answer: { body: undefined }, change: workspaceChange(history, writes) };
    });

/** Has everything posted anew. One that is under way begins again. */
export const rebuildSearch: UseCase<Record<string, unknown>, WalkView> = (ports) => (_, call) =>
  execute(ports, call, async () => {
    const { workspace } = call;
    await checkWorkspace(ports, workspace);
    checkIfMatch(call.ifMatch, undefined);
    const head = await headOf(ports, workspace);
    const history = new History(ports, call, head, workspace);
    history.add({ type: 'search.rebuilt', changed: [], previous: {}, current: {} });
    const body: WalkView = { id: REBUILD, task: 'rebuild', posted: 0, startedAt: history.at };
    return {
      answer: { body },
      change: workspaceChange(history, [walkOf(workspace, REBUILD, 'rebuild', history.at)]),
    };
  });
