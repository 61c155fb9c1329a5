/** Where Signet answers other than the recorded server on purpose; docs/mlflow.md gives users the same reasons. */
export interface Difference {
  /** What Signet answers. */
  readonly status: number;
  /** Part of the body, or of its error message. */
  readonly body: unknown;
  readonly why: string;
}

const notFound = (status: number): Difference => ({
  status,
  body: { error_code: 'ENDPOINT_NOT_FOUND' },
  why: 'Unknown endpoints and methods are answered in MLflow’s error form instead of HTML.',
});
const badValue = (message: string, why: string): Difference => ({
  status: 400,
  body: { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining(message) },
  why,
});
const NOT_500 = 'A user’s error is a 400: the client repeats a 500 for four minutes.';

export const REGISTRY_DIFFERENCES: Readonly<Record<string, Difference>> = {
  'rm create name 300': badValue(
    'maximum length of 256',
    'Names have at most 256 characters, as in MLflow’s own databases but SQLite.',
  ),
  'rm create GET': notFound(405),
  'unknown route': notFound(404),
  'rm list legacy': notFound(404),
  'rm update POST': notFound(405),
  'rm get preview': {
    status: 200,
    body: { registered_model: { name: 'm1' } },
    why: 'The preview paths of 1.x clients are served.',
  },
  'rm rename to existing': {
    status: 400,
    body: { error_code: 'RESOURCE_ALREADY_EXISTS', message: 'Registered Model (name=m1) already exists.' },
    why: 'The message ends where the database’s own text begins.',
  },
  'mv create models missing': badValue('Model Version (name=nope, version=1) not found', NOT_500),
  'mv create models alias': badValue(
    'Registered model alias champ not found.',
    'Aliases are resolved in models:/ sources; this one is not set.',
  ),
  'mv create models id missing': badValue("Logged model with ID 'm-123' not found.", NOT_500),
  'mv create file host': badValue('Invalid model version source', NOT_500),
  'stage archived+archive': badValue("'Archived' is not an Active stage", NOT_500),
  'alias get latest': {
    status: 200,
    body: { model_version: { version: '10' } },
    why: 'latest is the highest version, whatever the stages.',
  },
  'alias get after delete': badValue('Registered model alias gone not found.', 'Aliases go with a deleted version.'),
  'rm get with alias': {
    status: 200,
    body: {
      registered_model: {
        name: 'm1',
        latest_versions: expect.arrayContaining([
          expect.objectContaining({ version: '2', aliases: ['Champ', 'champ'] }),
        ]),
      },
    },
    why: 'Aliases are filled wherever a version is shown.',
  },
  'rm rename with versions': {
    status: 200,
    body: {
      registered_model: {
        name: 'm1r',
        aliases: [
          { alias: '123', version: '1' },
          { alias: 'v1x', version: '1' },
        ],
      },
    },
    why: 'Aliases go with a deleted version.',
  },
  'rm get renamed': {
    status: 200,
    body: {
      registered_model: {
        name: 'm1r',
        aliases: [
          { alias: '123', version: '1' },
          { alias: 'v1x', version: '1' },
        ],
      },
    },
    why: 'Aliases go with a deleted version.',
  },
  'download-uri of copy after rename': {
    status: 200,
    body: { model_versions: [{ version: '11' }, { version: '1' }, { version: '10' }] },
    why: 'A rename does not touch the versions, so it does not change their order.',
  },
  'rm rename back': {
    status: 200,
    body: {
      registered_model: {
        name: 'm1',
        aliases: [
          { alias: '123', version: '1' },
          { alias: 'v1x', version: '1' },
        ],
      },
    },
    why: 'Aliases go with a deleted version.',
  },
  'alias get renamed': badValue('Registered model alias Champ not found.', 'Aliases go with a deleted version.'),
};

const EXTENDED = 'Filters also take stage, alias, status, approval, times, metrics and parameters.';
const OWN_TOKEN = 'Page tokens are sealed: one that Signet did not give is refused, in one form.';
const POSITIVE = 'A page has at least one row.';

function duplicates(): Difference {
  return badValue('contains duplicate fields', NOT_500);
}

function found(body: unknown): Difference {
  return { status: 200, body, why: EXTENDED };
}

const MODELS = { registered_models: expect.arrayContaining([expect.objectContaining({ name: 'Alpha' })]) };
const VERSIONS = { model_versions: expect.arrayContaining([expect.objectContaining({ name: 'beta', version: '2' })]) };

export const SEARCH_DIFFERENCES: Readonly<Record<string, Difference>> = {
  "RM 'name IS NULL'": badValue('Invalid comparator for attribute: IS NULL', NOT_500),
  "RM 'tags.team IS NULL'": badValue('Invalid comparator for tag: IS NULL', NOT_500),
  'RM "params.x = \'y\'"': found({}),
  "RM 'creation_timestamp > 5'": found(MODELS),
  "RM 'last_updated_timestamp > 0'": found(MODELS),
  "RM None {'order_by': ['creation_timestamp']}": found(MODELS),
  "RM None {'order_by': ['name', 'name DESC']}": duplicates(),
  "RM None {'order_by': ['timestamp', 'last_updated_timestamp']}": duplicates(),
  "RM None {'max_results': '0'}": badValue('must be a positive integer', POSITIVE),
  "RM None {'max_results': '-1'}": badValue('must be a positive integer', POSITIVE),
  ...Object.fromEntries(
    ['evil', 'e30=', 'eyJvZmZzZXQiOiAwfQ==', 'eyJvZmZzZXQiOiAieCJ9', 'eyJvZmZzZXQiOiAxMDAwfQ=='].map((token) => [
      `RM None {'page_token': '${token}'}`,
      badValue('Invalid page token, could not base64-decode', OWN_TOKEN),
    ]),
  ),
  'RM search POST': notFound(405),
  'MV "stage = \'None\'"': found(VERSIONS),
  "MV 'creation_timestamp > 0'": found(VERSIONS),
  "MV 'creation_timestamp > 99999999999999'": found({}),
  "MV 'last_updated_timestamp >= 5'": found(VERSIONS),
  'MV "status = \'READY\'"': found(VERSIONS),
  "MV None {'order_by': ['name', 'name']}": duplicates(),
};
