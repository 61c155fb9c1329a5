import { createHash } from 'node:crypto';
import { startRegistry, type TestRegistry } from '../support/registry';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

const BASE = '/api/2.0/mlflow-artifacts';

function put(path: string, body: string) {
  return registry.request('PUT', `${BASE}/artifacts/${path}`, { body, headers: { 'content-type': 'text/plain' } });
}

function list(path: string) {
  return registry.request('GET', `${BASE}/artifacts?path=${encodeURIComponent(path)}`);
}

async function fetched(path: string): Promise<string> {
  const { status, headers } = await registry.request('GET', `${BASE}/artifacts/${path}`);
  expect(status).toBe(302);
  return (await fetch(headers['location'] ?? '')).text();
}

test('a directory is uploaded, listed, downloaded by redirection and deleted', async () => {
  expect((await put('1/run/artifacts/model/MLmodel', 'flavors: {}')).body).toEqual({});
  await put('1/run/artifacts/model/data/weights.bin', 'weights');
  expect((await list('1/run/artifacts/model')).body).toEqual({
    files: [
      { path: 'MLmodel', is_dir: false, file_size: 11 },
      { path: 'data', is_dir: true },
    ],
  });
  expect(await fetched('1/run/artifacts/model/data/weights.bin')).toBe('weights');
  const { body } = await registry.request('GET', `${BASE}/presigned/1/run/artifacts/model/MLmodel`);
  expect(body).toEqual({ url: expect.stringContaining('X-Amz-Signature'), headers: {}, file_size: 11 });
  expect((await registry.request('DELETE', `${BASE}/artifacts/1/run/artifacts/model`)).body).toEqual({});
  expect((await list('1/run/artifacts/model')).body).toEqual({});
});

test('a missing file is told so; a missing folder is empty', async () => {
  const missing = await registry.request('GET', `${BASE}/artifacts/1/none.txt`);
  expect([missing.status, missing.body.error_code]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  expect((await list('nowhere')).body).toEqual({});
});

test.each(['..%2f..%2fetc', 'a/../b', 'a//b', 'a%5Cb', 'a%23b', 'a/./b', '%00'])('path %s is refused', async (path) => {
  for (const method of ['GET', 'DELETE']) {
    const { status, body } = await registry.request(method, `${BASE}/artifacts/${path}`);
    expect([status, body.message]).toEqual([400, 'Invalid path']);
  }
  expect((await put(path, 'x')).body.message).toBe('Invalid path');
});

test('one workspace does not see the files of another', async () => {
  await registry.request('POST', '/v1/workspaces', { body: { name: 'vision' } });
  await put('shared.txt', 'default');
  const other = await registry.request('GET', `/w/vision${BASE}/artifacts/shared.txt`);
  expect(other.status).toBe(404);
  const named = await registry.request('GET', `${BASE}/artifacts/shared.txt`, {
    headers: { 'x-mlflow-workspace': 'vision' },
  });
  expect(named.status).toBe(404);
});

test('above 4 MB an upload is refused with the setting to use', async () => {
  expect((await put('limit.bin', 'x'.repeat(4_000_000))).status).toBe(200);
  const { status, body } = await put('large.bin', 'x'.repeat(4_000_001));
  expect([status, body.message]).toEqual([413, expect.stringContaining('MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD=true')]);
  expect((await registry.request('GET', `${BASE}/artifacts/large.bin`)).status).toBe(404);
});

test('a file is sent in parts, below the name of the local file', async () => {
  const parts = ['a'.repeat(5 * 1024 * 1024), 'end'];
  const created = await registry.request('POST', `${BASE}/mpu/create/1/run`, {
    body: { path: '/tmp/x/big.bin', num_parts: 2 },
  });
  const { upload_id, credentials } = created.body;
  const sent = await Promise.all(
    parts.map(async (content, index) => {
      const { url, part_number } = credentials[index];
      const { headers } = await fetch(url, { method: 'PUT', body: content });
      return { part_number, etag: headers.get('etag'), url };
    }),
  );
  const body = { path: '/tmp/x/big.bin', upload_id, parts: sent };
  expect((await registry.request('POST', `${BASE}/mpu/complete/1/run`, { body })).body).toEqual({});
  expect((await fetched('1/run/big.bin')).length).toBe(5 * 1024 * 1024 + 3);
  const again = await registry.request('POST', `${BASE}/mpu/complete/1/run`, { body });
  expect(again.status).toBe(400);
  const aborted = { path: 'big.bin', upload_id };
  expect((await registry.request('POST', `${BASE}/mpu/abort/1/run`, { body: aborted })).body).toEqual({});
});

test('files of a version that was sent natively are read where get-download-uri says, and never written', async () => {
  const content = 'native weights';
  const sha256 = createHash('sha256').update(content).digest('hex');
  await registry.request('POST', '/v1/models', { body: { name: 'native' } });
  await registry.request('POST', '/v1/models/native/versions', { body: {} });
  const files = [{ path: 'model/data/w.bin', size: content.length, sha256 }];
  await registry.request('POST', '/v1/models/native/versions/1/artifacts', { body: { files } });
  const granted = await registry.request('POST', '/v1/models/native/versions/1/uploads', {
    body: { files: [{ path: 'model/data/w.bin' }] },
  });
  const { url, headers } = granted.body.uploads[0].request;
  await fetch(url, { method: 'PUT', headers, body: content });
  await registry.request('POST', '/v1/models/native/versions/1/finalise');
  const at = '/api/2.0/mlflow/model-versions/get-download-uri?name=native&version=1';
  const { artifact_uri } = (await registry.request('GET', at)).body;
  const path = artifact_uri.replace('mlflow-artifacts:/', '');
  expect((await list(`${path}/model`)).body).toEqual({ files: [{ path: 'data', is_dir: true }] });
  expect(await fetched(`${path}/model/data/w.bin`)).toBe(content);
  expect((await put(`${path}/model/data/w.bin`, 'other')).status).toBe(403);
  expect((await registry.request('DELETE', `${BASE}/artifacts/${path}`)).status).toBe(403);

  await registry.request('POST', '/api/2.0/mlflow/registered-models/create', { body: { name: 'copied' } });
  const copy = { name: 'copied', source: 'models:/native/1' };
  const made = await registry.request('POST', '/api/2.0/mlflow/model-versions/create', { body: copy });
  expect(made.body.model_version).toMatchObject({ version: '1', source: 'models:/native/1' });
  const uri = '/api/2.0/mlflow/model-versions/get-download-uri?name=copied&version=1';
  const location = (await registry.request('GET', uri)).body.artifact_uri.replace('mlflow-artifacts:/', '');
  expect(await fetched(`${location}/model/data/w.bin`)).toBe(content);
});
