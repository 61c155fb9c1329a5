/** The algorithms whose checksum of a whole follows from the checksums of its parts. */
export type CrcAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME';

/** Width in bits and generator polynomial with its bits reversed, as all three CRCs process the lowest bit first. */
const CRCS: Readonly<Record<CrcAlgorithm, { readonly width: number; readonly polynomial: bigint }>> = {
  CRC32: { width: 32, polynomial: 0xedb88320n },
  CRC32C: { width: 32, polynomial: 0x82f63b78n },
  CRC64NVME: { width: 64, polynomial: 0x9a6c9329ac4bc9b5n },
};

/**
 * Computes the CRC of a concatenation from the CRCs and lengths of its pieces, without reading the bytes again:
 * appending `n` bytes multiplies the CRC so far by x^(8n) modulo the generator polynomial.
 *
 * @param pieces CRC in base64 (big endian) and length in bytes, in order
 * @returns the CRC of all bytes, base64
 */
export function combineCrcs(algorithm: CrcAlgorithm, pieces: readonly { crc: string; size: number }[]): string {
  const { width, polynomial } = CRCS[algorithm];
  const shifts = new Map<number, bigint>();
  let total = 0n;
  for (const { crc, size } of pieces) {
    // Nearly all parts of an upload have one size, so the costly power is computed once or twice.
    const shift = shifts.get(size) ?? power(8n * BigInt(size), polynomial, width);
    shifts.set(size, shift);
    total = multiply(total, shift, polynomial, width) ^ BigInt(`0x${Buffer.from(crc, 'base64').toString('hex')}`);
  }
  return Buffer.from(total.toString(16).padStart(width / 4, '0'), 'hex').toString('base64');
}

// Polynomials are held reversed: the highest bit is the coefficient of x^0.
function power(exponent: bigint, polynomial: bigint, width: number): bigint {
  let result = 1n << BigInt(width - 1);
  let base = 1n << BigInt(width - 2);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(result, base, polynomial, width);
    base = multiply(base, base, polynomial, width);
  }
  return result;
}

function multiply(a: bigint, b: bigint, polynomial: bigint, width: number): bigint {
  let product = 0n;
  let factor = b;
  for (let bit = 1n << BigInt(width - 1); bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ polynomial : factor >> 1n;
  }
  return product;
}
