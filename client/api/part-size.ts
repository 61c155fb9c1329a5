const MIB = 1024 ** 2;
/** S3's own bounds: parts of at least 5 MiB, at most 10,000 of them. */
const SMALLEST_PART = 5 * MIB;
const MOST_PARTS = 10_000;
/** Small parts lose little when they break off, large ones take fewer requests: these are enough parts to lose little. */
const MANY_PARTS = 256;
const LARGE_PART = 16 * MIB;

/**
 * Bytes of each part of a file but the last: 5 MiB, of files above 1.25 GiB up to 16 MiB, and above 156 GiB what S3's most parts
 * ask for. The size belongs to what a version's digest covers, so every client cuts files in the same way.
 */
export function partSizeOf(size: number): number {
  const bytes = Math.max(SMALLEST_PART, Math.min(LARGE_PART, size / MANY_PARTS), size / MOST_PARTS);
  return Math.ceil(bytes / MIB) * MIB;
}
