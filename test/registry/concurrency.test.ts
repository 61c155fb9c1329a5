import type { RegistryEvent } from '../../core/domain/event';
import { sized } from '../support/examples';
import { type Contents, invariants, play, type StoredHistory } from '../support/invariants';
import { type Response, startRegistry, type TestRegistry } from '../support/registry';
import { promote, ready, type Send, sender, sha256 } from '../support/trials';

let registry: TestRegistry;
let send: Send;
beforeEach(async () => {
  registry = await startRegistry();
  send = sender(registry);
});
afterEach(() => registry.close());

function history(
  { histories }: Contents,
  model: string,
): StoredHistory & { readonly events: readonly RegistryEvent[] } {
  const found = [...histories.values()].find((one) => one.model?.name === model && one.model.state !== 'deleted');
  if (!found) throw new Error(`no model ${model}`);
  return found;
}

/** Sends the same request from many callers at once; each answer with its status. */
function together(count: number, make: (index: number) => Promise<Response>): Promise<Response[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => make(index)));
}

function tally(responses: readonly Response[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of responses) {
    const outcome = status < 400 ? String(status) : body.code;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

/** Sends a request until it is taken: on a machine that is busy enough a caller may be told to come again. */
async function insist(method: string, path: string, body: unknown): Promise<Response> {
  for (;;) {
    const response = await registry.request(method, path, { body });
    if (response.body?.code !== 'contention') return response;
  }
}

const VERSIONS = sized(200, 40);

test(`${VERSIONS} versions of one model registered by 50 callers are numbered without a gap`, async () => {
  await send('POST', '/v1/models', { name: 'm' });
  const numbers: number[] = [];
  let left = VERSIONS;
  const caller = async () => {
    while (left-- > 0) {
      const { body } = await insist('POST', '/v1/models/m/versions', { tags: { a: '1' } });
      numbers.push(body.version);
    }
  };
  await Promise.all(Array.from({ length: 50 }, caller));
  const sorted = numbers.sort((a, b) => a - b);
  expect(sorted).toEqual(Array.from({ length: VERSIONS }, (_, index) => index + 1));
  const { events, versions } = history(await invariants(registry), 'm');
  expect(versions.size).toBe(VERSIONS);
  const registered = events.filter(({ type }) => type === 'version.registered');
  expect(registered.map(({ version }) => version)).toEqual(sorted);
  expect((await send('GET', '/v1/models/m')).body.lastVersion).toBe(VERSIONS);
});

/** Asks for something again and again while work is going on. */
async function sampled<T>(work: Promise<T>, sample: () => Promise<void>): Promise<{ result: T; samples: number }> {
  let going = true;
  let samples = 0;
  const watch = async () => {
    for (; going; samples++) await sample();
  };
  const watching = watch();
  const result = await work.finally(() => {
    going = false;
  });
  await watching;
  return { result, samples };
}

const PROMOTIONS = sized(100, 24);

test(`${PROMOTIONS} promotions to an exclusive stage at once: one version holds it at every moment`, async () => {
  await send('POST', '/v1/models', { name: 'm' });
  for (let version = 1; version <= PROMOTIONS + 1; version++) await ready(send, 'm');
  await promote(send, 'm', 1);
  await Promise.all(
    Array.from({ length: 10 }, async (_, lane) => {
      for (let version = 2 + lane; version <= PROMOTIONS + 1; version += 10) {
        await send('POST', `/v1/models/m/versions/${version}/transition`, { stage: 'Staging' });
        await send('POST', `/v1/models/m/versions/${version}/approval`, { status: 'Approved' });
      }
    }),
  );
  const seen = new Set<number>();
  const { id: modelId } = (await send('GET', '/v1/models/m')).body;
  const place = { workspace: 'default', modelId };
  const { store } = registry.ports;
  const { samples } = await sampled(
    together(PROMOTIONS, (index) =>
      insist('POST', `/v1/models/m/versions/${index + 2}/transition`, { stage: 'Production' }),
    ),
    async () => {
      // The slot, and every version that is in the stage: each one read, so each as of one moment.
      const holder = await store.get({ kind: 'holder', ...place, slot: { stage: 'Production' } }, { consistent: true });
      const members = await store.query<'member'>(
        { kind: 'member', ...place, stage: 'Production' },
        { limit: 10, order: 'ascending', consistent: true },
      );
      expect(members.items).toHaveLength(1);
      expect(holder).toBeDefined();
      seen.add(holder?.version as number);
    },
  );
  expect(samples).toBeGreaterThan(PROMOTIONS / 2);
  expect(seen.size).toBeGreaterThan(PROMOTIONS / 10);

  const { events, versions, stays } = history(await invariants(registry), 'm');
  const last = new Map(events.map((event) => [event.requestId, event.sequence]));
  const holders: number[] = [];
  play(events, (played, event) => {
    const inside = [...played.versions].filter(([, { stage }]) => stage === 'Production').map(([number]) => number);
    expect(inside.length).toBeLessThanOrEqual(1);
    if (last.get(event.requestId) !== event.sequence) return; // a request archives one and promotes another at once
    if (holders.length > 0) expect(inside).toHaveLength(1);
    if (inside[0] !== undefined && inside[0] !== holders.at(-1)) holders.push(inside[0]);
  });
  expect([...holders].sort((a, b) => a - b)).toEqual(Array.from({ length: PROMOTIONS + 1 }, (_, index) => index + 1));
  const inOrder = stays.get('S#Production') ?? [];
  expect(inOrder.map(({ version }) => version)).toEqual(holders);
  for (const [index, stay] of inOrder.entries()) {
    const next = inOrder[index + 1];
    expect({ version: stay.version, to: stay.to }).toEqual({ version: stay.version, to: next?.from });
    expect(versions.get(stay.version)?.stage).toBe(next ? 'Archived' : 'Production');
  }
  // The point-in-time question has exactly one answer for every moment from the first on.
  for (const { from } of inOrder.slice(0, 20)) {
    const { body } = await send('GET', `/v1/models/m/stages/Production/holder?at=${from}`);
    expect(body.items).toHaveLength(1);
  }
});

test('an alias that 40 callers move at once ends at one version, and its history has no gap', async () => {
  await send('POST', '/v1/models', { name: 'm' });
  for (let version = 1; version <= 8; version++) await ready(send, 'm');
  await together(40, (index) => insist('PUT', '/v1/models/m/aliases/champion', { version: 1 + (index % 8) }));
  const { stays } = history(await invariants(registry), 'm');
  const inOrder = stays.get('A#champion') ?? [];
  for (const [index, stay] of inOrder.entries()) expect(stay.to).toBe(inOrder[index + 1]?.from);
  expect((await send('GET', '/v1/models/m/aliases/champion')).body.version).toBe(inOrder.at(-1)?.version);
});

test('of 20 callers that create a model, one does', async () => {
  const { request } = registry;
  const created = await together(20, () => request('POST', '/v1/models', { body: { name: 'm' } }));
  expect(tally(created)).toEqual({ '201': 1, model_exists: 19 });
  const { histories } = await invariants(registry);
  expect(histories.size).toBe(1);
});

test('of several models that are renamed to one name, one gets it', async () => {
  const { request } = registry;
  const names = ['a', 'c', 'd', 'e', 'f'];
  for (const name of names) await send('POST', '/v1/models', { name });
  const renamed = await together(names.length + 1, (index) => {
    const name = names[index];
    if (!name) return request('POST', '/v1/models', { body: { name: 'b' } });
    return request('POST', `/v1/models/${name}/rename`, { body: { name: 'b' } });
  });
  const { model_exists: refused, ...taken } = tally(renamed);
  expect({ refused, taken: Object.values(taken) }).toEqual({ refused: names.length, taken: [1] });
  await invariants(registry);
  const { body } = await send('GET', '/v1/models');
  expect(body.items.filter((model: { name: string }) => model.name === 'b')).toHaveLength(1);
});

test('names that are swapped and changed while versions are registered keep each version with its model', async () => {
  const { request } = registry;
  await send('POST', '/v1/models', { name: 'a' });
  const other = (name: string) => (name === 'a' ? 'b' : 'a');
  const results = await together(30, (index) => {
    const name = index % 2 ? 'a' : 'b';
    if (index % 5 === 0) return request('POST', `/v1/models/${name}/rename`, { body: { name: other(name) } });
    if (index % 7 === 0) return request('POST', '/v1/models', { body: { name } });
    return request('POST', `/v1/models/${name}/versions`, { body: {} });
  });
  expect(results.filter(({ status }) => status >= 500)).toEqual([]);
  await invariants(registry);
});

test('a version is not registered in a model that is being deleted', async () => {
  const { request } = registry;
  for (let round = 0; round < 5; round++) {
    await send('POST', '/v1/models', { name: 'm' });
    const [deleted, ...registered] = await together(9, (index) =>
      index === 0
        ? request('DELETE', '/v1/models/m')
        : request('POST', '/v1/models/m/versions', { body: { final: true } }),
    );
    expect(deleted?.status).toBe(204);
    const { model_not_found: late = 0, '201': early = 0 } = tally(registered);
    expect(late + early).toBe(8);
  }
  const { histories } = await invariants(registry);
  for (const { events } of histories.values()) expect(events.at(-1)?.type).toBe('model.deleted');
});

test('a version of which the files are declared and finalised at once has the files that its digest covers', async () => {
  const { request } = registry;
  await send('POST', '/v1/models', { name: 'm' });
  for (let version = 1; version <= 5; version++) {
    await send('POST', '/v1/models/m/versions', { references: [{ path: 'first', uri: 's3://bucket/first' }] });
    const path = `/v1/models/m/versions/${version}`;
    const reference = (index: number) => ({ path: `r${index}`, uri: `s3://bucket/${index}` });
    const results = await together(12, (index) => {
      if (index % 4 === 0) return request('POST', `${path}/finalise`);
      if (index % 4 === 1) return request('PUT', `${path}/tags/t${index}`, { body: { value: 'x' } });
      if (index % 4 === 2) return request('DELETE', `${path}/artifacts?path=first`);
      return request('POST', `${path}/artifacts`, { body: { references: [reference(index)] } });
    });
    expect(results.filter(({ status }) => status >= 500)).toEqual([]);
    const { body: manifest } = await send('GET', `${path}/manifest`);
    const lines = manifest.items.map(
      ({ path, uri }: { path: string; uri: string }) => `${JSON.stringify({ path, uri })}\n`,
    );
    expect(manifest.artifacts).toMatchObject({ files: lines.length, digest: sha256(lines.join('')) });
  }
  await invariants(registry);
});

test('a locked version stays where it is, whatever else happens at the same time', async () => {
  const { request } = registry;
  await send('POST', '/v1/models', { name: 'm' });
  for (let version = 1; version <= 6; version++) {
    await ready(send, 'm');
    const path = `/v1/models/m/versions/${version}`;
    await together(6, (index) => {
      if (index % 2) return request('POST', `${path}/lock`, { body: { reason: 'audit' } });
      return request('POST', `${path}/transition`, { body: { stage: index % 4 ? 'Archived' : 'Staging' } });
    });
  }
  const { events } = history(await invariants(registry), 'm');
  play(events.filter(({ type }) => type !== 'comment.added'));
  const locked = new Set<number>();
  for (const { type, version } of events) {
    if (type === 'version.locked') locked.add(version as number);
    else expect(locked.has(version as number)).toBe(false);
  }
  expect(locked.size).toBe(6);
});

test('callers that ask for the parts of one file at once all get parts of one upload', async () => {
  const { request } = registry;
  const begun: string[] = [];
  const abandoned: string[] = [];
  const { artifacts } = registry.ports;
  const [begin, abandon] = [artifacts.beginUpload.bind(artifacts), artifacts.abandonUpload.bind(artifacts)];
  artifacts.beginUpload = async (key) => {
    const upload = await begin(key);
    begun.push(upload);
    return upload;
  };
  artifacts.abandonUpload = async (key, upload) => {
    abandoned.push(upload);
    await abandon(key, upload);
  };
  const content = 'weights';
  const part = { number: 1, sha256: sha256(content) };
  const multipart = { partSize: 5 * 1024 ** 2, sha256OfParts: sha256(Buffer.from(sha256(content), 'hex')) };
  await send('POST', '/v1/models', { name: 'm' });
  await send('POST', '/v1/models/m/versions', {});
  await send('POST', '/v1/models/m/versions/1/artifacts', {
    files: [{ path: 'w', size: content.length, sha256: sha256(content), multipart }],
  });
  const ask = () =>
    request('POST', '/v1/models/m/versions/1/uploads', { body: { files: [{ path: 'w', parts: [part] }] } });
  const granted = await together(10, ask);
  expect(tally(granted)).toEqual({ '200': 10 });
  const uploads = new Set(
    granted.map(({ body }) => new URL(body.uploads[0].parts[0].url).searchParams.get('uploadId')),
  );
  expect(uploads.size).toBe(1);
  expect(begun.length).toBeGreaterThan(1);
  expect([...uploads, ...abandoned].sort()).toEqual(begun.sort());

  const [{ url, headers }] = (granted[0] as Response).body.uploads[0].parts;
  expect((await fetch(url, { method: 'PUT', headers, body: content })).status).toBe(200);
  const finalised = await together(5, () => request('POST', '/v1/models/m/versions/1/finalise'));
  const { version_not_pending: late = 0, ...taken } = tally(finalised);
  expect({ late, taken }).toEqual({ late: 4, taken: { '200': 1 } });
  await invariants(registry);
});
