import fc from 'fast-check';
import { ENDPOINTS } from '../../lambdas/mlflow/answer';
import { sized } from '../support/examples';
import { startRegistry, type TestRegistry } from '../support/registry';
import { NOBODY } from '../support/webhooks';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  await registry.request('POST', '/api/2.0/mlflow/registered-models/create', { body: { name: 'm' } });
  await registry.request('POST', '/api/2.0/mlflow/model-versions/create', { body: { name: 'm', source: 's3://b/k' } });
});
afterAll(() => registry.close());

/** SIGNET_FUZZ_RUNS tries more of them. */
const RUNS = Number(process.env['SIGNET_FUZZ_RUNS'] ?? sized(1_500, 200));

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

const model = fc.constantFrom('m', 'n', 'o');

/** Fields as requests have them that succeed. Few enough models that they are made, renamed and deleted all the time. */
const right = fc.record({
  name: model,
  new_name: model,
  version: fc.constantFrom('1', '2'),
  key: fc.constantFrom('a', 'b'),
  value: fc.constant('x'),
  alias: fc.constantFrom('best', 'latest'),
  stage: fc.constantFrom('None', 'Staging', 'Production', 'Archived'),
  source: fc.constantFrom('s3://b/k', 's3://b/l', 's3://b/m', 'models:/m/1', 'models:/n@best', 'models:/o/Staging'),
  path: fc.constantFrom('f', 'd/f'),
  max_results: fc.constantFrom('1', '100'),
});
const structured = fc.constant({
  tags: [{ key: 'a', value: '1' }],
  order_by: ['name ASC'],
  archive_existing_versions: false,
  url: NOBODY,
  events: [{ entity: 'MODEL_VERSION', action: 'CREATED' }],
  status: 'ACTIVE',
  num_parts: 1,
  parts: [{ part_number: 1, etag: 'e' }],
});

/** A request that is odd in at most two fields comes past the checks that a random one meets first. */
const odd = fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 2 });
const nearlyRightBody = fc.tuple(right, structured, odd).map((parts) => Object.assign({}, ...parts));
const nearlyRightQuery = fc.tuple(right, query).map(([fields, more]) => [...Object.entries(fields), ...more]);
const sentBody = fc.oneof(body, nearlyRightBody);
const askedQuery = fc.oneof(query, nearlyRightQuery);

/** Stands for the id of the webhook that was made last: nothing that is made up is one. */
const KNOWN = 'known webhook';
const pathVariable = fc.oneof(text, fc.constant(KNOWN));
let lastWebhook = '';

/** Versions go with their models, so more of them are made than chance would make. */
const endpoint = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ENDPOINTS) },
  { weight: 1, arbitrary: fc.constantFrom(...ENDPOINTS.filter(({ path }) => /(models|versions)\/create$/.test(path))) },
);

test(`${RUNS} requests of any form never meet a fault`, async () => {
  await fc.assert(
    fc.asyncProperty(endpoint, sentBody, askedQuery, pathVariable, async (called, sent, asked, variable) => {
      const base = called.path.startsWith('/3.0/') ? '/api' : '/api/2.0';
      const named = variable === KNOWN ? lastWebhook : variable.toWellFormed();
      const path = `${base}${called.path}`.replace(/\{\w+\+?\}/g, encodeURIComponent(named));
      const search = new URLSearchParams(asked.map(([name, one]): [string, string] => [name, one.toWellFormed()]));
      const { status, body: answer } = await registry.request(called.method, `${path}?${search}`, { body: sent });
      lastWebhook = answer?.webhook?.webhook_id ?? lastWebhook;
      expect({ fault: status >= 500, answer }).toEqual({ fault: false, answer });
    }),
    { numRuns: RUNS },
  );
}, 3_600_000);
