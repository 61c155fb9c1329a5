import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { UploadFile } from '../upload/upload';

/**
 * The files that arguments name: `model.onnx`, `build/out.onnx=model.onnx` under another path, or a folder with all that is
 * in it, under the paths that the files have there. Links are followed: caches of data sets and weights consist of them.
 * @throws Error naming what does not exist or cannot be taken, or a path that two files would have
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
  const inside = await filesIn(file, []);
  if (inside.length === 0) throw new Error(`${file} has no files`);
  return inside.sort().map((each) => {
    const local = relative(file, each).split(sep).join('/');
    return { file: each, path: path === undefined ? local : `${path.replace(/\/$/, '')}/${local}` };
  });
}

/** All files in a folder. Nothing is left out silently: a version without a part of its files would look complete. */
async function filesIn(folder: string, above: readonly string[]): Promise<string[]> {
  const real = await realpath(folder);
  if (above.includes(real)) throw new Error(`${folder} leads back to a folder that it lies in`);
  const inside: string[] = [];
  for (const name of await readdir(folder)) {
    const each = join(folder, name);
    const found = await stat(each).catch((error: NodeJS.ErrnoException) => error.code);
    if (found === 'ENOENT') throw new Error(`${each} is a link to what does not exist`);
    if (found === undefined || typeof found === 'string') throw new Error(`${each} cannot be read: ${found}`);
    if (found.isDirectory()) inside.push(...(await filesIn(each, [...above, real])));
    else if (found.isFile()) inside.push(each);
    else throw new Error(`${each} is neither a file nor a folder`);
  }
  return inside;
}
