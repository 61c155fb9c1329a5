import { startRegistry, type TestRegistry } from '../support/registry';
import { SEARCH_DIFFERENCES } from './differences';
import { comparable, golden, requestOf } from './golden';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

/** The token of the last page with more behind it: tokens are opaque, so a record that goes on sends ours. */
let token = '';

const records = golden('search-session').map((record, index) => [`${index} ${record.label}`, record] as const);

test.each(records)('%s', async (_, record) => {
  const goesOn = record.params?.['max_results'] !== undefined && record.params['page_token'] !== undefined;
  const params = goesOn ? { ...record.params, page_token: token } : record.params;
  const { status, body } = await registry.request(...requestOf({ ...record, params }));
  const difference = SEARCH_DIFFERENCES[record.label.trim()];
  if (difference) {
    expect({ status, body }).toMatchObject({ status: difference.status, body: difference.body });
    return;
  }
  token = body?.next_page_token ?? token;
  const opaque = (answer: unknown) =>
    JSON.parse(JSON.stringify(comparable(answer), (key, value) => (key === 'next_page_token' ? 'token' : value)));
  expect({ status, body: opaque(body) }).toEqual({ status: record.status, body: opaque(record.json) });
});
