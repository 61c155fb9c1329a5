import { readFileSync } from 'node:fs';
import { normalize, sep } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { headersOf } from '../../adapters/s3/site';

/** CloudFront compresses objects of these sizes ("Serving compressed files"). */
const SMALLEST = 1_000;
const LARGEST = 10_000_000;
const QUALITY = 5;

/** A file as it is sent. */
export interface SentFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Files of a folder, and others with the content given, as CloudFront serves them from a bucket. */
export class Site {
  private readonly compressed = new Map<string, Buffer>();

  constructor(
    private readonly folder: string,
    private readonly own: Readonly<Record<string, string>>,
  ) {}

  /** Answers nothing when there is no such file. */
  file(path: string, takesBrotli: boolean): SentFile | undefined {
    const name = path.slice(1);
    const body = this.read(name);
    if (!body) return undefined;
    const { contentType, cacheControl } = headersOf(name);
    const headers = { 'content-type': contentType, 'cache-control': cacheControl, vary: 'Accept-Encoding' };
    const isText = /^text|json|svg/.test(contentType);
    if (!takesBrotli || !isText || body.length < SMALLEST || body.length > LARGEST) return { headers, body };
    let smaller = this.compressed.get(name);
    if (!smaller) {
      smaller = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } });
      this.compressed.set(name, smaller);
    }
    return { headers: { ...headers, 'content-encoding': 'br' }, body: smaller };
  }

  private read(name: string): Buffer | undefined {
    const own = Object.hasOwn(this.own, name) ? this.own[name] : undefined;
    if (own !== undefined) return Buffer.from(own);
    const place = normalize(`${this.folder}/${name}`);
    if (!place.startsWith(`${this.folder}${sep}`) || name.includes('\0')) return undefined;
    try {
      return readFileSync(place);
    } catch {
      return undefined;
    }
  }
}
