import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

/** Files whose names tell their content are kept for good; the others are asked for anew each time. */
const FOR_GOOD = 'public, max-age=31536000, immutable';
const EACH_TIME = 'no-cache';

/** How a file of the site is served, by its path. */
export function headersOf(path: string): { readonly contentType: string; readonly cacheControl: string } {
  return {
    contentType: TYPES[extname(path)] ?? 'application/octet-stream',
    cacheControl: path.startsWith('assets/') ? FOR_GOOD : EACH_TIME,
  };
}

/**
 * Puts a site into a bucket. The page goes last, so that it never names a file that is not there yet; files of the site
 * before stay, for pages that are still open.
 */
export async function publishSite(
  client: S3Client,
  bucket: string,
  folder: string,
  own: Readonly<Record<string, string>>,
): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
  const put = async (path: string, body: string | Uint8Array) => {
    const { contentType, cacheControl } = headersOf(path);
    const place = { Bucket: bucket, Key: path };
    await client.send(
      new PutObjectCommand({ ...place, Body: body, ContentType: contentType, CacheControl: cacheControl }),
    );
  };
  for (const [path, text] of Object.entries(own)) await put(path, text);
  for (const path of files.sort(pageLast)) await put(path, await readFile(join(folder, path)));
  return files.length + Object.keys(own).length;
}

function pageLast(a: string, b: string): number {
  return Number(a.endsWith('.html')) - Number(b.endsWith('.html')) || (a < b ? -1 : 1);
}
