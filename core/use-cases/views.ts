import { type ArtifactFile, partCount } from '../domain/artifact';
import type { Head, Model } from '../domain/model';
import type { Holder } from '../domain/records';
import type { CopyOrigin, Version } from '../domain/version';

/** A model as callers see it. */
export type ModelView = Omit<Model, 'revision'> & {
  /** Highest version number given out; 0 before the first. */
  readonly lastVersion: number;
};

/** A version as callers see it. */
export type VersionView = Omit<Version, 'modelId' | 'number' | 'stay' | 'copiedFrom' | 'filesOf' | 'revision'> & {
  readonly model: string;
  readonly version: number;
  readonly stageSince?: string;
  readonly copiedFrom?: Omit<CopyOrigin, 'modelId'>;
};

/** A version that holds an alias or a stage, as deployers see it. */
export type HolderView = Omit<Holder, 'slot' | 'revision'> & { readonly workspace: string; readonly model: string };

/** A file of a version as callers see it. */
export type FileView = {
  readonly path: string;
  readonly kind: ArtifactFile['kind'];
  readonly size?: number;
  readonly sha256?: string;
  readonly multipart?: { readonly partSize: number; readonly parts: number; readonly sha256OfParts: string };
  readonly uri?: string;
};

export function modelView(model: Model, head: Pick<Head, 'lastVersion'>): ModelView {
  const { revision, ...shown } = model;
  return { ...shown, lastVersion: head.lastVersion };
}

export function versionView(version: Version, model: string): VersionView {
  const { workspace, modelId, number, status, stage, stay, copiedFrom, filesOf, revision, ...shown } = version;
  return {
    workspace,
    model,
    version: number,
    status,
    stage,
    ...shown,
    ...(stay && { stageSince: stay.from }),
    ...(copiedFrom && {
      copiedFrom: { workspace: copiedFrom.workspace, model: copiedFrom.model, version: copiedFrom.version },
    }),
  };
}

export function holderView(holder: Holder, workspace: string, model: string): HolderView {
  const { slot, revision, ...shown } = holder;
  return { workspace, model, ...shown };
}

export function fileView(file: ArtifactFile): FileView {
  const { path, kind, size, sha256 } = file;
  const known = { path, kind, ...(size !== undefined && { size }), ...(sha256 !== undefined && { sha256 }) };
  if (file.kind === 'reference') return { ...known, uri: file.uri };
  if (!file.multipart) return known;
  const { partSize, sha256OfParts } = file.multipart;
  return { ...known, multipart: { partSize, parts: partCount(file.size, partSize), sha256OfParts } };
}
