import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createClient, partSizeOf } from '../../client/api';
import { ciRunOf } from '../../client/cli/ci';
import { filesOf } from '../../client/cli/collect';
import { registerCommand } from '../../client/cli/register';
import { SendFailed, send } from '../../client/transfer/send';
import { digestsOf } from '../../client/upload/digest';
import { partsOf } from '../../client/upload/plan';
import { digestAll, upload } from '../../client/upload/upload';
import { startRegistry, type TestRegistry } from '../support/registry';
import { type Seen, type Served, serve } from '../support/served';

const MIB = 1024 ** 2;
const folder = mkdtempSync(join(tmpdir(), 'signet-register-'));
const weights = randomBytes(11 * MIB);
const inFolder = (...names: string[]) => join(folder, ...names);
let registry: TestRegistry;
let served: Served;

const RUN = { GITHUB_RUN_ID: '81', GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/churn' };
const CI_VARIABLES = ['GITHUB_RUN_ID', 'CI_PIPELINE_ID', 'BUILD_TAG', 'CODEBUILD_BUILD_ID'];

beforeAll(async () => {
  mkdirSync(inFolder('export', 'assets'), { recursive: true });
  writeFileSync(inFolder('export', 'model.onnx'), weights);
  writeFileSync(inFolder('export', 'assets', 'labels.txt'), 'speech\nsilence\n');
  writeFileSync(inFolder('export', 'assets', 'empty'), '');
  writeFileSync(inFolder('metrics.json'), '{"auc": 0.91, "loss": 0.2}');
  writeFileSync(inFolder('version.json'), '{"tags": {"team": "speech"}, "source": "s3://bucket/churn/81"}');
  writeFileSync(inFolder('single.json'), '{"references": {"path": "model", "uri": "s3://bucket/model"}}');
  registry = await startRegistry();
  served = await serve(registry);
  await registry.request('POST', '/v1/models', { body: { name: 'churn' } });
});

afterAll(async () => {
  await served.close();
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

const before = { ...process.env };
beforeEach(() => {
  for (const name of CI_VARIABLES) delete process.env[name];
  Object.assign(process.env, RUN);
  served.seen = [];
});
afterEach(() => {
  process.env = { ...before };
});

/** Runs `signet register …`. @returns what it printed to stdout, parsed, and to stderr */
async function register(...args: string[]) {
  const printed = { result: [] as string[], progress: [] as string[] };
  const command = registerCommand({
    result: (text) => printed.result.push(text),
    progress: (text) => printed.progress.push(text),
  }).exitOverride();
  await command.parseAsync([...args, '--url', served.url], { from: 'user' });
  expect(printed.result).toHaveLength(1);
  return { version: JSON.parse(printed.result[0] ?? ''), progress: printed.progress.join('\n') };
}

/** Numbers of the parts that were asked for. */
function partsAskedFor(): number[] {
  return served.seen
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/uploads'))
    .flatMap(({ body }) => JSON.parse(body).files)
    .flatMap(({ parts = [] }: { parts?: { number: number }[] }) => parts.map(({ number }) => number));
}

const ALL = [
  'churn',
  inFolder('export'),
  '--metrics',
  inFolder('metrics.json'),
  '--metadata',
  inFolder('version.json'),
];

test('a workflow registers a version with its files, and once more the same one when it is run again', async () => {
  const flags = ['--metric', 'auc=0.93', '--tag', 'commit=a=b', '--param', 'depth=6', '--param', 'mode=fast'];
  const { version, progress } = await register(...ALL, ...flags);
  expect(version).toMatchObject({
    version: 1,
    status: 'READY',
    tags: { team: 'speech', commit: 'a=b' },
    metrics: { auc: 0.93, loss: 0.2 },
    hyperParameters: { depth: 6, mode: 'fast' },
    source: 's3://bucket/churn/81',
    run: { id: '81', system: 'github', url: 'https://github.com/acme/churn/actions/runs/81' },
    artifacts: { files: 3, bytes: 11 * MIB + 15 },
  });
  expect(progress).toContain('sent 11.0 MiB of 11.0 MiB (100 %)');
  expect(served.seen.find(({ path }) => path.endsWith('/versions'))?.key).toMatch(/^github:81:[0-9a-f]{32}$/);
  const { body } = await registry.request('GET', '/v1/models/churn/versions/1/artifacts');
  const sha256 = createHash('sha256').update(weights).digest('hex');
  expect(body.items.map(({ path }: { path: string }) => path)).toEqual([
    'assets/empty',
    'assets/labels.txt',
    'model.onnx',
  ]);
  expect(body.items[2]).toMatchObject({ sha256, multipart: { parts: 3 } });

  expect((await register(...ALL, ...flags)).version).toEqual(version);
  const other = await register(...ALL, '--metric', 'auc=0.94');
  expect(other.version).toMatchObject({ version: 2, artifacts: { digest: version.artifacts.digest } });
});

test('what broke off goes on with the parts that are missing', async () => {
  const client = createClient({ baseUrl: served.url });
  const body = { run: { id: 'broken', system: 'github' }, tags: {}, metrics: {}, hyperParameters: {} };
  const key = 'job-7';
  const { version } = await client.registerVersion({ params: { model: 'churn' }, body }, { idempotencyKey: key });
  const files = await filesOf([inFolder('export', 'model.onnx')]);
  const digests = await digestAll(files);
  const stop = new AbortController();
  const onProgress = ({ done }: { done: number }) => {
    if (done > 0) stop.abort(new Error('the runner was lost'));
  };
  const options = { parallel: 1, onProgress, signal: stop.signal };
  await expect(upload({ client, model: 'churn', version }, files, digests, options)).rejects.toThrow('runner was lost');

  served.seen = [];
  delete process.env['GITHUB_RUN_ID'];
  writeFileSync(inFolder('run.json'), JSON.stringify(body));
  const flags = ['--metadata', inFolder('run.json'), '--idempotency-key', key];
  const again = await register('churn', inFolder('export', 'model.onnx'), ...flags);
  expect(again.version).toMatchObject({ version, status: 'READY' });
  expect(partsAskedFor()).toEqual([2, 3]);

  const others = register('churn', inFolder('export', 'assets', 'labels.txt'), ...flags);
  await expect(others).rejects.toThrow('registered under this idempotency key with other files');
});

test('a part that the store refuses is sent again with another request', async () => {
  const client = createClient({
    baseUrl: served.url,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      const isFirst =
        served.seen.filter(({ path, method }) => method === 'POST' && path.endsWith('/uploads')).length === 1;
      if (!String(input).endsWith('/uploads') || !isFirst) return response;
      return new Response((await response.text()).replaceAll('X-Amz-Signature=', 'X-Amz-Signature=0'), response);
    },
  });
  const { version } = await client.registerVersion({ params: { model: 'churn' }, body: {} });
  const files = await filesOf([`${inFolder('export', 'assets', 'labels.txt')}=labels`]);
  await upload({ client, model: 'churn', version }, files, await digestAll(files));
  const ready = await client.finaliseVersion({ params: { model: 'churn', version } });
  expect(ready.artifacts?.files).toBe(1);
  expect(partsAskedFor()).toEqual([1, 1]);
});

test('what the store says of a refusal is passed on', async () => {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(403).end('<Error><Code>AccessDenied</Code><Message>No.</Message></Error>');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const request = { method: 'PUT', url, headers: {}, expiresAt: '2999-01-01T00:00:00Z' };
  const bytes = { file: inFolder('metrics.json'), start: 0, end: 3 };
  const refused = send(request, bytes);
  await expect(refused).rejects.toThrow(new SendFailed('the store answered 403 AccessDenied: No.', 403));
  server.closeAllConnections();
  server.close();
  await expect(send(request, bytes)).rejects.toMatchObject({ name: 'SendFailed', status: 0 });
});

test.each([
  [['churn', '--metric', 'auc=good'], 'metric auc: good is not a number'],
  [['churn', '--metric', 'auc'], 'name=value'],
  [['churn', 'no-such-file.onnx'], 'no-such-file.onnx does not exist'],
  [['nobody-made-it'], 'nobody-made-it'],
  [['churn', '--semantic-version', 'one'], 'body.semanticVersion'],
  [['churn', '--metadata', inFolder('single.json')], 'single.json: references is not a list'],
  [['churn', `${inFolder('metrics.json')}=a`, `${inFolder('version.json')}=a`], 'would both be a'],
])('%j is refused in words', async (args, words) => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  await expect(register(...args)).rejects.toThrow(words);
  jest.restoreAllMocks();
});

/** The signature that AWS would compute for a request ("Create a signed AWS API request" in the IAM user guide). */
function signatureOf({ method, path, headers, body }: Seen, secretKey: string): string {
  const [, scope = '', names = ''] =
    /Credential=[^/]+\/(\S+), SignedHeaders=(\S+),/.exec(String(headers.authorization)) ?? [];
  const [uri = '', query = ''] = path.split('?');
  const encoded = uri.split('/').map(encodeURIComponent).join('/');
  const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const request = [method, encoded, query.split('&').sort().join('&'), signed.join(''), names, hash(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash(request)].join('\n');
  let key: Buffer | string = `AWS4${secretKey}`;
  for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest();
  return createHmac('sha256', key).update(text).digest('hex');
}

test('with a region every request is signed with the AWS credentials of the environment', async () => {
  const secretKey = 'wJalrXUtnFEMI/K7MDENG';
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: secretKey });
  const { version } = await register(
    'Grüße & more',
    inFolder('metrics.json'),
    '--create-model',
    '--aws-region',
    'eu-central-1',
  );
  expect(version).toMatchObject({ model: 'Grüße & more', status: 'READY' });
  expect(served.seen.length).toBeGreaterThan(5);
  for (const seen of served.seen) {
    expect(seen.headers.authorization).toContain('/eu-central-1/execute-api/aws4_request');
    expect(/Signature=(\w+)$/.exec(String(seen.headers.authorization))?.[1]).toBe(signatureOf(seen, secretKey));
  }
});

test('a model is created where that is asked for', async () => {
  const flags = ['--create-model', '--reference', 'model=s3://bucket/vad/model.tar.gz'];
  expect((await register('vad', ...flags)).version).toMatchObject({ model: 'vad', version: 1, status: 'READY' });
  expect((await register('vad', ...flags, '--metric', 'auc=1')).version).toMatchObject({ version: 2 });
});

test('references of the metadata and of flags add up', async () => {
  const uri = 's3://bucket/vad/model.tar.gz';
  writeFileSync(inFolder('referring.json'), JSON.stringify({ references: [{ path: 'weights', uri }] }));
  const { version } = await register('churn', '--metadata', inFolder('referring.json'), '--reference', `model=${uri}`);
  expect(version.artifacts.files).toBe(2);
});

test('metadata that call the version final do not make it READY without its files', async () => {
  writeFileSync(inFolder('final.json'), '{"final": true}');
  const { version } = await register('churn', inFolder('metrics.json'), '--metadata', inFolder('final.json'));
  expect(version).toMatchObject({ status: 'READY', artifacts: { files: 1 } });
});

test.each(['jenkins-Grüße an alle-81', `jenkins-${'long name '.repeat(60)}81`, 'jenkins-\ud800-81'])(
  'the name of a Jenkins job makes a key that the registry takes: %s',
  async (tag) => {
    delete process.env['GITHUB_RUN_ID'];
    process.env['BUILD_TAG'] = tag;
    const flags = ['churn', inFolder('metrics.json'), '--metadata', inFolder('keyed.json')];
    writeFileSync(inFolder('keyed.json'), '{"run": {"id": "81", "system": "jenkins"}}');
    const { version } = await register(...flags);
    expect((await register(...flags)).version).toEqual(version);
    process.env['BUILD_TAG'] = tag.replace('81', '82');
    expect((await register(...flags)).version.version).toBe(version.version + 1);
  },
);

test('a rebuild of Jenkins finds the version when key and run are named', async () => {
  delete process.env['GITHUB_RUN_ID'];
  writeFileSync(inFolder('named.json'), '{"run": {"id": "churn-fdbb0a3", "system": "jenkins"}}');
  const flags = ['--metadata', inFolder('named.json'), '--idempotency-key', 'churn-fdbb0a3'];
  const build = (number: number, ...more: string[]) => {
    Object.assign(process.env, {
      BUILD_TAG: `jenkins-churn-${number}`,
      BUILD_URL: `https://ci.example.com/${number}/`,
    });
    return register('churn', inFolder('metrics.json'), ...more);
  };
  const { version } = await build(81, ...flags);
  expect((await build(82, ...flags)).version).toEqual(version);
  expect((await build(82)).version.version).toBe(version.version + 1);
  await expect(build(82, ...flags.slice(2))).rejects.toMatchObject({ code: 'idempotency_key_reused' });
});

test('who may not create models registers on one that exists', async () => {
  await register('churn', '--create-model');
  expect(served.seen.map(({ method, path }) => `${method} ${path}`)).not.toContain('POST /v1/models');
});

test('files of any size are cut into parts that S3 takes, one after the other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 * 1024 ** 4 }), (size) => {
      const parts = partsOf(size);
      const partSize = partSizeOf(size);
      expect(parts.length).toBeLessThanOrEqual(10_000);
      expect(partSize).toBeGreaterThanOrEqual(5 * MIB);
      expect(parts.at(-1)?.end ?? -1).toBe(size - 1);
      const lengths = new Set(parts.slice(0, -1).map(({ start, end }) => end - start + 1));
      expect([...lengths]).toEqual(parts.length > 1 ? [partSize] : []);
    }),
    { numRuns: 30 },
  );
});

test.each([
  [0, 5],
  [1_280 * MIB, 5],
  [1_280 * MIB + 1, 6],
  [4_096 * MIB, 16],
  [160_000 * MIB, 16],
  [160_000 * MIB + 1, 17],
])('a file of %d bytes has parts of %d MiB', (size, mib) => {
  expect(partSizeOf(size)).toBe(mib * MIB);
});

test('a file is digested as a whole and by parts in one pass', async () => {
  const digests = await digestsOf(inFolder('export', 'model.onnx'));
  // Parts that are too large to be held are digested piece by piece.
  expect(await digestsOf(inFolder('export', 'model.onnx'), undefined, MIB)).toEqual(digests);
  const parts = [0, 5, 10].map((mib) =>
    createHash('sha256')
      .update(weights.subarray(mib * MIB, (mib + 5) * MIB))
      .digest(),
  );
  expect(digests).toEqual({
    size: weights.length,
    sha256: createHash('sha256').update(weights).digest('hex'),
    parts: parts.map((part) => part.toString('hex')),
    sha256OfParts: createHash('sha256').update(Buffer.concat(parts)).digest('hex'),
  });
});

test('systems for continuous integration tell of their run, without the tokens in their addresses', () => {
  const sha = 'fdbb0a3a81e0f9d95561d6b388d67dce5d9e3f1b';
  expect(ciRunOf({})).toBeUndefined();
  expect(ciRunOf({ ...RUN, GITHUB_SHA: sha })?.code).toEqual({
    repository: 'https://github.com/acme/churn',
    commit: sha,
  });
  const gitUrl = 'https://ci:token@git.example.com/churn.git';
  expect(
    ciRunOf({
      BUILD_TAG: 'jenkins-churn-81',
      BUILD_URL: 'https://ci.example.com/81/',
      GIT_URL: gitUrl,
      GIT_COMMIT: sha,
    }),
  ).toEqual({
    id: 'jenkins-churn-81',
    system: 'jenkins',
    url: 'https://ci.example.com/81/',
    code: { repository: 'https://git.example.com/churn.git', commit: sha },
  });
  expect(ciRunOf({ CI_PIPELINE_ID: '9', CI_PIPELINE_URL: 'javascript:alert(1)' })).toEqual({
    id: '9',
    system: 'gitlab',
  });
});
