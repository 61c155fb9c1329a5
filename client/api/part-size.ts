/** S3's own bounds: parts of at least 5 MiB, at most 10,000 of them. */
const SMALLEST_PART = 5 * 1024 ** 2;
const MOST_PARTS = 10_000;
const STEP = 1024 ** 2;

/**
 * Bytes of each part of a file but the last: small ones lose little when they break off. The size belongs to what a version's
 * digest covers, so every client cuts files in the same way.
 */
export function partSizeOf(size: number): number {
  return Math.max(SMALLEST_PART, Math.ceil(size / MOST_PARTS / STEP) * STEP);
}
