import {
  DEPLOYMENT_MOVES,
  type Deployment,
  type DeploymentCause,
  type DeploymentState,
  eventOf,
  isSettled,
  sameMain,
  sameWish,
  variantsBesides,
  type Wish,
} from './deployment';
import type { EventDraft } from './event';
import type { Json } from './json';
import type { Actor } from './principal';
import { type FailedTry, type Litter, remember, type Target } from './target';

/** The page of a model's history that a step is written on. */
export interface Page {
  readonly at: string;
  readonly actor: Actor;
  /** Adds an event and tells its sequence. */
  add(draft: EventDraft): number;
}

/** What a step leaves behind: records as they are then, those that it did not change left out. */
export interface Outcome {
  readonly target: Target;
  readonly deployments: readonly Deployment[];
}

/** A deployment that is known to a target, besides the one that a step is about. */
export interface Known {
  readonly current?: Deployment | undefined;
  readonly serving?: Deployment | undefined;
}

/** The draft of an event about a deployment. */
function about(deployment: Deployment, state: DeploymentState, more: Record<string, Json> = {}): EventDraft {
  const { id, wish, stage, generation, spec, cause, reason } = deployment;
  return {
    type: eventOf(state),
    version: wish.version,
    deployment: id,
    artifactDigest: wish.digest,
    changed: ['deployment.state'],
    previous: {},
    current: {
      'deployment.state': state,
      deployment: {
        id,
        generation,
        cause,
        ...(stage !== undefined && { stage }),
        ...(spec.kind === 'sagemaker' ? { endpoint: spec.endpoint } : { system: spec.system }),
        ...(wish.variants.length > 0 && { variants: wish.variants.map((each) => ({ ...each })) }),
        ...more,
      },
    },
    ...(reason !== undefined && { reason }),
  };
}

/** A deployment in another state, and the event that tells of it. */
export function moved(
  deployment: Deployment,
  state: DeploymentState,
  page: Page,
  change: Partial<Deployment> = {},
): Deployment {
  const from = deployment.state;
  if (!DEPLOYMENT_MOVES[from].includes(state)) throw new Error(`a deployment does not go from ${from} to ${state}`);
  const { reason: _, ...bare } = deployment;
  const next: Deployment = {
    ...bare,
    ...change,
    state,
    updatedAt: page.at,
    updatedBy: page.actor,
    ...(state === 'in_service' && { inServiceAt: page.at }),
    ...(isSettled(state) && state !== 'in_service' && { finishedAt: page.at }),
  };
  const draft = about(next, state);
  return { ...next, revision: page.add({ ...draft, previous: { 'deployment.state': from } }) };
}

/** A new deployment becomes the newest of its target; one that is under way is superseded by it. */
export function requested(
  target: Target,
  { current, serving }: Known,
  asked: { readonly id: string; readonly wish: Wish; readonly cause: DeploymentCause },
  page: Page,
): Outcome {
  const { workspace, modelId, stage, spec } = target;
  const { at, actor } = page;
  const ended = current && !isSettled(current.state) ? [moved(current, 'superseded', page)] : [];
  const generation = target.generation + 1;
  const { id, wish, cause } = asked;
  // What serves is on the target as it was: while that goes on, so does everything else that was said of it then.
  const isAsServing = serving?.state === 'in_service' && sameMain(serving.wish, wish);
  const keeps = isAsServing && cause !== 'redeploy' && !sameWish(serving.wish, wish) ? serving.models?.[0] : undefined;
  const times = { createdAt: at, createdBy: actor, updatedAt: at, updatedBy: actor };
  const fresh: Deployment = {
    id,
    workspace,
    modelId,
    stage,
    generation,
    wish,
    spec: isAsServing ? serving.spec : spec,
    cause,
    ...(keeps !== undefined && { keeps }),
    state: 'requested',
    ...times,
    revision: 0,
  };
  const deployment = { ...fresh, revision: page.add(about(fresh, 'requested')) };
  const swept = ended.reduce((swept, each) => withLitter(swept, each, [serving, deployment]), target);
  return { target: { ...swept, generation, current: id }, deployments: [...ended, deployment] };
}

/** A deployment has come to another state; whoever served before makes way for who serves now. */
export function marked(
  target: Target,
  known: Known,
  mark: { readonly deployment: Deployment; readonly state: DeploymentState; readonly reason?: string | undefined },
  page: Page,
  change: Partial<Deployment> = {},
): Outcome {
  const { deployment, state, reason } = mark;
  const next = moved(deployment, state, page, { ...change, ...(reason !== undefined && { reason }) });
  if (state === 'in_service') return inService(target, known, next, page);
  const ends = isOver(next);
  const { serving: _, ...without } = target;
  const freed: Target = ends && target.serving === next.id ? without : target;
  const swept = ends ? withLitter(freed, next, [known.current, known.serving]) : freed;
  if (state !== 'failed' && state !== 'rolled_back') return { target: swept, deployments: [next] };
  const { version } = next.wish;
  const failed = failuresOf(next, known.serving).reduce<Target['failed']>(
    (before, failure) => remember(before, failure, sameTry),
    swept.failed,
  );
  const served = target.serving === next.id ? swept.served.filter((one) => one !== version) : swept.served;
  return { target: { ...swept, failed, served }, deployments: [next] };
}

/** What a deployment that came to nothing is put down to: what it changed beside the version that serves, or else its own. */
function failuresOf({ id, wish, revision: sequence }: Deployment, serving: Deployment | undefined): FailedTry[] {
  const { version, digest, revision } = wish;
  const isBeside = serving && serving.id !== id && !isOver(serving) && sameMain(serving.wish, wish);
  const changed = isBeside ? variantsBesides(wish, serving.wish) : [];
  if (changed.length === 0) return [{ version, digest, revision, sequence }];
  return changed.map(({ name, ...each }) => ({ variant: name, ...each, revision, sequence }));
}

function sameTry(a: FailedTry, b: FailedTry): boolean {
  return a.variant === b.variant && a.version === b.version && a.digest === b.digest;
}

function inService(target: Target, { serving }: Known, next: Deployment, page: Page): Outcome {
  const before = serving && serving.id !== next.id && !isOver(serving) ? [moved(serving, 'superseded', page)] : [];
  const swept = before.reduce((swept, each) => withLitter(swept, each, [next]), target);
  const { version } = next.wish;
  const runs = ({ variant, version: tried }: FailedTry) =>
    variant === undefined
      ? tried === version
      : next.wish.variants.some((each) => each.name === variant && each.version === tried);
  return {
    target: {
      ...swept,
      serving: next.id,
      served: remember(swept.served, version, (a, b) => a === b),
      failed: swept.failed.filter((each) => !runs(each)),
    },
    deployments: [next, ...before],
  };
}

function isOver({ state }: Deployment): boolean {
  return isSettled(state) && state !== 'in_service';
}

/** What a deployment leaves behind at the host, but for models that others still use. */
function withLitter(target: Target, ended: Deployment, others: readonly (Deployment | undefined)[]): Target {
  const used = others.flatMap((other) => (other && other.id !== ended.id && !isOver(other) ? modelsOf(other) : []));
  const models = modelsOf(ended).filter((model) => !used.includes(model));
  const { config } = ended;
  if (config === undefined && models.length === 0) return target;
  const litter: Litter = { ...(config !== undefined && { config }), models };
  return { ...target, litter: [...target.litter, litter] };
}

function modelsOf({ models, keeps }: Deployment): readonly string[] {
  return models ?? (keeps === undefined ? [] : [keeps]);
}

/**
 * The gate objects to the newest version of the stage, or to the one that serves, for other reasons than were told before;
 * or no longer.
 */
export function objected(target: Target, now: Pick<Target, 'refused' | 'tolerated'>, page: Page): Outcome {
  const { refused: _, tolerated: __, ...rest } = target;
  for (const kind of ['refused', 'tolerated'] as const) {
    const [before, after] = [target[kind], now[kind]];
    if (!after || JSON.stringify(before) === JSON.stringify(after)) continue;
    const field = `deployment.${kind}` as const;
    page.add({
      type: field,
      version: after.version,
      changed: [field],
      previous: before ? { [field]: [...before.objections] } : {},
      current: { [field]: [...after.objections], deployment: { stage: target.stage } },
    });
  }
  const { refused, tolerated } = now;
  return { target: { ...rest, ...(refused && { refused }), ...(tolerated && { tolerated }) }, deployments: [] };
}
