import { startRegistry, type TestRegistry } from '../support/registry';
import { refused } from '../support/unchanged';

let registry: TestRegistry;
let cursor: string;
beforeAll(async () => {
  registry = await startRegistry();
  const { request } = registry;
  await request('POST', '/v1/workspaces', { body: { name: 'team' } });
  for (const prefix of ['', '/w/team']) {
    for (const name of ['a', 'b', 'c']) await request('POST', `${prefix}/v1/models`, { body: { name } });
  }
  for (const model of ['a', 'b']) {
    for (let number = 0; number < 3; number++) await request('POST', `/v1/models/${model}/versions`, { body: {} });
  }
  cursor = (await request('GET', '/v1/models/a/versions?limit=1')).body.cursor;
});
afterAll(() => registry.close());

const INVALID = { code: 'invalid_input', field: 'query.cursor' } as const;

test('pages follow each other to the end, whatever their size', async () => {
  const seen: number[] = [];
  let after = '';
  do {
    const { body } = await registry.request('GET', `/v1/models/a/versions?limit=${seen.length === 0 ? 1 : 2}${after}`);
    seen.push(...body.items.map(({ version }: { version: number }) => version));
    after = body.cursor ? `&cursor=${body.cursor}` : '';
  } while (after !== '');
  expect(seen).toEqual([3, 2, 1]);
});

test.each([
  ['another operation', '/v1/models/a/events?'],
  ['another model', '/v1/models/b/versions?'],
  ['another workspace', '/w/team/v1/models/a/versions?'],
  ['another order', '/v1/models/a/versions?order=asc&'],
  ['the list of models', '/v1/models?'],
  ['the list of workspaces', '/v1/workspaces?'],
])('a cursor is refused by %s', async (_, path) => {
  await refused(registry, 'GET', `${path}cursor=${cursor}`, {}, INVALID);
});

test('a cursor is refused under another prefix', async () => {
  const other = (await registry.request('GET', '/v1/models?limit=1')).body.cursor;
  await refused(registry, 'GET', `/v1/models?prefix=a&cursor=${other}`, {}, INVALID);
  expect((await registry.request('GET', `/v1/models?limit=2&cursor=${other}`)).body.items).toHaveLength(2);
});

test.each<[string, (seal: string, text: string) => string]>([
  ['truncated', (seal, text) => `${seal}.${text.slice(0, -4)}`],
  ['without its seal', (_, text) => `.${text}`],
  ['without its text', (seal) => `${seal}.`],
  ['its seal alone', (seal) => seal],
  ['with another seal', (seal, text) => `${seal.startsWith('A') ? 'B' : 'A'}${seal.slice(1)}.${text}`],
  ['with another position', (seal) => `${seal}.${Buffer.from('{"pk":"W#team","sk":"~"}').toString('base64url')}`],
  ['longer', (seal, text) => `${seal}.${text}.${text}`],
  ['padded', (seal, text) => `${seal}.${text}==`],
  ['with characters that base64 skips', (seal, text) => `${seal}.!${text}`],
  ['in the other alphabet', (seal, text) => `${seal}/.${text}`],
  ['not base64', () => 'no-cursor'],
  ['a key of the table', () => encodeURIComponent('{"pk":"M#default","sk":"V#0000000001"}')],
  ['NUL', () => '%00'],
  ['huge', () => 'A'.repeat(1_000_000)],
  ['__proto__', () => '__proto__'],
])('a cursor is refused when it is %s', async (_, forge) => {
  const [seal = '', text = ''] = cursor.split('.');
  await refused(registry, 'GET', `/v1/models/a/versions?cursor=${forge(seal, text)}`, {}, INVALID);
});
