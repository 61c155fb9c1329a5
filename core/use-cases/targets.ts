import { invalid, RegistryError } from '../domain/errors';
import { differenceBetween } from '../domain/event';
import type { Monitor } from '../domain/monitoring';
import { type Key, put, type Write } from '../domain/records';
import { INITIAL_STAGE, stageNamed } from '../domain/stages';
import {
  checkSageMaker,
  checkSystem,
  type ExternalSpec,
  endpointName,
  type Objected,
  type SageMakerSpec,
  type Target,
  type TargetSaid,
  type TargetSpec,
} from '../domain/target';
import type { Page, PageRequest, Ports } from '../ports';
import type { Call, Decision, UseCase } from './call';
import { historyOf } from './change-version';
import { checkIfMatch } from './etag';
import { execute } from './execute';
import { checkActive, loadModel, modelIdOf } from './load';
import type { Loose } from './loose';

/** A target as callers see it. */
export type TargetView = Omit<TargetSaid, 'spec'> & {
  readonly workspace: string;
  readonly model: string;
  readonly stage: string;
  readonly sagemaker?: Omit<SageMakerSpec, 'kind'>;
  readonly external?: Omit<ExternalSpec, 'kind'>;
  readonly current?: string;
  readonly serving?: string;
  readonly refused?: Objected;
  readonly tolerated?: Objected;
  readonly monitors?: readonly Monitor[];
  readonly removing: boolean;
} & Pick<Target, 'createdAt' | 'createdBy' | 'updatedAt' | 'updatedBy' | 'generation'>;

export function targetView(target: Target, model: string): TargetView {
  const { modelId: _, revision: __, served, failed, litter, spec, removing, ...shown } = target;
  const { kind, ...said } = spec;
  return { ...shown, model, removing: removing === true, [kind]: said };
}

export function targetEtag({ modelId, revision }: Target): string {
  return `"${modelId}.${revision}"`;
}

export function missingTarget(stage: string): RegistryError {
  return new RegistryError('target_not_found', `Stage ${stage} has no deployment target.`, [
    { field: 'path.stage', value: stage, rule: 'has a target' },
  ]);
}

interface OneTarget {
  readonly model: string;
  readonly stage: string;
}

type SaidSageMaker = Loose<Omit<SageMakerSpec, 'kind' | 'endpoint'>> & { readonly name?: string | undefined };

interface PutTarget {
  params: OneTarget;
  body: Loose<Omit<TargetSaid, 'spec'>> & {
    sagemaker?: SaidSageMaker | undefined;
    external?: Loose<Omit<ExternalSpec, 'kind'>> | undefined;
  };
}

const SAID = ['spec', 'requiresApproval', 'whenLocked', 'whenExpired', 'whenNothingQualifies'] as const;

/** Says what happens when a version enters a stage. */
export const putTarget: UseCase<PutTarget, TargetView> =
  (ports) =>
  ({ params, body }, call) =>
    execute(ports, call, async (): Promise<Decision<TargetView>> => {
      const loaded = await loadModel<['target']>(ports, call, params.model, (modelId) => [
        targetKey(call.workspace, modelId, params.stage),
      ]);
      const { model, also } = loaded;
      const [before] = also;
      checkActive(model);
      checkIfMatch(call.ifMatch, before && targetEtag(before));
      if (params.stage === INITIAL_STAGE) throw invalid('path.stage', params.stage, 'a stage that versions enter');
      stageNamed(model.stages, params.stage, 'path.stage');
      const { sagemaker: _, external: __, ...rules } = body;
      const said: TargetSaid = { spec: specOf(ports, body, { ...params, before }), ...rules };
      const difference = differenceBetween(before ?? {}, said, SAID);
      if (before && !before.removing && difference.changed.length === 0) {
        return { answer: { body: targetView(before, model.name), etag: targetEtag(before) } };
      }
      const history = historyOf(ports, call, loaded);
      const revision = history.add({
        type: 'target.set',
        ...difference,
        current: { ...difference.current, stage: params.stage },
      });
      const target = nextTarget(before, said, { call, modelId: model.id, stage: params.stage, history, revision });
      const closed = history.close();
      const key = targetKey(call.workspace, model.id, params.stage);
      const named = !before ? nameOf(target) : undefined;
      return {
        answer: { body: targetView(target, model.name), etag: targetEtag(target) },
        change: {
          heads: closed.heads,
          writes: [put<'target'>(key, target), ...(named ? [named.write] : []), ...closed.writes],
          absent: named && (await isFree(ports, named.key)) ? [named.key] : [],
        },
      };
    });

/** @throws RegistryError endpoint_taken */
async function isFree(ports: Ports, key: Key<'endpoint'>): Promise<true> {
  if (!(await ports.store.get<'endpoint'>(key, { consistent: true }))) return true;
  throw new RegistryError('endpoint_taken', `The endpoint ${key.name} belongs to another target.`, [
    { field: 'body.sagemaker.name', value: key.name, rule: 'a name of its own' },
  ]);
}

function nameOf({ spec, workspace, modelId, stage }: Target): { key: Key<'endpoint'>; write: Write } | undefined {
  if (spec.kind !== 'sagemaker') return undefined;
  const key: Key<'endpoint'> = { kind: 'endpoint', name: spec.endpoint };
  return { key, write: put<'endpoint'>(key, { workspace, modelId, stage }) };
}

function nextTarget(
  before: Target | undefined,
  said: TargetSaid,
  place: { call: Call; modelId: string; stage: string; history: ReturnType<typeof historyOf>; revision: number },
): Target {
  const { at, actor } = place.history;
  const changed = { ...said, updatedAt: at, updatedBy: actor, revision: place.revision };
  if (before) {
    const { removing: _, ...kept } = before;
    return { ...kept, ...changed };
  }
  const { workspace } = place.call;
  const { modelId, stage } = place;
  const fresh = { generation: 0, served: [], failed: [], litter: [] };
  return { workspace, modelId, stage, ...fresh, ...changed, createdAt: at, createdBy: actor };
}

/** @throws RegistryError invalid_input */
function specOf(
  { hosting }: Ports,
  { sagemaker, external }: PutTarget['body'],
  { model, stage, before }: OneTarget & { before: Target | undefined },
): TargetSpec {
  if ((sagemaker === undefined) === (external === undefined)) {
    throw invalid(
      'body',
      Object.keys({ ...(sagemaker && { sagemaker }), ...(external && { external }) }),
      'either sagemaker or external',
    );
  }
  if (before && before.spec.kind !== (sagemaker ? 'sagemaker' : 'external')) {
    throw invalid('body', before.spec.kind, 'of the kind that it has: delete the target to make one of another kind');
  }
  if (!sagemaker) checkSystem((external as ExternalSpec).system, 'body.external.system');
  if (!sagemaker) return { ...(external as Omit<ExternalSpec, 'kind'>), kind: 'external' };
  const { name, ...rest } = sagemaker as Omit<SageMakerSpec, 'kind' | 'endpoint'> & { name?: string };
  const said = name ?? defaultName(model, stage);
  const endpoint =
    name === undefined && before?.spec.kind === 'sagemaker'
      ? before.spec.endpoint
      : endpointName(hosting.endpointPrefix, said, 'body.sagemaker.name');
  if (before?.spec.kind === 'sagemaker' && before.spec.endpoint !== endpoint) {
    throw invalid('body.sagemaker.name', said, `as it is: the endpoint is ${before.spec.endpoint}`);
  }
  const whole = { kind: 'sagemaker', endpoint, ...rest } as const;
  checkSageMaker(whole, stage, hosting.executionRoles, 'body.sagemaker');
  return whole;
}

/** Plain letters and digits of model and stage. A model without any needs a name that the caller says. */
function defaultName(model: string, stage: string): string {
  return `${model} ${stage}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 32)
    .replace(/-$/, '');
}

export function targetKey(workspace: string, modelId: string, stage: string): Key<'target'> {
  return { kind: 'target', workspace, modelId, stage };
}

/** Shows a target. */
export const getTarget: UseCase<{ params: OneTarget }, TargetView> =
  (ports) =>
  async ({ params }, call) => {
    const modelId = await modelIdOf(ports, call, params.model);
    const target = await ports.store.get<'target'>(targetKey(call.workspace, modelId, params.stage));
    if (!target) throw missingTarget(params.stage);
    return { body: targetView(target, params.model), etag: targetEtag(target) };
  };

/** Lists the targets of a model by stage. */
export const listTargets: UseCase<{ params: { model: string }; page: PageRequest }, Page<TargetView>> =
  (ports) =>
  async ({ params, page }, call) => {
    const modelId = await modelIdOf(ports, call, params.model);
    const rows = await ports.store.query<'target'>(
      { kind: 'target', of: { workspace: call.workspace, modelId } },
      page,
    );
    return { body: { ...rows, items: rows.items.map((target) => targetView(target, params.model)) } };
  };

/** Deletes a target: first what runs there is taken down. */
export const deleteTarget: UseCase<{ params: OneTarget }, void> =
  (ports) =>
  ({ params }, call) =>
    execute(ports, call, async () => {
      const loaded = await loadModel<['target']>(ports, call, params.model, (modelId) => [
        targetKey(call.workspace, modelId, params.stage),
      ]);
      const [target] = loaded.also;
      checkActive(loaded.model);
      checkIfMatch(call.ifMatch, target && targetEtag(target));
      if (!target) throw missingTarget(params.stage);
      if (target.removing) return { answer: { body: undefined } };
      const history = historyOf(ports, call, loaded);
      const { spec } = target;
      const where = spec.kind === 'sagemaker' ? { endpoint: spec.endpoint } : { system: spec.system };
      const revision = history.add({
        type: 'target.deleted',
        changed: ['stage'],
        previous: { stage: params.stage, ...where },
        current: {},
      });
      const next: Target = { ...target, removing: true, updatedAt: history.at, updatedBy: history.actor, revision };
      const closed = history.close();
      const key = targetKey(call.workspace, loaded.model.id, params.stage);
      return {
        answer: { body: undefined },
        change: { heads: closed.heads, writes: [put<'target'>(key, next), ...closed.writes], absent: [] },
      };
    });
