import { RegistryError } from '../domain/errors';
import { differenceBetween, type EventType, nextTime } from '../domain/event';
import { forbidden } from '../domain/forbidden';
import { NO_GRANTS } from '../domain/grant';
import { EMPTY_HEAD, type Head, type Model } from '../domain/model';
import { checkKey, checkModelName } from '../domain/names';
import { type Key, put, type Write } from '../domain/records';
import { checkStageScheme, DEFAULT_STAGES, type StageScheme } from '../domain/stages';
import { checkEntitySize, checkTags } from '../domain/version';
import type { Page, PageRequest, Ports, Row } from '../ports';
import { giveToMaker, grantsAt, grantWrites } from './access/records';
import type { Call, Decision, UseCase } from './call';
import { checkIfMatch, modelEtag } from './etag';
import { execute } from './execute';
import { History } from './history';
import { checkActive, checkWorkspace, type Loaded, loadModel, missingModel } from './load';
import { applyMapPatch, type MapPatch } from './patch';
import { changeStageScheme } from './stage-scheme';
import { type ModelView, modelView } from './views';

/** Fields of a model that callers set, and events compare. */
const SAID = ['description', 'tags', 'stages'] as const;

function checkModel(model: Pick<Model, 'description' | 'tags' | 'stages'>): void {
  checkTags(model.tags, 'body.tags');
  checkStageScheme(model.stages, 'body.stages');
  checkEntitySize({ description: model.description, tags: model.tags, stages: model.stages }, 'body');
}

function taken(name: string, field: string): RegistryError {
  return new RegistryError('model_exists', `Model ${name} exists already.`, [
    { field, value: name, rule: 'not taken' },
  ]);
}

function nameKey(workspace: string, name: string): Key<'name'> {
  return { kind: 'name', workspace, name };
}

interface CreateModel {
  name: string;
  description?: string | undefined;
  tags?: Record<string, string> | undefined;
  stages?: StageScheme | undefined;
}

/** Registers a model under a name that is free in the workspace. */
export const createModel: UseCase<{ body: CreateModel }, ModelView> =
  (ports) =>
  ({ body }, call) => {
    const { workspace } = call;
    const name = checkModelName(body.name, 'body.name');
    const said = {
      ...(body.description !== undefined && { description: body.description }),
      tags: body.tags ?? {},
      stages: body.stages ?? DEFAULT_STAGES,
    };
    checkModel(said);
    return execute(ports, call, async () => {
      await checkWorkspace(ports, workspace);
      if (await ports.store.get(nameKey(workspace, name), { consistent: true })) throw taken(name, 'body.name');
      checkIfMatch(call.ifMatch, undefined);
      const id = ports.newId();
      const history = new History(ports, call, EMPTY_HEAD, workspace, { id, name });
      const { changed, current } = differenceBetween({}, { name, ...said }, ['name', ...SAID], ['tags']);
      const revision = history.add({ type: 'model.created', changed, previous: {}, current });
      const given = giveToMaker(ports, call, { workspace, modelId: id }, history);
      const model: Model = {
        id,
        workspace,
        name,
        ...said,
        state: 'active',
        createdAt: history.at,
        createdBy: history.actor,
        updatedAt: history.at,
        updatedBy: history.actor,
        revision,
      };
      const { heads, writes } = history.close();
      return {
        answer: { body: modelView(model, EMPTY_HEAD), etag: modelEtag(model, EMPTY_HEAD) },
        change: {
          heads,
          writes: [
            put<'name'>(nameKey(workspace, name), { modelId: id }),
            put<'model'>({ kind: 'model', workspace, modelId: id }, model),
            ...given,
            ...writes,
          ],
          absent: [nameKey(workspace, name)],
        },
      };
    });
  };

/** Shows a model. */
export const getModel: UseCase<{ params: { model: string } }, ModelView> =
  (ports) =>
  async ({ params }, call) => {
    const { workspace } = call;
    const found = await ports.store.getOfModel(
      workspace,
      params.model,
      (modelId): [Key<'model'>, Key<'head'>] => [
        { kind: 'model', workspace, modelId },
        { kind: 'head', workspace, modelId },
      ],
      'relaxed',
    );
    const [model, head] = (found?.records ?? []) as [Model?, Head?];
    if (!model || !head) throw await missingModel(ports, workspace, params.model);
    return { body: modelView(model, head), etag: modelEtag(model, head) };
  };

/** A model in a list: without how many versions it has, which is kept elsewhere. */
export type ModelRow = Omit<ModelView, 'lastVersion'> & Pick<Row<'model'>, 'omitted'>;

/** Pages of a workspace that one request looks through for models that the caller may read. */
const PAGES_PER_REQUEST = 10;

/** Lists models by name: those that the caller may read, so that a page may be short where the rest is others'. */
export const listModels: UseCase<{ query: { prefix?: string | undefined }; page: PageRequest }, Page<ModelRow>> =
  (ports) =>
  async ({ query, page }, call) => {
    const { workspace } = call;
    await checkWorkspace(ports, workspace);
    const range = { kind: 'model', workspace, namePrefix: query.prefix ?? '' } as const;
    const items: Row<'model'>[] = [];
    let next = page.after;
    for (let looked = 0; looked < PAGES_PER_REQUEST && items.length < page.limit; looked++) {
      const { after: _, ...first } = page;
      const limit = page.limit - items.length;
      const rows = await ports.store.query<'model'>(range, {
        ...first,
        limit,
        ...(next !== undefined && { after: next }),
      });
      items.push(...(await call.access.readable(rows.items)));
      next = rows.next;
      if (next === undefined) break;
    }
    const shown = items.map(({ revision, ...row }) => row);
    return { body: { items: shown, ...(next !== undefined && { next }) } };
  };

/** A change of the model record itself, decided from what is stored. */
interface ModelChange {
  readonly next: Model;
  readonly type: EventType;
  readonly reason?: string | undefined;
  readonly writes?: readonly Write[];
  readonly absent?: readonly Key[];
}

async function changeModel(
  ports: Ports,
  call: Call,
  name: string,
  fields: readonly string[],
  decide: (loaded: Loaded, at: string) => Promise<ModelChange> | ModelChange,
): Promise<Decision<ModelView>> {
  const loaded = await loadModel(ports, call, name);
  const { model, head } = loaded;
  checkIfMatch(call.ifMatch, modelEtag(model, head));
  const at = nextTime(head, ports.clock());
  const { next, type, reason, writes = [], absent = [] } = await decide(loaded, at);
  const difference = differenceBetween(model, next, fields, ['tags']);
  if (difference.changed.length === 0)
    return { answer: { body: modelView(model, head), etag: modelEtag(model, head) } };
  const history = new History(ports, call, head, call.workspace, { id: model.id, name: next.name }, at);
  const revision = history.add({ type, ...difference, ...(reason !== undefined && { reason }) });
  const stored: Model = { ...next, updatedAt: history.at, updatedBy: history.actor, revision };
  const closed = history.close();
  return {
    answer: { body: modelView(stored, head), etag: modelEtag(stored, head) },
    change: {
      heads: closed.heads,
      writes: [
        put<'model'>({ kind: 'model', workspace: call.workspace, modelId: model.id }, stored),
        ...writes,
        ...closed.writes,
      ],
      absent,
    },
  };
}

interface UpdateModel {
  description?: string | null | undefined;
  tags?: MapPatch<string> | undefined;
  stages?: StageScheme | null | undefined;
}

/** Changes a model as a merge patch says: null removes, tags are changed one by one, stages as a whole. */
export const updateModel: UseCase<{ params: { model: string }; body: UpdateModel }, ModelView> =
  (ports) =>
  ({ params, body }, call) =>
    execute(ports, call, () =>
      changeModel(ports, call, params.model, SAID, async ({ model }) => {
        if (body.stages !== undefined && !(await call.access.may('administer'))) {
          throw forbidden('administer', { workspace: call.workspace, model: model.name });
        }
        checkActive(model);
        const { description: _, ...rest } = model;
        const description = body.description === undefined ? model.description : (body.description ?? undefined);
        const next: Model = {
          ...rest,
          ...(description !== undefined && { description }),
          tags: applyMapPatch(model.tags, body.tags),
          stages: body.stages === undefined ? model.stages : (body.stages ?? DEFAULT_STAGES),
        };
        checkModel(next);
        return { next, type: 'model.updated', writes: await changeStageScheme(ports, model, next.stages) };
      }),
    );

/** Sets one tag of a model. */
export const setModelTag: UseCase<{ params: { model: string; key: string }; body: { value: string } }, ModelView> =
  (ports) =>
  async ({ params, body }, call) => {
    const key = checkKey(params.key, 'path.key');
    return updateModel(ports)({ params, body: { tags: { [key]: body.value } } }, call);
  };

/** Removes one tag of a model; a tag that is not there is removed already. */
export const deleteModelTag: UseCase<{ params: { model: string; key: string } }, ModelView> =
  (ports) =>
  ({ params }, call) =>
    updateModel(ports)({ params, body: { tags: { [params.key]: null } } }, call);

/** Gives a model another name; its versions, aliases and history stay with it. */
export const renameModel: UseCase<{ params: { model: string }; body: { name: string } }, ModelView> =
  (ports) =>
  ({ params, body }, call) => {
    const name = checkModelName(body.name, 'body.name');
    return execute(ports, call, () =>
      changeModel(ports, call, params.model, ['name'], async ({ model }) => {
        checkActive(model);
        if (name === model.name) return { next: model, type: 'model.renamed' };
        // A name is the workspace's: who may not make a model there does not learn which names are taken either.
        if (!(await call.access.at({ workspace: call.workspace }).may('register'))) {
          throw forbidden('register', { workspace: call.workspace });
        }
        const [from, to] = [nameKey(call.workspace, model.name), nameKey(call.workspace, name)];
        if (await ports.store.get(to, { consistent: true })) throw taken(name, 'body.name');
        return {
          next: { ...model, name },
          type: 'model.renamed',
          writes: [{ delete: from }, put<'name'>(to, { modelId: model.id })],
          absent: [to],
        };
      }),
    );
  };

interface Reasoned {
  params: { model: string };
  body: { reason?: string | undefined };
}

function setState(state: 'active' | 'archived', type: EventType): UseCase<Reasoned, ModelView> {
  return (ports) =>
    ({ params, body }, call) =>
      execute(ports, call, () =>
        changeModel(ports, call, params.model, ['state'], ({ model }) => ({
          next: { ...model, state },
          type,
          reason: body.reason,
        })),
      );
}

/** Makes a model read-only. */
export const archiveModel = setState('archived', 'model.archived');

/** Makes an archived model changeable again. */
export const restoreModel = setState('active', 'model.restored');

/** Deletes a model that has no locked version. Its history stays; its name is free. */
export const deleteModel: UseCase<{ params: { model: string }; query: { reason?: string | undefined } }, void> =
  (ports) =>
  ({ params, query }, call) =>
    execute(ports, call, async () => {
      const { workspace } = call;
      const decision = await changeModel(ports, call, params.model, ['state'], async ({ model }, at) => {
        const place = { workspace, modelId: model.id };
        const [locks, { grants }] = await Promise.all([
          ports.store.query<'lock'>({ kind: 'lock', ...place }, { limit: 1, order: 'ascending', consistent: true }),
          grantsAt(ports, place),
        ]);
        const locked = locks.items[0];
        if (locked) {
          throw new RegistryError('model_has_locked_versions', `Version ${locked.version} is locked.`, [
            { field: 'path.model', value: model.name, rule: 'no version of it is locked' },
          ]);
        }
        return {
          next: { ...model, state: 'deleted', deletedAt: at },
          type: 'model.deleted',
          reason: query.reason,
          writes: [
            { delete: nameKey(workspace, model.name) },
            ...(grants.length > 0 ? grantWrites(place, grants, NO_GRANTS) : []),
          ],
        };
      });
      return { ...decision, answer: { body: undefined } };
    });
