import { UNREVIEWED } from '../domain/approval';
import {
  checkPathsTogether,
  checkReference,
  manifestText,
  type ReferenceDeclaration,
  type ReferenceFile,
} from '../domain/artifact';
import { invalid, RegistryError } from '../domain/errors';
import { differenceBetween } from '../domain/event';
import { LIMITS } from '../domain/limits';
import { checkWorkspaceName } from '../domain/names';
import type { PackageLink } from '../domain/package-link';
import { type Key, put, type Write } from '../domain/records';
import { INITIAL_STAGE } from '../domain/stages';
import {
  checkMetadata,
  MAP_FIELDS,
  METADATA_FIELDS,
  metadataOf,
  toldOf,
  type Version,
  type VersionMetadata,
  type VersionReference,
} from '../domain/version';
import type { Ports } from '../ports';
import { callAt } from './access/elsewhere';
import type { Call, Decision, UseCase } from './call';
import { answerWith, historyOf, versionKey } from './change-version';
import { checkIfMatch, modelEtag } from './etag';
import { execute } from './execute';
import { summaryOf } from './file-summary';
import { checkActive, type Loaded, loadModel, readVersion } from './load';
import type { Loose } from './loose';
import { placeOfFiles } from './place-of-files';
import { fileView, type VersionView } from './views';

/** What a caller may leave out is empty. */
export type MetadataInput = Loose<Partial<VersionMetadata>>;

type RegisterVersion = MetadataInput & {
  semanticVersion?: string | undefined;
  parent?: { workspace?: string | undefined; model: string; version: number } | undefined;
  references?: readonly Loose<ReferenceDeclaration>[] | undefined;
  /** No files will be sent: READY at once, with the references as its only files. */
  final?: boolean | undefined;
  /** Where deployers open files that the registry does not keep. */
  location?: string | undefined;
  /** A version whose files become this one's too: READY at once. */
  filesFrom?: Version | undefined;
  /** The package of SageMaker's registry that it came from. */
  modelPackage?: PackageLink | undefined;
};

/** Metadata with everything left out filled in. */
export function withDefaults(input: MetadataInput): VersionMetadata {
  const said = input as Partial<VersionMetadata>;
  return metadataOf({
    ...said,
    tags: said.tags ?? {},
    metrics: said.metrics ?? {},
    hyperParameters: said.hyperParameters ?? {},
    containers: said.containers ?? [],
    datasets: said.datasets ?? [],
    notebooks: said.notebooks ?? [],
    environment: said.environment ?? {},
    metadata: said.metadata ?? {},
  });
}

/** Where it is noted that a semantic version is taken. */
export function semanticKey(workspace: string, modelId: string, semanticVersion: string): Key<'semantic'> {
  return { kind: 'semantic', workspace, modelId, semanticVersion };
}

/** The refusal of a semantic version that another version has or had. */
export function semanticTaken(semanticVersion: string, version: number): RegistryError {
  return new RegistryError('semantic_version_taken', `Version ${version} is or was ${semanticVersion}.`, [
    {
      field: 'body.semanticVersion',
      value: semanticVersion,
      rule: 'given to no other version of the model, deleted ones included',
    },
  ]);
}

async function checkParent(ports: Ports, call: Call, parent: VersionReference): Promise<void> {
  try {
    const place = { workspace: parent.workspace ?? call.workspace, model: parent.model };
    await readVersion(ports, await callAt(ports, call, place, 'read'), parent.model, parent.version);
  } catch (error) {
    if (error instanceof RegistryError) throw invalid('body.parent', parent, 'a version that exists');
    throw error;
  }
}

/** Registers the next version of a model: numbers have no gaps and are never given out again. */
export const registerVersion: UseCase<{ params: { model: string }; body: RegisterVersion }, VersionView> =
  (ports) =>
  ({ params, body }, call) => {
    const { workspace } = call;
    const { semanticVersion } = body;
    const checked = checkRegistration(body, workspace);
    return execute(ports, call, async () => {
      const { model, head, also } = await loadModel<['semantic'] | []>(ports, call, params.model, (modelId) =>
        semanticVersion === undefined ? [] : [semanticKey(workspace, modelId, semanticVersion)],
      );
      checkActive(model);
      checkIfMatch(call.ifMatch, modelEtag(model, head));
      if (semanticVersion !== undefined && also[0]) throw semanticTaken(semanticVersion, also[0].version);
      if (checked.parent) await checkParent(ports, call, checked.parent);
      return registration(ports, call, { model, head }, checked);
    });
  };

/** What is registered, checked by itself. */
interface Registration extends Pick<RegisterVersion, 'final' | 'filesFrom' | 'modelPackage'> {
  readonly said: VersionMetadata;
  readonly references: readonly ReferenceDeclaration[];
  readonly parent?: VersionReference | undefined;
  readonly semanticVersion?: string | undefined;
  readonly location?: string | undefined;
}

/**
 * Checks what is to be registered, as far as it shows by itself.
 * @throws RegistryError invalid_input, limit_exceeded
 */
export function checkRegistration(body: RegisterVersion, workspace: string): Registration {
  const references = (body.references ?? []) as readonly ReferenceDeclaration[];
  const said = withDefaults(body);
  checkMetadata(said, 'body');
  references.forEach((reference, index) => {
    checkReference(reference, `body.references.${index}`);
  });
  checkPathsTogether(
    references.map(({ path }) => path),
    'body.references',
  );
  const parent = body.parent && {
    workspace: checkWorkspaceName(body.parent.workspace ?? workspace, 'body.parent.workspace'),
    model: body.parent.model,
    version: body.parent.version,
  };
  const { semanticVersion, location, final, filesFrom, modelPackage } = body;
  return { said, references, parent, semanticVersion, location, final, filesFrom, modelPackage };
}

/**
 * Decides the registration of the next version of a model.
 * @param also further writes of the same transaction
 * @throws RegistryError invalid_input where there are as many versions as there can be
 */
export function registration(
  ports: Pick<Ports, 'clock' | 'newId' | 'sha256'>,
  call: Pick<Call, 'principal' | 'requestId'>,
  { model, head }: Pick<Loaded, 'model' | 'head'>,
  body: Registration,
  also: readonly Write[] = [],
): Decision<VersionView> {
  const number = head.lastVersion + 1;
  if (number > LIMITS.versionNumber)
    throw invalid('path.model', model.name, `at most ${LIMITS.versionNumber} versions`);
  const { said, references, semanticVersion, parent, modelPackage } = body;
  const files: ReferenceFile[] = references.map((reference) => ({ kind: 'reference', ...reference }));
  const artifacts =
    body.filesFrom?.artifacts ?? (body.final ? summaryOf(files, ports.sha256(manifestText(files))) : undefined);
  const identity = {
    ...(semanticVersion !== undefined && { semanticVersion }),
    ...(parent && { parent }),
    ...(artifacts && { artifacts }),
    ...(body.location !== undefined && { location: body.location }),
    ...(modelPackage && { modelPackage }),
  };
  const history = historyOf(ports, call, { model, head });
  const status = artifacts ? 'READY' : 'PENDING';
  const fields = ['status', ...METADATA_FIELDS, 'semanticVersion', 'parent', 'artifacts', 'location', 'modelPackage'];
  const declared = Object.fromEntries(files.map((file) => [`artifacts.${file.path}`, fileView(file)]));
  const revision = history.add({
    type: 'version.registered',
    version: number,
    ...differenceBetween(
      {},
      { status, ...toldOf(said), ...identity, ...declared },
      [...fields, ...Object.keys(declared)],
      MAP_FIELDS,
    ),
    ...(artifacts && { artifactDigest: artifacts.digest }),
  });
  const version: Version = {
    ...said,
    ...identity,
    ...(body.filesFrom && { filesOf: placeOfFiles(body.filesFrom) }),
    workspace: model.workspace,
    modelId: model.id,
    number,
    status,
    stage: INITIAL_STAGE,
    approval: UNREVIEWED,
    aliases: [],
    createdAt: history.at,
    createdBy: history.actor,
    updatedAt: history.at,
    updatedBy: history.actor,
    editedAt: history.at,
    revision,
  };
  const { heads, writes } = history.close(number);
  return {
    answer: answerWith(version, model.name),
    change: {
      heads,
      writes: [...newVersion(version), ...fileWrites(version, files), ...also, ...writes],
      absent: [versionKey(version)],
    },
  };
}

/** Writes of a version that enters a model, its files aside. */
export function newVersion(version: Version): Write[] {
  const { workspace, modelId, number, semanticVersion } = version;
  const writes: Write[] = [
    put<'version'>(versionKey(version), version),
    put<'member'>({ kind: 'member', workspace, modelId, stage: version.stage, number }, { version: number }),
  ];
  if (semanticVersion === undefined) return writes;
  return [...writes, put<'semantic'>(semanticKey(workspace, modelId, semanticVersion), { version: number })];
}

function fileWrites({ workspace, modelId, number }: Version, files: readonly ReferenceFile[]): Write[] {
  return files.map((file) => put<'file'>({ kind: 'file', workspace, modelId, version: number, path: file.path }, file));
}
