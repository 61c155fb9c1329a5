export { partSizeOf } from '../../../../client/api';

/** Digests of a file, as the registry wants them declared. */
export interface Digests {
  readonly sha256: string;
  /** Of each part. */
  readonly parts: readonly string[];
  /** Of the parts' binary digests, one after the other. */
  readonly sha256OfParts: string;
}

/** What the worker is asked, and what it tells. */
export interface DigestRequest {
  readonly file: File;
  readonly partSize: number;
}
export type DigestMessage = { readonly hashed: number } | { readonly digests: Digests } | { readonly failed: string };
