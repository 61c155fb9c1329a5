/** A file of an archive: an object of the artifact store, the very version that was finalised. */
export interface ArchiveEntry {
  readonly path: string;
  readonly objectKey: string;
  readonly objectVersion: string;
  readonly size: number;
}

/** A tar.gz that is made of a version's files. Its key follows from their digest: it is made once. */
export interface Archive {
  readonly key: string;
  readonly entries: readonly ArchiveEntry[];
  /** The one file is such an archive already and is taken as it is. */
  readonly asIs: boolean;
}

/** Model data in the form in which hosts take them. */
export interface Archives {
  exists(key: string): Promise<boolean>;
  /** Where a host finds an archive. */
  url(key: string): string;
  make(archive: Archive): Promise<void>;
}

/** Wakes whoever looks after targets. */
export interface TargetQueue {
  put(places: readonly TargetPlace[], delaySeconds: number): Promise<void>;
}

/** Where a target is. */
export interface TargetPlace {
  readonly workspace: string;
  readonly modelId: string;
  readonly stage: string;
}
