import { newestVersions, rememberStages, stagesSeen } from '../../core/use-cases/newest-versions';
import { StepCounter } from '../support/capacity';
import { startRegistry, type TestRegistry } from '../support/registry';

let registry: TestRegistry;
let counter: StepCounter;
beforeAll(async () => {
  registry = await startRegistry();
  counter = new StepCounter(registry.table.client);
});
afterAll(() => registry.close());

const BASE = '/api/2.0/mlflow';

async function send(path: string, body: object, method = 'POST'): Promise<void> {
  expect(await registry.request(method, `${BASE}${path}`, { body })).toMatchObject({ status: 200 });
}

async function create(name: string, versions: number): Promise<void> {
  await send('/registered-models/create', { name });
  for (let number = 1; number <= versions; number++) {
    await send('/model-versions/create', { name, source: `s3://${name}/${number}` });
  }
}

/** The newest versions of a model as `get` shows them, and the steps of calls that waited for each other. */
async function latest(name: string) {
  let answer: { status: number; body: unknown } | undefined;
  const steps = await counter.during(async () => {
    answer = await registry.request('GET', `${BASE}/registered-models/get?name=${name}`);
  });
  const model = answer?.body as { registered_model?: { latest_versions?: Record<string, string>[] } };
  const versions = model.registered_model?.latest_versions ?? [];
  const shown = versions.map(({ version, current_stage, source }) => `${version} ${current_stage} ${source}`);
  return { status: answer?.status, shown: shown.sort(), steps };
}

test('a model that is remembered is read in one step, and shows every change at once', async () => {
  await create('a', 2);
  await latest('a');
  expect(await latest('a')).toEqual({ status: 200, shown: ['2 None s3://a/2'], steps: 1 });
  await send('/model-versions/transition-stage', { name: 'a', version: '2', stage: 'Production' });
  expect(await latest('a')).toMatchObject({ shown: ['1 None s3://a/1', '2 Production s3://a/2'] });
  expect(await latest('a')).toMatchObject({ shown: ['1 None s3://a/1', '2 Production s3://a/2'], steps: 1 });
  await send('/model-versions/create', { name: 'a', source: 's3://a/3' });
  await send('/model-versions/transition-stage', { name: 'a', version: '1', stage: 'Archived' });
  const all = ['1 Archived s3://a/1', '2 Production s3://a/2', '3 None s3://a/3'];
  expect(await latest('a')).toMatchObject({ shown: all });
  await send('/model-versions/delete', { name: 'a', version: '3' }, 'DELETE');
  expect(await latest('a')).toMatchObject({ shown: all.slice(0, 2) });
  expect(await latest('a')).toMatchObject({ shown: all.slice(0, 2), steps: 1 });
});

test('a name that went to another model shows that one', async () => {
  await create('b', 3);
  await latest('b');
  await send('/registered-models/rename', { name: 'b', new_name: 'c' });
  expect(await latest('b')).toMatchObject({ status: 404 });
  expect(await latest('c')).toMatchObject({ shown: ['3 None s3://b/3'] });
  await create('b', 1);
  expect(await latest('b')).toMatchObject({ status: 200, shown: ['1 None s3://b/1'] });
  await send('/registered-models/delete', { name: 'b' }, 'DELETE');
  expect(await latest('b')).toMatchObject({ status: 404 });
  await create('b', 2);
  expect(await latest('b')).toMatchObject({ status: 200, shown: ['2 None s3://b/2'] });
  expect(await latest('c')).toMatchObject({ shown: ['3 None s3://b/3'] });
});

/** A store whose newest version in a stage is said when it is asked, and whose versions are those of the moment. */
function storeOf(newest: () => number | undefined, stageOf: (number: number) => string, reads: number[] = []) {
  return {
    store: {
      query: async () => ({ items: newest() === undefined ? [] : [{ version: newest() }] }),
      get: async ({ number }: { number: number }) => {
        reads.push(number);
        return { number, stage: stageOf(number) };
      },
    } as never,
  };
}

test('a version that was read before it came into the stage is read again', async () => {
  const place = { workspace: 'w', modelId: 'raced' };
  await newestVersions(
    storeOf(
      () => 7,
      () => 'Staging',
    ),
    place,
    ['Staging'],
  );
  const reads: number[] = [];
  const stages = ['None', 'Staging'];
  const racing = storeOf(
    () => 7,
    () => stages.shift() ?? '',
    reads,
  );
  const found = await newestVersions(racing, place, ['Staging']);
  expect(found.get('Staging')).toEqual({ number: 7, stage: 'Staging' });
  expect(reads).toEqual([7, 7]);
});

test('stages that a model has no more are forgotten', async () => {
  const place = { workspace: 'w', modelId: 'restaged' };
  await newestVersions(
    storeOf(
      () => undefined,
      () => '',
    ),
    place,
    ['None', 'Gone'],
  );
  rememberStages('restaged', ['None']);
  expect(stagesSeen('restaged')).toEqual(['None']);
  expect(stagesSeen('never seen')).toEqual([]);
});
