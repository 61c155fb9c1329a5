import type { Segment } from './blobs';
import type { Checksum, ChecksumAlgorithm, ChecksumType } from './checksums';
import { SortedKeys } from './sorted-keys';

/** What a writer says about an object besides its bytes. Names are lower case. */
export interface ObjectProperties {
  /** Headers returned as they were given: Content-Type, Cache-Control and the like. */
  readonly headers: Readonly<Record<string, string>>;
  /** `x-amz-meta-*` without the prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** A part of an object that was uploaded in parts. */
interface ObjectPart {
  readonly number: number;
  readonly size: number;
  readonly checksum?: string;
}

/** Who may delete a version before its date: those with a special right, or nobody. */
export type RetentionMode = 'GOVERNANCE' | 'COMPLIANCE';

/** Object Lock of one version. */
export interface Retention {
  readonly mode: RetentionMode;
  /** ISO 8601. */
  readonly until: string;
}

/** One version of an object. */
export interface ObjectVersion extends ObjectProperties {
  /** `null` (the word) in buckets without versioning. */
  readonly id: string;
  /** ISO 8601, whole seconds as S3 keeps them. */
  readonly at: string;
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly segments: readonly Segment[];
  readonly checksum: Checksum;
  readonly retention?: Retention;
  readonly parts?: readonly ObjectPart[];
}

/** A version that says the object is gone. */
export interface DeleteMarker {
  readonly id: string;
  readonly at: string;
  readonly deleted: true;
}

export type Version = ObjectVersion | DeleteMarker;

export function isDeleteMarker(version: Version): version is DeleteMarker {
  return 'deleted' in version;
}

/** A part that has arrived. */
export interface UploadedPart {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly at: string;
  readonly segment?: Segment;
  /** In the upload's algorithm. */
  readonly checksum: string;
}

/** A multipart upload in progress. */
export interface Upload extends ObjectProperties {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly at: string;
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
  /** False when S3 chose the algorithm itself, and so does not hold the client to it. */
  readonly chosen: boolean;
}

/** One change. The journal holds them; applying them in order gives the state. */
export type Change =
  | { readonly do: 'put'; readonly bucket: string; readonly key: string; readonly version: Version }
  | { readonly do: 'remove'; readonly bucket: string; readonly key: string; readonly id: string }
  | {
      readonly do: 'tag';
      readonly bucket: string;
      readonly key: string;
      readonly id: string;
      readonly tags: ObjectProperties['tags'];
    }
  | { readonly do: 'upload'; readonly upload: Upload }
  | { readonly do: 'part'; readonly upload: string; readonly part: UploadedPart }
  | { readonly do: 'end'; readonly upload: string };

/** A transaction: all or nothing. */
export type Transaction = readonly Change[];

interface Objects {
  /** Versions by key, newest first, never an empty list. */
  readonly versions: Map<string, readonly Version[]>;
  readonly keys: SortedKeys;
}

/** The metadata of everything, in memory. Reads are of what has been acknowledged; only `apply` changes it. */
export class State {
  readonly #buckets = new Map<string, Objects>();
  readonly #uploads = new Map<string, { readonly upload: Upload; readonly parts: Map<number, UploadedPart> }>();

  /** Versions of a key, newest first. */
  versions(bucket: string, key: string): readonly Version[] {
    return this.#buckets.get(bucket)?.versions.get(key) ?? [];
  }

  /** Keys of a bucket that have versions, in S3's order. */
  keys(bucket: string): SortedKeys {
    return this.#objects(bucket).keys;
  }

  upload(id: string): { readonly upload: Upload; readonly parts: ReadonlyMap<number, UploadedPart> } | undefined {
    return this.#uploads.get(id);
  }

  uploads(bucket: string): readonly Upload[] {
    return [...this.#uploads.values()].map(({ upload }) => upload).filter((upload) => upload.bucket === bucket);
  }

  /** Applies a change and names the files that may no longer be needed. */
  apply(change: Change): readonly string[] {
    switch (change.do) {
      case 'put':
        return this.#put(change.bucket, change.key, change.version);
      case 'remove':
        return this.#remove(change.bucket, change.key, change.id);
      case 'tag':
        this.#tag(change.bucket, change.key, change.id, change.tags);
        return [];
      case 'upload':
        this.#uploads.set(change.upload.id, { upload: change.upload, parts: new Map() });
        return [];
      case 'part': {
        const parts = this.#uploads.get(change.upload)?.parts;
        const replaced = parts?.get(change.part.number)?.segment;
        parts?.set(change.part.number, change.part);
        return replaced ? [replaced.blob] : [];
      }
      case 'end': {
        const parts = this.#uploads.get(change.upload)?.parts.values() ?? [];
        this.#uploads.delete(change.upload);
        return [...parts].flatMap((part) => (part.segment ? [part.segment.blob] : []));
      }
    }
  }

  /** The shortest list of transactions that gives this state. */
  *snapshot(): Generator<Transaction> {
    for (const [bucket, { versions, keys }] of this.#buckets) {
      for (let i = 0; i < keys.size; i++) {
        const key = keys.at(i) as string;
        const oldestFirst = [...(versions.get(key) ?? [])].reverse();
        yield oldestFirst.map((version) => ({ do: 'put', bucket, key, version }));
      }
    }
    for (const { upload, parts } of this.#uploads.values()) {
      yield [
        { do: 'upload', upload },
        ...[...parts.values()].map((part): Change => ({ do: 'part', upload: upload.id, part })),
      ];
    }
  }

  /** Names of all files in use. */
  referenced(): Set<string> {
    const blobs = new Set<string>();
    for (const { versions } of this.#buckets.values()) {
      for (const version of [...versions.values()].flat()) for (const blob of blobsOf(version)) blobs.add(blob);
    }
    for (const { parts } of this.#uploads.values()) {
      for (const { segment } of parts.values()) if (segment) blobs.add(segment.blob);
    }
    return blobs;
  }

  #objects(bucket: string): Objects {
    let objects = this.#buckets.get(bucket);
    if (objects === undefined) {
      objects = { versions: new Map(), keys: new SortedKeys() };
      this.#buckets.set(bucket, objects);
    }
    return objects;
  }

  // A version replaces the one with its id: that is how `null` versions overwrite.
  #put(bucket: string, key: string, version: Version): readonly string[] {
    const { versions, keys } = this.#objects(bucket);
    const list = versions.get(key);
    if (list === undefined) keys.add(key);
    const replaced = list?.find((other) => other.id === version.id);
    versions.set(key, [version, ...(list ?? []).filter((other) => other !== replaced)]);
    const kept = new Set(blobsOf(version));
    return replaced ? blobsOf(replaced).filter((blob) => !kept.has(blob)) : [];
  }

  #tag(bucket: string, key: string, id: string, tags: ObjectProperties['tags']): void {
    const { versions } = this.#objects(bucket);
    const tagged = (versions.get(key) ?? []).map((version) => (version.id === id ? { ...version, tags } : version));
    if (tagged.length > 0) versions.set(key, tagged);
  }

  #remove(bucket: string, key: string, id: string): readonly string[] {
    const { versions, keys } = this.#objects(bucket);
    const list = versions.get(key) ?? [];
    const left = list.filter((version) => version.id !== id);
    if (left.length > 0) {
      versions.set(key, left);
    } else if (versions.delete(key)) {
      keys.delete(key);
    }
    return list.filter((version) => version.id === id).flatMap(blobsOf);
  }
}

function blobsOf(version: Version): string[] {
  return isDeleteMarker(version) ? [] : version.segments.map((segment) => segment.blob);
}
