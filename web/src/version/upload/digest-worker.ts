import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { DigestMessage, DigestRequest, Digests } from './plan';

/** What is read at once: memory stays the same for files of any size. */
const CHUNK = 1024 ** 2;

/**
 * Digests a file beside the page. The browser's own SHA-256 takes whole texts only; a file may be larger than memory.
 */
async function digest({ file, partSize }: DigestRequest, tell: (message: DigestMessage) => void): Promise<Digests> {
  const whole = sha256.create();
  const ofParts = sha256.create();
  const parts: string[] = [];
  for (let start = 0; start < file.size; start += partSize) {
    const part = sha256.create();
    const end = Math.min(start + partSize, file.size);
    for (let at = start; at < end; at += CHUNK) {
      const chunk = new Uint8Array(await file.slice(at, Math.min(at + CHUNK, end)).arrayBuffer());
      whole.update(chunk);
      part.update(chunk);
      tell({ hashed: at + chunk.length });
    }
    const binary = part.digest();
    ofParts.update(binary);
    parts.push(bytesToHex(binary));
  }
  return { sha256: bytesToHex(whole.digest()), parts, sha256OfParts: bytesToHex(ofParts.digest()) };
}

self.addEventListener('message', (event: MessageEvent<DigestRequest>) => {
  const tell = (message: DigestMessage): void => self.postMessage(message);
  digest(event.data, tell).then(
    (digests) => tell({ digests }),
    (error: unknown) => tell({ failed: String(error) }),
  );
});
