import { type Deployment, isSettled } from '../../domain/deployment';
import type { EndpointFacts, Situation } from '../../domain/deployment-plan';
import { EMPTY_HEAD, type Head, type Model } from '../../domain/model';
import type { Key, Stay } from '../../domain/records';
import type { Target } from '../../domain/target';
import type { Tombstone, Version } from '../../domain/version';
import { type Candidate, type Desired, desired, type WishInput } from '../../domain/wish';
import type { Change, TargetPlace } from '../../ports';
import { type Policies, policyKeys, unchangedPolicy } from '../guarding';
import { containersOf, governedBy, type Ruled } from './governing';
import type { DeployPorts } from './ports';

/** A target with everything that a step is decided from, read after the head that the step's commit depends on. */
export interface Looked {
  readonly head: Head;
  readonly model: Model;
  readonly ruled: Ruled;
  readonly target: Target;
  readonly desired: Desired;
  readonly situation: Situation;
  /** The policy of the workspace that the wish was judged by: a deployment of it begins under the same. */
  readonly unchanged: NonNullable<Change['unchanged']>;
}

/** How many versions of a stage are looked at, the latest to enter first. */
const ENTRANTS = 10;
/** How many stays are read to find them. */
const STAYS = 50;
/** How many are read to find how versions came in that served before. */
const MOST_STAYS = 500;

/** What deciding on a wish needs of the world. */
type WishPorts = Pick<DeployPorts, 'store' | 'sha256' | 'clock'>;

/** Reads a target and what is wanted there; nothing where there is no such target. */
export async function look(ports: DeployPorts, place: TargetPlace): Promise<Looked | undefined> {
  const { store } = ports;
  const { workspace, modelId, stage } = place;
  const strong = { consistent: true };
  const head = await store.get<'head'>({ kind: 'head', workspace, modelId }, strong);
  const [own, common] = policyKeys(workspace, modelId);
  const [model, known, ...policy] = await Promise.all([
    store.get<'model'>({ kind: 'model', workspace, modelId }, strong),
    store.get<'target'>({ kind: 'target', workspace, modelId, stage }, strong),
    store.get<'policy'>(own, strong),
    store.get<'policy'>(common, strong),
  ]);
  if (!model || !known) return undefined;
  // A deleted model leaves nothing behind that serves, nor a name that is taken.
  const target: Target = model.state === 'deleted' ? { ...known, removing: true } : known;
  const [current, serving] = await Promise.all([
    deployment(ports, target.current, place),
    deployment(ports, target.serving, place),
  ]);
  const policies: Policies = { model: policy[0], workspace: policy[1] };
  const ruled: Ruled = { model, head: head ?? EMPTY_HEAD, policies };
  const [want, endpoint] = await Promise.all([
    wishFor(ports, ruled, target, serving),
    target.spec.kind === 'sagemaker' ? ports.host.describe(target.spec.endpoint) : undefined,
  ]);
  const situation = {
    ...situationOf(target, want, { current, serving }, endpoint),
    isModelGone: model.state === 'deleted',
  };
  const unchanged = unchangedPolicy(workspace, policies);
  return { head: ruled.head, model, ruled, target, desired: want, situation, unchanged };
}

function situationOf(
  target: Target,
  { wish, isFallback, tolerated }: Desired,
  { current, serving }: { current?: Deployment | undefined; serving?: Deployment | undefined },
  endpoint: EndpointFacts | undefined,
): Omit<Situation, 'isModelGone'> {
  return {
    target,
    isFallback,
    isTolerated: tolerated !== undefined,
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
  ports: WishPorts,
  ruled: Ruled,
  target: Target,
  serving: Deployment | undefined,
): Promise<Desired> {
  const { model } = ruled;
  const stageNamed = (name: string) => model.stages.stages.find((stage) => stage.name === name);
  const entrants = await entrantsOf(ports, ruled, target.stage);
  const current = serving && !isGone(serving) ? serving : undefined;
  const extra = [target.spec, current?.spec].flatMap((spec) => (spec?.kind === 'sagemaker' ? spec.variants : []));
  const stages = await Promise.all(
    [...new Set(extra.map(({ stage }) => stage))].map(async (name) => {
      return [name, { stage: stageNamed(name), entrants: await entrantsOf(ports, ruled, name) }] as const;
    }),
  );
  const input: WishInput = {
    target,
    stage: stageNamed(target.stage),
    now: ports.clock().toISOString(),
    entrants,
    former: [],
    stages: new Map(stages),
    ...(current && { serving: current }),
  };
  const first = desired(input);
  if (first.wish !== undefined && !first.isFallback) return first;
  const numbers = target.served.filter((number) => !entrants.some((one) => one.number === number));
  return desired({ ...input, former: await formerOf(ports, ruled, target.stage, numbers) });
}

function isGone({ state }: Deployment): boolean {
  return isSettled(state) && state !== 'in_service';
}

/** Reads the stays in a stage, the latest first, a page at a time, until enough were seen. */
async function staysIn(
  { store }: WishPorts,
  { model: { workspace, id: modelId } }: Ruled,
  stage: string,
  enough: (page: readonly Stay[], read: number) => boolean,
): Promise<void> {
  let after: string | undefined;
  let read = 0;
  do {
    const page = await store.query<'stay'>(
      { kind: 'stay', workspace, modelId, slot: { stage } },
      { limit: ENTRANTS, order: 'descending', consistent: true, ...(after !== undefined && { after }) },
    );
    read += page.items.length;
    after = enough(page.items, read) ? undefined : page.next;
  } while (after !== undefined);
}

/** The versions in a stage now, the latest to enter first. */
async function entrantsOf(ports: WishPorts, ruled: Ruled, stage: string): Promise<Candidate[]> {
  const open: Stay[] = [];
  await staysIn(ports, ruled, stage, (page, read) => {
    open.push(...page.filter(({ to }) => to === undefined));
    // One that began when no other could go on ends the search.
    return page.some(({ exclusive }) => exclusive) || open.length >= ENTRANTS || read >= STAYS;
  });
  return Promise.all(
    open.slice(0, ENTRANTS).map(async (stay) => {
      const one = await candidate(ports, ruled, stage, stay.version, stay);
      return { ...one, entered: stay.entered };
    }),
  );
}

/** Versions that served here before, judged by what let each in when it was last in the stage. */
async function formerOf(
  ports: WishPorts,
  ruled: Ruled,
  stage: string,
  numbers: readonly number[],
): Promise<Candidate[]> {
  const last = new Map<number, Stay>();
  const { model, workspace } = ruled.policies;
  if (numbers.length > 0 && (model || workspace)) {
    await staysIn(ports, ruled, stage, (page, read) => {
      for (const stay of page) if (!last.has(stay.version)) last.set(stay.version, stay);
      return numbers.every((number) => last.has(number)) || read >= MOST_STAYS;
    });
  }
  return Promise.all(numbers.map((number) => candidate(ports, ruled, stage, number, last.get(number))));
}

async function candidate(
  ports: WishPorts,
  ruled: Ruled,
  stage: string,
  number: number,
  stay: Pick<Stay, 'admitted'> | undefined,
): Promise<Candidate> {
  const { workspace, id: modelId } = ruled.model;
  const key: Key<'version'> = { kind: 'version', workspace, modelId, number };
  const version: Version | Tombstone | undefined = await ports.store.get<'version'>(key, { consistent: true });
  if (!version || 'deleted' in version) return { number, version, containers: '' };
  const containers = containersOf(ports, version);
  return { number, version, containers, governed: await governedBy(ports, ruled, stage, version, stay?.admitted) };
}
