import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { decodeAwsChunked } from '../../../local/s3/aws-chunked';
import { canonicalRequest, hashCanonical, parseQuery, uriDecode, uriEncode } from '../../../local/s3/canonical-request';
import { type SigningContext, signChunk, signingKey, signRequest, signTrailer } from '../../../local/s3/signature';
import { CREDENTIALS, type Endpoint, send, startEndpoint } from './endpoint';

const context: SigningContext = {
  key: signingKey('secret', { date: '20260101', region: 'us-east-1' }),
  timestamp: '20260101T000000Z',
  scope: { date: '20260101', region: 'us-east-1' },
};
const hex = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

/** Encodes chunks the way the documentation says a client does. */
function encode(
  chunks: readonly Buffer[],
  signing?: { context: SigningContext; seed: string },
  trailer?: [string, string],
): Buffer {
  let previous = signing?.seed ?? '';
  const out: Buffer[] = [];
  for (const chunk of [...chunks, Buffer.alloc(0)]) {
    if (signing) previous = signChunk(signing.context, previous, hex(chunk));
    out.push(Buffer.from(`${chunk.length.toString(16)}${signing ? `;chunk-signature=${previous}` : ''}\r\n`), chunk);
    if (chunk.length > 0) out.push(Buffer.from('\r\n'));
  }
  if (trailer) {
    const [name, value] = trailer;
    out.push(Buffer.from(`${name}:${value}\r\n`));
    if (signing) {
      const signature = signTrailer(signing.context, previous, hex(`${name}:${value}\n`));
      out.push(Buffer.from(`x-amz-trailer-signature:${signature}\r\n`));
    }
  }
  out.push(Buffer.from('\r\n'));
  return Buffer.concat(out);
}

async function* cut(data: Buffer, at: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (const to of [...at.map((one) => one % (data.length + 1)).sort((a, b) => a - b), data.length]) {
    yield data.subarray(from, to);
    from = to;
  }
}

async function decode(data: Buffer, cuts: readonly number[], options: Parameters<typeof decodeAwsChunked>[1]) {
  const result = { trailers: new Map<string, string>() };
  const chunks: Buffer[] = [];
  for await (const chunk of decodeAwsChunked(cut(data, cuts), options, result)) chunks.push(chunk);
  return { data: Buffer.concat(chunks), trailers: Object.fromEntries(result.trailers) };
}

const chunksArbitrary = fc
  .tuple(
    fc.array(fc.uint8Array({ minLength: 8192, maxLength: 9000 }), { maxLength: 3 }),
    fc.uint8Array({ minLength: 1, maxLength: 100 }),
  )
  .map(([chunks, last]) => [...chunks, last].map((chunk) => Buffer.from(chunk)));

describe('aws-chunked', () => {
  test.each([true, false])('decoding undoes encoding wherever the network cuts it; signed: %s', async (signed) => {
    const signing = signed ? { context, seed: 'ab' } : undefined;
    await fc.assert(
      fc.asyncProperty(
        chunksArbitrary,
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.boolean(),
        async (chunks, cuts, trails) => {
          const name = 'x-amz-checksum-crc32';
          const encoded = encode(chunks, signing, trails ? [name, 'AAAAAA=='] : undefined);
          const options = { ...(signing && { signed: signing }), ...(trails && { trailer: name }) };
          const decoded = await decode(encoded, cuts, options);
          expect(decoded.data.equals(Buffer.concat(chunks))).toBe(true);
          expect(decoded.trailers).toEqual(trails ? { [name]: 'AAAAAA==' } : {});
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a signed stream with any byte changed is refused', async () => {
    const signing = { context, seed: 'ab' };
    const encoded = encode([Buffer.alloc(8192, 'a'), Buffer.from('end')], signing, [
      'x-amz-checksum-crc32',
      'AAAAAA==',
    ]);
    await fc.assert(
      fc.asyncProperty(fc.nat(encoded.length - 3), async (at) => {
        const broken = Buffer.from(encoded);
        broken[at] = (broken[at] ?? 0) ^ 0x01;
        await expect(decode(broken, [], { signed: signing, trailer: 'x-amz-checksum-crc32' })).rejects.toThrow();
      }),
      { numRuns: 200 },
    );
  });

  test('a stream that ends early, or has small chunks before the last, is refused', async () => {
    const encoded = encode([Buffer.alloc(8192, 'a'), Buffer.from('end')]);
    await expect(decode(encoded.subarray(0, 5000), [], {})).rejects.toMatchObject({ code: 'IncompleteBody' });
    await expect(decode(encoded.subarray(0, 8198), [], {})).rejects.toMatchObject({ code: 'IncompleteBody' });
    const small = encode([Buffer.from('a'), Buffer.from('b')]);
    await expect(decode(small, [], {})).rejects.toMatchObject({ code: 'InvalidChunkSizeError' });
    await expect(decode(encode([]), [], { trailer: 'x-amz-checksum-crc32' })).rejects.toMatchObject({
      code: 'MalformedTrailerError',
    });
  });
});

test('percent encoding of names and values round trips', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (name, value) => {
      expect(uriDecode(uriEncode(name))).toBe(name);
      expect(parseQuery(`${uriEncode(name)}=${uriEncode(value)}&`)).toEqual([[name, value]]);
    }),
  );
});

test('the signature of the documentation comes out', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "GET Object".
  const headers: Record<string, string> = {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': hex(''),
    'x-amz-date': '20130524T000000Z',
  };
  const canonical = canonicalRequest({
    method: 'GET',
    path: '/test.txt',
    query: [],
    signedHeaders: Object.keys(headers),
    header: (name) => headers[name],
    payloadHash: hex(''),
  });
  const scope = { date: '20130524', region: 'us-east-1' };
  const key = signingKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', scope);
  expect(signRequest({ key, timestamp: '20130524T000000Z', scope }, hashCanonical(canonical))).toBe(
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
});

describe('signed streams over HTTP', () => {
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint();
  });
  afterAll(() => endpoint.stop());

  const put = (chunks: readonly Buffer[], trailer?: [string, string], spoil?: (body: Buffer) => Buffer) => {
    const timestamp = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
    const scope = { date: timestamp.slice(0, 8), region: 'us-east-1' };
    const payload = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer ? '-TRAILER' : ''}`;
    const headers: Record<string, string> = {
      'content-encoding': 'aws-chunked',
      host: new URL(endpoint.s3.url).host,
      'x-amz-content-sha256': payload,
      'x-amz-date': timestamp,
      'x-amz-decoded-content-length': String(chunks.reduce((sum, chunk) => sum + chunk.length, 0)),
      ...(trailer && { 'x-amz-trailer': trailer[0] }),
    };
    const names = Object.keys(headers);
    const signing = { key: signingKey(CREDENTIALS.secretAccessKey, scope), timestamp, scope };
    const canonical = canonicalRequest({
      method: 'PUT',
      path: '/plain/streamed',
      query: [],
      signedHeaders: names,
      header: (name) => headers[name],
      payloadHash: payload,
    });
    const seed = signRequest(signing, hashCanonical(canonical));
    const authorization = `AWS4-HMAC-SHA256 Credential=${CREDENTIALS.accessKeyId}/${scope.date}/us-east-1/s3/aws4_request, SignedHeaders=${names.join(';')}, Signature=${seed}`;
    const body = encode(chunks, { context: signing, seed }, trailer);
    return send(`${endpoint.s3.url}/plain/streamed`, {
      method: 'PUT',
      headers: { ...headers, authorization, 'content-length': String(body.length) },
      body: spoil ? spoil(body) : body,
    });
  };
  const chunks = [Buffer.alloc(65536, 'a'), Buffer.from('end')];
  const sha256 = createHash('sha256').update(Buffer.concat(chunks)).digest('base64');

  test('are accepted with and without a trailer', async () => {
    expect((await put(chunks)).status).toBe(200);
    expect(await put(chunks, ['x-amz-checksum-sha256', sha256])).toMatchObject({
      status: 200,
      headers: { 'x-amz-checksum-sha256': sha256 },
    });
  });

  test('are refused with a changed chunk, or a checksum of something else', async () => {
    const spoil = (body: Buffer) => {
      body[1000] = 0x62;
      return body;
    };
    expect((await put(chunks, undefined, spoil)).code).toBe('SignatureDoesNotMatch');
    const other = createHash('sha256').update('other').digest('base64');
    expect((await put(chunks, ['x-amz-checksum-sha256', other])).code).toBe('BadDigest');
  });
});
