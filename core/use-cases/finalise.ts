import {
  type ArtifactFile,
  differenceFrom,
  incomplete,
  manifestText,
  partBytes,
  partCount,
  type StoredFile,
} from '../domain/artifact';
import type { Json } from '../domain/json';
import { LIMITS } from '../domain/limits';
import { checkPending, checkUnlocked, type Version } from '../domain/version';
import { type ArrivedPart, Contention, type Ports } from '../ports';
import type { UseCase } from './call';
import { changeOf, historyOf } from './change-version';
import { commandOnVersion } from './command-on-version';
import { summaryOf } from './file-summary';
import { allFiles, fileKey } from './files';
import type { VersionView } from './views';

/** Files that are compared with the store at the same time. */
const AT_ONCE = 16;

/**
 * Makes the files of a PENDING version final: each is compared with its declaration, by size and checksum, as the store
 * knows them; uploads in parts are completed on the way. If all agree, the version is READY.
 * @throws RegistryError artifacts_incomplete naming each file that differs; the version stays PENDING
 */
export const finaliseVersion: UseCase<{ params: { model: string; version: number } }, VersionView> =
  (ports) =>
  ({ params }, call) =>
    commandOnVersion(ports, call, params, async (loaded) => {
      const { version } = loaded;
      checkUnlocked(version);
      checkPending(version);
      const files = await allFiles(ports, version);
      await settleAll(ports, version, files);
      const artifacts = summaryOf(files, ports.sha256(manifestText(files)));
      return changeOf(loaded, historyOf(ports, call, loaded), {
        next: { ...version, status: 'READY', artifacts },
        event: {
          type: 'version.ready',
          changed: ['status', 'artifacts'],
          previous: { status: 'PENDING' },
          current: { status: 'READY', artifacts: { ...artifacts } as Json },
        },
      });
    });

async function settleAll(ports: Ports, version: Version, files: readonly ArtifactFile[]): Promise<void> {
  const open = files.filter((file): file is StoredFile => file.kind === 'stored' && file.objectVersion === undefined);
  const differences: { path: string; difference: string }[] = [];
  for (let start = 0; start < open.length; start += AT_ONCE) {
    const batch = open.slice(start, start + AT_ONCE);
    const found = await Promise.all(batch.map((file) => settle(ports, version, file)));
    found.forEach((difference, index) => {
      const path = batch[index]?.path;
      if (difference !== undefined && path !== undefined) differences.push({ path, difference });
    });
  }
  if (differences.length > 0) throw incomplete(differences);
}

/** Compares one file and notes the version of the object that was compared; tells how it differs, if it does. */
async function settle(ports: Ports, version: Version, file: StoredFile): Promise<string | undefined> {
  const unfinished = file.multipart && (await completeParts(ports, file));
  if (unfinished !== undefined) return unfinished;
  const facts = await ports.artifacts.facts(file.objectKey);
  const difference = differenceFrom(file, facts);
  if (difference !== undefined || !facts) return difference;
  const { objectVersion } = facts;
  const noted = await ports.store.noteUpload(fileKey(version, file.path), file, { objectVersion });
  if (!noted) throw new Contention(`file ${file.path} was declared anew`);
  return undefined;
}

/** Completes an upload whose parts are all there and as declared; tells what is missing or wrong otherwise. */
async function completeParts(ports: Ports, file: StoredFile): Promise<string | undefined> {
  const { multipart, uploadId, objectKey, size } = file;
  if (!multipart || uploadId === undefined) return undefined;
  const parts: ArrivedPart[] = [];
  for (let more = true; more; ) {
    const page = await ports.artifacts.arrivedParts(objectKey, uploadId, {
      after: parts.at(-1)?.number ?? 0,
      limit: LIMITS.parts,
    });
    if (!page) return undefined; // completed before: the object itself is compared
    parts.push(...page.parts);
    more = page.more && page.parts.length > 0;
  }
  const expected = partCount(size, multipart.partSize);
  if (parts.length < expected) return `has ${parts.length} of ${expected} parts`;
  for (const part of parts) {
    const bytes = partBytes(size, multipart.partSize, part.number);
    if (part.size !== bytes) return `has ${part.size} bytes in part ${part.number}, declared were ${bytes}`;
  }
  const sha256OfParts = ports.sha256(bytesOfHex(parts.map(({ sha256 }) => sha256 ?? '').join('')));
  if (sha256OfParts !== multipart.sha256OfParts) {
    return `has SHA-256 of parts ${sha256OfParts}, declared was ${multipart.sha256OfParts}`;
  }
  await ports.artifacts.completeUpload(objectKey, uploadId, parts);
  return undefined;
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
