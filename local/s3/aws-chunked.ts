import { createHash } from 'node:crypto';
import { S3Error } from './errors';
import { type SigningContext, sameSignature, signChunk, signTrailer } from './signature';

/** How an `aws-chunked` body is to be read. */
export interface AwsChunkedOptions {
  /** Present when the chunks are signed; `seed` is the signature of the request itself. */
  readonly signed?: { readonly context: SigningContext; readonly seed: string };
  /** Name of the trailing header announced by `x-amz-trailer`, lower case. */
  readonly trailer?: string;
}

/** The trailing headers, filled once the body has been read to its end. */
export interface AwsChunkedResult {
  readonly trailers: Map<string, string>;
}

/** Longest line of framing: a size in hexadecimal with a signature, or a trailer with a checksum. */
const MAX_LINE = 1024;
const MIN_CHUNK = 8192;

/**
 * Decodes a body in the `aws-chunked` encoding, and verifies the signature of every chunk and of the trailer when the
 * stream is signed. Data is handed on as it arrives: a consumer must discard it when reading ends with an error.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 *
 * @throws S3Error IncompleteBody, InvalidChunkSizeError, SignatureDoesNotMatch, MalformedTrailerError
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  options: AwsChunkedOptions,
  result: AwsChunkedResult,
): AsyncGenerator<Buffer> {
  const reader = new FrameReader(source);
  let previous = options.signed?.seed ?? '';
  let sizeBefore = MIN_CHUNK;
  for (;;) {
    const { size, signature } = parseChunkHeader(await reader.line());
    if (size > 0 && sizeBefore < MIN_CHUNK) throw new S3Error('InvalidChunkSizeError');
    sizeBefore = size;
    const hash = options.signed && createHash('sha256');
    for await (const data of reader.take(size)) {
      hash?.update(data);
      yield data;
    }
    if (options.signed && hash) {
      const expected = signChunk(options.signed.context, previous, hash.digest('hex'));
      if (!sameSignature(expected, signature ?? '')) throw new S3Error('SignatureDoesNotMatch');
      previous = expected;
    }
    if (size === 0) break;
    await reader.expectLineEnd();
  }
  await readTrailers(reader, options, previous, result);
}

async function readTrailers(
  reader: FrameReader,
  options: AwsChunkedOptions,
  previous: string,
  result: AwsChunkedResult,
): Promise<void> {
  let signature: string | undefined;
  let canonical = '';
  // The last line is empty; some clients end the body right after the trailer instead.
  for (let line = await reader.lineOrEnd(); line; line = await reader.lineOrEnd()) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '');
    if (colon < 0) throw new S3Error('MalformedTrailerError');
    if (name === 'x-amz-trailer-signature') {
      signature = value;
    } else {
      if (name !== options.trailer || result.trailers.has(name)) throw new S3Error('MalformedTrailerError');
      result.trailers.set(name, value);
      canonical += `${name}:${value}\n`;
    }
  }
  if (options.trailer === undefined) return;
  if (!result.trailers.has(options.trailer)) throw new S3Error('MalformedTrailerError');
  if (options.signed) {
    const hash = createHash('sha256').update(canonical).digest('hex');
    const expected = signTrailer(options.signed.context, previous, hash);
    if (!sameSignature(expected, signature ?? '')) throw new S3Error('SignatureDoesNotMatch');
  }
}

function parseChunkHeader(line: string): { size: number; signature: string | undefined } {
  const match = /^(?<size>[0-9a-f]{1,12})(?:;chunk-signature=(?<signature>[0-9a-f]{64}))?$/i.exec(line);
  if (match?.groups === undefined) throw new S3Error('IncompleteBody');
  return { size: Number.parseInt(match.groups['size'] ?? '', 16), signature: match.groups['signature'] };
}

/** Reads lines and counted bytes from a stream of buffers, holding no more than one buffer. */
class FrameReader {
  readonly #source: AsyncIterator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next line without its CRLF. */
  async line(): Promise<string> {
    const line = await this.lineOrEnd();
    if (line === undefined) throw new S3Error('IncompleteBody');
    return line;
  }

  /** The next line without its CRLF, `undefined` at the end of the stream. */
  async lineOrEnd(): Promise<string | undefined> {
    for (;;) {
      const end = this.#buffer.indexOf('\r\n');
      if (end >= 0) {
        const line = this.#buffer.toString('latin1', 0, end);
        this.#buffer = this.#buffer.subarray(end + 2);
        return line;
      }
      if (this.#buffer.length > MAX_LINE) throw new S3Error('IncompleteBody');
      const more = await this.#next();
      if (more === undefined) {
        if (this.#buffer.length > 0) throw new S3Error('IncompleteBody');
        return undefined;
      }
      this.#buffer = Buffer.concat([this.#buffer, more]);
    }
  }

  async *take(size: number): AsyncGenerator<Buffer> {
    let left = size;
    while (left > 0) {
      if (this.#buffer.length === 0) {
        const more = await this.#next();
        if (more === undefined) throw new S3Error('IncompleteBody');
        this.#buffer = more;
      }
      const data = this.#buffer.subarray(0, left);
      this.#buffer = this.#buffer.subarray(data.length);
      left -= data.length;
      yield data;
    }
  }

  async expectLineEnd(): Promise<void> {
    if ((await this.line()) !== '') throw new S3Error('IncompleteBody');
  }

  async #next(): Promise<Buffer | undefined> {
    const { value, done } = await this.#source.next();
    return done ? undefined : value;
  }
}
