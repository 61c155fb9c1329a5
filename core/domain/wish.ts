import type { Deployment, VariantVersion, Wish } from './deployment';
import { endsService, type Governed, gate, type Objection, objectionText } from './gate';
import type { Stage } from './stages';
import { MAIN_VARIANT, type Objected, type Target } from './target';
import type { Tombstone, Version } from './version';

/** A version that could be deployed, as it is stored now. */
export interface Candidate {
  readonly number: number;
  readonly version: Version | Tombstone | undefined;
  /** Sequence of the event with which it entered the stage, while it is there. */
  readonly entered?: number;
  /** Digest of its containers; empty where there is no version. */
  readonly containers: string;
  /** Absent where no policy guards the stage. */
  readonly governed?: Governed | undefined;
}

/** What should run on a target, and what keeps the newest version of its stage out. */
export interface Desired {
  /** `nothing`: whatever runs is taken down. Absent: no version may be deployed, and what runs stays as it is. */
  readonly wish?: Wish | 'nothing';
  /** The wish is not for the newest version of the stage. */
  readonly isFallback: boolean;
  readonly refused?: Objected;
  /** What serves would not be deployed any more, and goes on. */
  readonly tolerated?: Objected;
}

/** What the wish for a target is made from. */
export interface WishInput {
  readonly target: Target;
  readonly stage: Stage | undefined;
  /** ISO 8601, UTC. */
  readonly now: string;
  /** The deployment that serves: what it is for, on the target as it was said to be then. */
  readonly serving?: Pick<Deployment, 'wish' | 'spec'>;
  /** Versions in the stage, the latest to enter first. */
  readonly entrants: readonly Candidate[];
  /** Versions that served here before and are not in the stage. */
  readonly former: readonly Candidate[];
  /** The stages that extra variants take their versions from, by name, with their versions, the latest first. */
  readonly stages: ReadonlyMap<string, { readonly stage: Stage | undefined; readonly entrants: readonly Candidate[] }>;
}

/**
 * Which version should run: the latest of the stage that the gate lets through and that has not failed here; then the
 * one that serves, and the newest of those that served here before. A version that enters the stage again after it failed
 * is tried again. The one that serves goes on where nothing speaks against it but what only keeps others from beginning.
 */
export function desired(input: WishInput): Desired {
  const { target, entrants, former } = input;
  if (target.removing) return { wish: 'nothing', isFallback: false };
  const newest = entrants[0];
  const order = [...entrants, ...[...former].sort(servingFirst(target))];
  const usable = entrants.length === 0 && target.whenNothingQualifies === 'delete' ? [] : order;
  const chosen = usable.find(
    (one) => (isFine(one, input) && !hasFailed(one, target)) || (serves(one, input) && mayStay(one, input)),
  );
  const refused = newest !== chosen && newest && objected(newest, input);
  const told = refused ? { refused } : {};
  if (!chosen) {
    const nothing = target.whenNothingQualifies === 'delete' && !entrants.some((one) => isFine(one, input));
    return { ...(nothing && { wish: 'nothing' }), isFallback: false, ...told };
  }
  const isFallback = newest !== undefined && chosen.number !== newest.number;
  const tolerated = objected(chosen, input);
  // What serves goes on as it is where something else was wanted: it is not what changed. What runs beside it follows its own stage.
  const goesOn = isFallback || tolerated !== undefined || hasFailed(chosen, target);
  const serving = goesOn && serves(chosen, input) ? input.serving : undefined;
  const wish = serving
    ? {
        ...serving.wish,
        ...(!hasFailed(chosen, target) && { variants: variantsOf(serving.spec, serving.wish, input) }),
      }
    : { ...wishFor(chosen, target), variants: variantsOf(target.spec, target, input) };
  return { wish, isFallback, ...told, ...(tolerated && { tolerated }) };
}

function serves({ number, version }: Candidate, { serving }: WishInput): boolean {
  return serving?.wish.version === number && serving.wish.digest === digestOf(version);
}

/** What serves may go on: a version that is kept out of the stage changes nothing of it. */
function servingFirst({ served }: Target): (a: Candidate, b: Candidate) => number {
  const first = ({ number }: Candidate) => Number(number === served[0]);
  return (a, b) => first(b) - first(a) || b.number - a.number;
}

function isFine(one: Candidate, input: WishInput): boolean {
  return objectionsTo(one, input).length === 0;
}

/** Whether a version that serves may go on: nothing speaks against it that ends its service. */
function mayStay(one: Candidate, input: WishInput): boolean {
  return !objectionsTo(one, input).some((objection) => endsService(objection, input.target));
}

function objectionsTo({ version, containers, governed }: Candidate, { target, stage, now }: WishInput): Objection[] {
  return gate(version, { rules: target, stage, now, containers, governed });
}

function objected(one: Candidate, input: WishInput): Objected | undefined {
  const objections = objectionsTo(one, input);
  return objections.length > 0 ? { version: one.number, objections: objections.map(objectionText) } : undefined;
}

function wishFor({ number, version, containers }: Candidate, { revision }: Target): Omit<Wish, 'variants'> {
  return { version: number, digest: digestOf(version), revision, containers };
}

function digestOf(version: Candidate['version']): string {
  return version && !('deleted' in version) ? (version.artifacts?.digest ?? '') : '';
}

/** Whether a version came to nothing here since it entered its stage, on the target as it is: by itself, or as an extra variant. */
function hasFailed(
  { number, version, entered = 0 }: Candidate,
  { failed, revision }: Pick<Target, 'failed' | 'revision'>,
  variant?: string,
): boolean {
  return failed.some(
    (each) =>
      each.variant === variant &&
      each.version === number &&
      each.digest === digestOf(version) &&
      each.revision === revision &&
      each.sequence > entered,
  );
}

/**
 * What extra variants run: the latest of their stages that is READY, let in by the policy of its stage, has not failed here and, where
 * the stage asks for it, is approved; or what runs there already, as long as it may go on.
 */
function variantsOf(
  spec: Target['spec'],
  { revision }: Pick<Target, 'revision'>,
  { target, stages, now, serving }: WishInput,
): VariantVersion[] {
  if (spec.kind !== 'sagemaker') return [];
  const { whenLocked, whenExpired, failed } = target;
  const rules = { requiresApproval: false, whenLocked, whenExpired };
  return spec.variants.flatMap(({ name, stage }) => {
    const found = stages.get(stage);
    const running = serving?.wish.variants.find((each) => each.name === name);
    const chosen = found?.entrants.find((one) => {
      const { number, version, containers, governed } = one;
      const objections = gate(version, { rules, stage: found.stage, now, containers, governed });
      const runs = running?.version === number && running.digest === digestOf(version);
      if (runs) return !objections.some((each) => endsService(each, rules));
      return objections.length === 0 && !hasFailed(one, { failed, revision }, name);
    });
    return chosen ? [{ name, version: chosen.number, digest: digestOf(chosen.version) }] : [];
  });
}

/** Names of the variants of a wish with the version that each runs. */
export function versionsOf(wish: Wish): VariantVersion[] {
  return [{ name: MAIN_VARIANT, version: wish.version, digest: wish.digest }, ...wish.variants];
}
