import { requested } from '../domain/deployment-steps';
import { invalid, RegistryError } from '../domain/errors';
import { gate, objectionText } from '../domain/gate';
import { type Key, put } from '../domain/records';
import { stageNamed } from '../domain/stages';
import type { Target } from '../domain/target';
import { checkUnlocked, type Version } from '../domain/version';
import type { Ports } from '../ports';
import type { Call, Decision, UseCase } from './call';
import { historyOf } from './change-version';
import { containersOf, governedBy, type Ruled } from './deploy/governing';
import { writesOf } from './deploy/keep';
import { wishFor } from './deploy/look';
import { type DeploymentView, deploymentEtag, deploymentView } from './deployments';
import { checkIfMatch } from './etag';
import { execute } from './execute';
import { bypassing, type Mark, type Policies, passedOver, policyKeys, unchangedPolicy } from './guarding';
import { checkActive, type Loaded, loadModel, unchangedSince } from './load';
import { missingTarget, type TargetView, targetEtag, targetKey, targetView } from './targets';
import { archive, move, openIn, withoutOverwritten } from './transition';

interface OneTarget {
  readonly model: string;
  readonly stage: string;
}

async function loadTarget(ports: Ports, call: Call, { model, stage }: OneTarget) {
  const loaded = await loadModel<['target', 'policy', 'policy']>(ports, call, model, (modelId) => [
    targetKey(call.workspace, modelId, stage),
    ...policyKeys(call.workspace, modelId),
  ]);
  const [target, own, common] = loaded.also;
  const policies: Policies = { model: own, workspace: common };
  checkActive(loaded.model);
  if (!target) throw missingTarget(stage);
  checkIfMatch(call.ifMatch, targetEtag(target));
  const { workspace, modelId } = target;
  const deployment = async (id: string | undefined) => {
    if (id === undefined) return undefined;
    const key: Key<'deployment'> = { kind: 'deployment', workspace, modelId, id };
    return ports.store.get<'deployment'>(key, { consistent: true });
  };
  const [current, serving] = await Promise.all([deployment(target.current), deployment(target.serving)]);
  return { loaded: { ...loaded, also: [] } as Loaded, target, current, serving, policies };
}

/** The version to go back to: the one that is named, or else the last that served before and that the gate lets through. */
async function earlier(
  ports: Ports,
  loaded: Loaded,
  target: Target,
  version: number | undefined,
  now: string,
): Promise<Version> {
  const { workspace, modelId, served, stage } = target;
  const scheme = loaded.model.stages.stages.find(({ name }) => name === stage);
  const numbers = version === undefined ? served.slice(1) : served.slice(1).filter((number) => number === version);
  if (version !== undefined && numbers.length === 0) {
    throw invalid(
      'body.version',
      version,
      `one of those that served here before: ${served.slice(1).join(', ') || 'none'}`,
    );
  }
  const refusals: { field: string; value: number; rule: string }[] = [];
  for (const number of numbers) {
    const key: Key<'version'> = { kind: 'version', workspace, modelId, number };
    const record = await ports.store.get<'version'>(key, { consistent: true });
    // What the policy asks for is passed over, and told.
    const objections = gate(record, { rules: target, stage: scheme, now, containers: containersOf(ports, record) });
    if (objections.length === 0) return unchangedSince(loaded, record);
    refusals.push({ field: 'path.stage', value: number, rule: objections.map(objectionText).join('; ') });
  }
  const none = 'No version that served here before may be deployed.';
  throw new RegistryError(
    'nothing_to_deploy',
    none,
    refusals.length > 0 ? refusals : [{ field: 'path.stage', value: stage, rule: 'a version served here before' }],
  );
}

/** What the policy of a stage asks for by now of a version that is in it. */
async function stillLacks(ports: Ports, ruled: Ruled, target: Target, version: Version, now: string): Promise<Mark> {
  const { stage: name } = target;
  const stage = ruled.model.stages.stages.find((each) => each.name === name);
  const governed = await governedBy(ports, ruled, name, version, version.stay?.admitted);
  const containers = containersOf(ports, version);
  const missing = gate(version, { rules: target, stage, now, containers, governed }).flatMap(({ code, says }) =>
    code === 'policy_unsatisfied' ? [says] : [],
  );
  return missing.length > 0 ? bypassing(ports, { policies: ruled.policies, target: { stage: name } }, missing) : {};
}

interface Rollback {
  params: OneTarget;
  body: { version?: number | undefined; reason?: string | undefined };
}

/**
 * Goes back to the version that served before. It is the stage that goes back, whatever transitions its model allows, so
 * that what is wanted and what runs stay the same; who came in since then is archived. A policy that asks for more than
 * there is does not hold up the way back to what it let in before: the audit marks that it was passed over.
 */
export const rollbackTarget: UseCase<Rollback, TargetView> =
  (ports) =>
  ({ params, body }, call) =>
    execute(ports, call, async (): Promise<Decision<TargetView>> => {
      const { loaded, target, policies } = await loadTarget(ports, call, params);
      const { model } = loaded;
      const history = historyOf(ports, call, loaded);
      const back = await earlier(ports, loaded, target, body.version, history.at);
      checkUnlocked(back);
      const stage = stageNamed(model.stages, params.stage, 'path.stage');
      const isIn = back.stage === stage.name;
      const mark = isIn
        ? await stillLacks(ports, { ...loaded, policies }, target, back, history.at)
        : await passedOver(ports, loaded, { version: back, target: { stage: stage.name }, policies, now: history.at });
      const later = await openIn(ports, loaded, stage.name, isIn ? back.stay?.entered : undefined);
      const reason = body.reason ?? `rolled back to version ${back.number}`;
      const leaving = later.filter(({ number }) => number !== back.number);
      const archived = leaving.flatMap((version) => archive(version, loaded, history, reason));
      // The gate judges by how a version came in: one that is there and whose policy is passed over comes in anew.
      const moves = isIn && !mark.bypassed ? [] : move(back, model, stage, { ...mark, reason }, history).writes;
      const left = new Set([...leaving.map(({ number }) => number), target.served[0]]);
      const next: Target = {
        ...target,
        served: target.served.filter((number) => !left.has(number) || number === back.number),
      };
      const closed = history.close();
      const kept = put<'target'>(targetKey(call.workspace, model.id, params.stage), next);
      return {
        answer: { body: targetView(next, model.name), etag: targetEtag(next) },
        change: {
          heads: closed.heads,
          writes: [...withoutOverwritten([...archived, ...moves]), kept, ...closed.writes],
          absent: [],
          unchanged: unchangedPolicy(call.workspace, policies),
        },
      };
    });

/** Deploys what is wanted once more, also where that failed before. What serves against the gate's objections is not deployed anew. */
export const redeployTarget: UseCase<{ params: OneTarget }, DeploymentView> =
  (ports) =>
  ({ params }, call) =>
    execute(ports, call, async (): Promise<Decision<DeploymentView>> => {
      const { loaded, target: before, current, serving, policies } = await loadTarget(ports, call, params);
      const target: Target = { ...before, failed: [] };
      const { wish, refused, tolerated } = await wishFor(ports, { ...loaded, policies }, target, serving);
      if (typeof wish !== 'object' || tolerated) {
        const objected = tolerated ?? refused;
        throw new RegistryError('nothing_to_deploy', `No version may be deployed to ${params.stage}.`, [
          {
            field: 'path.stage',
            value: objected?.version ?? params.stage,
            rule: objected?.objections.join('; ') ?? 'holds a version',
          },
        ]);
      }
      const history = historyOf(ports, call, loaded);
      const asked = { id: ports.newId(), wish, cause: 'redeploy' } as const;
      const outcome = requested(target, { current, serving }, asked, history);
      const closed = history.close();
      const deployment = outcome.deployments.at(-1);
      if (!deployment) throw new Error('nothing was requested');
      return {
        answer: { body: deploymentView(deployment, loaded.model.name), etag: deploymentEtag(deployment) },
        change: {
          heads: closed.heads,
          writes: [...writesOf(outcome), ...closed.writes],
          absent: [],
          unchanged: unchangedPolicy(call.workspace, policies),
        },
      };
    });
