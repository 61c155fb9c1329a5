import { invariants } from '../support/invariants';
import { startRegistry, type TestRegistry } from '../support/registry';
import { promote, ready, type Send, sender, sha256 } from '../support/trials';

let registry: TestRegistry;
let send: Send;
beforeEach(async () => {
  registry = await startRegistry();
  send = sender(registry);
});
afterEach(() => registry.close());

type Input = { Key?: { pk: string; sk: string }; ConsistentRead?: boolean };

/** Lets something happen just before the first change is committed. */
function beforeCommit(happen: () => Promise<unknown>): void {
  before('TransactWrite', undefined, happen);
}

/** Lets something happen just before the first call that is as described. */
function before(name: string, sortKey: string | undefined, happen: () => Promise<unknown>): void {
  let waiting = true;
  registry.table.client.middlewareStack.add(
    (next, context) => async (args) => {
      const { Key, ConsistentRead } = args.input as Input;
      const here = [`${name}Command`, `${name}ItemCommand`, `${name}ItemsCommand`].includes(
        String(context.commandName),
      );
      if (waiting && here && ConsistentRead !== false && Key?.sk === sortKey) {
        waiting = false;
        await happen();
      }
      return next(args);
    },
    { step: 'initialize', name: 'before', priority: 'high', override: true },
  );
}

async function approved(name: string): Promise<number> {
  const version = await ready(send, name);
  await send('POST', `/v1/models/${name}/versions/${version}/transition`, { stage: 'Staging' });
  await send('POST', `/v1/models/${name}/versions/${version}/approval`, { status: 'Approved' });
  return version;
}

test('a name that is taken just before a rename is committed is not taken twice', async () => {
  await send('POST', '/v1/models', { name: 'a' });
  await send('POST', '/v1/models', { name: 'c' });
  beforeCommit(() => send('POST', '/v1/models/c/rename', { name: 'b' }));
  const { body } = await registry.request('POST', '/v1/models/a/rename', { body: { name: 'b' } });
  expect(body.code).toBe('model_exists');
  await invariants(registry);
});

test('a stage that is filled just before it becomes exclusive does not become it', async () => {
  await send('POST', '/v1/models', { name: 'm' });
  for (let version = 1; version <= 2; version++) await ready(send, 'm');
  await send('POST', '/v1/models/m/versions/1/transition', { stage: 'Staging' });
  beforeCommit(() => send('POST', '/v1/models/m/versions/2/transition', { stage: 'Staging' }));
  const stages = [{ name: 'None' }, { name: 'Staging', exclusive: true }, { name: 'Production' }, { name: 'Archived' }];
  const { body } = await registry.request('PATCH', '/v1/models/m', { body: { stages: { stages, transitions: [] } } });
  expect(body.code).toBe('stage_in_use');
  await invariants(registry);
});

test('a version that is locked just before its model is deleted keeps it', async () => {
  await send('POST', '/v1/models', { name: 'm' });
  await ready(send, 'm');
  beforeCommit(() => send('POST', '/v1/models/m/versions/1/lock', { reason: 'kept' }));
  const { body } = await registry.request('DELETE', '/v1/models/m');
  expect(body.code).toBe('model_has_locked_versions');
  await invariants(registry);
});

test('the holder of a stage may be deleted while it is being replaced', async () => {
  await send('POST', '/v1/models', { name: 'm' });
  await promote(send, 'm', await ready(send, 'm'));
  await approved('m');
  before('Get', 'V#0000000001', () => send('DELETE', '/v1/models/m/versions/1'));
  const { body } = await send('POST', '/v1/models/m/versions/2/transition', { stage: 'Production' });
  expect(body.stage).toBe('Production');
  await invariants(registry);
});

test('the holder of a stage may be replaced and locked while it is being replaced', async () => {
  await send('POST', '/v1/models', { name: 'm' });
  await promote(send, 'm', await ready(send, 'm'));
  await approved('m');
  await approved('m');
  before('Get', 'V#0000000001', async () => {
    await send('POST', '/v1/models/m/versions/3/transition', { stage: 'Production' });
    await send('POST', '/v1/models/m/versions/1/lock', { reason: 'kept' });
  });
  await send('POST', '/v1/models/m/versions/2/transition', { stage: 'Production' });
  expect((await send('GET', '/v1/models/m/stages/Production')).body.holder.version).toBe(2);
  await invariants(registry);
});

test('the version of an alias may be deleted while the alias moves', async () => {
  await send('POST', '/v1/models', { name: 'm' });
  for (let version = 1; version <= 2; version++) await ready(send, 'm');
  await send('PUT', '/v1/models/m/aliases/champion', { version: 1 });
  before('Get', 'V#0000000001', () => send('DELETE', '/v1/models/m/versions/1'));
  expect((await send('PUT', '/v1/models/m/aliases/champion', { version: 2 })).body.version).toBe(2);
  await invariants(registry);
});

test('the version of an alias may be deleted while the alias is', async () => {
  await send('POST', '/v1/models', { name: 'm' });
  await ready(send, 'm');
  await send('PUT', '/v1/models/m/aliases/champion', { version: 1 });
  before('Get', 'V#0000000001', () => send('DELETE', '/v1/models/m/versions/1'));
  const { body } = await registry.request('DELETE', '/v1/models/m/aliases/champion');
  expect(body.code).toBe('alias_not_found');
  await invariants(registry);
});

test('a model that is renamed to the target of its own copy is not copied to itself', async () => {
  await send('POST', '/v1/models', { name: 'a' });
  await ready(send, 'a');
  await send('POST', '/v1/models', { name: 'b' });
  before('Get', '~', async () => {
    // The name of the target is read: by now it is the source's.
    await send('POST', '/v1/models/b/rename', { name: 'c' });
    await send('POST', '/v1/models/a/rename', { name: 'b' });
  });
  const { status, body } = await registry.request('POST', '/v1/models/a/versions/1/copy', { body: { model: 'b' } });
  expect({ status, code: body.code }).toEqual({ status: 404, code: 'model_not_found' });
  await invariants(registry);
});

test('what a finalisation has compared is not noted at a declaration that came in between', async () => {
  const content = 'weights';
  const file = { path: 'w', size: content.length, sha256: sha256(content) };
  await send('POST', '/v1/models', { name: 'm' });
  await send('POST', '/v1/models/m/versions', {});
  await send('POST', '/v1/models/m/versions/1/artifacts', { files: [file] });
  const { body } = await send('POST', '/v1/models/m/versions/1/uploads', { files: [{ path: 'w' }] });
  const { url, headers } = body.uploads[0].request;
  await fetch(url, { method: 'PUT', headers, body: content });
  before('Update', 'F#0000000001#w', () =>
    send('POST', '/v1/models/m/versions/1/artifacts', { files: [{ ...file, size: 999 }] }),
  );
  const finalised = await registry.request('POST', '/v1/models/m/versions/1/finalise');
  expect(finalised.body).toMatchObject({ code: 'artifacts_incomplete', errors: [{ field: 'w' }] });
  await invariants(registry);
});

test('a version that is deleted while it is read is not there, or is read as it was', async () => {
  await send('POST', '/v1/models', { name: 'm' });
  await send('POST', '/v1/models/m/versions', { description: 'long '.repeat(1_000) });
  before('Get', 'O#V#0000000001', () => send('DELETE', '/v1/models/m/versions/1'));
  const { status } = await registry.request('GET', '/v1/models/m/versions/1');
  expect([200, 404]).toContain(status);
});

test('a file that is withdrawn while it is read is not there', async () => {
  const path = 'p'.repeat(900);
  await send('POST', '/v1/models', { name: 'm' });
  await send('POST', '/v1/models/m/versions', { references: [{ path, uri: `s3://b/${'u'.repeat(2_000)}` }] });
  const removed = `/v1/models/m/versions/1/artifacts?path=${path}`;
  before('Get', `O#F#0000000001#${path}`, () => send('DELETE', removed));
  const { body } = await registry.request('DELETE', removed);
  expect(body.code).toBe('artifact_not_found');
});

test('callers see what they just wrote, though reads that are not consistent lag', async () => {
  registry.table.client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (context.commandName === 'GetItemCommand' && !(args.input as Input).ConsistentRead) {
        Object.assign(result.output as object, { Item: undefined });
      }
      return result;
    },
    { step: 'initialize', name: 'lag', priority: 'low' },
  );
  await send('POST', '/v1/workspaces', { name: 'w' });
  expect((await send('GET', '/v1/workspaces/w')).body.name).toBe('w');
  await send('POST', '/w/w/v1/models', { name: 'm' });
  await ready(send, 'm').catch(() => {});
  await send('POST', '/w/w/v1/models/m/versions', { final: true, references: [{ path: 'a', uri: 's3://b/a' }] });
  await send('PUT', '/w/w/v1/models/m/aliases/champion', { version: 1 });
  for (const path of [
    'versions',
    'versions/1',
    'aliases',
    'aliases/champion',
    'aliases/latest',
    'events',
    'events/1',
  ]) {
    expect((await registry.request('GET', `/w/w/v1/models/m/${path}`)).status).toBe(200);
  }
  expect((await send('GET', '/w/w/v1/models/m/versions/1/download?path=a')).body.uri).toBe('s3://b/a');
});
