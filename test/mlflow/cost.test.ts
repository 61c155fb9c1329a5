import { startRegistry, type TestRegistry } from '../support/registry';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

const BASE = '/api/2.0/mlflow';

async function modelWith(name: string, versions: number): Promise<void> {
  await registry.request('POST', `${BASE}/registered-models/create`, { body: { name } });
  for (let number = 1; number <= versions; number++) {
    await registry.request('POST', `${BASE}/model-versions/create`, { body: { name, source: `s3://b/${number}` } });
  }
  await registry.request('POST', `${BASE}/registered-models/alias`, { body: { name, alias: 'best', version: '5' } });
  const stage = { name, version: '4', stage: 'Production' };
  await registry.request('POST', `${BASE}/model-versions/transition-stage`, { body: stage });
}

const CALLS = (name: string) => [
  ['GET', `${BASE}/registered-models/get?name=${name}`],
  ['GET', `${BASE}/registered-models/get-latest-versions?name=${name}`],
  ['GET', `${BASE}/registered-models/alias?name=${name}&alias=best`],
  ['GET', `${BASE}/model-versions/get?name=${name}&version=3`],
];

test('the hot calls of MLflow cost the same with 10 versions and with 600', async () => {
  await modelWith('few', 10);
  await modelWith('many', 600);
  const costs = async (name: string) => {
    const spent: unknown[] = [];
    for (const [method = '', path = ''] of CALLS(name)) {
      await registry.request(method, path); // remembers the model's id
      registry.capacity.take();
      expect((await registry.request(method, path)).status).toBe(200);
      const { reads, calls } = registry.capacity.take();
      spent.push({ path: path.replace(name, 'm'), reads, calls: calls.length });
    }
    return spent;
  };
  expect(await costs('many')).toEqual(await costs('few'));
});
