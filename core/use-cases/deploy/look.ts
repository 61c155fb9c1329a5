import { type Deployment, isSettled } from '../../domain/deployment';
import type { EndpointFacts, Situation } from '../../domain/deployment-plan';
import { EMPTY_HEAD, type Head, type Model } from '../../domain/model';
import type { Key, Stay } from '../../domain/records';
import type { Target } from '../../domain/target';
import type { Tombstone, Version } from '../../domain/version';
import { type Candidate, type Desired, desired, type WishInput } from '../../domain/wish';
import type { TargetPlace } from '../../ports';
import type { DeployPorts } from './ports';

/** A target with everything that a step is decided from, read after the head that the step's commit depends on. */
export interface Looked {
  readonly head: Head;
  readonly model: Model;
  readonly target: Target;
  readonly desired: Desired;
  readonly situation: Situation;
}

/** How many versions of a stage are looked at, the latest to enter first. */
const ENTRANTS = 10;
/** How many stays are read to find them. */
const STAYS = 50;

/** Reads a target and what is wanted there; nothing where there is no such target. */
export async function look(ports: DeployPorts, place: TargetPlace): Promise<Looked | undefined> {
  const { store } = ports;
  const { workspace, modelId, stage } = place;
  const strong = { consistent: true };
  const head = await store.get<'head'>({ kind: 'head', workspace, modelId }, strong);
  const [model, target] = await Promise.all([
    store.get<'model'>({ kind: 'model', workspace, modelId }, strong),
    store.get<'target'>({ kind: 'target', workspace, modelId, stage }, strong),
  ]);
  if (!model || !target) return undefined;
  const [current, serving] = await Promise.all([
    deployment(ports, target.current, place),
    deployment(ports, target.serving, place),
  ]);
  const [want, endpoint] = await Promise.all([
    wishFor(ports, model, target, serving),
    target.spec.kind === 'sagemaker' ? ports.host.describe(target.spec.endpoint) : undefined,
  ]);
  const situation = situationOf(target, want, { current, serving }, endpoint);
  return { head: head ?? EMPTY_HEAD, model, target, desired: want, situation };
}

function situationOf(
  target: Target,
  { wish, isFallback }: Desired,
  { current, serving }: { current?: Deployment | undefined; serving?: Deployment | undefined },
  endpoint: EndpointFacts | undefined,
): Situation {
  return {
    target,
    isFallback,
    ...(wish && { wish }),
    ...(current && { current }),
    ...(serving && { serving }),
    ...(endpoint && { endpoint }),
  };
}

async function deployment({ store }: DeployPorts, id: string | undefined, place: TargetPlace) {
  if (id === undefined) return undefined;
  const key: Key<'deployment'> = { kind: 'deployment', workspace: place.workspace, modelId: place.modelId, id };
  return store.get<'deployment'>(key, { consistent: true });
}

/** What should run on a target. Versions that served before are read only where the stage's own do not do. */
export async function wishFor(
  ports: Pick<DeployPorts, 'store'>,
  model: Model,
  target: Target,
  serving: Deployment | undefined,
): Promise<Desired> {
  const stageNamed = (name: string) => model.stages.stages.find((stage) => stage.name === name);
  const entrants = await entrantsOf(ports, target, target.stage);
  const extra = target.spec.kind === 'sagemaker' ? target.spec.variants : [];
  const variants = await Promise.all(
    extra.map(async ({ name, stage }) => {
      const found = { stage: stageNamed(stage), entrants: await entrantsOf(ports, target, stage) };
      return [name, found] as const;
    }),
  );
  const input: WishInput = {
    // A deleted model leaves nothing behind that serves.
    target: model.state === 'deleted' ? { ...target, removing: true } : target,
    stage: stageNamed(target.stage),
    entrants,
    former: [],
    variants: new Map(variants),
    ...(serving && !isGone(serving) && { serving: serving.wish }),
  };
  const first = desired(input);
  if (first.wish !== undefined && !first.isFallback) return first;
  const numbers = target.served.filter((number) => !entrants.some((one) => one.number === number));
  const former = await Promise.all(numbers.map((number) => candidate(ports, target, number)));
  return desired({ ...input, former });
}

function isGone({ state }: Deployment): boolean {
  return isSettled(state) && state !== 'in_service';
}

/** The versions in a stage now, the latest to enter first. */
async function entrantsOf(
  ports: Pick<DeployPorts, 'store'>,
  place: Pick<TargetPlace, 'workspace' | 'modelId'>,
  stage: string,
): Promise<Candidate[]> {
  const { workspace, modelId } = place;
  const open: Stay[] = [];
  let after: string | undefined;
  let read = 0;
  do {
    const page = await ports.store.query<'stay'>(
      { kind: 'stay', workspace, modelId, slot: { stage } },
      { limit: ENTRANTS, order: 'descending', consistent: true, ...(after !== undefined && { after }) },
    );
    open.push(...page.items.filter(({ to }) => to === undefined));
    read += page.items.length;
    // One that began when no other could go on ends the search.
    after = page.items.some(({ exclusive }) => exclusive) ? undefined : page.next;
  } while (after !== undefined && open.length < ENTRANTS && read < STAYS);
  return Promise.all(open.slice(0, ENTRANTS).map((stay) => candidate(ports, place, stay.version, stay.entered)));
}

async function candidate(
  { store }: Pick<DeployPorts, 'store'>,
  { workspace, modelId }: Pick<TargetPlace, 'workspace' | 'modelId'>,
  number: number,
  entered?: number,
): Promise<Candidate> {
  const key: Key<'version'> = { kind: 'version', workspace, modelId, number };
  const version: Version | Tombstone | undefined = await store.get<'version'>(key, { consistent: true });
  return { number, version, ...(entered !== undefined && { entered }) };
}
