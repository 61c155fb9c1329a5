import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchWriteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type Local, startLocal } from '../../local';
import { engineClient } from '../../local/dynamodb';
import { until } from '../support/until';
import { synthesiseFixture } from './fixtures/stack';

const home = mkdtempSync(join(tmpdir(), 'signet-run-'));
const assembly = join(home, 'cdk.out');
const recordFile = join(home, 'calls.jsonl');
const data = join(home, 'data');
let local: Local;

const start = (folder = data) => startLocal({ data: folder, port: 0, assembly });

/** What the functions were called with, so far. */
function calls<T>(kind: string): T[] {
  const text = existsSync(recordFile) ? readFileSync(recordFile, 'utf8') : '';
  const all = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { kind: string; value: T });
  return all.filter((call) => call.kind === kind).map(({ value }) => value);
}

/** How long deliveries may take. */
const WITHIN_MS = 8_000;

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  json: () => Record<string, unknown>;
}

/** A request as it is: unlike `fetch` it sends any Host and repeated headers. */
function send(
  url: string,
  method = 'GET',
  headers: Record<string, string | string[]> = {},
  body?: Buffer | string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const json = () => JSON.parse(bytes.toString()) as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, json });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const client = () => ({
  region: 'us-east-1',
  credentials: local.credentials,
  endpoint: local.urls.aws,
});

beforeAll(async () => {
  synthesiseFixture(assembly, recordFile);
  local = await start();
});
afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

describe('the gateway', () => {
  const people = () => local.urls.people ?? '';

  test('builds the event that API Gateway builds', async () => {
    const answer = await send(
      `${people()}/v1/models/a%20b?x=1&x=2&y=c+d`,
      'POST',
      {
        'X-Multi': ['1', '2'],
        Cookie: 'a=1; b=2',
        'Content-Type': 'application/json',
        'X-Signet-Principal': 'alice; groups=g1,g2',
      },
      '{"é":1}',
    );
    const event = answer.json();
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'POST /v1/models/{model}',
      rawPath: '/v1/models/a b',
      rawQueryString: 'x=1&x=2&y=c+d',
      cookies: ['a=1', 'b=2'],
      queryStringParameters: { x: '1,2', y: 'c d' },
      pathParameters: { model: 'a b' },
      body: '{"é":1}',
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        stage: '$default',
        http: { method: 'POST', path: '/v1/models/a b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
        authorizer: { jwt: { claims: { sub: 'alice', username: 'alice', 'cognito:groups': '[g1 g2]' } } },
      },
    });
    const headers = event['headers'] as Record<string, string>;
    expect(headers['x-multi']).toBe('1,2');
    expect(headers).not.toHaveProperty('x-signet-principal');
    expect(headers).not.toHaveProperty('cookie');
  });

  test('passes bytes as base64 in both directions', async () => {
    const sent = await send(
      `${people()}/v1/models/m`,
      'POST',
      { 'content-type': 'application/octet-stream' },
      Buffer.from([0, 255]),
    );
    expect(sent.json()).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
    const shaped = await send(`${people()}/v1/shaped`);
    expect(shaped).toMatchObject({ status: 201, headers: { 'x-a': 'b', 'set-cookie': ['a=1', 'b=2'] } });
    expect([...shaped.bytes]).toEqual([0, 255]);
    expect((await send(`${people()}/v1/text`)).bytes.toString()).toBe('plain');
  });

  test('identity comes from the authoriser of the route', async () => {
    const machines = local.urls.machines ?? '';
    const role = 'arn:aws:sts::123456789012:assumed-role/ci/run';
    const named = (await send(`${machines}/v1/x`, 'GET', { 'x-signet-principal': role })).json();
    expect(named).toMatchObject({
      requestContext: { authorizer: { iam: { userArn: role, accountId: '123456789012' } } },
    });
    const unnamed = (await send(`${machines}/v1/x`)).json();
    expect(unnamed).toMatchObject({
      requestContext: { authorizer: { iam: { userArn: 'arn:aws:sts::000000000000:assumed-role/local/local-admin' } } },
    });
    expect((await send(`${people()}/health`)).json()['requestContext']).not.toHaveProperty('authorizer');
    expect((await send(`${people()}/v1/x`, 'GET', { 'x-signet-principal': 'a b' })).status).toBe(401);
    expect((await send(`${people()}/v1/x`, 'GET', { 'x-signet-principal': ['a', 'b'] })).status).toBe(401);
  });

  test.each<[string, number, string]>([
    ['/nowhere', 404, 'Not Found'],
    ['/v1/throw', 500, 'Internal Server Error'],
    ['/v1/exit', 500, 'Internal Server Error'],
    ['/v1/large', 500, 'Internal Server Error'],
    ['/v1/never', 503, 'Service Unavailable'],
  ])('%s is answered with %i', async (path, status, message) => {
    const answer = await send(people() + path);
    expect([answer.status, answer.json()]).toEqual([status, { message }]);
    // A crash does not outlive the call that caused it.
    expect((await send(`${people()}/health`)).status).toBe(200);
  });

  test('refuses what is too large, other hosts, and pages of other origins', async () => {
    const upload = (size: number, type: string) =>
      send(`${people()}/v1/models/m`, 'POST', { 'content-type': type }, Buffer.alloc(size, 'a')).then(
        ({ status }) => status,
        // The gateway may close the connection before all is sent.
        () => 413,
      );
    expect(await upload(10 * 1024 * 1024 + 1, 'text/plain')).toBe(413);
    // 5 MB fit into an event as text, and not in base64.
    expect(await upload(5 * 1024 * 1024, 'text/plain')).toBe(200);
    expect(await upload(5 * 1024 * 1024, 'application/octet-stream')).toBe(413);
    expect((await send(`${people()}/health`, 'GET', { host: 'evil.com' })).status).toBe(403);
    const post = (headers: Record<string, string>) => send(`${people()}/v1/models/m`, 'POST', headers, '{}');
    expect((await post({ origin: 'https://evil.com' })).status).toBe(403);
    expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const allowed = await post({ origin: 'http://localhost:5173' });
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([200, 'http://localhost:5173']);
    const preflight = { origin: 'http://localhost:5173', 'access-control-request-method': 'POST' };
    expect(await send(`${people()}/v1/models/m`, 'OPTIONS', preflight)).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-methods': '*', 'access-control-max-age': '60' },
    });
  });

  test('functions get the environment of the stack and nothing of this process', async () => {
    process.env['LEAK'] = 'x';
    const { env, left, name } = (await send(`${people()}/v1/env`)).json() as {
      env: Record<string, string>;
      left: number;
      name: string;
    };
    delete process.env['LEAK'];
    expect(env).toMatchObject({
      TABLE: 'things',
      RECORD_FILE: recordFile,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: local.urls.s3,
      AWS_ENDPOINT_URL_DYNAMODB: local.urls.dynamodb,
      AWS_LAMBDA_FUNCTION_NAME: name,
    });
    expect(env).not.toHaveProperty('LEAK');
    expect(left).toBeGreaterThan(2_000);
    expect(left).toBeLessThanOrEqual(3_000);
  });
});

describe('events', () => {
  const put = (...Entries: object[]) => {
    const bridge = new EventBridgeClient(client());
    return bridge.send(new PutEventsCommand({ Entries })).finally(() => bridge.destroy());
  };
  const entry = (detail: object, more: object = {}) => ({
    EventBusName: 'fixture',
    Source: 'signet',
    DetailType: 'Changed',
    Detail: JSON.stringify(detail),
    ...more,
  });

  test('reach the Lambda function and the queue of a rule that fits, and the archive', async () => {
    const { FailedEntryCount, Entries } = await put(entry({ kind: 'abc', n: 1 }), entry({ kind: 'other' }));
    expect(FailedEntryCount).toBe(0);
    const id = Entries?.[0]?.EventId;
    const event = await until(
      'the call',
      () => calls<Record<string, unknown>>('event').find((each) => each['id'] === id),
      WITHIN_MS,
    );
    expect(event).toEqual({
      version: '0',
      id,
      'detail-type': 'Changed',
      source: 'signet',
      account: '000000000000',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      region: 'us-east-1',
      resources: [],
      detail: { kind: 'abc', n: 1 },
    });
    expect(calls('event')).toHaveLength(1);
    const archived = readFileSync(join(data, 'events.jsonl'), 'utf8').trim().split('\n');
    expect(archived).toHaveLength(2);

    const sqs = new SQSClient(client());
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'plain' }));
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
    expect(JSON.parse(Messages[0]?.Body ?? '')).toEqual(event);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
    sqs.destroy();
  });

  test('a function that fails is tried again, twice', async () => {
    await put(entry({ kind: 'again', fails: true }));
    const tries = () =>
      calls<{ detail: { kind: string } }>('event').filter(({ detail }) => detail.kind === 'again').length;
    await until('the third attempt', () => tries() === 3, WITHIN_MS);
  });

  test('entries are judged one by one, requests as a whole', async () => {
    const { FailedEntryCount, Entries } = await put(
      entry({}),
      entry({}, { Detail: '{' }),
      entry({}, { Source: 'aws.s3' }),
      entry({}, { EventBusName: 'nowhere' }),
      { EventBusName: 'fixture', DetailType: 'x', Detail: '{}' },
    );
    expect(FailedEntryCount).toBe(4);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'ResourceNotFoundException',
      'InvalidArgument',
    ]);
    await expect(put(...Array.from({ length: 11 }, () => entry({})))).rejects.toThrow('between 1 and 10');
    await expect(put(entry({ text: 'x'.repeat(256 * 1024) }))).rejects.toThrow('over the limit');
  });
});

test('what opens the local run is for its owner only', () => {
  expect(statSync(join(data, 'credentials.json')).mode & 0o077).toBe(0);
});

interface Streamed {
  eventName: string;
  eventSourceARN: string;
  dynamodb: { Keys: { sk: { S: string } }; NewImage: Record<string, unknown> };
}
const delivered = () => calls<Streamed>('stream').map(({ dynamodb }) => dynamodb.Keys.sk.S);

test('the stream feeds the function in order, filtered, and keeps the poison record in the bucket', async () => {
  const dynamodb = engineClient(local.urls.dynamodb);
  const put = (sk: string) =>
    dynamodb.send(
      new PutItemCommand({
        TableName: 'things',
        Item: { pk: { S: 'p' }, sk: { S: sk }, bytes: { B: new Uint8Array([1, 2]) } },
      }),
    );
  for (const name of ['E#1', 'X#1', 'E#2-poison', 'E#3']) await put(name);
  await until('the delivery', () => delivered().includes('E#3'), WITHIN_MS);
  expect(delivered()).toEqual(['E#1', 'E#3']);
  const [first] = calls<Streamed>('stream');
  expect(first).toMatchObject({
    eventName: 'INSERT',
    eventSourceARN: expect.stringMatching(/^arn:aws:dynamodb:us-east-1:000000000000:table\/things\/stream\//),
    dynamodb: { NewImage: { bytes: { B: 'AQI=' } } },
  });
  dynamodb.destroy();

  const s3 = new S3Client({ ...client(), endpoint: local.urls.s3, forcePathStyle: true });
  const { env } = JSON.parse(
    await local.invoke('Echo', { rawPath: '/v1/env' }).then((o) => ('payload' in o ? o.payload : '')),
  );
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: env.BUCKET, Prefix: 'aws/lambda/' }));
  expect(Contents).toHaveLength(1);
  const object = await s3.send(new GetObjectCommand({ Bucket: env.BUCKET, Key: Contents[0]?.Key }));
  const kept = JSON.parse((await object.Body?.transformToString()) ?? '');
  expect(kept.requestContext.condition).toBe('RetryAttemptsExhausted');
  expect(JSON.parse(kept.payload).Records[0].dynamodb.NewImage.sk.S).toBe('E#2-poison');
  s3.destroy();
});

test('a queue feeds its function; what fails goes to the dead-letter queue', async () => {
  const sqs = new SQSClient(client());
  const url = async (QueueName: string) => (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
  await sqs.send(new SendMessageCommand({ QueueUrl: await url('inbox'), MessageBody: 'good' }));
  await sqs.send(new SendMessageCommand({ QueueUrl: await url('inbox'), MessageBody: 'bad' }));
  const dead = await sqs.send(new ReceiveMessageCommand({ QueueUrl: await url('dead'), WaitTimeSeconds: 10 }));
  expect(dead.Messages?.map(({ Body }) => Body)).toEqual(['bad']);
  const bodies = calls<{ body: string; eventSource: string }>('queue').map(({ body }) => body);
  expect(bodies.sort()).toEqual(['bad', 'bad', 'good']);
  await expect(url('nowhere')).rejects.toThrow('does not exist');
  sqs.destroy();
});

test('one data folder serves one run at a time', async () => {
  await expect(start()).rejects.toThrow('in use by process');
});

test('a taken port is named, and nothing stays behind', async () => {
  const port = Number(new URL(local.urls.aws).port) - 4;
  await expect(startLocal({ data: join(home, 'other'), port, assembly })).rejects.toThrow(/port/i);
  expect(existsSync(join(home, 'other', 'lock'))).toBe(false);
});

test('kill -9 loses nothing that was acknowledged, and a restart repeats nothing that was done', async () => {
  const folder = join(home, 'killed');
  const module = join(__dirname, '../../local/index.ts');
  const script = `require(${JSON.stringify(module)}).startLocal({ data: ${JSON.stringify(folder)}, port: 0, assembly: ${JSON.stringify(assembly)} })
    .then((local) => console.log(JSON.stringify(local.urls)))`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const urls = JSON.parse(line.toString()) as Local['urls'];

  const dynamodb = engineClient(urls.dynamodb);
  const bridge = new EventBridgeClient({ ...client(), endpoint: urls.aws });
  const names = (round: number) => Array.from({ length: 25 }, (_, i) => `E#k${round}-${i}`);
  const acknowledged: string[] = [];
  const events: string[] = [];
  setTimeout(() => child.kill('SIGKILL'), 400);
  for (let round = 0; ; round++) {
    try {
      const items = names(round).map((sk) => ({ PutRequest: { Item: { pk: { S: 'k' }, sk: { S: sk } } } }));
      await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { things: items } }));
      acknowledged.push(...names(round));
      const Entries = [
        { EventBusName: 'fixture', Source: 'signet', DetailType: 'K', Detail: JSON.stringify({ kind: `a-k${round}` }) },
      ];
      await bridge.send(new PutEventsCommand({ Entries }));
      events.push(`a-k${round}`);
    } catch {
      break;
    }
  }
  dynamodb.destroy();
  bridge.destroy();
  expect(events.length).toBeGreaterThan(0);

  const again = await start(folder);
  const kinds = () => new Set(calls<{ detail: { kind: string } }>('event').map(({ detail }) => detail.kind));
  try {
    await until(
      'the delivery of every item',
      () => acknowledged.every((name) => delivered().includes(name)),
      WITHIN_MS,
    );
    await until('the delivery of every event', () => events.every((kind) => kinds().has(kind)), WITHIN_MS);
  } finally {
    await again.close();
  }
  // Writes that were cut off before they were acknowledged may still be on their way; nothing comes twice.
  const before = delivered();
  const third = await start(folder);
  await sleep(300);
  await third.close();
  const came = delivered().slice(before.length);
  expect(came.filter((name) => before.includes(name))).toEqual([]);
});
