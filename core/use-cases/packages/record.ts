import { authorOf, type PackageNews } from '../../domain/package-approval';
import { contentOf, type PackageContent } from '../../domain/package-content';
import { isMadeBy, type PackageFacts, runText } from '../../domain/package-facts';
import { type PackageLink, seen } from '../../domain/package-link';
import type { Version } from '../../domain/version';
import type { Decision } from '../call';
import { execute } from '../execute';
import { checkRegistration, registration } from '../register-version';
import { edit, noting, relink, type Step } from './changes';
import { judge } from './judge';
import type { PackageGroup, PackagePorts } from './ports';
import { callOf, machineOf, type PackageState, readPackage, SAGEMAKER } from './read';

/** A package that an event tells of, and what the event says of the change. */
export interface ToldPackage {
  readonly arn: string;
  readonly news: PackageNews;
  /** Id of the event: what it leads to is written down under it. */
  readonly event: string;
  /** What is not there, or older than the event says, may be about to come. */
  readonly isRecent: boolean;
  /** Status that the event tells. */
  readonly status?: string;
}

/** Most steps that one event leads to: a version, its metadata, what became of the package, its approval, and one more look. */
const STEPS = 6;

/**
 * Brings the version of a package up to what SageMaker says of it now, step by step, each a transaction of its own. Nothing
 * of the event is believed but which package it is about, and what was changed when: so it may come late, twice or in any
 * order.
 * @throws Error for what is to come again
 */
export async function recordPackage(ports: PackagePorts, group: PackageGroup, told: ToldPackage): Promise<void> {
  const call = callOf(group, SAGEMAKER, told.event);
  for (let step = 0; step < STEPS; step++) {
    const { body: isDone } = await execute(ports, call, async (): Promise<Decision<boolean>> => {
      const state = await readPackage(ports, call, group.model, told.arn);
      // After the head: what is described later is never overwritten by what was described before.
      const facts = await ports.packages.describe(told.arn);
      checkFresh(told, facts);
      const change = await nextStep(ports, group, told, state, facts);
      return change ? { answer: { body: false }, change } : { answer: { body: true } };
    });
    if (isDone) return;
  }
  throw new Error(`${told.arn} went on changing for ${STEPS} steps`);
}

async function nextStep(
  ports: PackagePorts,
  group: PackageGroup,
  told: ToldPackage,
  state: PackageState,
  facts: PackageFacts | undefined,
): Promise<Step | undefined> {
  const { record, version } = state;
  if (!facts) {
    return version?.modelPackage && relink(ports, told.event, state, version, seen(version.modelPackage, facts));
  }
  if (isMadeBy(ports.registry, facts)) return undefined;
  const content = contentOf(facts, record?.said);
  const runs = ports.sha256(runText(facts));
  if (!record || record.runs !== runs) {
    // What is still validated, or failed, is no version: its files may not even be there.
    return facts.status === 'Completed' ? register(ports, told, state, facts, content, runs) : undefined;
  }
  if (!isLinked(version)) return undefined;
  return (
    edit(ports, told.event, state, version, facts, content) ?? (await judge(ports, group, told, state, version, facts))
  );
}

function isLinked(version: Version | undefined): version is Version & { readonly modelPackage: PackageLink } {
  return version?.modelPackage !== undefined;
}

/** Refuses to go on with what is behind the event that is at hand, while more may be about to come. */
function checkFresh({ news, isRecent, status, arn }: ToldPackage, facts: PackageFacts | undefined): void {
  if (!isRecent) return;
  if (!facts && status !== 'Deleting') throw new Error(`${arn} is not there yet`);
  const known = facts?.lastModified ?? facts?.createdAt;
  if (known !== undefined && news.lastModified !== undefined && known.slice(0, 19) < news.lastModified.slice(0, 19)) {
    throw new Error(`${arn} is described as it was before ${news.lastModified}`);
  }
}

/** A package becomes the next version. Where what it runs was replaced, that is another version: that never changes. */
function register(
  ports: PackagePorts,
  told: ToldPackage,
  state: PackageState,
  facts: PackageFacts,
  { said, references }: PackageContent,
  runs: string,
): Step {
  const { model, head, version: former } = state;
  const { arn } = told;
  const modelPackage: PackageLink = { arn, origin: 'sagemaker', status: facts.status };
  const parent = former && { workspace: model.workspace, model: model.name, version: former.number };
  const checked = checkRegistration({ ...said, references, final: true, modelPackage, parent }, model.workspace);
  const author = authorOf(facts, state.record, told.news);
  const by = author?.arn;
  const who = callOf(model, by === undefined ? SAGEMAKER : machineOf(by), told.event);
  const { change } = registration(ports, who, state, checked);
  return noting(state, { arn, version: head.lastVersion + 1, runs, ...(author && { author }), said }, change);
}
