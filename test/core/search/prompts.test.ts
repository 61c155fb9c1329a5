import { IS_PROMPT } from '../../../core/domain/prompt';
import { MLFLOW_MODELS } from '../../../core/search/dialect';
import { parseFilter } from '../../../core/search/parse';
import { isPrompt, mlflowMatcher } from '../../../core/search/prompts';
import { refusalOf, row } from './support';

const rows = [
  row({ name: 'model' }),
  row({ name: 'no', tags: { [IS_PROMPT]: 'false' } }),
  row({ name: 'prompt', tags: { [IS_PROMPT]: 'true' } }),
  row({ name: 'TRUE', tags: { [IS_PROMPT]: 'TRUE' } }),
];
const on = (comparison: string) => `tags.\`${IS_PROMPT}\` ${comparison}`;
const found = (filter: string) =>
  rows.filter(mlflowMatcher(parseFilter(filter, MLFLOW_MODELS))).map(({ name }) => name);
const MODELS = ['model', 'no', 'TRUE'];

test.each<[string, string[]]>([
  ['', MODELS],
  [on("= 'true'"), ['prompt']],
  [on("!= 'false'"), ['prompt', 'TRUE']],
  [on("= 'TRUE'"), ['TRUE']],
  [on("!= 'FALSE'"), ['no', 'prompt', 'TRUE']],
  [on("!= 'true'"), MODELS],
  [on("= 'false'"), MODELS],
  [on("LIKE 'true'"), MODELS],
  [on("= 'other'"), MODELS],
  [`name LIKE 'n%' AND ${on("!= 'true'")}`, ['no']],
  [`name LIKE 'p%' AND ${on("= 'true'")}`, ['prompt']],
  [`${on("!= 'true'")} AND ${on("= 'true'")}`, MODELS],
  [`${on("= 'true'")} AND ${on("!= 'true'")}`, []],
])('%s', (filter, names) => {
  expect(found(filter)).toEqual(names);
});

test('of versions the whole name counts where it is known', () => {
  const matches = mlflowMatcher([], ({ name }) => name === 'model');
  expect(rows.filter(matches).map(({ name }) => name)).toEqual(['no', 'prompt', 'TRUE']);
  expect(rows.filter(isPrompt).map(({ name }) => name)).toEqual(['prompt']);
});

test('comparators on the tag are checked like others', () => {
  expect(refusalOf(() => found(on("> 'true'"))).message).toBe('Invalid comparator for tag: >');
});
