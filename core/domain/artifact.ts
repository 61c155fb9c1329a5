import { invalid, RegistryError } from './errors';
import { canonicalJson, utf8Length } from './json';
import { LIMITS } from './limits';
import { checkArtifactPath } from './names';

/** How a file is sent in parts. */
export interface MultipartPlan {
  /** Bytes of every part but the last. */
  readonly partSize: number;
  /** Lower-case hex SHA-256 of the parts' binary SHA-256 digests, one after the other (S3's composite checksum). */
  readonly sha256OfParts: string;
}

/** What a caller declares of a file before sending it. */
export interface FileDeclaration {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of the whole file, lower-case hex. */
  readonly sha256: string;
  /** Absent: one PUT. */
  readonly multipart?: MultipartPlan;
}

/** What a caller declares of a file that stays where it is. */
export interface ReferenceDeclaration {
  readonly path: string;
  readonly uri: string;
  readonly size?: number;
  readonly sha256?: string;
}

/** A file of a version whose bytes the artifact store keeps. */
export interface StoredFile extends FileDeclaration {
  readonly kind: 'stored';
  /** Key of the object in the artifact store. */
  readonly objectKey: string;
  /** The multipart upload in progress. */
  readonly uploadId?: string;
  /** Version of the object that was compared with the declaration: later writes to its key change nothing. */
  readonly objectVersion?: string;
}

/** A file of a version that is kept elsewhere. */
export interface ReferenceFile extends ReferenceDeclaration {
  readonly kind: 'reference';
}

export type ArtifactFile = StoredFile | ReferenceFile;

/** What a version knows of its files once they are final. */
export interface ArtifactSummary {
  /** SHA-256 of the manifest: two versions with the same digest have the same files. */
  readonly digest: string;
  readonly files: number;
  /** Bytes, of the files whose size is known. */
  readonly bytes: number;
}

const SHA256 = /^[0-9a-f]{64}$/;

function checkSha256(digest: string, field: string): void {
  if (!SHA256.test(digest)) throw invalid(field, digest, '64 lower-case hexadecimal digits');
}

function checkSize(size: number, field: string): void {
  if (!Number.isSafeInteger(size) || size < 0 || size > LIMITS.objectBytes) {
    throw invalid(field, size, `a whole number of bytes from 0 to ${LIMITS.objectBytes}`);
  }
}

/** Number of parts in which a file is sent. */
export function partCount(size: number, partSize: number): number {
  return Math.max(1, Math.ceil(size / partSize));
}

/** Bytes of one part (numbers start at 1). */
export function partBytes(size: number, partSize: number, part: number): number {
  return part < partCount(size, partSize) ? partSize : size - partSize * (partCount(size, partSize) - 1);
}

/**
 * Checks the declaration of a file, S3's limits for its kind of upload included.
 * @throws RegistryError invalid_input
 */
export function checkFile(file: FileDeclaration, field: string): void {
  checkArtifactPath(file.path, `${field}.path`);
  checkSize(file.size, `${field}.size`);
  checkSha256(file.sha256, `${field}.sha256`);
  if (!file.multipart) {
    if (file.size > LIMITS.singlePutBytes) {
      throw invalid(
        `${field}.size`,
        file.size,
        `at most ${LIMITS.singlePutBytes} bytes in one PUT: declare multipart above`,
      );
    }
    return;
  }
  const { partSize, sha256OfParts } = file.multipart;
  checkSha256(sha256OfParts, `${field}.multipart.sha256OfParts`);
  if (!Number.isSafeInteger(partSize) || partSize < LIMITS.minPartBytes || partSize > LIMITS.maxPartBytes) {
    const rule = `a whole number of bytes from ${LIMITS.minPartBytes} to ${LIMITS.maxPartBytes}`;
    throw invalid(`${field}.multipart.partSize`, partSize, rule);
  }
  if (partCount(file.size, partSize) > LIMITS.parts) {
    throw invalid(`${field}.multipart.partSize`, partSize, `so large that ${LIMITS.parts} parts hold the file`);
  }
}

const REFERENCE_SCHEMES = [
  's3',
  'https',
  'http',
  'gs',
  'abfss',
  'wasbs',
  'hf',
  'oci',
  'docker',
  'dbfs',
  'mlflow-artifacts',
  'runs',
  'models',
];

/** Schemes in which what stands before `@` is a container, unless it has a password. */
const CONTAINER_SCHEMES = ['abfss', 'wasbs'];

function hasCredentials(scheme: string, uri: string): boolean {
  const user = /^[^:]+:\/\/([^/?#]*)@/.exec(uri)?.[1];
  return user !== undefined && (!CONTAINER_SCHEMES.includes(scheme) || user.includes(':'));
}

/**
 * Checks an URI that the registry keeps for others to open: absolute, of a known scheme, at most 2,048 bytes of UTF-8,
 * without credentials or unseen characters, and with no segment that climbs, however it is written.
 * @throws RegistryError invalid_input
 */
export function checkUri(uri: string, field: string): string {
  if (utf8Length(uri) > LIMITS.uri) throw invalid(field, uri, `at most ${LIMITS.uri} bytes of UTF-8`);
  const scheme = /^([a-z][a-z0-9+.-]*):/.exec(uri)?.[1];
  if (scheme === undefined || !REFERENCE_SCHEMES.includes(scheme)) {
    throw invalid(field, uri, `an absolute URI of scheme ${REFERENCE_SCHEMES.join(', ')}`);
  }
  if (/[\s\p{Cc}\p{Cf}\p{Cs}\\]/u.test(uri))
    throw invalid(field, uri, 'no white space, backslash or unseen characters');
  if (hasCredentials(scheme, uri)) throw invalid(field, uri, 'no credentials');
  const path = uri.split(/[?#]/, 1)[0]?.replace(/%2e/gi, '.') ?? '';
  if (path.split('/').includes('..')) throw invalid(field, uri, "no '..' segment");
  return uri;
}

/**
 * Checks the declaration of a reference artifact.
 * @throws RegistryError invalid_input
 */
export function checkReference(reference: ReferenceDeclaration, field: string): void {
  checkArtifactPath(reference.path, `${field}.path`);
  checkUri(reference.uri, `${field}.uri`);
  if (reference.size !== undefined) checkSize(reference.size, `${field}.size`);
  if (reference.sha256 !== undefined) checkSha256(reference.sha256, `${field}.sha256`);
}

/**
 * Refuses two files of which one would have to be both a file and a folder, or that are the same path.
 * @throws RegistryError invalid_input
 */
export function checkPathsTogether(paths: readonly string[], field: string): void {
  const known = new Set<string>();
  for (const path of paths) {
    if (known.has(path)) throw invalid(field, path, 'each path once');
    known.add(path);
  }
  for (const path of paths) {
    const segments = path.split('/');
    for (let depth = 1; depth < segments.length; depth++) {
      const folder = segments.slice(0, depth).join('/');
      if (known.has(folder)) throw invalid(field, path, `not below ${folder}, which is a file`);
    }
  }
}

/**
 * The text whose SHA-256 is the artifact digest: one canonical line a file, in the order of the paths' code units. It
 * holds what identifies content, so copies of a version have the digest of the original.
 */
export function manifestText(files: readonly ArtifactFile[]): string {
  return [...files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((file) => {
      const { path, size, sha256 } = file;
      const identity = file.kind === 'stored' ? { sha256OfParts: file.multipart?.sha256OfParts } : { uri: file.uri };
      return `${canonicalJson({ path, size, sha256, ...identity })}\n`;
    })
    .join('');
}

/** What the artifact store holds under a key. */
export interface ObjectFacts {
  readonly size: number;
  readonly objectVersion: string;
  /** Lower-case hex; of the whole object, or of its parts' digests. Absent where the store has none. */
  readonly sha256?: string;
  readonly sha256OfParts?: string;
  /** Number of parts, of an object that was sent in parts. */
  readonly parts?: number;
}

/** How a stored object differs from its declaration, in words; nothing where it does not. */
export function differenceFrom(file: FileDeclaration, object: ObjectFacts | undefined): string | undefined {
  if (!object) return 'has not arrived';
  if (object.size !== file.size) return `has ${object.size} bytes, declared were ${file.size}`;
  if (!file.multipart) {
    return object.sha256 === file.sha256
      ? undefined
      : `has SHA-256 ${object.sha256 ?? 'unknown'}, declared was ${file.sha256}`;
  }
  const parts = partCount(file.size, file.multipart.partSize);
  if (object.parts !== parts) return `has ${object.parts ?? 1} parts, declared were ${parts}`;
  if (object.sha256OfParts === file.multipart.sha256OfParts) return undefined;
  return `has SHA-256 of parts ${object.sha256OfParts ?? 'unknown'}, declared was ${file.multipart.sha256OfParts}`;
}

/** Refuses files that are not what was declared, naming each. */
export function incomplete(differences: readonly { path: string; difference: string }[]): RegistryError {
  const first = differences[0];
  return new RegistryError(
    'artifacts_incomplete',
    `${differences.length} of the declared files cannot be finalised, first ${first?.path}: it ${first?.difference}.`,
    differences.map(({ path, difference }) => ({
      field: path,
      value: difference,
      rule: 'as declared: size and SHA-256',
    })),
  );
}
