import type { ArtifactFile, StoredFile } from './artifact';
import type { Container } from './version';

/** Files that an archive is made of, or the one that is an archive already; or where a host finds it by itself. */
export type ModelData =
  | { readonly kind: 'none' }
  | { readonly kind: 'url'; readonly url: string }
  | {
      readonly kind: 'files';
      readonly files: readonly (StoredFile & { readonly inside: string })[];
      readonly asIs: boolean;
    }
  | { readonly kind: 'impossible'; readonly reason: string };

/** Most bytes that are packed for one container: what streams through one function in its fifteen minutes, with room. */
export const PACK_BYTES = 10 * 1024 ** 3;

const IS_ARCHIVE = /\.(tar\.gz|tgz)$/;

/**
 * What a container of a version gets as its model data. It names a file or a folder; a container that names none gets all
 * files if it is the first one, otherwise nothing.
 */
export function modelDataOf(container: Container, index: number, files: readonly ArtifactFile[]): ModelData {
  const named = container.modelData;
  if (named === undefined && (index > 0 || files.length === 0)) return { kind: 'none' };
  const chosen =
    named === undefined ? files : files.filter(({ path }) => path === named || path.startsWith(`${named}/`));
  const [only] = chosen;
  if (!only) return { kind: 'impossible', reason: `artifact_not_found: the version has no file ${named}` };
  if (chosen.length === 1 && only.kind === 'reference') return referred(only.path, only.uri);
  const stored = chosen.filter((file) => file.kind === 'stored');
  if (stored.length < chosen.length) {
    return { kind: 'impossible', reason: 'artifacts_not_packable: files that are kept elsewhere cannot be packed' };
  }
  const asIs = stored.length === 1 && IS_ARCHIVE.test(only.path);
  const bytes = stored.reduce((sum, { size }) => sum + size, 0);
  if (bytes > PACK_BYTES) {
    const reason = `artifacts_too_large_to_pack: ${bytes} bytes; at most ${PACK_BYTES} are packed. Register a tar.gz in S3 as a reference`;
    return { kind: 'impossible', reason };
  }
  return { kind: 'files', files: stored.map((file) => ({ ...file, inside: insideOf(file.path, named) })), asIs };
}

/** The path in the archive: below the folder that the container names, or the name of the one file. */
function insideOf(path: string, named: string | undefined): string {
  if (named === undefined) return path;
  return path === named ? path.slice(path.lastIndexOf('/') + 1) : path.slice(named.length + 1);
}

function referred(path: string, uri: string): ModelData {
  if (uri.startsWith('s3://') && IS_ARCHIVE.test(uri)) return { kind: 'url', url: uri };
  return { kind: 'impossible', reason: `artifacts_not_packable: ${path} is kept elsewhere and is no tar.gz in S3` };
}
