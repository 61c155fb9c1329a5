import { RegistryError } from '../domain/errors';
import { sameJson } from '../domain/json';
import type { Model } from '../domain/model';
import { type Key, put, type Write } from '../domain/records';
import type { Stage, StageScheme } from '../domain/stages';
import type { Version } from '../domain/version';
import type { Ports } from '../ports';
import { holderOfSlot } from './stays';

/**
 * Writes that make a new stage scheme true of the versions that are in stages already: a stage that becomes exclusive
 * gets its only version as holder, one that no longer is loses its holder.
 * @throws RegistryError stage_in_use when a removed stage has a version, or one that becomes exclusive has several
 */
export async function changeStageScheme(ports: Ports, model: Model, next: StageScheme): Promise<Write[]> {
  if (sameJson(model.stages, next)) return [];
  const stages = [...new Set([...model.stages.stages, ...next.stages].map(({ name }) => name))];
  const named = (scheme: StageScheme, name: string): Stage | undefined =>
    scheme.stages.find((stage) => stage.name === name);
  const writes = await Promise.all(
    stages.map(async (name) => {
      const [was, is] = [named(model.stages, name), named(next, name)];
      if (!is) return removeStage(ports, model, name);
      if (is.exclusive && !was?.exclusive) return makeExclusive(ports, model, name);
      if (!is.exclusive && was?.exclusive) return [{ delete: holderKey(model, name) }];
      return [];
    }),
  );
  return writes.flat();
}

function holderKey(model: Model, stage: string): Key<'holder'> {
  return { kind: 'holder', workspace: model.workspace, modelId: model.id, slot: { stage } };
}

async function membersOf(ports: Ports, model: Model, stage: string) {
  const page = await ports.store.query<'member'>(
    { kind: 'member', workspace: model.workspace, modelId: model.id, stage },
    { limit: 2, order: 'descending', consistent: true },
  );
  return page.items;
}

function inUse(stage: string, rule: string): RegistryError {
  return new RegistryError('stage_in_use', `Stage ${stage} is in use.`, [{ field: 'body.stages', value: stage, rule }]);
}

async function removeStage(ports: Ports, model: Model, stage: string): Promise<Write[]> {
  const [member] = await membersOf(ports, model, stage);
  if (member) throw inUse(stage, `kept while version ${member.version} is in it`);
  return [];
}

async function makeExclusive(ports: Ports, model: Model, stage: string): Promise<Write[]> {
  const [member, another] = await membersOf(ports, model, stage);
  if (another) throw inUse(stage, 'exclusive only when at most one version is in it');
  if (!member) return [];
  const key: Key<'version'> = {
    kind: 'version',
    workspace: model.workspace,
    modelId: model.id,
    number: member.version,
  };
  const version = (await ports.store.get(key, { consistent: true })) as Version;
  const { stay, artifacts } = version;
  if (!stay || !artifacts) return [];
  return [
    put<'holder'>(
      holderKey(model, stage),
      holderOfSlot(stage, version, { since: stay.from, by: stay.by, artifacts, revision: stay.entered }),
    ),
  ];
}
