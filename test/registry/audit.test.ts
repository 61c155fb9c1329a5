import { createHash } from 'node:crypto';
import { cryptographyOf } from '../../client/audit/keys';
import type { Scope } from '../../client/audit/records';
import { verifyAudit } from '../../client/audit/verify';
import type { AuditRecord } from '../../core/domain/audit';
import { canonicalJson } from '../../core/domain/json';
import { file, makeKey } from '../support/audit';
import { invariants } from '../support/invariants';
import { startRegistry, type TestRegistry } from '../support/registry';
import { sealAll } from '../support/sealing';
import { type Send, sender } from '../support/trials';

const key = makeKey();
const CONTENT = 'weights';
const DIGEST = createHash('sha256').update(CONTENT).digest('hex');
let registry: TestRegistry;
let send: Send;
let now = Date.parse('2026-03-01T10:00:00.000Z');
let modelId: string;

beforeAll(async () => {
  registry = await startRegistry((real) => ({ ...real, clock: () => new Date(now) }));
  send = sender(registry);
  await send('POST', '/v1/models', { name: 'churn' });
  modelId = (await send('GET', '/v1/models/churn')).body.id;
  await send('POST', '/v1/models/churn/versions', {});
  const declared = {
    files: [{ path: 'a.bin', size: CONTENT.length, sha256: DIGEST }],
    references: [{ path: 'far', uri: 's3://b/k' }],
  };
  await send('POST', '/v1/models/churn/versions/1/artifacts', declared);
  const { body } = await send('POST', '/v1/models/churn/versions/1/uploads', { files: [{ path: 'a.bin' }] });
  const { url, headers } = body.uploads[0].request;
  await fetch(url, { method: 'PUT', headers, body: CONTENT });
  await send('POST', '/v1/models/churn/versions/1/finalise');
  now += 3 * 86_400_000;
  await registry.request('PATCH', '/v1/models/churn', { body: { description: 'x'.repeat(20_000) }, as: 'bob' });
  await send('POST', '/v1/models', { name: 'other' });
  await registry.request('PUT', '/v1/models/other/tags/a', { body: { value: '1' }, as: 'bob' });
  now += 40 * 86_400_000;
});
afterAll(() => registry.close());

const download = (path: string, as = 'ada') =>
  registry.request('GET', `/v1/models/churn/versions/1/download?path=${path}`, { as });

/** All pages of an export. */
async function exported(path: string): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const { status, body, headers }: Awaited<ReturnType<typeof download>> = await registry.request('GET', next);
    expect([status, headers['content-type']]).toEqual([200, 'application/x-ndjson']);
    records.push(...body);
    next = /^<(.*)>; rel="next"$/.exec(headers['link'] ?? '')?.[1];
  }
  return records;
}

/** All downloads: they are of the last days, and an export of everything looks at each day since there can be any. */
async function readings(): Promise<AuditRecord[]> {
  return (await exported('/v1/audit/export?from=2026-04-01T00:00:00Z')).filter(
    ({ type }) => type === 'artifact.downloaded',
  );
}

test('an address is recorded before it is handed out, of a stored file and of a referenced one', async () => {
  expect((await download('a.bin')).body.request.url).toContain('X-Amz-Signature');
  expect((await download('far', 'bob')).body.uri).toBe('s3://b/k');
  const of = { workspace: 'default', model: 'churn', modelId, version: 1, at: new Date(now).toISOString() };
  expect(await readings()).toEqual([
    expect.objectContaining({ ...of, path: 'a.bin', sha256: DIGEST, actor: expect.objectContaining({ id: 'ada' }) }),
    expect.objectContaining({ ...of, path: 'far', actor: expect.objectContaining({ id: 'bob' }) }),
  ]);
  await invariants(registry);
});

test('what is refused is not recorded', async () => {
  const before = (await readings()).length;
  expect((await download('none')).status).toBe(404);
  expect((await registry.request('GET', '/api/2.0/mlflow-artifacts/artifacts/none')).status).toBe(404);
  expect(await readings()).toHaveLength(before);
});

test('without a record there is no address', async () => {
  const failing = { ...registry.ports, store: Object.create(registry.ports.store) as typeof registry.ports.store };
  Object.defineProperty(failing.store, 'commit', { value: () => Promise.reject(new Error('no table')) });
  const { getDownload } = await import('../../core/use-cases');
  const { accessOf } = await import('../../core/domain/access');
  const call = {
    workspace: 'default',
    principal: { id: 'ada', kind: 'person', name: 'ada', groups: [] },
    access: accessOf(['admin']),
    requestId: 'r',
  } as const;
  const input = { params: { model: 'churn', version: 1 }, query: { path: 'a.bin' } };
  await expect(getDownload(failing)(input, call)).rejects.toThrow('no table');
});

test("downloads by MLflow's artifact protocol are recorded, of versions and of files by path", async () => {
  const base = '/api/2.0/mlflow-artifacts';
  const before = new Set((await readings()).map(({ id }) => id));
  await registry.request('PUT', `${base}/artifacts/1/run/model`, {
    body: 'm',
    headers: { 'content-type': 'text/plain' },
  });
  expect((await registry.request('GET', `${base}/artifacts/1/run/model`)).status).toBe(302);
  expect((await registry.request('GET', `${base}/presigned/1/run/model`)).status).toBe(200);
  const { body } = await registry.request(
    'GET',
    '/api/2.0/mlflow/model-versions/get-download-uri?name=churn&version=1',
  );
  const folder = String(body.artifact_uri).split('mlflow-artifacts:/').at(-1) as string;
  expect((await registry.request('GET', `${base}/artifacts/${folder.replace(/^\/+/, '')}/a.bin`)).status).toBe(302);
  const more = (await readings()).filter(({ id }) => !before.has(id));
  expect(more.map((each) => [each.modelId, (each as { path: string }).path]).sort()).toEqual(
    [
      [modelId, 'a.bin'],
      [undefined, '1/run/model'],
      [undefined, '1/run/model'],
    ].sort(),
  );
});

test('hundreds of downloads at the same time do not wait for each other, nor for a change of the model', async () => {
  const before = (await readings()).length;
  const [changed, ...answers] = await Promise.all([
    registry.request('PUT', '/v1/models/churn/tags/t', { body: { value: 'x' } }),
    ...Array.from({ length: 100 }, () => download('a.bin')),
  ]);
  expect([changed?.status, ...new Set(answers.map(({ status }) => status))]).toEqual([200, 200]);
  expect(await readings()).toHaveLength(before + 100);
});

describe('queries', () => {
  const list = async (query: string) => {
    const items: { type: string; actor: { id: string }; model?: string; sequence?: number }[] = [];
    let cursor = '';
    do {
      const { status, body } = await registry.request('GET', `/v1/events?from=2026-01-01T00:00:00Z&${query}${cursor}`);
      expect(status).toBe(200);
      items.push(...body.items);
      cursor = body.cursor === undefined ? '' : `&cursor=${body.cursor}`;
    } while (cursor !== '');
    return items;
  };

  test('by actor, by action, by model and by time', async () => {
    const all = await list('limit=100');
    const whole = await exported('/v1/audit/export');
    expect(all).toHaveLength(whole.length);
    for (const limit of [1, 7]) {
      expect(await list(`limit=${limit}&actor=bob`)).toEqual(all.filter(({ actor }) => actor.id === 'bob'));
    }
    const downloads = all.filter(({ type }) => type === 'artifact.downloaded');
    expect(await list('type=artifact.downloaded&limit=30')).toEqual(downloads);
    expect(await list('model=other&limit=2')).toEqual(all.filter(({ model }) => model === 'other'));
    expect((await list(`model=id:${modelId}&type=model.created`)).map(({ sequence }) => sequence)).toEqual([1]);
    expect(await list('to=2026-03-02T00:00:00Z')).toEqual(
      all.filter((each) => (each as never as { at: string }).at < '2026-03-02'),
    );
  });

  test('of one model', async () => {
    const of = async (query: string) =>
      (await send('GET', `/v1/models/churn/events?${query}`)).body.items.map(
        ({ sequence }: { sequence: number }) => sequence,
      );
    expect(await of('actor=bob')).toEqual([5]);
    expect(await of('type=version.ready')).toEqual([4]);
    expect(await of('from=2026-03-02T00:00:00Z&to=2026-03-05T00:00:00Z')).toEqual([5]);
    expect(await of('to=2026-03-02T00:00:00Z&order=asc')).toEqual([1, 2, 3, 4]);
  });

  test.each([
    ['/v1/events?type=model.eaten', 'query.type'],
    ['/v1/events?actor=', 'query.actor'],
    ['/v1/events?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', 'query.from'],
    ['/v1/models/churn/events?type=artifact.downloaded', 'query.type'],
    ['/v1/audit/export?from=yesterday', 'query.from'],
    ['/v1/audit/export?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', 'query.from'],
    ['/v1/audit/export?cursor=x', 'query.cursor'],
    ['/v1/audit/export?limit=101', 'query.limit'],
    ['/v1/audit/digests?after=-1', 'query.after'],
    ['/v1/models/churn/audit/export?order=desc', 'query.order'],
  ])('%s is refused', async (path, field) => {
    const { status, body } = await registry.request('GET', path);
    expect([status, body.errors[0].field]).toEqual([400, field]);
  });
});

describe('an export', () => {
  const whole: Scope = { workspace: 'default' };
  let digests: string;
  beforeAll(async () => {
    expect((await registry.request('GET', '/v1/audit/key')).body.code).toBe('digest_not_found');
    await sealAll(registry, key);
    await send('PUT', '/v1/models/churn/tags/z', { value: 'x' });
    await sealAll(registry, key);
    digests = file((await exported('/v1/audit/digests?limit=1')).map(canonicalJson));
  });
  const verify = async (path: string, scope: Scope) => {
    const records = await exported(path);
    const evidence = { records: [file(records.map(canonicalJson))], digests: [digests], scope, mustBeSealed: true };
    const { body: pem } = await registry.request('GET', '/v1/audit/key');
    return { records, report: await verifyAudit(evidence, cryptographyOf([pem])) };
  };

  test.each([1, 3, 50])('of a workspace is the whole audit, in pages of %d, and verifies', async (limit) => {
    const { records, report } = await verify(`/v1/audit/export?limit=${limit}`, whole);
    expect(report).toMatchObject({ faults: [], notes: [], histories: 2, digests: { first: 1, last: 2 } });
    expect(report.events + report.readings).toBe(records.length);
    expect(records.filter(({ type }) => type === 'model.updated')).not.toEqual([]);
    expect(JSON.stringify(records)).toContain('x'.repeat(20_000));
  });

  test.each([1, 2, 50])('of a model merges events and downloads, in pages of %d, and verifies', async (limit) => {
    const { records, report } = await verify(`/v1/models/churn/audit/export?limit=${limit}`, { ...whole, modelId });
    expect([report.faults, report.notes, report.histories]).toEqual([[], [], 1]);
    const all = (await exported('/v1/audit/export')).filter((record) => record.modelId === modelId);
    expect(records).toEqual(all);
  });

  test.each(['/v1/audit/export', `/v1/models/churn/audit/export`])(
    'of a time verifies as far as it goes: %s',
    async (path) => {
      const [from, to] = ['2026-03-02T00:00:00.000Z', '2026-04-12T00:00:00.000Z'];
      const scope = { ...whole, ...(path.includes('churn') && { modelId }), from, to };
      const { records, report } = await verify(`${path}?from=${from}&to=${to}&limit=2`, scope);
      expect(report.faults).toEqual([]);
      expect(records.length).toBeGreaterThan(0);
      expect(records.every(({ at }) => at >= from && at <= to)).toBe(true);
    },
  );

  test('of digests begins after the one that is known', async () => {
    const rest = await exported('/v1/audit/digests?after=1');
    expect(rest.map((each) => (each as never as { digest: { sequence: number } }).digest.sequence)).toEqual([2]);
    expect(await exported('/v1/audit/digests?after=2')).toEqual([]);
  });

  test('of a deleted model is found by its id', async () => {
    const other = (await send('GET', '/v1/models/other')).body.id;
    await send('DELETE', '/v1/models/other');
    const records = await exported(`/v1/models/id:${other}/audit/export`);
    expect(records.at(-1)?.type).toBe('model.deleted');
  });
});
