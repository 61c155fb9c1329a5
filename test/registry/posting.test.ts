import { DeleteCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { itemKey } from '../../adapters/dynamodb/keys';
import type { Posted } from '../../core/domain/search';
import { markKey } from '../../core/search/marks';
import { postWorkspace } from '../../core/use-cases/post-batch';
import { injectIntoTable, under } from '../support/faults';
import { startRegistry, type TestRegistry } from '../support/registry';
import { type Send, sender } from '../support/trials';

let registry: TestRegistry;
let send: Send;

beforeAll(async () => {
  registry = await startRegistry();
  injectIntoTable(registry);
  send = sender(registry);
});
afterAll(() => registry.close());

/** A workspace with one model, as the path of its versions. */
async function modelIn(workspace: string): Promise<string> {
  await send('POST', '/v1/workspaces', { name: workspace });
  await send('POST', `/w/${workspace}/v1/models`, { name: 'm' });
  return `/w/${workspace}/v1/models/m/versions`;
}

const register = (versions: string, n: number, more: object = {}) =>
  send('POST', versions, { final: true, tags: { n: `${n}` }, metrics: { auc: n / 10 }, ...more });

async function found(workspace: string, filter: string): Promise<number[]> {
  const { body } = await send('GET', `/w/${workspace}/v1/search?limit=100&filter=${encodeURIComponent(filter)}`);
  return body.items.map(({ version }: { version: number }) => version).sort((a: number, b: number) => a - b);
}

async function itemsOf(prefix: string): Promise<Record<string, string>[]> {
  const { Items = [] } = await registry.table.client.send(new ScanCommand({ TableName: registry.table.name }));
  return (Items as Record<string, string>[]).filter(({ pk }) => pk?.startsWith(prefix));
}

/** What lies where search reads, and where it should lie by what was noted of it. */
async function postings(workspace: string): Promise<{ there: string[]; noted: string[] }> {
  const own = `SP#${workspace}#`;
  const items = await itemsOf(own);
  const isNote = ({ pk }: Record<string, string>) => pk?.startsWith(`${own}posted#`) === true;
  const keys = items.filter(isNote).flatMap(({ data }) => (JSON.parse(String(data)) as Posted).keys);
  return {
    there: items
      .filter((item) => !isNote(item))
      .map(({ pk, sk }) => `${pk} ${sk}`)
      .sort(),
    noted: keys.map(([partition, sort]) => `${own}${partition} ${sort}`).sort(),
  };
}

const endLease = (workspace: string) =>
  registry.table.client.send(
    new DeleteCommand({ TableName: registry.table.name, Key: { pk: `SN#${workspace}`, sk: 'A' } }),
  );

test('a run that breaks off anywhere is made good by the next one', async () => {
  const versions = await modelIn('broken');
  for (let n = 1; n <= 3; n++) await register(versions, n);
  await registry.post(['broken']);
  const change = async (round: number) => {
    await send('PUT', `${versions.replace('/versions', '')}/aliases/champion`, { version: 1 + (round % 3) });
    await send('PATCH', `${versions}/2`, { metrics: { auc: round } });
    await register(versions, 4 + round, round % 2 ? { tags: { n: '0', 'mlflow.prompt.is_prompt': 'true' } } : {});
    await send('DELETE', `${versions}/${4 + round}`);
  };
  const calls: string[] = [];
  await change(0);
  await under({ calls }, () => postWorkspace(registry.ports, 'broken'));
  expect(calls.length).toBeGreaterThan(12);
  for (const [at, call] of calls.entries()) {
    await change(at + 1);
    const fault = /Put|Delete|Write/.test(call) ? 'crash' : 'failed';
    await under({ calls: [], at, fault }, () => postWorkspace(registry.ports, 'broken')).catch(() => {});
    await endLease('broken');
    expect(await postWorkspace(registry.ports, 'broken')).toEqual(new Map());
    const { there, noted } = await postings('broken');
    expect(there).toEqual(noted);
    expect(await itemsOf('SN#broken')).toEqual([]);
    expect(await found('broken', `metrics.auc = ${at + 1}`)).toEqual([2]);
  }
}, 120_000);

test('a change that cannot be posted keeps no other one back', async () => {
  const versions = await modelIn('poisoned');
  await registry.post(['poisoned']);
  for (let n = 1; n <= 4; n++) await register(versions, n);
  await register(versions, 5);
  const modelId = (await send('GET', versions.replace('/versions', ''))).body.id;
  const key = itemKey({ kind: 'version', workspace: 'poisoned', modelId, number: 3 });
  await registry.table.client.send(
    new PutCommand({ TableName: registry.table.name, Item: { ...key, data: 'no record' } }),
  );
  const failed = await postWorkspace(registry.ports, 'poisoned');
  expect([...failed.keys()]).toEqual([`${modelId} 3`]);
  expect(await found('poisoned', 'metrics.auc > 0')).toEqual([1, 2, 4, 5]);
  expect((await itemsOf('SN#poisoned')).map(({ sk }) => sk)).toEqual([`P#${modelId}#0000000003`]);
});

test('nor do more of them than are read at once', async () => {
  const versions = await modelIn('blocked');
  await registry.post(['blocked']);
  await register(versions, 1);
  // An id that comes before every other.
  const modelId = '0'.repeat(26);
  const items = Array.from({ length: 151 }, (_, at) => at + 1).flatMap((number) => {
    const mark = { modelId, number, sequence: 1, at: '2026-01-01T00:00:00.000Z' };
    return [
      { ...itemKey(markKey('blocked', mark)), note: '1 0', data: JSON.stringify(mark) },
      { ...itemKey({ kind: 'version', workspace: 'blocked', modelId, number }), data: 'no record' },
    ];
  });
  for (const Item of items) {
    await registry.table.client.send(new PutCommand({ TableName: registry.table.name, Item }));
  }
  const failed = await postWorkspace(registry.ports, 'blocked');
  expect(failed.size).toBe(151);
  expect(await found('blocked', 'metrics.auc > 0')).toEqual([1]);
});

test('a note is one item however long the name is that it tells, and nothing of it stays', async () => {
  await send('POST', '/v1/workspaces', { name: 'long' });
  const name = '\u6a21'.repeat(256);
  await send('POST', '/w/long/v1/models', { name });
  await register(`/w/long/v1/models/${encodeURIComponent(name)}/versions`, 1);
  expect((await itemsOf('SN#long')).map(({ sk }) => sk?.charAt(0))).toEqual(['P', 'P']);
  await registry.post(['long']);
  expect(await itemsOf('SN#long')).toEqual([]);
  expect(await found('long', 'metrics.auc > 0')).toEqual([1]);
});

test('many changes of one model are read and written together', async () => {
  const versions = await modelIn('together');
  await registry.post(['together']);
  for (let n = 1; n <= 60; n++) await register(versions, n);
  registry.capacity.take();
  await registry.post(['together']);
  const { calls } = registry.capacity.take();
  const count = (name: string) => calls.filter((call) => call === name).length;
  // Model, head and 60 versions, each with where it was posted.
  expect(count('BatchGetItem')).toBe(2);
  // 61 notes of where, 60 versions with 9 postings and a model with 3, and what is no longer so.
  expect(count('BatchWriteItem')).toBeLessThanOrEqual(3 + 23 + 1);
  // Notes and the lease.
  expect(count('DeleteItem')).toBe(61);
  expect(count('GetItem') + count('PutItem')).toBe(1);
  expect(await found('together', 'metrics.auc > 0')).toHaveLength(60);
});

test('who comes while somebody posts asks once and leaves', async () => {
  const versions = await modelIn('leased');
  await register(versions, 1);
  const { postings: store } = registry.ports;
  expect(await store.lease('leased', 'mine', new Date(Date.now() + 60_000))).toBe(true);
  registry.capacity.take();
  await registry.post(['leased']);
  expect(registry.capacity.take().calls).toEqual(['Query']);
  expect(await found('leased', 'metrics.auc > 0')).toEqual([]);
  await store.release('leased', 'mine');
  await registry.post(['leased']);
  expect(await found('leased', 'metrics.auc > 0')).toEqual([1]);
  registry.capacity.take();
  await registry.post(['leased']);
  expect(registry.capacity.take()).toMatchObject({ calls: ['Query'], reads: 1, writes: 0 });
});
