import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

/** A real ONNX model: Silero's voice activity detector, of one of its releases. */
export function vadModel(release: 'v5' | 'v6'): Buffer {
  const folder = dirname(require.resolve('@ricky0123/vad-web/package.json'));
  return readFileSync(join(folder, 'dist', `silero_vad_${release}.onnx`));
}

/** Model data of a container: a `tar.gz` with these files. */
export function modelData(files: Readonly<Record<string, Buffer | string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
  tar.finalize();
  return buffer(tar.pipe(createGzip()));
}
