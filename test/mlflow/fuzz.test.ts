import fc from 'fast-check';
import { ENDPOINTS } from '../../lambdas/mlflow/answer';
import { startRegistry, type TestRegistry } from '../support/registry';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  await registry.request('POST', '/api/2.0/mlflow/registered-models/create', { body: { name: 'm' } });
  await registry.request('POST', '/api/2.0/mlflow/model-versions/create', { body: { name: 'm', source: 's3://b/k' } });
});
afterAll(() => registry.close());

/** SIGNET_FUZZ_RUNS tries more of them. */
const RUNS = Number(process.env['SIGNET_FUZZ_RUNS'] ?? 1_500);

const FIELDS = [
  ...[
    'name',
    'new_name',
    'version',
    'key',
    'value',
    'alias',
    'stage',
    'stages',
    'tags',
    'source',
    'run_id',
    'description',
  ],
  ...[
    'filter',
    'max_results',
    'order_by',
    'page_token',
    'path',
    'num_parts',
    'upload_id',
    'parts',
    'url',
    'events',
    'status',
  ],
  ...['archive_existing_versions', 'run_link', 'model_id', 'secret', 'event'],
];
const WORDS = [
  'm',
  '1',
  '0',
  '-1',
  'abc',
  'None',
  'Staging',
  'latest',
  "name = 'm'",
  "tags.`a` LIKE '%'",
  'name ASC',
  '../x',
  'true',
];

const text = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'binary', maxLength: 40 }));
const value = fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
const body = fc.oneof(
  { weight: 8, arbitrary: fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 6 }) },
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.string({ maxLength: 60 }) },
);
const query = fc.array(fc.tuple(fc.constantFrom(...FIELDS), text), { maxLength: 5 });

test(`${RUNS} requests of any form never meet a fault`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...ENDPOINTS), body, query, text, async (endpoint, sent, asked, variable) => {
      const base = endpoint.path.startsWith('/3.0/') ? '/api' : '/api/2.0';
      const path = `${base}${endpoint.path}`.replace(/\{\w+\+?\}/g, encodeURIComponent(variable.toWellFormed()));
      const search = new URLSearchParams(asked.map(([name, one]): [string, string] => [name, one.toWellFormed()]));
      const { status, body: answer } = await registry.request(endpoint.method, `${path}?${search}`, { body: sent });
      expect({ status: status < 500 || status === 501, answer }).toEqual({ status: true, answer });
    }),
    { numRuns: RUNS },
  );
}, 900_000);
