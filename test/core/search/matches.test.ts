import { SIGNET_VERSIONS } from '../../../core/search/dialect';
import { matcherOf } from '../../../core/search/matches';
import { parseFilter } from '../../../core/search/parse';
import type { Row } from '../../../core/search/row';
import { row } from './support';

const version = row({
  name: 'churn',
  versionNumber: 3,
  runId: 'abc1',
  source: 's3://b/churn',
  stages: ['Production', 'Shadow'],
  aliases: ['champion', 'blue'],
  status: 'READY',
  approval: 'Approved',
  tags: { team: 'Red', empty: '' },
  metrics: { f1: 0.9, zero: 0 },
  params: { lr: '0.1' },
  createdAt: 1_000,
  updatedAt: 2_000,
});

const matches = (filter: string, on: Row = version) => matcherOf(parseFilter(filter, SIGNET_VERSIONS))(on);

test.each([
  '',
  "name = 'churn'",
  "name != 'Churn'",
  "name LIKE 'ch%n'",
  "name ILIKE 'CH%'",
  "source_path LIKE 's3://%'",
  'version_number = 3',
  "version_number = '3.0'",
  'version_number > 2.5 AND version_number < 4 AND version_number <= 3 AND version_number >= 3',
  'version_number != 2',
  "run_id IN ('x', 'abc1')",
  "run_id != 'abc2'",
  "stage = 'Production'",
  "stage = 'Shadow'",
  "stage != 'None'",
  "stage IN ('None', 'Shadow')",
  "alias = 'blue' AND alias = 'champion'",
  "alias ILIKE 'CHAMP%'",
  "alias != 'green'",
  "status = 'READY' AND approval IN ('Approved')",
  'creation_timestamp = 1000 AND last_updated_timestamp > 1999',
  "tags.team = 'Red' AND tags.team != 'Blue' AND tags.team LIKE 'R__' AND tags.team ILIKE 'r%'",
  "tags.empty = ''",
  'metrics.f1 >= 0.9 AND metrics.f1 != 1',
  'metrics.zero = 0',
  "params.lr = '0.1'",
])('matches %s', (filter) => {
  expect(matches(filter)).toBe(true);
});

test.each([
  "name = 'Churn'",
  "name != 'churn'",
  "name LIKE 'CH%'",
  'version_number < 3',
  'version_number != 3',
  "run_id IN ('x')",
  "stage = 'production'",
  "stage != 'Shadow'",
  "stage IN ('None')",
  "alias = 'green'",
  "alias != 'blue'",
  "tags.team = 'Red' AND tags.team = 'Blue'",
  "tags.Team = 'Red'",
  "tags.absent != 'x'",
  "tags.toString != 'x'",
  "tags.__proto__ LIKE '%'",
  'metrics.absent != 1',
  'metrics.constructor != 1',
  "params.absent != 'x'",
  "params.lr = '0.10'",
  "name = 'churn' AND version_number = 4",
])('does not match %s', (filter) => {
  expect(matches(filter)).toBe(false);
});

test('lists of run ids lose those with upper-case letters, other lists do not', () => {
  expect(matches("run_id IN ('CCC')", row({ runId: 'CCC' }))).toBe(false);
  expect(matches("run_id = 'CCC'", row({ runId: 'CCC' }))).toBe(true);
  expect(matches("run_id IN ('123')", row({ runId: '123' }))).toBe(true);
  expect(matches("alias IN ('CCC')", row({ aliases: ['CCC'] }))).toBe(true);
});

test('what a row does not have is the empty text, no number and no member', () => {
  expect(matches("run_id != 'x' AND run_id = ''", row())).toBe(true);
  expect(matches('version_number != 1', row())).toBe(false);
  expect(matches("alias != 'x'", row())).toBe(true);
  expect(matches("alias LIKE '%'", row())).toBe(false);
});
