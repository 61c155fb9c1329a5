import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { extract } from 'tar-stream';

/** An ONNX model as it was found in model data, with the files beside it that may hold its weights. */
export interface OnnxFiles {
  readonly model: Uint8Array;
  readonly beside: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** What one model may take of this machine's memory. */
const MOST_BYTES = 2 * 1024 ** 3;

function placeOf(url: string): { Bucket: string; Key: string } {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  if (Bucket === undefined || Key === undefined) throw new Error(`${url} is not an address in S3`);
  return { Bucket, Key };
}

/** Whether there is an object at `s3://bucket/key`. */
export async function hasModelData(s3: S3Client, url: string): Promise<boolean> {
  return s3.send(new HeadObjectCommand(placeOf(url))).then(
    () => true,
    () => false,
  );
}

/**
 * Unpacks model data, a `tar.gz` in S3, and finds the ONNX model in it: `model.onnx` at the top, or the only `.onnx` there is,
 * wherever it lies (Triton keeps it in `<name>/1/`).
 * @throws Error telling what is wrong with the model data
 */
export async function readModelData(s3: S3Client, url: string): Promise<OnnxFiles> {
  const { Body } = await s3.send(new GetObjectCommand(placeOf(url)));
  const files = new Map<string, Uint8Array>();
  let bytes = 0;
  const archive = extract();
  const unpacking = pipeline(Body as Readable, createGunzip(), archive);
  const reading = (async () => {
    for await (const entry of archive) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) throw new Error(`the model data are larger than ${MOST_BYTES} bytes`);
        chunks.push(chunk);
      }
      if (entry.header.type === 'file') files.set(entry.header.name.replace(/^\.\//, ''), Buffer.concat(chunks));
    }
  })();
  try {
    await Promise.all([unpacking, reading]);
  } catch (cause) {
    throw new Error(`the model data are no tar.gz: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  return onnxIn(files);
}

function onnxIn(files: ReadonlyMap<string, Uint8Array>): OnnxFiles {
  const paths = [...files.keys()].filter((path) => path.endsWith('.onnx'));
  const path = paths.includes('model.onnx') ? 'model.onnx' : paths[0];
  const model = path === undefined ? undefined : files.get(path);
  if (path === undefined || !model) throw new Error('the model data have no .onnx file; only ONNX models run locally');
  if (paths.length > 1 && path !== 'model.onnx')
    throw new Error(`the model data have several models: ${paths.join(', ')}`);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const beside = [...files]
    .filter(([other]) => other !== path && other.startsWith(folder) && !other.endsWith('.onnx'))
    .map(([other, data]) => ({ path: other.slice(folder.length), data }));
  return { model, beside };
}
