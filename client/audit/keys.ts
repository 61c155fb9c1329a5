import { createHash, createPublicKey, verify } from 'node:crypto';
import type { Cryptography } from './digests';

/**
 * Verifies signatures with the given public keys.
 * @param pems public keys in PEM, each ECDSA on P-256
 * @throws Error for what is no such key
 */
export function cryptographyOf(pems: readonly string[]): Cryptography {
  const keys = pems.map((pem) => {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
      throw new Error('The key is not one on the curve P-256.');
    return key;
  });
  return {
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    isSigned: (text, signature) => {
      const bytes = Buffer.from(signature, 'base64');
      return keys.some((key) => verify('sha256', Buffer.from(text), key, bytes));
    },
  };
}
