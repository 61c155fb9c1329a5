import { MLFLOW_MODELS } from '../../../core/search/dialect';
import { parseFilter } from '../../../core/search/parse';
import { isPrompt, mlflowMatcher, PROMPT_TAG } from '../../../core/search/prompts';
import { refusalOf, row } from './support';

const rows = [
  row({ name: 'model' }),
  row({ name: 'no', tags: { [PROMPT_TAG]: 'false' } }),
  row({ name: 'prompt', tags: { [PROMPT_TAG]: 'true' } }),
  row({ name: 'TRUE', tags: { [PROMPT_TAG]: 'TRUE' } }),
];
const on = (comparison: string) => `tags.\`${PROMPT_TAG}\` ${comparison}`;
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
