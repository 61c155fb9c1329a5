import { holdingCommits } from '../support/held-commits';
import { startRegistry, type TestRegistry } from '../support/registry';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

const BASE = '/api/2.0/mlflow';

/** SIGNET_VERSIONS makes more of them; the gate has 10,000. */
const MANY = Number(process.env['SIGNET_VERSIONS'] ?? 200);

async function send(path: string, body: object): Promise<void> {
  const response = await registry.request('POST', `${BASE}${path}`, { body });
  expect(response).toMatchObject({ status: 200 });
}

async function registerVersions(name: string, count: number): Promise<void> {
  for (let number = 1; number <= count; number++) {
    await send('/model-versions/create', { name, source: `s3://b/${number}` });
  }
}

/** Marks a version of a model with an alias and another with a stage. */
async function promote(name: string): Promise<void> {
  await send('/registered-models/alias', { name, alias: 'best', version: '5' });
  await send('/model-versions/transition-stage', { name, version: '4', stage: 'Production' });
}

const CALLS = (name: string) => [
  `${BASE}/registered-models/get?name=${name}`,
  `${BASE}/registered-models/get-latest-versions?name=${name}`,
  `${BASE}/registered-models/alias?name=${name}&alias=best`,
  `${BASE}/model-versions/get?name=${name}&version=3`,
];

async function costs(name: string) {
  const spent: unknown[] = [];
  for (const path of CALLS(name)) {
    await registry.request('GET', path); // remembers the model's id
    registry.capacity.take();
    expect((await registry.request('GET', path)).status).toBe(200);
    const { reads, calls } = registry.capacity.take();
    spent.push({ path: path.replace(name, 'm'), reads, calls: calls.length });
  }
  return spent;
}

test(`the hot calls of MLflow cost the same with 10 versions and with ${MANY}`, async () => {
  for (const name of ['few', 'many']) await send('/registered-models/create', { name });
  await registerVersions('few', 10);
  await holdingCommits(registry.table, () => registerVersions('many', MANY - 1));
  await registerVersions('many', 1);
  const last = await registry.request('GET', `${BASE}/model-versions/get?name=many&version=${MANY}`);
  expect(last.status).toBe(200); // what was held was written as if each commit had been made: the next one follows it
  for (const name of ['few', 'many']) await promote(name);
  expect(await costs('many')).toEqual(await costs('few'));
}, 600_000);
