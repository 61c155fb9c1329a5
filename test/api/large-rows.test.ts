import { createHash } from 'node:crypto';
import { startRegistry, type TestRegistry } from '../support/registry';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  await registry.request('POST', '/v1/models', { body: { name: 'm' } });
});
afterAll(() => registry.close());

/** Who calls has a name so long that every record of what they did is larger than one row may be. */
const as = 'p'.repeat(1_100);

test('lists show large rows whole where nothing else shows them', async () => {
  const { request } = registry;
  const text = '€'.repeat(10_000);
  const description = 'd'.repeat(50_000);
  await request('POST', '/v1/workspaces', { body: { name: 'wide', description } });
  await request('POST', '/v1/models/m/versions', { body: { final: true } });
  await request('POST', '/v1/models/m/versions/1/comments', { body: { text }, as });
  await request('PUT', '/v1/models/m/aliases/champion', { body: { version: 1 }, as });
  await request('POST', '/v1/models/m/versions/1/transition', { body: { stage: 'Staging' }, as });

  const items = async (path: string) => (await request('GET', path)).body.items;
  expect(await items('/v1/models/m/versions/1/comments')).toMatchObject([{ text, author: { id: as } }]);
  expect(await items('/v1/workspaces')).toMatchObject([
    { name: 'default' },
    { name: 'wide', omitted: ['description'] },
  ]);
  expect(await items('/v1/models/m/aliases')).toMatchObject([{ alias: 'champion', by: { id: as } }]);
  expect(await items('/v1/models/m/aliases/champion/history')).toMatchObject([{ enteredBy: { id: as } }]);
  expect(await items('/v1/models/m/stages/Staging/history')).toMatchObject([{ version: 1, enteredBy: { id: as } }]);
});

test('a file of the longest path is listed, finalised and fetched like any other', async () => {
  const { request } = registry;
  const path = `${'directory/'.repeat(89)}model.bin`;
  const content = Buffer.from('weights');
  const file = { path, size: content.length, sha256: createHash('sha256').update(content).digest('hex') };
  const references = [{ path: 'r'.repeat(900), uri: `s3://bucket/${'k'.repeat(2_000)}` }];
  await request('POST', '/v1/models/m/versions', { body: {} });
  const version = '/v1/models/m/versions/2';
  for (const _ of ['once', 'again, which changes nothing']) {
    expect((await request('POST', `${version}/artifacts`, { body: { files: [file], references } })).status).toBe(200);
  }
  const listed = [
    { ...file, kind: 'stored' },
    { ...references[0], kind: 'reference' },
  ];
  expect((await request('GET', `${version}/artifacts`)).body.items).toEqual(listed);
  const { body } = await request('POST', `${version}/uploads`, { body: { files: [{ path }] } });
  const { url, headers } = body.uploads[0].request;
  expect((await fetch(url, { method: 'PUT', headers, body: content })).status).toBe(200);
  expect((await request('POST', `${version}/finalise`)).body).toMatchObject({ artifacts: { files: 2 } });
  expect((await request('GET', `${version}/manifest`)).body.items).toEqual(listed);
  const download = await request('GET', `${version}/download?path=${path}`);
  expect(Buffer.from(await (await fetch(download.body.request.url)).arrayBuffer())).toEqual(content);
  const events = (await request('GET', '/v1/models/m/events?order=asc')).body.items;
  expect(events.filter(({ type }: { type: string }) => type === 'version.artifacts_changed')).toHaveLength(1);
});
