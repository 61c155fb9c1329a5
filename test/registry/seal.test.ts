import { DeleteObjectCommand, HeadObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { decode } from '../../adapters/dynamodb/items';
import { unsealedOf } from '../../adapters/dynamodb/stream-audit';
import { cryptographyOf } from '../../client/audit/keys';
import { verifyAudit } from '../../client/audit/verify';
import type { SealedDigest } from '../../core/domain/digest';
import { canonicalJson } from '../../core/domain/json';
import { sealReading } from '../../core/domain/reading';
import { put } from '../../core/domain/records';
import { type SealPorts, seal } from '../../core/use-cases';
import { file, makeKey, sealed, sha256 } from '../support/audit';
import { DIGESTS, startRegistry, type TestRegistry } from '../support/registry';
import { imagesOf, sealAll, sealPorts, storedDigests } from '../support/sealing';
import { ready, type Send, sender } from '../support/trials';

const key = makeKey();
let registry: TestRegistry;
let send: Send;
let count = 0;

beforeAll(async () => {
  registry = await startRegistry();
  send = sender(registry);
});
afterAll(() => registry.close());

/** Some changes of new models, and a reading of each. */
async function change(models = 2): Promise<void> {
  for (let index = 0; index < models; index++) {
    const name = `model-${++count}`;
    await send('POST', '/v1/models', { name, description: 'long '.repeat(1_000) });
    await ready(send, name);
    const { body } = await send('GET', `/v1/models/${name}`);
    const place = { workspace: 'default', modelId: body.id as string, at: new Date().toISOString() };
    const id = registry.ports.newId();
    const by = { actor: { id: 'ada', kind: 'person', name: 'ada' }, requestId: id } as const;
    const reading = { ...place, ...by, id, type: 'artifact.downloaded', version: 1, path: 'p'.repeat(900) } as const;
    const write = put<'reading'>({ kind: 'reading', ...place, id }, sealReading(reading, sha256));
    await registry.ports.store.commit({ heads: [], writes: [write], absent: [] });
  }
}

/** Verifies everything that is in the table, all of which must be sealed. */
async function verified() {
  const records = await Promise.all(
    (await imagesOf(registry)).map(async (image) => {
      const item = unmarshall(image);
      const { Item } = await registry.table.client.send(
        new GetCommand({
          TableName: registry.table.name,
          Key: { pk: item['pk'], sk: `O#${item['sk']}` },
        }),
      );
      return canonicalJson(decode('event', item, Item));
    }),
  );
  const digests = await storedDigests(registry);
  const evidence = { records: [file(records)], digests: [file(digests)], scope: { workspace: 'default' } };
  const report = await verifyAudit({ ...evidence, mustBeSealed: true }, cryptographyOf([key.pem]));
  return { report, records: records.length, digests };
}

test('what changed is sealed, and verifies', async () => {
  await change();
  await sealAll(registry, key);
  const { report, records, digests } = await verified();
  expect(report).toMatchObject({ faults: [], notes: [], readings: 2, histories: 2, digests: { first: 1, last: 1 } });
  expect(report.events + report.readings).toBe(records);
  expect((JSON.parse(digests[0] as string) as SealedDigest).digest).toMatchObject({ sequence: 1, previous: '' });
});

test('digests and the public key are where the bucket keeps them', async () => {
  const { digests } = sealPorts(registry, key);
  expect(await digests.key('arn:aws:kms:us-east-1:000000000000:key/test')).toBe(key.pem);
  const Key = 'digests/000000000001.json';
  const head = await registry.s3.send(new HeadObjectCommand({ Bucket: DIGESTS, Key }));
  expect(head).toMatchObject({ ObjectLockMode: 'COMPLIANCE', VersionId: expect.any(String) });
  const { VersionId } = head;
  const remove = new DeleteObjectCommand({ Bucket: DIGESTS, Key, VersionId, BypassGovernanceRetention: true });
  await expect(registry.s3.send(remove)).rejects.toMatchObject({ name: 'AccessDenied' });
  expect(await digests.add(1, 'another')).toBe(false);
});

test('nothing is written when nothing has changed', async () => {
  const before = await storedDigests(registry);
  await seal(sealPorts(registry, key), { chains: [], readings: [] });
  expect(await storedDigests(registry)).toEqual(before);
});

test('a batch that comes twice, or late, is sealed once more, by the same heads', async () => {
  const early = unsealedOf(await imagesOf(registry));
  await change();
  await sealAll(registry, key);
  await seal(sealPorts(registry, key), early);
  expect((await verified()).report.faults).toEqual([]);
});

type Fault = 'failed' | 'unanswered';
/** Ports whose call with a number fails: before it does anything, or after. Later calls of a function that died never come. */
function faulty(real: SealPorts, at: number, fault: Fault, calls: string[]): SealPorts {
  const wrap = <T extends object>(target: T, name: string): T =>
    new Proxy(target, {
      get: (object, property) => {
        const value = Reflect.get(object, property) as unknown;
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          const index = calls.push(`${name}.${String(property)}`) - 1;
          if (index > at) throw new Error('the function has died');
          if (index === at && fault === 'failed') throw new Error('injected');
          const result: unknown = await value.apply(object, args);
          if (index === at) throw new Error('injected: no answer');
          return result;
        };
      },
    });
  return {
    ...real,
    store: wrap(real.store, 'store'),
    digests: wrap(real.digests, 'digests'),
    signer: wrap(real.signer, 'signer'),
  };
}

test('whichever call fails or is never answered, the next attempt seals everything in one chain', async () => {
  const seen = new Set<string>();
  for (const fault of ['failed', 'unanswered'] as const) {
    for (let at = 0; ; at++) {
      await change(1);
      const batch = unsealedOf((await imagesOf(registry)).slice(-12));
      const calls: string[] = [];
      const result = await seal(faulty(sealPorts(registry, key), at, fault, calls), batch).catch(
        (error: Error) => error,
      );
      for (const call of calls) seen.add(call);
      if (result === undefined) break;
      await seal(sealPorts(registry, key), batch);
    }
  }
  await sealAll(registry, key);
  expect([...seen].sort()).toEqual(['digests.add', 'signer.sign', 'store.commit', 'store.get']);
  expect((await verified()).report.faults).toEqual([]);
});

test('a digest whose writer died before the head moved is taken over, and covers what it holds', async () => {
  await change();
  const batch = unsealedOf(await imagesOf(registry));
  const before = (await storedDigests(registry)).length;
  const ports = sealPorts(registry, key);
  const dies = {
    ...ports,
    store: { ...ports.store, get: ports.store.get.bind(ports.store), commit: () => Promise.reject(new Error('died')) },
  };
  await expect(seal(dies, batch)).rejects.toThrow('died');
  expect(await storedDigests(registry)).toHaveLength(before + 1);
  await seal(ports, batch);
  // It held the whole batch: no other digest is needed.
  expect(await storedDigests(registry)).toHaveLength(before + 1);
  expect((await verified()).report.faults).toEqual([]);
});

test('writers at the same time leave one chain', async () => {
  await change(4);
  const images = await imagesOf(registry);
  const part = Math.ceil(images.length / 5);
  const batches = [0, 1, 2, 3, 4].map((index) => unsealedOf(images.slice(index * part, (index + 1) * part)));
  await Promise.all(batches.map((batch) => seal(sealPorts(registry, key), batch)));
  const { report, digests } = await verified();
  expect(report.faults).toEqual([]);
  const sequences = digests.map((text) => (JSON.parse(text) as SealedDigest).digest.sequence);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
});

test('a history that lost events is not sealed', async () => {
  const chains = [{ workspace: 'default', modelId: 'nobody', sequence: 3 }];
  await expect(seal(sealPorts(registry, key), { chains, readings: [] })).rejects.toThrow('has lost events');
});

test('a digest that somebody else put in the next place stops sealing, until it is out of the way', async () => {
  const ports = sealPorts(registry, key);
  const texts = await storedDigests(registry);
  const newest = (JSON.parse(texts.at(-1) as string) as SealedDigest).digest;
  const next = { ...newest, sequence: newest.sequence + 1, previous: sha256(texts.at(-1) as string) };
  await ports.digests.add(next.sequence, sealed(next, makeKey()));
  await change(1);
  const batch = unsealedOf(await imagesOf(registry));
  await expect(seal(ports, batch)).rejects.toThrow('was not made by this registry');
  await expect(seal(ports, batch)).rejects.toThrow('was not made by this registry');
  // As the runbook says: a delete marker frees the place, and the bucket keeps what was there.
  const Key = `digests/${String(next.sequence).padStart(12, '0')}.json`;
  await registry.s3.send(new DeleteObjectCommand({ Bucket: DIGESTS, Key }));
  await seal(ports, batch);
  expect((await verified()).report.faults).toEqual([]);
  const { Versions } = await registry.s3.send(new ListObjectVersionsCommand({ Bucket: DIGESTS, Prefix: Key }));
  expect(Versions).toHaveLength(2);
});
