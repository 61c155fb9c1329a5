import { invalid } from '../domain/errors';
import type { Model } from '../domain/model';
import type { Slot, Stay } from '../domain/records';
import { INITIAL_STAGE, type Stage, stageNamed } from '../domain/stages';
import type { Page, PageRequest, Ports } from '../ports';
import type { Answer, Call, UseCase } from './call';
import { pastModel } from './past-model';
import { holderKey } from './stays';
import { type HolderView, holderView } from './views';

interface OneStage {
  readonly model: string;
  readonly stage: string;
}
interface OneAlias {
  readonly model: string;
  readonly alias: string;
}

/** A stage of a model and the versions in it: the holder of an exclusive stage, the newest of any. */
export type StageView = Stage & { readonly holder?: HolderView; readonly newest?: number };

/** The time for which a version held a stage or an alias, as callers see it. */
export type StayView = Omit<Stay, 'entered' | 'left' | 'exclusive'>;

/** Who held a stage or an alias at a time; several versions only in a stage that was not exclusive. */
export type HoldersAt = Page<StayView> & { readonly at: string };

async function stageView(
  ports: Ports,
  model: Pick<Model, 'id' | 'workspace'>,
  name: string,
  stage: Stage,
): Promise<StageView> {
  const place = { workspace: model.workspace, modelId: model.id };
  const [holder, members] = await Promise.all([
    stage.exclusive
      ? ports.store.get<'holder'>(holderKey(place.workspace, place.modelId, { stage: stage.name }))
      : undefined,
    ports.store.query<'member'>({ kind: 'member', ...place, stage: stage.name }, { limit: 1, order: 'descending' }),
  ]);
  const newest = members.items[0]?.version;
  return {
    ...stage,
    ...(holder && { holder: holderView(holder, model.workspace, name) }),
    ...(newest !== undefined && { newest }),
  };
}

/** Shows a stage of a model and who is in it. */
export const getStage: UseCase<{ params: OneStage }, StageView> =
  (ports) =>
  async ({ params }, call) => {
    const model = await pastModel(ports, call, params.model);
    const stage = stageNamed(model.stages, params.stage, 'path.stage');
    return { body: await stageView(ports, model, model.name, stage) };
  };

/** Lists the stages of a model and who is in each. */
export const listStages: UseCase<{ params: { model: string } }, { items: StageView[] }> =
  (ports) =>
  async ({ params }, call) => {
    const model = await pastModel(ports, call, params.model);
    const items = await Promise.all(model.stages.stages.map((stage) => stageView(ports, model, model.name, stage)));
    return { body: { items } };
  };

function stayView({ entered: _, left: __, exclusive: ___, admitted: ____, ...shown }: Stay): StayView {
  return shown;
}

function stageSlot(stage: string): Slot {
  if (stage === INITIAL_STAGE)
    throw invalid('path.stage', stage, 'a stage that versions hold; None means that they hold none');
  return { stage };
}

async function history(
  ports: Ports,
  call: Call,
  named: string,
  slot: Slot,
  page: PageRequest,
): Promise<Answer<Page<StayView>>> {
  const { workspace, id, deletedAt } = await pastModel(ports, call, named);
  const rows = await ports.store.query<'stay'>({ kind: 'stay', workspace, modelId: id, slot }, page);
  const ended = deletedAt === undefined ? {} : { to: deletedAt };
  return { body: { ...rows, items: rows.items.map((stay) => ({ ...ended, ...stayView(stay) })) } };
}

/** Tells which versions held a stage, and when. */
export const getStageHistory: UseCase<{ params: OneStage; page: PageRequest }, Page<StayView>> =
  (ports) =>
  async ({ params, page }, call) =>
    history(ports, call, params.model, stageSlot(params.stage), page);

/** Tells which versions held an alias, and when. */
export const getAliasHistory: UseCase<{ params: OneAlias; page: PageRequest }, Page<StayView>> =
  (ports) =>
  async ({ params, page }, call) =>
    history(ports, call, params.model, { alias: params.alias }, page);

/**
 * Stays that cover a time, newest first. They are read backwards from the time on; one that began when no other could
 * go on ends the search.
 */
async function holdersAt(
  ports: Ports,
  call: Call,
  named: string,
  slot: Slot,
  at: string,
  page: PageRequest,
): Promise<Answer<HoldersAt>> {
  const model = await pastModel(ports, call, named);
  if (model.deletedAt !== undefined && at >= model.deletedAt) return { body: { at, items: [] } };
  const range = { kind: 'stay', workspace: model.workspace, modelId: model.id, slot, until: at } as const;
  const rows = await ports.store.query<'stay'>(range, { ...page, order: 'descending' });
  const last = rows.items.findIndex(({ exclusive }) => exclusive);
  const read = last < 0 ? rows.items : rows.items.slice(0, last + 1);
  const ended = model.deletedAt === undefined ? {} : { to: model.deletedAt };
  const items = read.filter(({ to }) => to === undefined || to > at).map((stay) => ({ ...ended, ...stayView(stay) }));
  return { body: { at, items, ...(last < 0 && rows.next !== undefined && { next: rows.next }) } };
}

/** Tells which version held a stage at a time. */
export const getStageHolders: UseCase<{ params: OneStage; query: { at: string }; page: PageRequest }, HoldersAt> =
  (ports) =>
  async ({ params, query, page }, call) =>
    holdersAt(ports, call, params.model, stageSlot(params.stage), query.at, page);

/** Tells which version held an alias at a time. */
export const getAliasHolder: UseCase<{ params: OneAlias; query: { at: string }; page: PageRequest }, HoldersAt> =
  (ports) =>
  async ({ params, query, page }, call) =>
    holdersAt(ports, call, params.model, { alias: params.alias }, query.at, page);
