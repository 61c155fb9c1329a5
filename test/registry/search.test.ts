import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { startRegistry, type TestRegistry } from '../support/registry';
import { type Send, sender } from '../support/trials';

let registry: TestRegistry;
let send: Send;

beforeAll(async () => {
  registry = await startRegistry();
  send = sender(registry);
});
afterAll(() => registry.close());

const at = (workspace: string) => `/w/${workspace}/v1`;

interface Asked {
  readonly of?: string;
  readonly filter?: string;
  readonly orderBy?: string;
  readonly consistency?: string;
}

/** Every page of a search. */
async function search(workspace: string, asked: Asked) {
  const items: { model?: string; name?: string; version?: number }[] = [];
  const plans = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ ...asked, ...(cursor && { cursor }) } as Record<string, string>);
    const { status, body } = await registry.request('GET', `${at(workspace)}/search?${query}`);
    if (status !== 200) return { code: body.code as string, body, titles: [], plans };
    items.push(...body.items);
    plans.push(body.plan);
    cursor = body.cursor;
  } while (cursor);
  const titles = items.map(({ model, name, version }) => (version === undefined ? `${name}` : `${model} ${version}`));
  return { titles, plans, items };
}

/** Every item that search has written. */
async function postings(): Promise<Map<string, string>> {
  const { Items = [] } = await registry.table.client.send(new ScanCommand({ TableName: registry.table.name }));
  const own = Items.filter(({ pk }) => String(pk).startsWith('SP#'));
  return new Map(
    own.map(({ pk, sk, data }) => [`${pk} ${sk}`, String(data)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

async function workspace(name: string): Promise<string> {
  await send('POST', '/v1/workspaces', { name });
  return `${at(name)}/models`;
}

const BIG = 'b'.repeat(1_500);

test('a strong search sees every change at once, any other once it is posted', async () => {
  const models = await workspace('seen');
  const both = async (asked: Asked) => ({
    strong: (await search('seen', { ...asked, consistency: 'strong' })).titles,
    eventual: (await search('seen', asked)).titles,
  });
  await send('POST', models, { name: 'a', tags: { team: 'red' } });
  await send('POST', `${models}/a/versions`, { final: true, tags: { t: 'x' }, metrics: { auc: 0.5 } });
  await send('POST', `${models}/a/versions`, { final: true, tags: { t: 'x', big: BIG }, metrics: { auc: 0.7 } });
  const tagged = { filter: "tags.t = 'x'", orderBy: 'metrics.auc' };
  expect(await both(tagged)).toEqual({ strong: ['a 1', 'a 2'], eventual: [] });
  expect(await both({ of: 'models' })).toEqual({ strong: ['a'], eventual: [] });
  await registry.post(['seen']);
  expect(await both(tagged)).toEqual({ strong: ['a 1', 'a 2'], eventual: ['a 1', 'a 2'] });
  expect(await both({ of: 'models', filter: "tags.team = 'red'" })).toEqual({ strong: ['a'], eventual: ['a'] });

  await send('PATCH', `${models}/a/versions/1`, { metrics: { auc: 0.9 } });
  expect(await both(tagged)).toEqual({ strong: ['a 2', 'a 1'], eventual: ['a 1', 'a 2'] });
  await send('DELETE', `${models}/a/versions/2`);
  expect((await both(tagged)).strong).toEqual(['a 1']);
  await send('POST', `${models}/a/rename`, { name: 'z' });
  expect((await both({ filter: "name LIKE 'z%'" })).strong).toEqual(['z 1']);
  expect((await both({ filter: "name = 'z'", orderBy: 'version_number' })).strong).toEqual(['z 1']);
  await registry.post(['seen']);
  expect(await both(tagged)).toEqual({ strong: ['z 1'], eventual: ['z 1'] });
  expect((await both({ filter: "name LIKE 'a%'" })).eventual).toEqual([]);

  await send('PUT', `${models}/z/aliases/champion`, { version: 1 });
  expect((await both({ of: 'models', filter: "alias = 'champion'" })).strong).toEqual(['z']);
  await send('DELETE', `${models}/z`);
  expect(await both(tagged)).toEqual({ strong: [], eventual: ['z 1'] });
  await registry.post(['seen']);
  expect(await both(tagged)).toEqual({ strong: [], eventual: [] });
  expect([...(await postings()).keys()].filter((key) => key.startsWith('SP#seen'))).toEqual([]);
});
