import { checkUri, type ReferenceDeclaration } from './artifact';
import { LIMITS } from './limits';
import { checkArtifactPath, checkKey } from './names';
import { cardFacts } from './package-card';
import type { PackageContainer, PackageFacts } from './package-facts';
import type { Container, DatasetReference, TypedValue, VersionMetadata } from './version';

/** Names of what SageMaker says of a package, in the metadata of its version. */
const OURS = 'sagemaker.';

/** What a package is as a version: what is said of it, and its files, which stay where they are. */
export interface PackageContent {
  readonly said: VersionMetadata;
  readonly references: readonly ReferenceDeclaration[];
}

/** Whether a rule of the registry takes a text. */
function passes(check: (text: string, field: string) => unknown, text: string): boolean {
  try {
    check(text, '');
    return true;
  } catch {
    return false;
  }
}

/** A name as a key of the registry, where SageMaker allows other characters; none where nothing is left of it. */
function keyOf(name: string): string | undefined {
  const clean = name.normalize('NFC').replace(/[^/\p{L}\p{M}\p{N}_.\- :]/gu, '_');
  return [clean, clean.replaceAll('/', '_')].find((key) => passes(checkKey, key));
}

function keyed<T>(values: Readonly<Record<string, T>>): Record<string, T> {
  const entries = Object.entries(values).flatMap(([name, value]) => {
    const key = keyOf(name);
    return key === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries);
}

/** The last part of an URI as the name of a file or folder. */
function nameIn(uri: string): string {
  const last =
    uri
      .split(/[?#]/, 1)[0]
      ?.split('/')
      .findLast((part) => part !== '') ?? '';
  return passes(checkArtifactPath, last) ? last : 'model';
}

/** The folder of a container's files; the only container has them at the top. */
function folderOf({ hostname }: PackageContainer, index: number, { length }: readonly unknown[]): string {
  return length === 1 ? '' : `${hostname ?? `container-${index + 1}`}/`;
}

function referencesOf(containers: readonly PackageContainer[]): ReferenceDeclaration[] {
  const all = containers.flatMap((container, index) => {
    const folder = folderOf(container, index, containers);
    const { modelData, additionalData } = container;
    return [
      ...(modelData === undefined ? [] : [{ path: `${folder}${nameIn(modelData)}`, uri: modelData }]),
      ...additionalData.map(({ name, uri }) => ({ path: `${folder}additional/${name}/${nameIn(uri)}`, uri })),
    ];
  });
  return [...new Map(all.reverse().map((reference) => [reference.path, reference])).values()].reverse();
}

function containersOf(containers: readonly PackageContainer[]): Container[] {
  return containers.flatMap((container, index): Container[] => {
    const { image, digest, environment, modelData } = container;
    if (image === undefined) return [];
    return [
      {
        image,
        ...(digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest) && { digest }),
        ...(Object.keys(environment).length > 0 && { environment }),
        ...(modelData !== undefined && {
          modelData: `${folderOf(container, index, containers)}${nameIn(modelData)}`,
        }),
      },
    ];
  });
}

function metadataOf(facts: PackageFacts, trainingJob: string | undefined): Record<string, TypedValue> {
  const { projectId, repository, commit, sourceUri, sourceAlgorithms, domain, task, lifeCycle } = facts;
  const ours = {
    ...facts.reports,
    ...(facts.generatedBy !== undefined && { generatedBy: facts.generatedBy }),
    ...(trainingJob !== undefined && { trainingJob }),
    ...(projectId !== undefined && { projectId }),
    ...(repository !== undefined && { repository }),
    ...(commit !== undefined && { commit }),
    ...(sourceUri !== undefined && { sourceUri }),
    ...(sourceAlgorithms.length > 0 && { sourceAlgorithms: sourceAlgorithms.join(' ') }),
    ...(domain !== undefined && { domain }),
    ...(task !== undefined && { task }),
    ...(lifeCycle !== undefined && { lifeCycle }),
  };
  const values = [
    ...Object.entries(keyed(facts.properties)),
    ...Object.entries(ours).map(([name, value]) => [`${OURS}${name}`, value] as const),
  ];
  return Object.fromEntries(values.map(([name, value]) => [name, { type: 'string' as const, value }]));
}

/** Characters of the id of a run. What is longer is in the metadata alone. */
const LONGEST_RUN = 512;

/** `arn:…:pipeline/<name>/execution/<id>` is a run of the experiment `<name>`. */
function runOf(made: string | undefined) {
  if (made === undefined || made.length > LONGEST_RUN) return {};
  const pipeline = /:pipeline\/([^/]+)\/execution\//.exec(made)?.[1];
  return { run: { id: made, system: 'sagemaker', ...(pipeline !== undefined && { experiment: pipeline }) } };
}

/** What only the card tells, and what there is to say of it. */
const FROM_CARD = ['metrics', 'hyperParameters', 'datasets'] as const;
const HIDDEN_CARD = 'not read: it is encrypted with a key that the settings do not name';

/**
 * A package as a version says it. The same package says the same, whichever event told of it.
 * @param before what it said before: that stays of a card that cannot be read any more
 */
export function contentOf(facts: PackageFacts, before?: VersionMetadata): PackageContent {
  const content = contentWithCard(facts);
  if (!facts.cardIsHidden) return content;
  const { said } = content;
  const kept = before && Object.fromEntries(FROM_CARD.map((field) => [field, before[field]]));
  const job = before?.metadata[`${OURS}trainingJob`];
  const run = said.run ?? before?.run;
  const metadata = {
    ...said.metadata,
    ...(job && { [`${OURS}trainingJob`]: job }),
    [`${OURS}modelCard`]: { type: 'string', value: HIDDEN_CARD } as const,
  };
  return { ...content, said: { ...said, ...kept, ...(run && { run }), metadata } };
}

function contentWithCard(facts: PackageFacts): PackageContent {
  const card = cardFacts(facts.card);
  const { description, repository, commit } = facts;
  const datasets: DatasetReference[] = card.datasets
    .filter(({ uri }) => passes(checkUri, uri))
    .slice(0, LIMITS.datasets)
    .map(({ uri, role }) => ({ name: nameIn(uri), uri, role }));
  return {
    references: referencesOf(facts.containers),
    said: {
      ...(description !== undefined && description !== '' && { description }),
      ...runOf(facts.generatedBy ?? card.trainingJob),
      source: facts.arn,
      tags: {},
      metrics: keyed(card.metrics),
      hyperParameters: keyed(card.hyperParameters),
      containers: containersOf(facts.containers),
      ...(repository !== undefined &&
        /^[0-9a-f]{7,64}$/.test(commit ?? '') && { code: { repository, commit: commit as string } }),
      datasets,
      notebooks: [],
      environment: {},
      metadata: metadataOf(facts, card.trainingJob),
    },
  };
}
