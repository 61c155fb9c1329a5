import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Resolver } from '../../../adapters/webhooks/resolve';
import { type WebhookHttpOptions, WebhookHttpSender } from '../../../adapters/webhooks/send';
import { messageHeaders } from '../../../adapters/webhooks/sign';

const tls = (name: string) => readFileSync(`test/fixtures/tls/${name}.pem`, 'utf8');
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

interface Received {
  readonly request: IncomingMessage;
  readonly body: string;
}

/** A receiver on this machine. */
async function receiver(answer: RequestListener, { address = '127.0.0.1', secure = false } = {}) {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ request, body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  };
  const server = secure
    ? createTlsServer({ key: tls('key'), cert: tls('certificate') }, listener)
    : createServer(listener);
  servers.push(server as Server);
  await new Promise<void>((listening) => server.listen(0, address, listening));
  const { port } = server.address() as AddressInfo;
  return { received, port, url: `http://${address}:${port}/hook?a=b` };
}

const ok: RequestListener = (_, response) => response.end('thanks');

function send(url: string, options: Partial<WebhookHttpOptions> = {}, withinMilliseconds = 5_000) {
  const sender = new WebhookHttpSender({ allowsLoopback: true, ...options });
  return sender.send({ url, deliveryId: 'd-1', body: '{"é":1}', secret: 'sécret', withinMilliseconds });
}

test('sends what MLflow sends, signed over the bytes of the body', async () => {
  const { url, received } = await receiver(ok);
  const clock = () => new Date('2026-11-23T09:32:40.500Z');
  expect(await send(url, { clock })).toEqual({ milliseconds: 0, status: 200, body: 'thanks' });
  const [{ request, body }] = received as [Received];
  expect([request.method, request.url, body]).toEqual(['POST', '/hook?a=b', '{"é":1}']);
  const mac = createHmac('sha256', 'sécret').update('d-1.1795426360.{"é":1}').digest('base64');
  expect(request.headers).toMatchObject({
    'content-type': 'application/json',
    'content-length': '8',
    'x-mlflow-delivery-id': 'd-1',
    'x-mlflow-timestamp': '1795426360',
    'x-mlflow-signature': `v1,${mac}`,
  });
});

test('signs as the recorded server of MLflow did', () => {
  const lines = readFileSync('test/fixtures/mlflow/webhooks.jsonl', 'utf8').trim().split('\n');
  const sent = lines
    .map((line) => JSON.parse(line) as { path: string; headers: Record<string, string>; body: string })
    .filter(({ headers }) => headers?.['X-MLflow-Signature'] !== undefined);
  expect(sent).toHaveLength(4);
  for (const { headers, body } of sent) {
    const deliveryId = headers['X-MLflow-Delivery-Id'] ?? '';
    const at = new Date(Number(headers['X-MLflow-Timestamp']) * 1000);
    expect(headers).toMatchObject({
      ...messageHeaders({ deliveryId, body, secret: 's3cr' }, at),
      'User-Agent': expect.any(String),
    });
  }
});

test('goes unsigned without a secret', async () => {
  const { url, received } = await receiver(ok);
  const sender = new WebhookHttpSender({ allowsLoopback: true });
  await sender.send({ url, deliveryId: 'd', body: '{}', secret: undefined, withinMilliseconds: 5_000 });
  expect(received[0]?.request.headers).not.toHaveProperty('x-mlflow-signature');
});

test('connects to the address that was checked, whatever the name resolves to by then, under its name and certificate', async () => {
  const right = await receiver(ok, { secure: true });
  const wrong = await receiver(ok, { secure: true, address: '127.0.0.2' });
  const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.2'];
  const asked: string[] = [];
  const resolver: Resolver = async (name) => {
    asked.push(name);
    return [{ address: answers.shift() ?? '127.0.0.2', family: 4 }];
  };
  const url = `https://hooks.example.com:${right.port}/`;
  expect(await send(url, { resolver, ca: tls('certificate') })).toMatchObject({ status: 200 });
  expect(asked).toEqual(['hooks.example.com']);
  expect(right.received[0]?.request.headers.host).toBe(`hooks.example.com:${right.port}`);
  expect(wrong.received).toEqual([]);
  const other = `https://other.example.com:${right.port}/`;
  const mismatch = await send(other, {
    resolver: async () => [{ address: '127.0.0.1', family: 4 }],
    ca: tls('certificate'),
  });
  expect(mismatch).toMatchObject({ error: expect.stringContaining('altnames') });
  expect(await send(url, { resolver: async () => [{ address: '127.0.0.1', family: 4 }] })).toMatchObject({
    error: expect.stringContaining('self-signed'),
  });
});

test('a name that has become private since it was accepted is not connected to, and not tried again', async () => {
  const { received, port } = await receiver(ok);
  const resolver: Resolver = async () => [{ address: '127.0.0.1', family: 4 }];
  const outcome = await send(`https://hooks.example.com:${port}/`, { resolver, allowsLoopback: false });
  expect(outcome).toMatchObject({
    error: "'hooks.example.com' resolves to 127.0.0.1: not public",
    final: true,
  });
  expect(received).toEqual([]);
});

test('follows no redirect', async () => {
  const target = await receiver(ok);
  for (const status of [301, 302, 303, 307, 308]) {
    const { url } = await receiver((_, response) => response.writeHead(status, { location: target.url }).end());
    expect(await send(url)).toMatchObject({ status });
  }
  expect(target.received).toEqual([]);
});

test('hangs up on a body without end, and keeps how it begins', async () => {
  let closed: (bytes: number) => void = () => {};
  const sent = new Promise<number>((resolve) => {
    closed = resolve;
  });
  const { url } = await receiver((_, response) => {
    let bytes = 0;
    const more = (): void => {
      while (!response.destroyed) {
        bytes += 1_024;
        if (!response.write('x'.repeat(1_024))) return;
      }
    };
    response.on('drain', more).on('close', () => closed(bytes));
    more();
  });
  const outcome = await send(url);
  expect(outcome).toMatchObject({ status: 200, body: 'x'.repeat(1_024) });
  expect(await sent).toBeLessThan(16 * 1024 * 1024);
});

test.each<[string, RequestListener]>([
  ['a receiver that says nothing', () => {}],
  ['one that never ends its headers', (request) => void request.socket.write('HTTP/1.1 200 OK\r\nX-A: ')],
  ['one that begins its body and never goes on', (_, response) => void response.write('a')],
])('ends in time with %s', async (_, answer) => {
  const { url } = await receiver(answer);
  const outcome = await send(url, {}, 300);
  expect(outcome).toMatchObject({ error: 'no answer within 0.3 s' });
});

test('ends in time with a resolver that never answers', async () => {
  const resolver: Resolver = () => new Promise(() => {});
  expect(await send('https://hooks.example.com/', { resolver }, 100)).toMatchObject({
    error: 'no answer within 0.1 s',
  });
});

test('tells why there was no answer', async () => {
  expect(await send('http://127.0.0.1:9/')).toMatchObject({ error: expect.stringContaining('ECONNREFUSED') });
  const { url } = await receiver((request) => void request.socket.destroy());
  expect(await send(url)).toMatchObject({ error: 'socket hang up' });
  const resolver: Resolver = () => Promise.reject(Object.assign(new Error('queryA EAI_AGAIN'), { code: 'EAI_AGAIN' }));
  expect(await send('https://hooks.example.com/', { resolver })).toMatchObject({ error: 'queryA EAI_AGAIN' });
});

test('reads Retry-After as seconds and as a date', async () => {
  const clock = () => new Date('2026-11-23T09:32:40.000Z');
  for (const [value, seconds] of [
    ['120', 120],
    ['Mon, 23 Nov 2026 09:33:40 GMT', 60],
    ['Mon, 23 Nov 2020 09:33:40 GMT', 0],
    ['soon', undefined],
  ] as const) {
    const { url } = await receiver((_, response) => response.writeHead(503, { 'retry-after': value }).end());
    const outcome = await send(url, { clock });
    expect('status' in outcome && outcome.retryAfterSeconds).toBe(seconds);
  }
});

test('uses no proxy of the environment', async () => {
  const proxy = await receiver(ok);
  const { url, received } = await receiver(ok);
  const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY'];
  for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`;
  process.env['NODE_USE_ENV_PROXY'] = '1';
  try {
    await send(url);
  } finally {
    for (const name of [...names, 'NODE_USE_ENV_PROXY']) delete process.env[name];
  }
  expect([received.length, proxy.received.length]).toEqual([1, 0]);
});

test('an address is objected to when its name is private or unknown, not when the resolver is at a loss', async () => {
  const objection = (resolver: Resolver, allowsLoopback = false) =>
    new WebhookHttpSender({ allowsLoopback, resolver }).objection('https://hooks.example.com/');
  const failing =
    (code: string): Resolver =>
    () =>
      Promise.reject(Object.assign(new Error(code), { code }));
  expect(await objection(async () => [{ address: '10.0.0.1', family: 4 }])).toContain('10.0.0.1');
  expect(await objection(failing('ENOTFOUND'))).toBe("'hooks.example.com' does not resolve");
  expect(await objection(failing('ENOTFOUND'), true)).toBeUndefined();
  expect(await objection(failing('EAI_AGAIN'))).toBeUndefined();
  expect(await objection(async () => [{ address: '8.8.8.8', family: 4 }])).toBeUndefined();
});
