import { createHash } from 'node:crypto';
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { CREDENTIALS, clientOf, type Endpoint, failure, send, startEndpoint } from './endpoint';

let now = new Date();
let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint({ clock: () => now });
});
afterAll(() => endpoint.stop());
beforeEach(() => {
  now = new Date();
});

const MINUTE = 60_000;
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64');
const object = (Key: string) => ({ Bucket: 'plain', Key });

describe('header authorisation', () => {
  const listWith = async (options: Parameters<typeof clientOf>[1]) => {
    const client = clientOf(endpoint.s3.url, options);
    try {
      return await failure(client.send(new ListBucketsCommand({})));
    } finally {
      client.destroy();
    }
  };

  test.each([
    ['an unknown key', { credentials: { ...CREDENTIALS, accessKeyId: 'AKIAUNKNOWN' } }, 'InvalidAccessKeyId', 403],
    ['a wrong secret', { credentials: { ...CREDENTIALS, secretAccessKey: 'x' } }, 'SignatureDoesNotMatch', 403],
    ['a session token', { credentials: { ...CREDENTIALS, sessionToken: 'x' } }, 'InvalidToken', 400],
    ['another region', { region: 'eu-west-1' }, 'AuthorizationHeaderMalformed', 400],
  ])('refuses %s', async (_, options, name, status) => {
    expect(await listWith(options)).toEqual({ name, status });
  });

  test.each([-16, 16])('refuses a clock that is %d minutes off', async (minutes) => {
    now = new Date(Date.now() + minutes * MINUTE);
    expect(await listWith({})).toEqual({ name: 'RequestTimeTooSkewed', status: 403 });
  });

  test.each([-14, 14])('accepts a clock that is %d minutes off', async (minutes) => {
    now = new Date(Date.now() + minutes * MINUTE);
    await endpoint.client.send(new ListBucketsCommand({}));
  });

  test('refuses what is not signed at all, or in the old way', async () => {
    expect(await send(`${endpoint.s3.url}/plain/k`)).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(await send(`${endpoint.s3.url}/plain/k`, { headers: { authorization: 'AWS a:b' } })).toMatchObject({
      status: 400,
      code: 'InvalidRequest',
    });
    expect(await send(`${endpoint.s3.url}/plain/k?AWSAccessKeyId=a&Signature=b&Expires=1`)).toMatchObject({
      code: 'InvalidRequest',
    });
  });

  /** A put as the SDK signs it, captured instead of sent. */
  const signedPut = async (body: string) => {
    const client = clientOf(endpoint.s3.url);
    let captured: { headers: Record<string, string>; path: string; query: Record<string, string> } | undefined;
    client.middlewareStack.add(
      () => async (args) => {
        captured = args.request as NonNullable<typeof captured>;
        return { response: {}, output: { $metadata: {} } };
      },
      { step: 'finalizeRequest', priority: 'low', name: 'capture' },
    );
    await client
      .send(new PutObjectCommand({ ...object('captured'), Body: body, Metadata: { a: '1' } }))
      .catch(() => undefined);
    client.destroy();
    if (!captured) throw new Error('nothing was sent');
    return {
      url: `${endpoint.s3.url}${captured.path}?${new URLSearchParams(captured.query)}`,
      method: 'PUT',
      headers: captured.headers,
      body,
    };
  };

  test('accepts a captured request, and refuses it with anything signed changed', async () => {
    const request = await signedPut('hello');
    const { headers } = request;
    expect((await send(request.url, request)).status).toBe(200);
    const changed = (more: Record<string, string>) =>
      send(request.url, { ...request, headers: { ...headers, ...more } });
    expect((await changed({ 'x-amz-meta-a': '2' })).code).toBe('SignatureDoesNotMatch');
    expect((await changed({ 'x-amz-meta-b': '2' })).code).toBe('AccessDenied');
    expect((await send(`${request.url}x`, request)).code).toBe('SignatureDoesNotMatch');
    expect((await send(`${request.url}&b=1`, request)).code).toBe('SignatureDoesNotMatch');
    expect((await send(request.url, { ...request, method: 'DELETE' })).code).toBe('SignatureDoesNotMatch');
    const removed = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'x-amz-meta-a'));
    expect((await send(request.url, { ...request, headers: removed })).code).toBe('SignatureDoesNotMatch');
  });

  test('refuses a body other than the one that was signed', async () => {
    const request = await signedPut('hello');
    expect(await send(request.url, { ...request, body: 'jello' })).toMatchObject({
      status: 400,
      code: 'XAmzContentSHA256Mismatch',
    });
  });
});

describe('presigned URLs', () => {
  test('read and write, and refuse every change', async () => {
    await endpoint.client.send(new PutObjectCommand({ ...object('pre/signed é'), Body: 'hello' }));
    const url = await getSignedUrl(endpoint.client, new GetObjectCommand(object('pre/signed é')), { expiresIn: 60 });
    expect(await send(url)).toMatchObject({ status: 200, body: 'hello' });
    expect((await send(url.replace('pre/', 'pri/'))).code).toBe('SignatureDoesNotMatch');
    expect((await send(url.replace('Expires=60', 'Expires=600'))).code).toBe('SignatureDoesNotMatch');
    expect((await send(`${url}&versionId=null`)).code).toBe('SignatureDoesNotMatch');
    expect((await send(url, { method: 'DELETE' })).code).toBe('SignatureDoesNotMatch');
    expect((await send(url, { headers: { 'x-amz-acl': 'private' } })).code).toBe('AccessDenied');
    expect((await send(url, { headers: { authorization: 'AWS4-HMAC-SHA256 x' } })).code).toBe('InvalidArgument');
  });

  test('expire', async () => {
    const url = await getSignedUrl(endpoint.client, new GetObjectCommand(object('pre')), { expiresIn: 60 });
    now = new Date(Date.now() + 62_000);
    expect(await send(url)).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      body: expect.stringContaining('Request has expired'),
    });
    now = new Date(Date.now() - 16 * MINUTE);
    expect(await send(url)).toMatchObject({ status: 403, code: 'AccessDenied' });
    now = new Date();
    for (const expires of ['604801', '-1', 'soon']) {
      expect((await send(url.replace('Expires=60', `Expires=${expires}`))).code).toBe(
        'AuthorizationQueryParametersError',
      );
    }
  });

  test('bind a write to a length, a checksum and a type', async () => {
    const body = 'hello';
    const url = await getSignedUrl(
      endpoint.client,
      new PutObjectCommand({
        ...object('bound'),
        ContentLength: 5,
        ContentType: 'application/x-model',
        ChecksumSHA256: sha256(body),
      }),
      { signableHeaders: new Set(['host', 'content-length', 'content-type']) },
    );
    // The presigner moves the checksum into the query; S3 reads it there.
    expect(url).toContain('x-amz-checksum-sha256=');
    const put = (text: string, type = 'application/x-model') =>
      send(url, {
        method: 'PUT',
        body: text,
        headers: { 'content-length': String(text.length), 'content-type': type },
      });
    expect((await put('hello!')).code).toBe('SignatureDoesNotMatch');
    expect((await put('jello')).code).toBe('BadDigest');
    expect((await put(body, 'text/plain')).code).toBe('SignatureDoesNotMatch');
    expect(await failure(endpoint.client.send(new GetObjectCommand(object('bound'))))).toMatchObject({
      name: 'NoSuchKey',
    });
    expect(await put(body)).toMatchObject({
      status: 200,
      headers: { 'x-amz-checksum-sha256': sha256(body), 'x-amz-checksum-type': 'FULL_OBJECT' },
    });
  });

  test('require a signed header that was not hoisted', async () => {
    const url = await getSignedUrl(
      endpoint.client,
      new PutObjectCommand({ ...object('unhoisted'), ChecksumSHA256: sha256('hello') }),
      { unhoistableHeaders: new Set(['x-amz-checksum-sha256']) },
    );
    expect((await send(url, { method: 'PUT', body: 'hello' })).code).toBe('SignatureDoesNotMatch');
    const headers = { 'x-amz-checksum-sha256': sha256('hello') };
    expect((await send(url, { method: 'PUT', body: 'hello', headers })).status).toBe(200);
  });

  test('work for the bucket in the host name', async () => {
    const { port } = new URL(endpoint.s3.url);
    await endpoint.client.send(new PutObjectCommand({ ...object('virtual'), Body: 'hosted' }));
    const client = clientOf(`http://localhost:${port}`);
    const url = await getSignedUrl(client, new GetObjectCommand(object('virtual')));
    expect(url).toContain(`http://plain.localhost:${port}/virtual`);
    const answer = await send(url.replace(/^http:\/\/[^/]+/, endpoint.s3.url), {
      headers: { host: `plain.localhost:${port}` },
    });
    expect(answer).toMatchObject({ status: 200, body: 'hosted' });
    client.destroy();
  });

  test('work from a page of another origin', async () => {
    const url = await getSignedUrl(endpoint.client, new PutObjectCommand({ ...object('cors'), Body: 'x' }));
    const headers = { origin: 'http://localhost:5173', 'access-control-request-headers': 'x-amz-checksum-sha256' };
    expect(await send(url, { method: 'OPTIONS', headers })).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'x-amz-checksum-sha256' },
    });
    const refused = await send(`${endpoint.s3.url}/plain/cors`, { headers: { origin: 'http://localhost:5173' } });
    expect(refused.headers['access-control-expose-headers']).toContain('ETag');
  });
});

test('a write without a length is refused', async () => {
  const url = await getSignedUrl(endpoint.client, new PutObjectCommand(object('no-length')));
  expect(await send(url, { method: 'PUT', headers: { 'transfer-encoding': 'chunked' }, body: 'x' })).toMatchObject({
    status: 411,
    code: 'MissingContentLength',
  });
});

test('an object beyond 5 GiB is refused before it is sent', async () => {
  const url = await getSignedUrl(endpoint.client, new PutObjectCommand(object('huge')));
  const headers = { 'content-length': String(5 * 1024 ** 3 + 1), expect: '100-continue' };
  const { request } = await import('node:http');
  const status = await new Promise<number | string>((resolve, reject) => {
    const outgoing = request(url, { method: 'PUT', headers, agent: false });
    outgoing.on('continue', () => resolve('asked for the body'));
    outgoing.on('response', (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 0);
      outgoing.destroy();
    });
    outgoing.on('error', reject);
    outgoing.flushHeaders();
  });
  expect(status).toBe(400);
});
