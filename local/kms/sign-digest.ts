import { createECDH, type KeyObject } from 'node:crypto';

/** Order of the base point of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * ECDSA on P-256 over a digest that the caller made, DER encoded. Node.js hashes whatever it signs, so this is done by hand
 * (FIPS 186-5, 6.4.1); for the local run only, because it takes a time that depends on the key.
 */
export function signDigest(key: KeyObject, digest: Buffer): string {
  const secret = number(Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url'));
  const once = createECDH('prime256v1');
  for (;;) {
    // A fresh key pair is a random number with its multiple of the base point.
    const x = once.generateKeys().subarray(1, 33);
    const r = number(x) % ORDER;
    const s = (inverse(number(once.getPrivateKey())) * (number(digest) + r * secret)) % ORDER;
    if (r > 0n && s > 0n) return der([r, s]).toString('base64');
  }
}

function number(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

/** By Fermat: the order is a prime. */
function inverse(value: bigint): bigint {
  let [result, base] = [1n, value % ORDER];
  for (let exponent = ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % ORDER;
    base = (base * base) % ORDER;
  }
  return result;
}

function der(numbers: readonly bigint[]): Buffer {
  const parts = numbers.map((value) => {
    const hex = value.toString(16);
    const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
    // A leading one bit would make it negative.
    const positive = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
    return Buffer.concat([Buffer.of(2, positive.length), positive]);
  });
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(0x30, content.length), content]);
}
