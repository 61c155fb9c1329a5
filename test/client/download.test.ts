import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '../../client/api';
import { downloadCommand } from '../../client/cli/download';
import { download, WrongBytes } from '../../client/download/download';
import { digestAll, upload } from '../../client/upload/upload';
import { startRegistry, type TestRegistry } from '../support/registry';
import { type Served, serve } from '../support/served';

const folder = mkdtempSync(join(tmpdir(), 'signet-download-'));
const inFolder = (...names: string[]) => join(folder, ...names);
const FILES = {
  'model.onnx': randomBytes(20 * 1024 ** 2 + 7),
  'assets/labels.txt': Buffer.from('yes\nno\n'),
  empty: '',
};
const params = { model: 'churn', version: 1 };
let registry: TestRegistry;
let served: Served;
let client: Client;

beforeAll(async () => {
  registry = await startRegistry();
  served = await serve(registry);
  client = createClient({ baseUrl: served.url });
  await client.createModel({ body: { name: 'churn' } });
  const references = [{ path: 'elsewhere', uri: 's3://bucket/churn' }];
  await client.registerVersion({ params: { model: 'churn' }, body: { references } });
  const files = Object.entries(FILES).map(([path, bytes], index) => {
    writeFileSync(inFolder(`source-${index}`), bytes);
    return { file: inFolder(`source-${index}`), path };
  });
  await upload({ client, ...params }, files, await digestAll(files));
  await client.finaliseVersion({ params });
  await client.setAlias({ params: { model: 'churn', alias: 'champion' }, body: { version: 1 } });
});

afterAll(async () => {
  await served.close();
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]) {
  const printed = { result: [] as string[], progress: [] as string[] };
  const output = {
    result: (text: string) => printed.result.push(text),
    progress: (text: string) => printed.progress.push(text),
  };
  await downloadCommand(output)
    .exitOverride()
    .parseAsync([...args, '--url', served.url], { from: 'user' });
  return { result: JSON.parse(printed.result.join('')), progress: printed.progress };
}

/** The registry, with something else in what it hands out. */
function handing(change: (answer: Awaited<ReturnType<Client['getDownload']>>) => object): Client {
  const getDownload: Client['getDownload'] = async (...asked) => {
    const answer = await client.getDownload(...asked);
    return { ...answer, ...change(answer) } as typeof answer;
  };
  return { ...client, getDownload };
}

test('all files of the version that an alias leads to are fetched under their paths', async () => {
  const { result, progress } = await run('churn', '@champion', '--to', inFolder('all'));
  expect(result).toMatchObject({ model: 'churn', version: 1 });
  expect(result.files.map(({ path }: { path: string }) => path)).toEqual(['assets/labels.txt', 'empty', 'model.onnx']);
  for (const [path, bytes] of Object.entries(FILES)) {
    expect(readFileSync(inFolder('all', path)).equals(Buffer.from(bytes))).toBe(true);
  }
  expect(progress).toContain("model.onnx: 20.0 MiB, its SHA-256 is the registry's");
});

test('the files that are named are fetched, and what a version only refers to is refused', async () => {
  await run('churn', '1', 'empty', '--to', inFolder('one'));
  expect(readdirSync(inFolder('one'))).toEqual(['empty']);
  await expect(run('churn', '1', 'elsewhere', '--to', inFolder('one'))).rejects.toThrow(/kept elsewhere: s3:/);
  await expect(run('churn', '1', 'missing', '--to', inFolder('one'))).rejects.toMatchObject({
    code: 'artifact_not_found',
  });
});

test('a run that the store does not give is asked for again with a request of its own', async () => {
  const asked: string[] = [];
  const broken = handing(({ request }) => {
    asked.push(String(request?.url));
    const url = asked.length === 1 ? 'http://127.0.0.1:9/' : request?.url;
    return { request: { ...request, url } };
  });
  const seen: number[] = [];
  const options = { onProgress: (done: number) => seen.push(done) };
  await download({ client: broken, ...params }, 'model.onnx', inFolder('again'), options);
  expect(readFileSync(inFolder('again')).equals(FILES['model.onnx'])).toBe(true);
  expect(asked).toHaveLength(4); // the first, and one for each of its three runs
  expect(seen.sort((a, b) => a - b).at(-1)).toBe(FILES['model.onnx'].length);
});

test('what has another digest than the registry says does not appear', async () => {
  const wrong = handing(({ file }) => ({ file: { ...file, sha256: createHash('sha256').digest('hex') } }));
  const target = inFolder('wrong', 'model.onnx');
  await expect(download({ client: wrong, ...params }, 'model.onnx', target)).rejects.toThrow(WrongBytes);
  expect(readdirSync(inFolder('wrong'))).toEqual([]);
  const shorter = handing(({ file }) => ({ file: { ...file, size: 3 } }));
  await expect(download({ client: shorter, ...params }, 'model.onnx', target)).rejects.toThrow(WrongBytes);
});

test('a file that is there stays until the new one is whole', async () => {
  const target = inFolder('kept');
  writeFileSync(target, 'before');
  const stopped = new AbortController();
  const options = { onProgress: () => stopped.abort(new Error('enough')), parallel: 1, signal: stopped.signal };
  await expect(download({ client, ...params }, 'model.onnx', target, options)).rejects.toThrow('enough');
  expect(readFileSync(target, 'utf8')).toBe('before');
  expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
});

test('two downloads of a file to one place, and a file beside it, do not touch what the other writes', async () => {
  const target = inFolder('shared', 'model.onnx');
  mkdirSync(inFolder('shared'));
  writeFileSync(`${target}.partial`, 'of somebody else');
  const once = () => download({ client, ...params }, 'model.onnx', target);
  await Promise.all([once(), once()]);
  expect(readFileSync(target).equals(FILES['model.onnx'])).toBe(true);
  expect(readFileSync(`${target}.partial`, 'utf8')).toBe('of somebody else');
  expect(readdirSync(inFolder('shared'))).toEqual(['model.onnx', 'model.onnx.partial']);
});

test('a path that leads out of the folder is not written', async () => {
  await expect(run('churn', '1', '../out', '--to', inFolder('inside'))).rejects.toThrow(/leads out/);
});
