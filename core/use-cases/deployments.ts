import {
  DEPLOYMENT_MOVES,
  type Deployment,
  type DeploymentState,
  type ReportedState,
  type Wish,
} from '../domain/deployment';
import { marked, moved } from '../domain/deployment-steps';
import { invalid, RegistryError } from '../domain/errors';
import { gate, objectionText } from '../domain/gate';
import { type Key, put } from '../domain/records';
import { checkSystem, type Target, type TargetSpec } from '../domain/target';
import { checkReady } from '../domain/version';
import type { Page, PageRequest, Ports } from '../ports';
import type { Decision, UseCase } from './call';
import { historyOf } from './change-version';
import { containersOf, governedBy } from './deploy/governing';
import { writesOf } from './deploy/keep';
import { checkIfMatch } from './etag';
import { execute } from './execute';
import { policyKeys } from './guarding';
import { loadModel, loadVersion, modelIdOf } from './load';

/** A deployment as callers see it. */
export type DeploymentView = Pick<
  Deployment,
  | 'id'
  | 'workspace'
  | 'stage'
  | 'generation'
  | 'cause'
  | 'state'
  | 'reason'
  | 'objections'
  | 'inServiceAt'
  | 'finishedAt'
> &
  Pick<Deployment, 'createdAt' | 'createdBy' | 'updatedAt' | 'updatedBy'> & {
    readonly model: string;
    readonly version: number;
    readonly artifactDigest: string;
    readonly variants: Wish['variants'];
    readonly kind: TargetSpec['kind'];
    readonly endpoint?: string;
    readonly config?: string;
    readonly system?: string;
    readonly url?: string;
  };

export function deploymentView(deployment: Deployment, model: string): DeploymentView {
  const { modelId, wish, spec, models, keeps, monitors, packing, before, revision, ...shown } = deployment;
  const where =
    spec.kind === 'sagemaker'
      ? { endpoint: spec.endpoint }
      : { system: spec.system, ...(spec.url !== undefined && { url: spec.url }) };
  const { version, digest, variants } = wish;
  return { ...shown, model, version, artifactDigest: digest, variants, kind: spec.kind, ...where };
}

export function deploymentEtag({ id, revision }: Deployment): string {
  return `"${id}.${revision}"`;
}

function answerOf(deployment: Deployment, model: string) {
  return { body: deploymentView(deployment, model), etag: deploymentEtag(deployment) };
}

function missing(id: string): RegistryError {
  return new RegistryError('deployment_not_found', `Deployment ${id} does not exist.`, [
    { field: 'path.deployment', value: id, rule: 'exists' },
  ]);
}

interface OneDeployment {
  readonly model: string;
  readonly deployment: string;
}

/** Shows a deployment. */
export const getDeployment: UseCase<{ params: OneDeployment }, DeploymentView> =
  (ports) =>
  async ({ params }, call) => {
    const modelId = await modelIdOf(ports, call, params.model);
    const { workspace } = call;
    const found = await ports.store.get<'deployment'>({
      kind: 'deployment',
      workspace,
      modelId,
      id: params.deployment,
    });
    if (!found) throw missing(params.deployment);
    return answerOf(found, params.model);
  };

/** Lists the deployments of a model in the order of their requests. */
export const listDeployments: UseCase<{ params: { model: string }; page: PageRequest }, Page<DeploymentView>> =
  (ports) =>
  async ({ params, page }, call) => {
    const modelId = await modelIdOf(ports, call, params.model);
    const { workspace } = call;
    const rows = await ports.store.query<'deployment'>({ kind: 'deployment', workspace, modelId }, page);
    return { body: { ...rows, items: rows.items.map((each) => deploymentView(each, params.model)) } };
  };

interface Report {
  params: OneDeployment;
  body: { state: ReportedState; reason?: string | undefined };
}

/**
 * Notes what became of a deployment that others carry out. The same report again changes nothing. It is a fact, so that an
 * archived model takes it too: what was to be taken down there would otherwise wait for ever.
 */
export const reportDeployment: UseCase<Report, DeploymentView> =
  (ports) =>
  ({ params, body }, call) =>
    execute(ports, call, async (): Promise<Decision<DeploymentView>> => {
      const { workspace } = call;
      const loaded = await loadModel<['deployment']>(ports, call, params.model, (modelId) => [
        { kind: 'deployment', workspace, modelId, id: params.deployment },
      ]);
      const { model } = loaded;
      const [deployment] = loaded.also;
      if (!deployment) throw missing(params.deployment);
      checkIfMatch(call.ifMatch, deploymentEtag(deployment));
      if (deployment.spec.kind === 'sagemaker') throw managed(params.deployment);
      if (deployment.state === body.state) return { answer: answerOf(deployment, model.name) };
      if (!DEPLOYMENT_MOVES[deployment.state].includes(body.state)) throw cannotMove(deployment, body.state);
      const history = historyOf(ports, call, loaded);
      const report = { deployment, state: body.state, reason: body.reason };
      const target = await targetOf(ports, deployment);
      const outcome = target
        ? marked(target.target, target, report, history)
        : {
            deployments: [
              moved(deployment, body.state, history, body.reason === undefined ? {} : { reason: body.reason }),
            ],
          };
      const closed = history.close();
      const writes =
        'target' in outcome
          ? writesOf(outcome)
          : outcome.deployments.map((each) => put<'deployment'>(keyOf(each), each));
      return {
        answer: answerOf(outcome.deployments[0] as Deployment, model.name),
        change: { heads: closed.heads, writes: [...writes, ...closed.writes], absent: [] },
      };
    });

function keyOf({ workspace, modelId, id }: Deployment): Key<'deployment'> {
  return { kind: 'deployment', workspace, modelId, id };
}

/** The target of a deployment, and which deployment serves there; read after the head. */
async function targetOf({ store }: Ports, { workspace, modelId, stage }: Deployment) {
  if (stage === undefined) return undefined;
  const strong = { consistent: true };
  const target: Target | undefined = await store.get<'target'>({ kind: 'target', workspace, modelId, stage }, strong);
  if (!target) return undefined;
  const serving =
    target.serving === undefined
      ? undefined
      : await store.get<'deployment'>({ kind: 'deployment', workspace, modelId, id: target.serving }, strong);
  return { target, serving };
}

function managed(id: string): RegistryError {
  return new RegistryError('deployment_managed', 'The registry itself carries this deployment out.', [
    { field: 'path.deployment', value: id, rule: 'of an external target, or recorded' },
  ]);
}

function cannotMove({ id, state }: Deployment, to: DeploymentState): RegistryError {
  const next = DEPLOYMENT_MOVES[state];
  const rule = next.length > 0 ? `from ${state} one of ${next.join(', ')}` : `${state} is the end of a deployment`;
  return new RegistryError('deployment_over', `Deployment ${id} does not go from ${state} to ${to}.`, [
    { field: 'body.state', value: to, rule },
  ]);
}

interface RecordDeployment {
  params: { model: string };
  body: {
    version: number;
    system: string;
    url?: string | undefined;
    state?: 'in_service' | 'creating' | undefined;
    reason?: string | undefined;
  };
}

/**
 * Records that a version runs somewhere. It is a fact and not refused; what the gate says against it is kept with it.
 */
export const recordDeployment: UseCase<RecordDeployment, DeploymentView> =
  (ports) =>
  ({ params, body }, call) =>
    execute(ports, call, async (): Promise<Decision<DeploymentView>> => {
      const loaded = await loadVersion<['policy', 'policy']>(
        ports,
        call,
        params.model,
        body.version,
        (modelId) => policyKeys(call.workspace, modelId),
        'body',
      );
      const { model, version, head, also } = loaded;
      checkSystem(body.system, 'body.system');
      checkIfMatch(call.ifMatch, undefined);
      checkReady(version, 'body.version');
      if (!version.artifacts) throw invalid('body.version', body.version, 'a version with files');
      const history = historyOf(ports, call, loaded);
      const stage = model.stages.stages.find(({ name }) => name === version.stage);
      const ruled = { model, head, policies: { model: also[0], workspace: also[1] } };
      const governed = await governedBy(ports, ruled, version.stage, version, version.stay?.admitted);
      const { at, actor } = history;
      const rules = { requiresApproval: true, whenLocked: 'keep', whenExpired: 'keep' } as const;
      const objections = gate(version, {
        rules,
        stage,
        now: at,
        containers: containersOf(ports, version),
        governed,
      }).map(objectionText);
      const fresh: Deployment = {
        id: ports.newId(),
        workspace: call.workspace,
        modelId: model.id,
        generation: 0,
        wish: { version: version.number, digest: version.artifacts.digest, revision: 0, variants: [] },
        spec: { kind: 'external', system: body.system, ...(body.url !== undefined && { url: body.url }) },
        cause: 'recorded',
        state: 'requested',
        ...(objections.length > 0 && { objections }),
        createdAt: at,
        createdBy: actor,
        updatedAt: at,
        updatedBy: actor,
        revision: 0,
      };
      const reason = body.reason === undefined ? {} : { reason: body.reason };
      const deployment = moved(fresh, body.state ?? 'in_service', history, reason);
      const closed = history.close();
      return {
        answer: answerOf(deployment, model.name),
        change: {
          heads: closed.heads,
          writes: [put<'deployment'>(keyOf(deployment), deployment), ...closed.writes],
          absent: [],
        },
      };
    });
