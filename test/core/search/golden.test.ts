import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Dialect,
  MLFLOW_MODELS,
  MLFLOW_VERSIONS,
  SIGNET_MODELS,
  SIGNET_VERSIONS,
} from '../../../core/search/dialect';
import { comparator, parseOrderBy } from '../../../core/search/order-by';
import { parseFilter } from '../../../core/search/parse';
import { isPrompt, mlflowMatcher } from '../../../core/search/prompts';
import type { Row } from '../../../core/search/row';
import { refusalOf, row } from './support';

interface Entity {
  readonly name: string;
  readonly version?: string;
  readonly creation_timestamp: number;
  readonly last_updated_timestamp: number;
  readonly run_id?: string;
  readonly source?: string;
  readonly tags?: readonly { key: string; value: string }[];
}

interface Search {
  readonly path: string;
  readonly status: number;
  readonly params: { readonly filter?: string; readonly order_by?: readonly string[] };
  readonly found?: readonly string[];
  readonly message?: string;
}

type Line = { readonly registered_model: Entity } | { readonly model_version: Entity } | Search;

/** What a real MLflow server (3.11) was sent and answered; requests that only page are left out. */
const LINES: readonly Line[] = readFileSync(join(__dirname, '../../fixtures/mlflow/search.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);

const toRow = (entity: Entity): Row =>
  row({
    name: entity.name,
    ...(entity.version !== undefined && { versionNumber: Number(entity.version) }),
    ...(entity.run_id !== undefined && { runId: entity.run_id }),
    ...(entity.source !== undefined && { source: entity.source }),
    tags: Object.fromEntries((entity.tags ?? []).map(({ key, value }) => [key, value])),
    createdAt: entity.creation_timestamp,
    updatedAt: entity.last_updated_timestamp,
  });

const models = LINES.flatMap((line) => ('registered_model' in line ? [toRow(line.registered_model)] : []));
const versions = LINES.flatMap((line) => ('model_version' in line ? [toRow(line.model_version)] : []));
const searches = LINES.flatMap((line) => ('path' in line ? [line] : []));

function run({ path, params }: Search, ofModels: Dialect, ofVersions: Dialect): readonly string[] {
  const [rows, dialect] = path.startsWith('registered-models') ? [models, ofModels] : [versions, ofVersions];
  const prompts = new Set(rows.filter(isPrompt).map(({ name }) => name));
  const matches = mlflowMatcher(parseFilter(params.filter ?? '', dialect), ({ name }) => prompts.has(name));
  return rows
    .filter(matches)
    .sort(comparator(parseOrderBy(params.order_by ?? [], dialect)))
    .map(({ name, versionNumber }) => (versionNumber === undefined ? name : `${name} ${versionNumber}`));
}

const titled = (wanted: (search: Search) => boolean): [string, Search][] =>
  searches.filter(wanted).map((search) => [`${search.path} ${JSON.stringify(search.params)}`, search]);

test('the record is whole', () => {
  expect([models.length, versions.length, searches.length]).toEqual([6, 5, 148]);
});

test.each(titled(({ status }) => status === 200))('%s finds what MLflow found, in its order', (_, search) => {
  expect(run(search, MLFLOW_MODELS, MLFLOW_VERSIONS)).toEqual(search.found);
});

test.each(titled(({ message }) => message !== undefined))('%s is refused in the words of MLflow', (_, search) => {
  const refused = refusalOf(() => run(search, MLFLOW_MODELS, MLFLOW_VERSIONS));
  expect(refused.code).toBe('invalid_input');
  expect(refused.message).toBe(search.message);
  expect(refused.violations).toEqual([
    {
      field: search.params.filter === undefined ? 'order_by' : 'filter',
      value: expect.anything(),
      rule: expect.any(String),
    },
  ]);
});

test('what makes MLflow fail without a text is refused like other comparators', () => {
  const untold = searches.filter(({ status, message }) => status !== 200 && message === undefined);
  expect(
    untold.map((search) => [
      search.params.filter,
      refusalOf(() => run(search, MLFLOW_MODELS, MLFLOW_VERSIONS)).message,
    ]),
  ).toEqual([
    ['name IS NULL', 'Invalid comparator for attribute: IS NULL'],
    ['tags.team IS NULL', 'Invalid comparator for tag: IS NULL'],
  ]);
});

test("Signet's dialects answer as MLflow does but for the keys that they add", () => {
  const answer = (search: Search, ofModels: Dialect, ofVersions: Dialect): unknown => {
    try {
      return run(search, ofModels, ofVersions);
    } catch (error) {
      return (error as Error).message;
    }
  };
  const changed = searches
    .filter(
      (search) =>
        JSON.stringify(answer(search, MLFLOW_MODELS, MLFLOW_VERSIONS)) !==
        JSON.stringify(answer(search, SIGNET_MODELS, SIGNET_VERSIONS)),
    )
    .map((search) => `${search.path.split('/')[0]}: ${search.params.filter ?? search.params.order_by?.join()}`);
  expect(changed).toEqual([
    "registered-models: params.x = 'y'",
    'registered-models: creation_timestamp > 5',
    'registered-models: last_updated_timestamp > 0',
    'registered-models: creation_timestamp',
    "model-versions: stage = 'None'",
    'model-versions: creation_timestamp > 0',
    'model-versions: creation_timestamp > 99999999999999',
    'model-versions: last_updated_timestamp >= 5',
    "model-versions: status = 'READY'",
  ]);
});
