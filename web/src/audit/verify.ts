import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { digestOf } from '../../../client/audit/form';
import { type Report, verifyAudit } from '../../../client/audit/verify';

export { FAULTS } from '../../../client/audit/faults';
export type { Report };

/** What is verified, as the registry answers it: lines in their canonical form. */
export interface Evidence {
  readonly records: AsyncIterable<string>;
  readonly digests: readonly string[];
  /** Public key in PEM; absent where there is none to trust. */
  readonly key: string | undefined;
  readonly workspace: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Verifies in the browser what the command line verifies without it: by the same code, with the browser's own cryptography. */
export async function verify({ records, digests, key, workspace, from, to }: Evidence): Promise<Report> {
  const signed = new Set<string>();
  const publicKey = key === undefined ? undefined : await importKey(key);
  for (const text of digests) {
    const digest = digestOf(text);
    if (publicKey && digest && (await isSignedBy(publicKey, digest.signed, digest.signature))) {
      signed.add(`${digest.signature} ${digest.signed}`);
    }
  }
  const report = await verifyAudit(
    { records, digests: digests.map((line) => `${line}\n`), scope: { workspace, from, to } },
    {
      sha256: (text) => bytesToHex(sha256(utf8ToBytes(text))),
      isSigned: (text, signature) => signed.has(`${signature} ${text}`),
    },
  );
  if (digests.length > 0) return report;
  // That there are no digests to compare with is said apart: it is no fault of the records.
  return { ...report, faults: report.faults.filter(({ first }) => first.kind !== 'digest_missing') };
}

async function importKey(pem: string): Promise<CryptoKey> {
  const der = bytesOf(pem.replaceAll(/-----[A-Z ]+-----|\s/g, ''));
  return await crypto.subtle.importKey('spki', der, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
}

async function isSignedBy(key: CryptoKey, text: string, signature: string): Promise<boolean> {
  const raw = rawSignature(bytesOf(signature));
  if (!raw) return false;
  const data = new Uint8Array(new TextEncoder().encode(text));
  return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, raw, data);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** KMS signs in DER, a sequence of two integers; browsers take both numbers of 32 bytes one after the other. */
function rawSignature(der: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const raw = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1];
    if (der[at] !== 0x02 || length === undefined || at + 2 + length > der.length) return undefined;
    const digits = der.subarray(at + 2, at + 2 + length);
    const number = digits[0] === 0 ? digits.subarray(1) : digits;
    if (number.length > 32) return undefined;
    raw.set(number, end - number.length);
    at += 2 + length;
  }
  return der[0] === 0x30 && at === der.length ? raw : undefined;
}
