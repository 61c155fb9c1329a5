import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import type { Api, Body } from './api';

const PART_SIZE = 5 * 1024 * 1024;

/** A local file and what the registry is told of it before it is sent. */
export interface LocalFile {
  readonly path: string;
  readonly file: string;
}

function sha256(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}

/** Reads one part of a file; numbers start at 1. */
async function readPart(file: string, number: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(PART_SIZE), 0, PART_SIZE, (number - 1) * PART_SIZE);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The declaration of a file that is sent in parts: size, SHA-256 of the whole and of the parts' digests. */
export async function declarationOf({ path, file }: LocalFile) {
  const content = await readFile(file);
  const parts = Array.from({ length: Math.ceil(content.length / PART_SIZE) }, (_, index) =>
    sha256(content.subarray(index * PART_SIZE, (index + 1) * PART_SIZE)),
  );
  return {
    path,
    size: content.length,
    sha256: sha256(content).toString('hex'),
    multipart: { partSize: PART_SIZE, sha256OfParts: sha256(Buffer.concat(parts)).toString('hex') },
  };
}

/**
 * Sends the parts of a file that have not arrived yet, telling after each how far it is.
 * @param most stops after so many parts, as an interrupted upload would
 */
export async function send(api: Api, version: string, { path, file }: LocalFile, most = Number.POSITIVE_INFINITY) {
  const { size } = await stat(file);
  const count = Math.ceil(size / PART_SIZE);
  const { items } = await api.get(`${version}/uploads?path=${encodeURIComponent(path)}`);
  const arrived = new Set(items.map((part: Body) => part.number));
  const missing = Array.from({ length: count }, (_, index) => index + 1).filter((number) => !arrived.has(number));
  if (arrived.size > 0) console.log(`    ${path}: parts ${[...arrived].join(', ')} are there already`);
  for (const number of missing.slice(0, most)) {
    const content = await readPart(file, number);
    const parts = [{ number, sha256: sha256(content).toString('hex') }];
    const { uploads } = await api.post(`${version}/uploads`, { files: [{ path, parts }] });
    const { url, headers } = uploads[0].parts[0];
    const response = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(content) });
    if (!response.ok) throw new Error(`part ${number} of ${path}: ${response.status} ${await response.text()}`);
    console.log(`    ${path}: part ${number} of ${count} sent`);
  }
}
