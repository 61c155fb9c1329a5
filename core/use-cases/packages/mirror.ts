import { coversContainers } from '../../domain/approval';
import { type MirrorWish, mirrorWish, sageMakerText, wishFor } from '../../domain/mirror';
import type { Head, Model } from '../../domain/model';
import { PACKAGE_MARKS, type PackageFacts, runText } from '../../domain/package-facts';
import type { PackageLink } from '../../domain/package-link';
import type { Mirror, PackageRecord } from '../../domain/package-record';
import { put } from '../../domain/records';
import { containersText } from '../../domain/request';
import type { Tombstone, Version } from '../../domain/version';
import { type Archive, type HostContainer, HostRefusal, PackageRefusal } from '../../ports';
import type { Decision } from '../call';
import { containersOf } from '../deploy/host-config';
import { execute } from '../execute';
import { allFiles } from '../files';
import { relink, type Step } from './changes';
import { isIn, type MirrorPorts, type PackageGroup } from './ports';
import { callOf, MIRRORER } from './read';

/** A version that may have to be in SageMaker's registry, or may be there. */
export interface MirrorPlace {
  readonly workspace: string;
  readonly modelId: string;
  readonly version: number;
}

/** What a step is decided from, all read after the head. */
interface Looked {
  readonly model: Model;
  readonly head: Head;
  readonly version: Version | Tombstone | undefined;
  readonly mirror: Mirror | undefined;
  readonly wish: MirrorWish;
}

/** Most steps of one look. Who undoes every one of them there is followed when the message comes again. */
const STEPS = 8;

/**
 * Brings the package of a version in SageMaker up to the version's approval, step by step. After each call SageMaker is asked
 * again: a call of somebody who knew less may have come after it, and whoever made that looks again as well.
 * @throws Error when it is not done after so many steps: the message has to come again
 */
export async function mirrorVersion(ports: MirrorPorts, place: MirrorPlace, event: string): Promise<void> {
  const call = callOf(place, MIRRORER, event);
  for (let step = 0; step < STEPS; step++) {
    const { body: isDone } = await execute(ports, call, async (): Promise<Decision<boolean>> => {
      const looked = await look(ports, place);
      const next = looked && (await nextStep(ports, looked, place, event));
      return { answer: { body: next === undefined }, ...(next && next !== 'called' && { change: next }) };
    });
    if (isDone) return;
  }
  throw new Error(
    `version ${place.version} of ${place.modelId}: its package was not as it should be after ${STEPS} steps`,
  );
}

async function look({ store, clock }: MirrorPorts, place: MirrorPlace): Promise<Looked | undefined> {
  const { workspace, modelId, version: number } = place;
  const strong = { consistent: true };
  const head = await store.get<'head'>({ kind: 'head', workspace, modelId }, strong);
  const [model, version, mirror] = await Promise.all([
    store.get<'model'>({ kind: 'model', workspace, modelId }, strong),
    store.get<'version'>({ kind: 'version', workspace, modelId, number }, strong),
    store.get<'mirror'>({ kind: 'mirror', workspace, modelId, number }, strong),
  ]);
  if (!head || !model) return undefined;
  // Nothing of a deleted model is approved, and nothing is shown on its versions any more.
  const left = model.state === 'deleted' ? undefined : version;
  return { model, head, version: left, mirror, wish: mirrorWish(left, clock().toISOString()) };
}

/** The next step: a change to commit, or a call that was made; nothing where all is as it should be. */
async function nextStep(
  ports: MirrorPorts,
  looked: Looked,
  place: MirrorPlace,
  event: string,
): Promise<Step | 'called' | undefined> {
  const { model, version, mirror, wish } = looked;
  const link = version && !('deleted' in version) ? version.modelPackage : undefined;
  if (link?.origin === 'sagemaker') return writeBack(ports, looked, place, link.arn);
  // A version that is gone says no more where it came from.
  if (mirror?.origin === 'sagemaker') return writeBack(ports, looked, place, mirror.arn);
  const group = ports.groups.find((one) => isFor(one, model));
  if (!mirror) return group && wish.approval === 'Approved' ? begin(ports, place, group) : undefined;
  // Rights end with the settings. A model keeps its packages when it is renamed.
  if (!ports.groups.some(({ group }) => group === mirror.group)) return undefined;
  if (mirror.arn === undefined) return make(ports, looked, mirror, place, event);
  const facts = await ports.packages.describe(mirror.arn);
  const own = wishFor(mirror.containers, version, wish);
  const isTold = facts?.approval === own.approval && facts.approvalDescription === own.description;
  if (facts && !isTold) return tell(ports, mirror.arn, facts, own, marksOf(ports, place));
  return settle(ports, { ...looked, wish: own }, mirror, facts, event);
}

function isFor({ workspace, model: name }: PackageGroup, model: Model): boolean {
  return workspace === model.workspace && name === model.name;
}

/** What a package carries that this registry made of a version. */
function marksOf({ registry }: MirrorPorts, { workspace, modelId, version }: MirrorPlace): Record<string, string> {
  return { [PACKAGE_MARKS.registry]: registry, [PACKAGE_MARKS.version]: `${workspace}/${modelId}/${version}` };
}

/**
 * A version that came from a package is not made another one: at most its approval goes back there. That it does is noted before
 * it is told, with its end: so it is taken back whatever becomes of the version, and whatever its model is called by then.
 */
async function writeBack(
  ports: MirrorPorts,
  { model, mirror, version, wish: wanted }: Looked,
  place: MirrorPlace,
  arn: string | undefined,
): Promise<Step | 'called' | undefined> {
  if (arn === undefined) return undefined;
  const isMeant = (one: PackageGroup) => one.writesApproval && isIn(one.group, arn);
  const source = ports.sources.find((one) => isMeant(one) && (mirror !== undefined || isFor(one, model)));
  if (!source) return undefined;
  const facts = await ports.packages.describe(arn);
  const record = facts && (await recordOf(ports, place, facts));
  const isOurs = facts !== undefined && record !== undefined;
  // What the package runs may be something else than what was said of the version since, and approved.
  const wish = wishFor(record && ports.sha256(containersText(record.said)), version, wanted);
  const known: Omit<Mirror, 'sequence'> = mirror ?? { ...started(ports, place, source, 'sagemaker'), arn };
  const { expiresAt: before } = known;
  const expiresAt = isOurs ? wish.expiresAt : undefined;
  const next = until(known, expiresAt);
  const isShown = isOurs && wish.approval === 'Approved';
  if (isShown && (!mirror || before !== expiresAt)) return noting(place, mirror, next);
  if (isOurs && facts.approval !== wish.approval) return tell(ports, arn, facts, wish, {});
  return before !== expiresAt ? noting(place, mirror, next) : undefined;
}

/** What is known of a package that still is what became a version: once its containers are replaced, that version's approval is not for it. */
async function recordOf(
  { store, sha256 }: MirrorPorts,
  { workspace, modelId, version }: MirrorPlace,
  facts: PackageFacts,
): Promise<PackageRecord | undefined> {
  const key = { kind: 'package', workspace, modelId, arn: facts.arn } as const;
  const record = await store.get<'package'>(key, { consistent: true });
  return record?.version === version && record.runs === sha256(runText(facts)) ? record : undefined;
}

async function tell(
  { packages, sha256 }: MirrorPorts,
  arn: string,
  facts: PackageFacts,
  { approval, description }: MirrorWish,
  properties: Readonly<Record<string, string>>,
): Promise<'called'> {
  // Another one once the package has changed: what was told before may have to be told again.
  const token = sha256(`${arn} ${approval} ${facts.lastModified ?? facts.createdAt}`).slice(0, 36);
  await packages.update(arn, { approval, description, token, properties });
  return 'called';
}

function keyOf({ workspace, modelId, version: number }: MirrorPlace) {
  return { kind: 'mirror', workspace, modelId, number } as const;
}

/** A mirror whose package shows an approval that ends then, or has no end. */
function until<M extends Omit<Mirror, 'sequence'>>({ expiresAt: _, ...rest }: M, expiresAt: string | undefined) {
  return { ...rest, ...(expiresAt !== undefined && { expiresAt }) };
}

/** Notes a mirror, on the condition that it is still what was read. */
function noting(place: MirrorPlace, before: Mirror | undefined, next: Omit<Mirror, 'sequence'>, step?: Step): Step {
  const expected = before?.sequence ?? 0;
  const own = put<'mirror'>(keyOf(place), { ...next, sequence: expected + 1 });
  return {
    heads: [...(step?.heads ?? []), { key: keyOf(place), expected }],
    writes: [...(step?.writes ?? []), own],
    absent: step?.absent ?? [],
  };
}

/** Notes that a package is about to be made, before it is: so one whose making was never told is found again. */
function begin(ports: MirrorPorts, place: MirrorPlace, group: PackageGroup): Step {
  return noting(place, undefined, started(ports, place, group, 'signet'));
}

function started(
  { clock, newId }: MirrorPorts,
  { workspace, modelId, version }: MirrorPlace,
  { group }: PackageGroup,
  origin: Mirror['origin'],
): Omit<Mirror, 'sequence'> {
  return { workspace, modelId, version, origin, group, since: clock().toISOString(), making: newId() };
}

/** Makes the package, unless it was made already, and notes which it is. */
async function make(
  ports: MirrorPorts,
  looked: Looked,
  mirror: Mirror,
  place: MirrorPlace,
  event: string,
): Promise<Step | undefined> {
  const { version, wish, model } = looked;
  const making = { [PACKAGE_MARKS.making]: mirror.making };
  const found = await ports.packages.find(mirror.group, making, mirror.since);
  if (found !== undefined) return noting(place, mirror, { ...mirror, arn: found });
  if (wish.approval !== 'Approved' || !version || 'deleted' in version) return undefined;
  try {
    const digest = ports.sha256(containersText(version));
    if (!coversContainers(version.approval, digest)) {
      throw new HostRefusal(`other_containers: other containers were approved than version ${version.number} has`);
    }
    // Noted before there is a package: so it is known of one whose making was never told.
    if (mirror.containers !== digest) return noting(place, mirror, { ...mirror, containers: digest });
    const containers = await containersFor(ports, version);
    const arn = await ports.packages.create({
      group: mirror.group,
      token: ports.sha256(mirror.making).slice(0, 36),
      description: sageMakerText(`${model.name} ${version.number}. ${version.description ?? ''}`),
      containers,
      approval: wish.approval,
      properties: { ...marksOf(ports, place), ...making },
    });
    return noting(place, mirror, { ...mirror, arn });
  } catch (error) {
    if (!(error instanceof HostRefusal || error instanceof PackageRefusal)) throw error;
    const objection = sageMakerText(error.message);
    return relink(ports, event, looked, version, { origin: 'signet', status: 'Failed', objection }, MIRRORER);
  }
}

/** The containers as SageMaker takes them; what has to be packed for that is packed. */
async function containersFor(ports: MirrorPorts, version: Version): Promise<readonly HostContainer[]> {
  if (version.containers.length === 0) {
    throw new HostRefusal(`containers_missing: version ${version.number} names no container that serves it`);
  }
  const archives: Archive[] = [];
  const containers = containersOf(ports, version, await allFiles(ports, version), archives);
  for (const archive of archives) {
    if (!(await ports.archives.exists(archive.key))) await ports.archives.make(archive);
  }
  return containers;
}

/** Shows on the version what is there, and notes until when that holds. */
function settle(
  ports: MirrorPorts,
  looked: Looked,
  mirror: Mirror,
  facts: PackageFacts | undefined,
  event: string,
): Step | undefined {
  const { version, wish, model } = looked;
  const link: PackageLink = {
    ...(mirror.arn !== undefined && { arn: mirror.arn }),
    origin: 'signet',
    status: facts?.status ?? 'Deleted',
    ...(facts?.approval !== undefined && { approval: facts.approval }),
    ...(facts?.approvalDescription !== undefined && { approvalDescription: facts.approvalDescription }),
  };
  const shown = version && !('deleted' in version) ? relink(ports, event, looked, version, link, MIRRORER) : undefined;
  const place = { workspace: model.workspace, modelId: model.id, version: mirror.version };
  return mirror.expiresAt === wish.expiresAt ? shown : noting(place, mirror, until(mirror, wish.expiresAt), shown);
}
