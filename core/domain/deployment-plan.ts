import {
  type Deployment,
  type DeploymentCause,
  type DeploymentState,
  isSettled,
  sameWish,
  type Wish,
} from './deployment';
import type { Target } from './target';

/** What the host says of an endpoint. */
export interface EndpointFacts {
  readonly status:
    | 'Creating'
    | 'Updating'
    | 'SystemUpdating'
    | 'RollingBack'
    | 'InService'
    | 'OutOfService'
    | 'UpdateRollbackFailed'
    | 'Failed'
    | 'Deleting';
  /** The configuration that it uses, or that it is created with. */
  readonly config: string;
  /** The configuration that it is being updated to. */
  readonly pendingConfig?: string;
  /** Traffic is on the new configuration, under the eyes of the alarms. */
  readonly baking: boolean;
  /** ISO 8601, UTC. */
  readonly lastModified: string;
  readonly failure?: string;
}

/** What is known when the next step is decided. */
export interface Situation {
  readonly target: Target;
  /** Absent: whatever runs stays as it is. */
  readonly wish?: Wish | 'nothing';
  readonly isFallback: boolean;
  /** What serves goes on and would not be deployed any more. */
  readonly isTolerated: boolean;
  /** The model is deleted: nobody reports on its deployments any more. */
  readonly isModelGone: boolean;
  readonly current?: Deployment;
  readonly serving?: Deployment;
  /** Absent where the host has none; of no meaning for targets that others deploy to. */
  readonly endpoint?: EndpointFacts;
}

/** What happens next, one thing at a time: after each of them the situation is looked at anew. */
export type Step =
  /** Nothing is to be done. */
  | { readonly do: 'nothing' }
  /** The host is busy and will tell when it is not any more. */
  | { readonly do: 'wait' }
  /** A new deployment begins; one that is under way ends as superseded. */
  | { readonly do: 'request'; readonly wish: Wish; readonly cause: DeploymentCause }
  /** The newest deployment, or the one that serves, has come to another state. */
  | { readonly do: 'mark'; readonly deployment: Deployment; readonly state: DeploymentState; readonly reason?: string }
  /** Nothing runs on the target any more: it is removed. */
  | { readonly do: 'remove_target' }
  /** Files, models and the configuration of the newest deployment are made ready at the host. */
  | { readonly do: 'prepare' }
  | { readonly do: 'create_endpoint' | 'update_endpoint' | 'delete_endpoint' }
  /** What nothing uses any more is removed from the host. */
  | { readonly do: 'tidy' };

/** Statuses in which the host takes no change of the endpoint. */
const BUSY: readonly EndpointFacts['status'][] = ['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting'];

/** Decides the next step: desired against actual. */
export function plan(situation: Situation): Step {
  const { target, wish } = situation;
  if (wish === 'nothing') return takeDown(situation);
  const external = target.spec.kind === 'external';
  const { current } = situation;
  if (current && !isSettled(current.state))
    return external ? awaitReport(situation, current) : advance(situation, current);
  return external ? announce(situation) : compare(situation);
}

/** A deployment that others carry out goes on until they report, or until something else is wanted. */
function awaitReport(situation: Situation, current: Deployment): Step {
  const { wish } = situation;
  if (current.state === 'removing') return typeof wish === 'object' ? request(situation, wish) : { do: 'wait' };
  return otherWish(situation, current) ?? { do: 'wait' };
}

function announce(situation: Situation): Step {
  const { wish, serving } = situation;
  if (typeof wish !== 'object' || runs(serving, wish)) return { do: 'nothing' };
  return request(situation, wish);
}

function runs(serving: Deployment | undefined, wish: Wish): serving is Deployment {
  return serving?.state === 'in_service' && sameWish(serving.wish, wish);
}

function request({ serving, isFallback }: Situation, wish: Wish): Step {
  return { do: 'request', wish, cause: causeOf(serving?.wish, wish, isFallback) };
}

function causeOf(before: Wish | undefined, wish: Wish, isFallback: boolean): DeploymentCause {
  if (isFallback) return 'fallback';
  if (before === undefined || before.version !== wish.version || before.digest !== wish.digest) return 'stage';
  if (before.revision !== wish.revision) return 'target';
  return sameWish(before, wish) ? 'drift' : 'variant';
}

/** No deployment is under way: what runs must be what is wanted, and the endpoint as it was left. */
function compare(situation: Situation): Step {
  const { target, wish, serving, endpoint, isTolerated } = situation;
  if (endpoint && BUSY.includes(endpoint.status)) return { do: 'wait' };
  if (typeof wish !== 'object') {
    const lost = serving && lostIn(endpoint, serving);
    if (lost) return lost;
    // What is left of a first deployment that failed can only be deleted.
    return endpoint?.status === 'Failed' ? { do: 'delete_endpoint' } : tidyOr(situation);
  }
  if (!runs(serving, wish)) return request(situation, wish);
  const lost = lostIn(endpoint, serving);
  // Somebody changed the endpoint by hand: it is put right once, not again and again, and never with a version that the gate objects to.
  if (lost && !isTolerated && !couldNotBeMended(target, serving)) return { do: 'request', wish, cause: 'drift' };
  return lost ?? tidyOr(situation);
}

/** What serves according to the registry does not, because somebody has deleted or changed the endpoint. */
function lostIn(endpoint: EndpointFacts | undefined, serving: Deployment): Step | undefined {
  if (serving.state !== 'in_service') return undefined;
  if (!endpoint) return { do: 'mark', deployment: serving, state: 'deleted', reason: 'the endpoint is gone' };
  if (endpoint.config === serving.config && endpoint.status !== 'Failed') return undefined;
  const reason = 'somebody changed the endpoint to another configuration';
  return { do: 'mark', deployment: serving, state: 'superseded', reason };
}

function couldNotBeMended({ failed }: Target, { wish, revision }: Deployment): boolean {
  return failed.some(
    ({ variant, version, digest, sequence }) =>
      variant === undefined && version === wish.version && digest === wish.digest && sequence > revision,
  );
}

/** What nothing uses any more is removed, while the endpoint rests. */
function tidyOr({ target: { litter }, endpoint }: Situation): Step {
  const isUsed = litter.some(({ config }) => config !== undefined && config === endpoint?.config);
  return litter.length > 0 && !isUsed ? { do: 'tidy' } : { do: 'nothing' };
}

/** Brings the deployment that is under way one step further, or gives way to another wish where that is still possible. */
function advance(situation: Situation, current: Deployment): Step {
  const { endpoint } = situation;
  if (endpoint && BUSY.includes(endpoint.status)) return observe(endpoint, current);
  const isOurs = current.config !== undefined && endpoint?.config === current.config;
  if (isOurs) return conclude(endpoint as EndpointFacts, current);
  if (endpoint && wasTakenBack(endpoint, current)) return { do: 'mark', deployment: current, ...outcomeOf(endpoint) };
  const other = otherWish(situation, current) ?? otherContainers(situation, current);
  if (other) return other;
  if (current.state === 'requested' || current.state === 'preparing') return { do: 'prepare' };
  if (!endpoint) return { do: 'create_endpoint' };
  // An endpoint whose creation failed can only be deleted.
  if (endpoint.status === 'Failed') return { do: 'delete_endpoint' };
  if (current.before !== endpoint.lastModified) return { do: 'prepare' };
  return { do: 'update_endpoint' };
}

/** The host is at work: on this deployment, or still on another one. */
function observe(endpoint: EndpointFacts, current: Deployment): Step {
  const target = endpoint.pendingConfig ?? endpoint.config;
  const isOurs = current.config !== undefined && target === current.config;
  if (isOurs && endpoint.baking && current.state === 'creating') {
    return { do: 'mark', deployment: current, state: 'baking' };
  }
  return { do: 'wait' };
}

/** The endpoint uses this deployment's configuration and is not being changed. */
function conclude(endpoint: EndpointFacts, current: Deployment): Step {
  if (endpoint.status === 'InService') return { do: 'mark', deployment: current, state: 'in_service' };
  const reason = endpoint.failure ?? `the endpoint is ${endpoint.status}`;
  return { do: 'mark', deployment: current, state: 'failed', reason };
}

/**
 * The host was told to use this deployment's configuration, has changed the endpoint since then, and does not use it: it
 * went back to the one before. As long as the endpoint is as it was before, it was never told.
 */
function wasTakenBack(endpoint: EndpointFacts, { state, before }: Deployment): boolean {
  if (!['creating', 'baking'].includes(state) || endpoint.status === 'Failed') return false;
  return before !== undefined && before !== '' && endpoint.lastModified > before;
}

function outcomeOf({ status, failure }: EndpointFacts): { state: DeploymentState; reason: string } {
  if (status === 'UpdateRollbackFailed')
    return { state: 'failed', reason: failure ?? 'neither update nor rollback worked' };
  return { state: 'rolled_back', reason: failure ?? 'the endpoint went back to the configuration before' };
}

/** What is wanted by now, where that is another thing and the host has not begun. */
function otherWish(situation: Situation, current: Deployment): Step | undefined {
  const { wish, serving } = situation;
  if (typeof wish !== 'object') {
    return { do: 'mark', deployment: current, state: 'superseded', reason: 'no version may be deployed' };
  }
  if (sameWish(current.wish, wish)) return undefined;
  if (runs(serving, wish)) {
    return { do: 'mark', deployment: current, state: 'superseded', reason: 'what serves is wanted again' };
  }
  return request(situation, wish);
}

/** The containers were edited before the host got to know them: it is another deployment then. */
function otherContainers(situation: Situation, { wish: { containers }, state }: Deployment): Step | undefined {
  const { wish } = situation;
  const isMade = state !== 'requested' && state !== 'preparing';
  if (isMade || typeof wish !== 'object' || containers === undefined || containers === wish.containers)
    return undefined;
  return request(situation, wish);
}

/** Nothing may run: the endpoint goes, and with it every deployment that is not over; a target that was deleted goes last. */
function takeDown(situation: Situation): Step {
  const { target, current, serving, endpoint } = situation;
  if (target.spec.kind === 'external') return askToTakeDown(situation);
  const live = liveOf(current, serving);
  if (endpoint) {
    if (BUSY.includes(endpoint.status)) return { do: 'wait' };
    if (live && live.state === 'in_service') return { do: 'mark', deployment: live, state: 'removing' };
    return { do: 'delete_endpoint' };
  }
  return live ? { do: 'mark', deployment: live, state: 'deleted' } : forget(situation);
}

/**
 * Others take down what they deployed, or have begun to deploy: they are asked once, by `removing`, and have the last word. Nobody
 * can have it any more of a model that is deleted.
 */
function askToTakeDown(situation: Situation): Step {
  const { current, serving, isModelGone } = situation;
  const live = liveOf(serving, current);
  if (!live) return forget(situation);
  // What is under way makes way for what serves: both are in one place, which is taken down.
  if (current && current.id !== live.id && !isSettled(current.state)) {
    return { do: 'mark', deployment: current, state: 'superseded', reason: 'nothing may run any more' };
  }
  if (live.state !== 'removing') return { do: 'mark', deployment: live, state: 'removing' };
  return isModelGone ? { do: 'mark', deployment: live, state: 'deleted' } : { do: 'wait' };
}

/** Nothing runs any more. */
function forget({ target }: Situation): Step {
  if (target.litter.length > 0) return { do: 'tidy' };
  return target.removing ? { do: 'remove_target' } : { do: 'nothing' };
}

/** The first deployment of these that is not over. */
function liveOf(...deployments: readonly (Deployment | undefined)[]): Deployment | undefined {
  const over: readonly DeploymentState[] = ['failed', 'rolled_back', 'superseded', 'deleted'];
  return deployments.find((each) => each && !over.includes(each.state));
}
