import { createHash } from 'node:crypto';
import { invariants } from '../support/invariants';
import { startRegistry, type TestRegistry } from '../support/registry';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

test('a model goes from its first version to production and back', async () => {
  const { request } = registry;
  const created = await request('POST', '/v1/models', { body: { name: 'vad', tags: { team: 'speech' } } });
  expect(created.status).toBe(201);
  expect((await request('POST', '/v1/models', { body: { name: 'vad' } })).body.code).toBe('model_exists');

  const registered = await request('POST', '/v1/models/vad/versions', {
    body: { description: 'first', metrics: { auc: 0.93 }, tags: { a: '1' }, semanticVersion: '1.0.0' },
  });
  expect(registered.body).toMatchObject({ version: 1, status: 'PENDING', stage: 'None' });

  const content = Buffer.from('weights');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const declared = await request('POST', '/v1/models/vad/versions/1/artifacts', {
    body: { files: [{ path: 'model.bin', size: content.length, sha256 }] },
  });
  expect(declared.status).toBe(200);
  const early = await request('POST', '/v1/models/vad/versions/1/finalise');
  expect(early.body).toMatchObject({ code: 'artifacts_incomplete', errors: [{ field: 'model.bin' }] });

  const granted = await request('POST', '/v1/models/vad/versions/1/uploads', {
    body: { files: [{ path: 'model.bin' }] },
  });
  const { url, headers } = granted.body.uploads[0].request;
  const put = await fetch(url, { method: 'PUT', headers, body: content });
  expect(put.status).toBe(200);
  expect((await request('GET', '/v1/models/vad/versions/1/uploads?path=model.bin')).body.complete).toBe(true);
  const final = await request('POST', '/v1/models/vad/versions/1/finalise');
  expect(final.body).toMatchObject({ status: 'READY', artifacts: { files: 1, bytes: content.length } });

  const direct = await request('POST', '/v1/models/vad/versions/1/transition', { body: { stage: 'Production' } });
  expect(direct.body.code).toBe('transition_not_allowed');
  await request('POST', '/v1/models/vad/versions/1/transition', { body: { stage: 'Staging' } });
  const unapproved = await request('POST', '/v1/models/vad/versions/1/transition', { body: { stage: 'Production' } });
  expect(unapproved.body.code).toBe('approval_required');
  await request('POST', '/v1/models/vad/versions/1/approval', { body: { status: 'Approved', reason: 'ok' } });
  const promoted = await request('POST', '/v1/models/vad/versions/1/transition', { body: { stage: 'Production' } });
  expect(promoted.body).toMatchObject({ stage: 'Production' });
  await request('PUT', '/v1/models/vad/aliases/champion', { body: { version: 1 } });

  const alias = await request('GET', '/v1/models/vad/aliases/champion');
  expect(alias.body).toMatchObject({ version: 1, artifacts: { files: 1 } });
  const download = await request('GET', '/v1/models/vad/versions/1/download?path=model.bin');
  const fetched = await fetch(download.body.request.url);
  expect(Buffer.from(await fetched.arrayBuffer())).toEqual(content);

  await request('POST', '/v1/models/vad/versions', { body: { final: true } });
  for (const [path, body] of [
    ['transition', { stage: 'Staging' }],
    ['approval', { status: 'Approved' }],
    ['transition', { stage: 'Production' }],
  ] as const) {
    expect((await request('POST', `/v1/models/vad/versions/2/${path}`, { body })).status).toBe(200);
  }
  expect((await request('GET', '/v1/models/vad/versions/1')).body.stage).toBe('Archived');
  const history = await request('GET', '/v1/models/vad/stages/Production/history');
  expect(history.body.items).toMatchObject([{ version: 2 }, { version: 1, to: expect.any(String) }]);
  const at = history.body.items[1].from;
  const then = await request('GET', `/v1/models/vad/stages/Production/holder?at=${at}`);
  expect(then.body.items).toMatchObject([{ version: 1 }]);

  const events = await request('GET', '/v1/models/vad/events?order=asc');
  expect(events.body.items.map((event: { sequence: number }) => event.sequence)).toEqual(
    events.body.items.map((_: unknown, index: number) => index + 1),
  );
  const workspace = await request('GET', '/v1/events');
  const [reading, ...more] = workspace.body.items.filter(
    ({ type }: { type: string }) => type === 'artifact.downloaded',
  );
  expect([reading.path, more]).toEqual(['model.bin', []]);
  expect(workspace.body.items).toHaveLength(events.body.items.length + 1);
  expect((await request('GET', '/v1/whoami')).body).toMatchObject({ id: 'ada', workspace: 'default' });
  await invariants(registry);
});
