import {
  type ArtifactFile,
  checkFile,
  checkPathsTogether,
  checkReference,
  type FileDeclaration,
  type ReferenceDeclaration,
} from '../domain/artifact';
import { invalid, RegistryError } from '../domain/errors';
import type { Json } from '../domain/json';
import { LIMITS } from '../domain/limits';
import { type Key, put } from '../domain/records';
import { checkPending, checkReady, checkUnlocked, type Version } from '../domain/version';
import type { Page, PageRequest, Ports, SignedRequest } from '../ports';
import type { UseCase } from './call';
import { aboutVersion, historyOf } from './change-version';
import { commandOnVersion, type OneVersion } from './command-on-version';
import { checkIfMatch, versionEtag } from './etag';
import { execute } from './execute';
import { loadVersion, readVersion } from './load';
import type { Loose } from './loose';
import { placeOfFiles } from './place-of-files';
import { recordReading } from './record-reading';
import { everyRow } from './rows';
import { type FileView, fileView } from './views';

/** Where the files of a version are kept: for a copy, with the version that it was copied from. */
export function fileRange(version: Version) {
  return { kind: 'file', ...placeOfFiles(version) } as const;
}

/** Where one file of a version is kept. */
export function fileKey(version: Version, path: string): Key<'file'> {
  return { ...fileRange(version), path };
}

/** All files of a version, at most as many as a version may have. */
export function allFiles(ports: Pick<Ports, 'store'>, version: Version): Promise<ArtifactFile[]> {
  return everyRow<'file'>(ports, fileRange(version), { consistent: true });
}

/** Key of a file's object: in a folder of its version, so that grants and lists can follow the registry's structure. */
function objectKey({ workspace, modelId, number }: Version, path: string): string {
  return `${workspace}/${modelId}/${number}/${path}`;
}

interface DeclareFiles {
  params: OneVersion;
  body: { files: readonly Loose<FileDeclaration>[]; references: readonly Loose<ReferenceDeclaration>[] };
}

function declared(version: Version, { files, references }: DeclareFiles['body']): ArtifactFile[] {
  const together = files.length + references.length;
  if (together > LIMITS.filesPerCall) {
    throw invalid('body.references', together, `with the files at most ${LIMITS.filesPerCall} a call`);
  }
  const stored = files.map((file, index) => {
    checkFile(file as FileDeclaration, `body.files.${index}`);
    return { kind: 'stored', ...(file as FileDeclaration), objectKey: objectKey(version, file.path) } as const;
  });
  const referenced = references.map((reference, index) => {
    checkReference(reference as ReferenceDeclaration, `body.references.${index}`);
    return { kind: 'reference', ...(reference as ReferenceDeclaration) } as const;
  });
  return [...stored, ...referenced];
}

function sameDeclaration(a: ArtifactFile | undefined, b: ArtifactFile): boolean {
  return a !== undefined && JSON.stringify(fileView(a)) === JSON.stringify(fileView(b));
}

/**
 * Declares files of a PENDING version, before they are sent. A path that was declared before is declared anew; the same
 * declaration again changes nothing, so an interrupted upload goes on where it was.
 */
export const declareArtifacts: UseCase<DeclareFiles, { files: FileView[] }> =
  (ports) =>
  ({ params, body }, call) =>
    commandOnVersion(ports, call, params, async (loaded) => {
      const { version } = loaded;
      checkUnlocked(version);
      checkPending(version);
      const files = declared(version, body);
      const known = new Map((await allFiles(ports, version)).map((file) => [file.path, file]));
      const paths = files.map(({ path }) => path);
      checkPathsTogether(paths, 'body.files');
      const together = new Set([...known.keys(), ...paths]);
      checkPathsTogether([...together], 'body.files');
      if (together.size > LIMITS.filesPerVersion) {
        throw new RegistryError('limit_exceeded', `The version would have ${together.size} files.`, [
          { field: 'body.files', value: together.size, rule: `at most ${LIMITS.filesPerVersion} files a version` },
        ]);
      }
      const answer = { body: { files: files.map(fileView) }, etag: versionEtag(version) };
      const changed = files.filter((file) => !sameDeclaration(known.get(file.path), file));
      if (changed.length === 0) return { answer };
      const history = historyOf(ports, call, loaded);
      const views = (list: readonly ArtifactFile[]) =>
        Object.fromEntries(list.map((file) => [`artifacts.${file.path}`, fileView(file) as Json]));
      history.add(
        aboutVersion(version, {
          type: 'version.artifacts_changed',
          changed: changed.map(({ path }) => `artifacts.${path}`),
          previous: views(changed.flatMap(({ path }) => known.get(path) ?? [])),
          current: views(changed),
        }),
      );
      const { heads, writes } = history.close();
      const puts = changed.map((file) => put<'file'>(fileKey(version, file.path), file));
      return { answer, change: { heads, writes: [...puts, ...writes], absent: [] } };
    });

function unknownFile(path: string): RegistryError {
  return new RegistryError('artifact_not_found', `The version has no file ${path}.`, [
    { field: 'query.path', value: path, rule: 'declared' },
  ]);
}

/** Withdraws the declaration of a file of a PENDING version. */
export const removeArtifact: UseCase<{ params: OneVersion; query: { path: string } }, void> =
  (ports) =>
  ({ params, query }, call) =>
    execute(ports, call, async () => {
      const { workspace } = call;
      const { path } = query;
      const loaded = await loadVersion<['file']>(ports, call, params.model, params.version, (modelId) => [
        { kind: 'file', workspace, modelId, version: params.version, path } as Key<'file'>,
      ]);
      const { model, head, version } = loaded;
      const [file] = loaded.also;
      checkIfMatch(call.ifMatch, versionEtag(version));
      checkUnlocked(version);
      checkPending(version);
      if (!file) throw unknownFile(path);
      const history = historyOf(ports, call, { model, head });
      history.add(
        aboutVersion(version, {
          type: 'version.artifacts_changed',
          changed: [`artifacts.${path}`],
          previous: { [`artifacts.${path}`]: fileView(file) as Json },
          current: {},
        }),
      );
      const { heads, writes } = history.close();
      return {
        answer: { body: undefined },
        change: { heads, writes: [{ delete: fileKey(version, path) }, ...writes], absent: [] },
      };
    });

/** Lists the files of a version by path, declared ones too. */
export const listArtifacts: UseCase<{ params: OneVersion; page: PageRequest }, Page<FileView>> =
  (ports) =>
  async ({ params, page }, call) => {
    const version = await readVersion(ports, call, params.model, params.version);
    const rows = await ports.store.query<'file'>(fileRange(version), page);
    return { body: { ...rows, items: rows.items.map(fileView) } };
  };

/** What a deployer needs to fetch and check a version: its digest, and a page of its files. */
export type Manifest = Page<FileView> & {
  readonly workspace: string;
  readonly model: string;
  readonly version: number;
  readonly artifacts: NonNullable<Version['artifacts']>;
};

/** The manifest of a READY version. */
export const getManifest: UseCase<{ params: OneVersion; page: PageRequest }, Manifest> =
  (ports) =>
  async ({ params, page }, call) => {
    const version = await readVersion(ports, call, params.model, params.version);
    checkReady(version);
    const { artifacts } = version;
    if (!artifacts) throw new Error(`READY version ${version.number} of ${version.modelId} has no artifact summary`);
    const rows = await ports.store.query<'file'>(fileRange(version), page);
    const identity = { workspace: version.workspace, model: params.model, version: version.number, artifacts };
    return { body: { ...identity, ...rows, items: rows.items.map(fileView) } };
  };

/** Where to fetch one file: a signed request for a stored one, the URI for a referenced one. */
export type Download = { readonly file: FileView; readonly request?: SignedRequest; readonly uri?: string };

/** Hands out the address of one file of a READY version. It names the very bytes that were finalised. */
export const getDownload: UseCase<{ params: OneVersion; query: { path: string } }, Download> =
  (ports) =>
  async ({ params, query }, call) => {
    const version = await readVersion(ports, call, params.model, params.version);
    checkReady(version);
    const file = await ports.store.get<'file'>(fileKey(version, query.path));
    if (!file) throw unknownFile(query.path);
    const view = fileView(file);
    const { modelId, number } = version;
    const read = {
      model: params.model,
      modelId,
      version: number,
      path: file.path,
      ...(file.sha256 !== undefined && { sha256: file.sha256 }),
    };
    if (file.kind === 'reference') {
      await recordReading(ports, call, read);
      return { body: { file: view, uri: file.uri } };
    }
    if (file.objectVersion === undefined) throw new Error(`${file.objectKey} of a READY version was never finalised`);
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const request = await ports.artifacts.signGet(file.objectKey, file.objectVersion, name);
    await recordReading(ports, call, read);
    return { body: { file: view, request } };
  };
