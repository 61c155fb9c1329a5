import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { UploadFile } from '../upload/upload';

/**
 * The files that arguments name: `model.onnx`, `build/out.onnx=model.onnx` under another path, or a folder with all that is
 * in it, under the paths that the files have there.
 * @throws Error naming what does not exist, or a path that two files would have
 */
export async function filesOf(named: readonly string[]): Promise<UploadFile[]> {
  const files = (await Promise.all(named.map(filesOfOne))).flat();
  const seen = new Map<string, string>();
  for (const { file, path } of files) {
    const other = seen.get(path);
    if (other !== undefined) throw new Error(`${other} and ${file} would both be ${path}`);
    seen.set(path, file);
  }
  return files;
}

async function filesOfOne(argument: string): Promise<UploadFile[]> {
  const cut = argument.indexOf('=');
  const [file, path] = cut < 0 ? [argument, undefined] : [argument.slice(0, cut), argument.slice(cut + 1)];
  const found = await stat(file).catch(() => undefined);
  if (!found) throw new Error(`${file} does not exist`);
  if (found.isFile()) return [{ file, path: path ?? basename(file) }];
  if (!found.isDirectory()) throw new Error(`${file} is neither a file nor a folder`);
  const entries = await readdir(file, { recursive: true, withFileTypes: true });
  const inside = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  if (inside.length === 0) throw new Error(`${file} has no files`);
  return inside.sort().map((each) => {
    const local = relative(file, each).split(sep).join('/');
    return { file: each, path: path === undefined ? local : `${path.replace(/\/$/, '')}/${local}` };
  });
}
