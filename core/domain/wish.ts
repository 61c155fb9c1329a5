import type { VariantVersion, Wish } from './deployment';
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
  /** What the deployment that serves was for. */
  readonly serving?: Wish;
  /** Versions in the stage, the latest to enter first. */
  readonly entrants: readonly Candidate[];
  /** Versions that served here before and are not in the stage. */
  readonly former: readonly Candidate[];
  /** Of each extra variant the versions in its stage, the latest first. */
  readonly variants: ReadonlyMap<
    string,
    { readonly stage: Stage | undefined; readonly entrants: readonly Candidate[] }
  >;
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
  // What serves goes on as it is where something else was wanted: it is not what changed.
  const stays = (isFallback || tolerated || hasFailed(chosen, target)) && serves(chosen, input);
  const wish = stays ? input.serving : { ...wishFor(chosen, target), variants: variantsOf(input) };
  return { ...(wish && { wish }), isFallback, ...told, ...(tolerated && { tolerated }) };
}

function serves({ number, version }: Candidate, { serving }: WishInput): boolean {
  return serving?.version === number && serving.digest === digestOf(version);
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

function hasFailed({ number, version, entered = 0 }: Candidate, { failed, revision }: Target): boolean {
  return failed.some(
    (each) =>
      each.version === number &&
      each.digest === digestOf(version) &&
      each.revision === revision &&
      each.sequence > entered,
  );
}

/**
 * What extra variants run: the latest of their stages that is READY, let in by the policy of its stage and, where the stage
 * asks for it, approved; or what runs there already, as long as it may go on.
 */
function variantsOf({ target, variants, now, serving }: WishInput): VariantVersion[] {
  if (target.spec.kind !== 'sagemaker') return [];
  const rules = { requiresApproval: false, whenLocked: target.whenLocked, whenExpired: target.whenExpired };
  return target.spec.variants.flatMap(({ name }) => {
    const found = variants.get(name);
    const running = serving?.variants.find((each) => each.name === name);
    const chosen = found?.entrants.find(({ number, version, containers, governed }) => {
      const objections = gate(version, { rules, stage: found.stage, now, containers, governed });
      const runs = running?.version === number && running.digest === digestOf(version);
      return runs ? !objections.some((each) => endsService(each, rules)) : objections.length === 0;
    });
    return chosen ? [{ name, version: chosen.number, digest: digestOf(chosen.version) }] : [];
  });
}

/** Names of the variants of a wish with the version that each runs. */
export function versionsOf(wish: Wish): VariantVersion[] {
  return [{ name: MAIN_VARIANT, version: wish.version, digest: wish.digest }, ...wish.variants];
}
