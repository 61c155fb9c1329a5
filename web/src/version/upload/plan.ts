/** S3's own bounds: parts of at least 5 MiB, at most 10,000 of them. */
const SMALLEST_PART = 5 * 1024 ** 2;
const MOST_PARTS = 10_000;
const STEP = 1024 ** 2;

/** Bytes of each part of a file but the last: small ones lose little when they break off. */
export function partSizeOf(size: number): number {
  return Math.max(SMALLEST_PART, Math.ceil(size / MOST_PARTS / STEP) * STEP);
}

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
