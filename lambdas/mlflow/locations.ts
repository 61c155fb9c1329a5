import type { Version } from '../../core/domain/version';

/** Folder of the artifact proxy below which the files of versions are. */
export const VERSION_FILES = 'versions';

type Located = Pick<Version, 'artifacts' | 'filesOf' | 'location' | 'source'> & {
  readonly modelId?: string;
  readonly number: number;
};

/**
 * Where the stock client fetches a version's files: from the artifact proxy where the registry keeps them, else where the
 * version says they are.
 */
export function downloadUri(version: Located, modelId: string): string {
  const { location, source, artifacts } = version;
  if (location !== undefined) return location;
  if (source !== undefined && !artifacts?.files) return source;
  return `mlflow-artifacts:/${VERSION_FILES}/${modelId}/${version.number}`;
}
