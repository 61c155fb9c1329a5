import { createHash } from 'node:crypto';
import { LIMITS } from '../../core/domain/limits';
import { startRegistry, type TestRegistry } from '../support/registry';
import { refused, writesTo } from '../support/unchanged';

let registry: TestRegistry;
let version: string;
let number = 0;
beforeAll(async () => {
  registry = await startRegistry();
  await registry.request('POST', '/v1/models', { body: { name: 'm' } });
});
beforeEach(async () => {
  await registry.request('POST', '/v1/models/m/versions', { body: {} });
  number += 1;
  version = `/v1/models/m/versions/${number}`;
});
afterAll(() => registry.close());

const SHA = '0'.repeat(64);
const MIB5 = 5 * 1024 ** 2;
function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
function writesToParts(parts: readonly Buffer[]): string {
  return sha256(Buffer.concat(parts.map((part) => createHash('sha256').update(part).digest())));
}
const declare = (files: unknown[], references: unknown[] = []) =>
  registry.request('POST', `${version}/artifacts`, { body: { files, references } });
const grant = (files: unknown[]) => registry.request('POST', `${version}/uploads`, { body: { files } });
const finalise = () => registry.request('POST', `${version}/finalise`);
const send = ({ url, headers }: { url: string; headers: Record<string, string> }, body: Buffer) =>
  fetch(url, { method: 'PUT', headers, body });

const plan = (partSize: unknown, sha256OfParts: unknown = SHA) => ({ partSize, sha256OfParts });
test.each<[string, object, string]>([
  ...[-1, 1.5, 2 ** 53, 2 ** 63, 1e308, '1', LIMITS.objectBytes + 1].map(
    (size) => [`a size of ${JSON.stringify(size)}`, { size }, 'size'] as [string, object, string],
  ),
  ['a size above one PUT', { size: LIMITS.singlePutBytes + 1 }, 'size'],
  ...[
    'A'.repeat(64),
    '0'.repeat(63),
    '0'.repeat(65),
    `${'0'.repeat(64)}\n`,
    'g'.repeat(64),
    `sha256:${SHA}`,
    Buffer.alloc(32).toString('base64'),
    '',
  ].flatMap(
    (digest) =>
      [
        [`a digest of ${JSON.stringify(digest)}`, { sha256: digest }, 'sha256'],
        [
          `a digest of parts of ${JSON.stringify(digest)}`,
          { multipart: plan(MIB5, digest) },
          'multipart.sha256OfParts',
        ],
      ] as [string, object, string][],
  ),
  ...[0, -1, 1, MIB5 - 1, MIB5 + 0.5, LIMITS.maxPartBytes + 1, 2 ** 53].map(
    (partSize) =>
      [`parts of ${partSize} bytes`, { multipart: plan(partSize) }, 'multipart.partSize'] as [string, object, string],
  ),
  ['10,001 parts', { size: LIMITS.parts * MIB5 + 1, multipart: plan(MIB5) }, 'multipart.partSize'],
])('no file is declared with %s', async (_, wrong, field) => {
  const body = {
    files: [
      { path: 'ok', size: 1, sha256: SHA },
      { path: 'a', size: 1, sha256: SHA, ...wrong },
    ],
  };
  const expected = { code: 'invalid_input', field: `body.files.1.${field}` } as const;
  await refused(registry, 'POST', `${version}/artifacts`, { body }, expected);
});

test.each([
  'javascript:alert(1)',
  'file:///etc/passwd',
  'data:text/html,x',
  'ftp://h/a',
  'S3://b/k',
  '//h/a',
  '/a',
  'a',
  '',
  ' s3://b/k',
  's3://b/k\n',
  's3://b/a b',
  's3://b\\k',
  's3://b/\u202ek',
  'https://user:pass@h/a',
  'https://token@h/a',
  'abfss://c:pass@h/a',
  's3://b/../k',
  'https://h/%2e%2e/a',
  'https://h/.%2E/a',
  `s3://b/${'é'.repeat(1_021)}`,
])('no reference is declared to %s', async (uri) => {
  const body = { references: [{ path: 'a', uri }] };
  const expected = { code: 'invalid_input', field: 'body.references.0.uri' } as const;
  const problem = await refused(registry, 'POST', `${version}/artifacts`, { body }, expected);
  expect(JSON.stringify(problem.body)).not.toMatch(/pass@|token@/);
});

test.each([
  's3://b/k',
  'https://h/a@b?c=..#d',
  'abfss://c@account.dfs.core.windows.net/a',
  'models:/vad/1',
  'hf://org/m',
])('a reference is declared to %s', async (uri) => {
  expect((await declare([], [{ path: 'a', uri }])).body.files).toEqual([{ path: 'a', kind: 'reference', uri }]);
});

test('a path is declared once, and is not both a file and a folder', async () => {
  const file = (path: string) => ({ path, size: 0, sha256: SHA });
  for (const paths of [
    ['a', 'a'],
    ['a', 'a/b'],
    ['a/b/c', 'a'],
  ]) {
    const body = { files: paths.map(file) };
    await refused(registry, 'POST', `${version}/artifacts`, { body }, { code: 'invalid_input', field: 'body.files' });
  }
  const mixed = { files: [file('a')], references: [{ path: 'a', uri: 's3://b/k' }] };
  await refused(registry, 'POST', `${version}/artifacts`, { body: mixed }, { code: 'invalid_input' });
  expect((await declare([file('x/y'), file('xy')])).status).toBe(200);
  for (const path of ['x', 'x/y/z']) {
    const body = { files: [file(path)] };
    await refused(registry, 'POST', `${version}/artifacts`, { body }, { code: 'invalid_input', field: 'body.files' });
  }
});

test('uploads are handed out for declared files alone, as they were declared', async () => {
  const large = { path: 'large', size: MIB5 + 1, sha256: SHA, multipart: plan(MIB5) };
  await declare([{ path: 'small', size: 1, sha256: SHA }, large], [{ path: 'ref', uri: 's3://b/k' }]);
  const part = (number: number) => ({ number, sha256: SHA });
  const at = 'body.files.0';
  const cases = [
    [{ path: 'none' }, { code: 'artifact_not_found', field: `${at}.path` }],
    [{ path: 'ref' }, { code: 'artifact_not_found', field: `${at}.path` }],
    [
      { path: 'small', parts: [part(1)] },
      { code: 'artifact_not_multipart', field: `${at}.parts` },
    ],
    [{ path: 'large' }, { code: 'invalid_input', field: `${at}.parts` }],
    [
      { path: 'large', parts: [] },
      { code: 'invalid_input', field: `${at}.parts` },
    ],
    [
      { path: 'large', parts: [part(0)] },
      { code: 'invalid_input', field: `${at}.parts.0.number` },
    ],
    [
      { path: 'large', parts: [part(3)] },
      { code: 'invalid_input', field: `${at}.parts.0.number` },
    ],
    [
      { path: 'large', parts: [part(10_001)] },
      { code: 'invalid_input', field: `${at}.parts.0.number` },
    ],
    [
      { path: 'large', parts: [part(1.5)] },
      { code: 'invalid_input', field: `${at}.parts.0.number` },
    ],
  ] as const;
  for (const [file, expected] of cases) {
    await refused(registry, 'POST', `${version}/uploads`, { body: { files: [file] } }, expected);
  }
});

test('after READY no file is declared, withdrawn, sent or finalised', async () => {
  await finalise();
  const file = { path: 'a', size: 0, sha256: SHA };
  for (const [method, path, body] of [
    ['POST', '/artifacts', { files: [file] }],
    ['DELETE', '/artifacts?path=a', undefined],
    ['POST', '/uploads', { files: [{ path: 'a' }] }],
    ['POST', '/finalise', undefined],
  ] as const) {
    const options = body === undefined ? {} : { body };
    const expected = { code: 'version_not_pending', field: 'path.version' } as const;
    await refused(registry, method, `${version}${path}`, options, expected);
  }
});

async function expectIncomplete(path: string, difference: RegExp) {
  const before = writesTo(registry);
  const { status, body } = await finalise();
  expect({ status, code: body.code }).toEqual({ status: 409, code: 'artifacts_incomplete' });
  expect(body.errors).toEqual([expect.objectContaining({ field: path, value: expect.stringMatching(difference) })]);
  expect(writesTo(registry)).toBe(before);
  expect((await registry.request('GET', version)).body.status).toBe('PENDING');
}

test('a version stays PENDING until its one file is what was declared', async () => {
  const [right, wrong] = [Buffer.from('weights'), Buffer.from('weighty')];
  await declare([{ path: 'dir/model.bin', size: right.length, sha256: sha256(right) }]);
  await expectIncomplete('dir/model.bin', /has not arrived/);
  const request = async () => (await grant([{ path: 'dir/model.bin' }])).body.uploads[0].request;
  expect((await send(await request(), wrong)).ok).toBe(false);
  expect((await send(await request(), Buffer.from('weight'))).ok).toBe(false);
  await expectIncomplete('dir/model.bin', /has not arrived/);
  expect((await send(await request(), right)).ok).toBe(true);
  await declare([{ path: 'dir/model.bin', size: right.length, sha256: sha256(wrong) }]);
  await expectIncomplete('dir/model.bin', /has SHA-256/);
  await declare([{ path: 'dir/model.bin', size: right.length + 1, sha256: sha256(right) }]);
  await expectIncomplete('dir/model.bin', /has 7 bytes, declared were 8/);
  await declare([{ path: 'dir/model.bin', size: right.length, sha256: sha256(right) }]);
  expect((await finalise()).body).toMatchObject({ status: 'READY', artifacts: { files: 1, bytes: 7 } });
});

test('a version stays PENDING until all parts of its file are what was declared', async () => {
  const parts = [Buffer.alloc(MIB5, 1), Buffer.from('end')];
  const whole = Buffer.concat(parts);
  const file = { path: 'large.bin', size: whole.length, sha256: sha256(whole) };
  const sendPart = async (index: number, content: Buffer) => {
    const { body } = await grant([{ path: file.path, parts: [{ number: index + 1, sha256: sha256(content) }] }]);
    return send(body.uploads[0].parts[0], content);
  };
  await declare([{ ...file, multipart: plan(MIB5, writesToParts(parts)) }]);
  await expectIncomplete('large.bin', /has not arrived/);
  expect((await sendPart(0, parts[0] as Buffer)).ok).toBe(true);
  await expectIncomplete('large.bin', /has 1 of 2 parts/);
  expect((await sendPart(1, Buffer.from('END'))).ok).toBe(true);
  await expectIncomplete('large.bin', /has SHA-256 of parts/);
  expect((await sendPart(1, Buffer.from('long end'))).ok).toBe(false);
  expect((await sendPart(1, parts[1] as Buffer)).ok).toBe(true);
  expect((await finalise()).body).toMatchObject({ status: 'READY', artifacts: { files: 1, bytes: whole.length } });
});
