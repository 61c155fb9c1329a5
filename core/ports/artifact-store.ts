import type { ObjectFacts } from '../domain/artifact';

/** A request that a caller makes to the artifact store by itself; it must send the headers given. */
export interface SignedRequest {
  readonly method: 'GET' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

/** A part that has arrived. */
export interface ArrivedPart {
  readonly number: number;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256?: string;
  readonly etag: string;
}

/** The store of artifact bytes. They never pass through the registry's functions. */
export interface ArtifactStore {
  signPut(key: string, content: { readonly size: number; readonly sha256: string }): Promise<SignedRequest>;
  signPart(
    key: string,
    uploadId: string,
    part: { readonly number: number; readonly size: number; readonly sha256: string },
  ): Promise<SignedRequest>;
  signGet(key: string, objectVersion: string, fileName: string): Promise<SignedRequest>;
  beginUpload(key: string): Promise<string>;
  /** Does nothing to an upload that is gone, as completing does: what lies under the key then tells. */
  abandonUpload(key: string, uploadId: string): Promise<void>;
  /** Parts in the order of their numbers, or undefined when the store knows no such upload (any more). */
  arrivedParts(
    key: string,
    uploadId: string,
    page: { readonly after: number; readonly limit: number },
  ): Promise<{ readonly parts: readonly ArrivedPart[]; readonly more: boolean } | undefined>;
  completeUpload(key: string, uploadId: string, parts: readonly ArrivedPart[]): Promise<void>;
  /** What lies under a key now. */
  facts(key: string): Promise<ObjectFacts | undefined>;
}
