import { differenceFrom, partBytes, partCount, type StoredFile } from '../domain/artifact';
import { invalid, RegistryError } from '../domain/errors';
import { LIMITS } from '../domain/limits';
import type { Version } from '../domain/version';
import { checkPending, checkUnlocked } from '../domain/version';
import type { ArrivedPart, Page, PageRequest, Ports, SignedRequest } from '../ports';
import type { UseCase } from './call';
import { commandOnVersion, type OneVersion } from './command-on-version';
import { fileKey } from './files';
import { readVersion } from './load';

interface WantedPart {
  readonly number: number;
  readonly sha256: string;
}

interface RequestUploads {
  params: OneVersion;
  body: { files: readonly { path: string; parts?: readonly WantedPart[] | undefined }[] };
}

/** The requests that send one file: a single PUT, or those of the parts that were asked for. */
export interface UploadGrant {
  readonly path: string;
  readonly request?: SignedRequest;
  readonly parts?: readonly (SignedRequest & { readonly number: number })[];
}

async function storedFile(ports: Ports, version: Version, path: string, field: string): Promise<StoredFile> {
  const file = await ports.store.get<'file'>(fileKey(version, path), { consistent: true });
  if (file?.kind === 'stored') return file;
  throw new RegistryError('artifact_not_found', `The version has no file ${path} to send.`, [
    { field, value: path, rule: 'declared, and not a reference' },
  ]);
}

/** The multipart upload of a file, begun by whoever needs it first. */
async function uploadOf(ports: Ports, version: Version, file: StoredFile): Promise<string> {
  if (file.uploadId !== undefined) return file.uploadId;
  const begun = await ports.artifacts.beginUpload(file.objectKey);
  const noted = await ports.store.noteUpload(fileKey(version, file.path), file, { uploadId: begun });
  if (noted?.uploadId === begun) return begun;
  await ports.artifacts.abandonUpload(file.objectKey, begun);
  if (noted?.uploadId !== undefined) return noted.uploadId;
  throw new RegistryError('artifact_not_found', `File ${file.path} was declared anew meanwhile.`, [
    { field: 'body.files', value: file.path, rule: 'still declared' },
  ]);
}

async function grantParts(
  ports: Ports,
  version: Version,
  file: StoredFile,
  parts: readonly WantedPart[],
  field: string,
): Promise<UploadGrant> {
  if (!file.multipart) {
    throw new RegistryError('artifact_not_multipart', `File ${file.path} was declared as one PUT.`, [
      { field: `${field}.parts`, value: parts.length, rule: 'absent, or declare the file with multipart' },
    ]);
  }
  const { partSize } = file.multipart;
  const count = partCount(file.size, partSize);
  parts.forEach(({ number }, index) => {
    if (number > count) throw invalid(`${field}.parts.${index}.number`, number, `from 1 to ${count}`);
  });
  const uploadId = await uploadOf(ports, version, file);
  const granted = await Promise.all(
    parts.map(async ({ number, sha256 }) => {
      const part = { number, size: partBytes(file.size, partSize, number), sha256 };
      return { number, ...(await ports.artifacts.signPart(file.objectKey, uploadId, part)) };
    }),
  );
  return { path: file.path, parts: granted };
}

/** Hands out the requests that send declared files, or the next parts of them. Asked again, it signs anew. */
export const requestUploads: UseCase<RequestUploads, { uploads: UploadGrant[] }> =
  (ports) =>
  ({ params, body }, call) =>
    commandOnVersion(ports, call, params, async ({ version }) => {
      checkUnlocked(version);
      checkPending(version);
      const parts = body.files.reduce((sum, file) => sum + (file.parts?.length ?? 0), 0);
      if (parts > LIMITS.partsPerCall)
        throw invalid('body.files', parts, `at most ${LIMITS.partsPerCall} parts a call`);
      const uploads = await Promise.all(
        body.files.map(async ({ path, parts }, index): Promise<UploadGrant> => {
          const field = `body.files.${index}`;
          const file = await storedFile(ports, version, path, `${field}.path`);
          if (parts) return grantParts(ports, version, file, parts, field);
          if (file.multipart) throw invalid(`${field}.parts`, null, 'given: the file was declared with multipart');
          return { path, request: await ports.artifacts.signPut(file.objectKey, file) };
        }),
      );
      return { answer: { body: { uploads } }, fresh: true };
    });

/** How far the sending of a file has come. */
export type UploadProgress = Page<Omit<ArrivedPart, 'etag'>> & {
  readonly path: string;
  /** It is all there and is what was declared. */
  readonly complete: boolean;
  /** What is wrong with what is there, in words. */
  readonly difference?: string;
};

/** Tells what of a file has arrived, so that an interrupted upload sends only the rest. */
export const getUpload: UseCase<{ params: OneVersion; query: { path: string }; page: PageRequest }, UploadProgress> =
  (ports) =>
  async ({ params, query, page }, call) => {
    const version = await readVersion(ports, call, params.model, params.version);
    const file = await storedFile(ports, version, query.path, 'query.path');
    const { path } = file;
    if (file.uploadId !== undefined && file.objectVersion === undefined) {
      const after = Number(page.after ?? 0);
      const arrived = await ports.artifacts.arrivedParts(file.objectKey, file.uploadId, { after, limit: page.limit });
      if (arrived) {
        const items = arrived.parts.map(({ etag: _, ...part }) => part);
        const last = items.at(-1);
        const next = arrived.more && last ? { next: String(last.number) } : {};
        return { body: { path, complete: false, difference: 'is being sent in parts', items, ...next } };
      }
    }
    const difference = differenceFrom(file, await ports.artifacts.facts(file.objectKey));
    return {
      body: { path, complete: difference === undefined, items: [], ...(difference !== undefined && { difference }) },
    };
  };
