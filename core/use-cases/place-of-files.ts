import type { Version } from '../domain/version';

/** The version that keeps the files of a version: itself, or the first of the chain of copies it belongs to. */
export function placeOfFiles({ filesOf, workspace, modelId, number }: Version): NonNullable<Version['filesOf']> {
  return filesOf ?? { workspace, modelId, version: number };
}
