import { startRegistry, type TestRegistry } from '../support/registry';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

/** Reads of a model's parts that name the model and do not read it. */
const READS = ['/versions/1', '/aliases/champion', '/versions/1/comments'];

async function make(name: string): Promise<void> {
  const { request } = registry;
  await request('POST', '/v1/models', { body: { name } });
  await request('POST', `/v1/models/${name}/versions`, { body: { final: true } });
  await request('PUT', `/v1/models/${name}/aliases/champion`, { body: { version: 1 } });
}

/** Statuses of the reads; a function that answered them once remembers whose the name was. */
async function statuses(name: string): Promise<number[]> {
  const answers = await Promise.all(READS.map((path) => registry.request('GET', `/v1/models/${name}${path}`)));
  return answers.map(({ status }) => status);
}

const [FOUND, MISSING] = [READS.map(() => 200), READS.map(() => 404)];

test('a function that served a model under its former name serves it no more', async () => {
  await make('former');
  expect(await statuses('former')).toEqual(FOUND);
  await registry.request('POST', '/v1/models/former/rename', { body: { name: 'present' } });
  expect(await statuses('former')).toEqual(MISSING);
  expect(await statuses('present')).toEqual(FOUND);
});

test('a function that served a model serves nothing of it once it is deleted', async () => {
  await make('gone');
  expect(await statuses('gone')).toEqual(FOUND);
  expect((await registry.request('DELETE', '/v1/models/gone')).status).toBeLessThan(300);
  expect(await statuses('gone')).toEqual(MISSING);
});

test('a name that another model has now leads to that one', async () => {
  await make('taken');
  expect(await statuses('taken')).toEqual(FOUND);
  await registry.request('POST', '/v1/models/taken/rename', { body: { name: 'left' } });
  await registry.request('POST', '/v1/models', { body: { name: 'taken' } });
  expect(await statuses('taken')).toEqual(MISSING);
});
