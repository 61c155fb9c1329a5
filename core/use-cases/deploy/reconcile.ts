import { plan, type Step } from '../../domain/deployment-plan';
import { marked, objected, requested } from '../../domain/deployment-steps';
import type { Target } from '../../domain/target';
import { Contention, HostRefusal, type TargetPlace } from '../../ports';
import { hostConfig } from './host-config';
import { keep, pageOf, writesOf } from './keep';
import { type Looked, look } from './look';
import { monitorStep, takeMonitorStep, touchesHost } from './monitors';
import type { DeployPorts } from './ports';
import { prepare } from './prepare';
import { takeTurn } from './turn';

/** Steps that are taken at once; a deployment has about ten. */
const MOST_STEPS = 40;

/** How a target was left: as it should be, or waiting for the host, for a deployer, for packing; or in other hands. */
export type Left = 'settled' | 'waiting' | 'busy';

/**
 * Brings a target nearer to what is wanted there, step by step, until nothing is left to do or somebody else must act
 * first. It reads what is wanted and what there is anew before each step, so that it does not matter which message led
 * here, how often or how late.
 */
export async function reconcile(ports: DeployPorts, place: TargetPlace, requestId: string): Promise<Left> {
  let turn: Awaited<ReturnType<typeof takeTurn>>;
  try {
    for (let step = 0; step < MOST_STEPS; step++) {
      try {
        const looked = await look(ports, place);
        if (!looked) return 'settled';
        if (await tellObjections(ports, looked, requestId)) continue;
        const next = plan(looked.situation);
        const watch = await monitorStep(ports, looked, next);
        if (watch.do !== 'nothing') {
          if (!turn && touchesHost(watch)) {
            turn = await takeTurn(ports, place);
            if (!turn) return 'busy';
          } else if (await takeMonitorStep(ports, looked, watch, requestId)) return 'busy';
          continue;
        }
        if (next.do === 'nothing') return 'settled';
        if (next.do === 'wait') return 'waiting';
        if (needsTurn(next) && !turn) {
          turn = await takeTurn(ports, place);
          if (!turn) return 'busy';
          continue;
        }
        if (await take(ports, looked, next, requestId)) return 'waiting';
      } catch (error) {
        if (!(error instanceof Contention)) throw error;
        await ports.pause(ports.random() * Math.min(1_000, 32 * 2 ** Math.min(step, 6)));
      }
    }
    return 'busy';
  } finally {
    await turn?.giveBack();
  }
}

function needsTurn(step: Step): boolean {
  return ['prepare', 'create_endpoint', 'update_endpoint', 'delete_endpoint', 'tidy'].includes(step.do);
}

/** Tells once what the gate objects to: in the newest version of a stage, and in the one that serves. @returns whether it did */
async function tellObjections(ports: DeployPorts, looked: Looked, requestId: string): Promise<boolean> {
  const { target, desired } = looked;
  const text = ({ refused, tolerated }: Pick<Target, 'refused' | 'tolerated'>) => JSON.stringify([refused, tolerated]);
  if (text(target) === text(desired)) return false;
  const page = pageOf(ports, looked, requestId);
  await keep(ports, page, writesOf(objected(target, desired, page)));
  return true;
}

/** Takes one step. @returns whether the next one is somebody else's */
async function take(ports: DeployPorts, looked: Looked, step: Step, requestId: string): Promise<boolean> {
  const { target, situation } = looked;
  const page = pageOf(ports, looked, requestId);
  switch (step.do) {
    case 'request': {
      const asked = { id: ports.newId(), wish: step.wish, cause: step.cause };
      await keep(ports, page, writesOf(requested(target, situation, asked, page)), looked.unchanged);
      return false;
    }
    case 'mark':
      await keep(ports, page, writesOf(marked(target, situation, step, page)));
      return false;
    case 'remove_target':
      await removeTarget(ports, looked, requestId);
      return true;
    case 'prepare':
      return prepare(ports, looked, requestId);
    default:
      return tellHost(ports, looked, step, requestId);
  }
}

/** Deletes a target that nothing runs on, and frees the name of its endpoint. */
async function removeTarget(ports: DeployPorts, looked: Looked, requestId: string): Promise<void> {
  const { workspace, modelId, stage, spec } = looked.target;
  const freed = spec.kind === 'sagemaker' ? [{ delete: { kind: 'endpoint', name: spec.endpoint } } as const] : [];
  const gone = { delete: { kind: 'target', workspace, modelId, stage } } as const;
  await keep(ports, pageOf(ports, looked, requestId), [gone, ...freed]);
}

/** Calls the host; what it refuses for good is the end of the deployment. */
async function tellHost(ports: DeployPorts, looked: Looked, step: Step, requestId: string): Promise<boolean> {
  const { target, situation } = looked;
  const { spec } = target;
  const { current } = situation;
  if (spec.kind !== 'sagemaker') throw new Error(`${target.stage} of ${target.modelId} has no host`);
  if (step.do === 'tidy') {
    await Promise.all(target.litter.map((litter) => ports.host.discard(litter)));
    await keep(
      ports,
      pageOf(ports, looked, requestId),
      writesOf({ target: { ...target, litter: [] }, deployments: [] }),
    );
    return false;
  }
  if (step.do === 'delete_endpoint') {
    await ports.host.remove(spec.endpoint);
    return true;
  }
  if (current?.config === undefined || current.spec.kind !== 'sagemaker') {
    throw new Error(`deployment ${current?.id} has nothing to run`);
  }
  try {
    if (step.do === 'create_endpoint') {
      const { config } = await hostConfig(ports, current);
      await ports.host.create(spec.endpoint, current.config, config.tags);
    } else await ports.host.update(spec.endpoint, current.config, current.spec.update);
    return true;
  } catch (error) {
    if (!(error instanceof HostRefusal)) throw error;
    const page = pageOf(ports, looked, requestId);
    const mark = { deployment: current, state: 'failed', reason: error.message } as const;
    await keep(ports, page, writesOf(marked(target, situation, mark, page)));
    return false;
  }
}
