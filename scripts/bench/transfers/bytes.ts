import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

const CHUNK = 8 * 1024 ** 2;

/** Writes a file of so many bytes that nothing can compress, as weights are. */
export async function writeBytes(file: string, size: number): Promise<void> {
  const cipher = createCipheriv('aes-128-ctr', randomBytes(16), randomBytes(16));
  const zeros = Buffer.alloc(CHUNK);
  const handle = await open(file, 'w');
  try {
    for (let left = size; left > 0; left -= CHUNK) {
      await handle.writeFile(cipher.update(left < CHUNK ? zeros.subarray(0, left) : zeros));
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The SHA-256 of a file, in lower-case hex. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK })) hash.update(chunk);
  return hash.digest('hex');
}
