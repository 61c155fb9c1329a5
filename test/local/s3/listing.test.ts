import {
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { type ListingEntry, listKeys } from '../../../local/s3/listing';
import { compareKeys, SortedKeys } from '../../../local/s3/sorted-keys';
import { type Endpoint, failure, startEndpoint } from './endpoint';

const keyArbitrary = fc.string({
  unit: fc.constantFrom('a', 'b', '/', 'é', '\u{1f600}', '\uffee'),
  minLength: 1,
  maxLength: 6,
});
const keysArbitrary = fc.uniqueArray(keyArbitrary, { maxLength: 40 });
const bytes = (text: string) => Buffer.from(text);

test('keys are ordered by their bytes in UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
      expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(bytes(a), bytes(b)));
    }),
  );
  // Here UTF-16 order is the other way round.
  expect(compareKeys('\u{1f600}', '\uffee')).toBeGreaterThan(0);
});

test('a set of keys stays sorted whatever is added and deleted', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), keyArbitrary), { maxLength: 200 }), fc.nat(20), (steps, every) => {
      const keys = new SortedKeys();
      const model = new Set<string>();
      steps.forEach(([add, key], i) => {
        if (add && !model.has(key)) keys.add(key);
        if (!add) keys.delete(key);
        if (add) model.add(key);
        else model.delete(key);
        if (i % (every + 1) === 0) keys.at(0);
      });
      expect(Array.from({ length: keys.size }, (_, i) => keys.at(i))).toEqual([...model].sort(compareKeys));
    }),
  );
});

test('pages of any size together are the rolled-up, sorted keys', () => {
  fc.assert(
    fc.property(
      keysArbitrary,
      fc.constantFrom('', 'a', 'a/', 'é'),
      fc.constantFrom('', '/', 'ab'),
      fc.integer({ min: 1, max: 5 }),
      (all, prefix, delimiter, limit) => {
        const keys = new SortedKeys();
        for (const key of all) keys.add(key);
        const isVisible = (key: string) => !key.endsWith('b');
        const expected = new Map<string, ListingEntry>();
        for (const key of all.filter((one) => one.startsWith(prefix) && isVisible(one)).sort(compareKeys)) {
          const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
          if (cut < 0) expected.set(`key ${key}`, { key });
          else
            expected.set(`prefix ${key.slice(0, cut + delimiter.length)}`, {
              commonPrefix: key.slice(0, cut + delimiter.length),
            });
        }
        const listed: ListingEntry[] = [];
        let after: string | undefined = '';
        while (after !== undefined) {
          const page = listKeys(keys, { prefix, delimiter, after, limit }, isVisible);
          expect(page.entries.length).toBe(page.next === undefined ? page.entries.length : limit);
          listed.push(...page.entries);
          after = page.next;
        }
        expect(listed).toEqual([...expected.values()]);
      },
    ),
  );
});

describe('over HTTP', () => {
  const keys = ['a', 'dir/', 'dir/1', 'dir/2', 'dir/sub/3', 'e & <é> "+%', 'z\u0001\n'];
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint();
    for (const Key of keys) {
      await endpoint.client.send(new PutObjectCommand({ Bucket: 'plain', Key, Body: Key }));
      await endpoint.client.send(new PutObjectCommand({ Bucket: 'versioned', Key, Body: '1' }));
      await endpoint.client.send(new PutObjectCommand({ Bucket: 'versioned', Key, Body: '22' }));
    }
  });
  afterAll(() => endpoint.stop());

  test('version 2 pages through everything', async () => {
    const listed: unknown[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await endpoint.client.send(
        new ListObjectsV2Command({ Bucket: 'plain', MaxKeys: 2, ContinuationToken, EncodingType: 'url' }),
      );
      for (const one of page.Contents ?? []) listed.push(decodeURIComponent(one.Key ?? ''));
      ContinuationToken = page.NextContinuationToken;
      expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
    } while (ContinuationToken !== undefined);
    expect(listed).toEqual(keys);
  });

  test('prefix, delimiter, start-after and limits', async () => {
    const list = (more = {}) => endpoint.client.send(new ListObjectsV2Command({ Bucket: 'plain', ...more }));
    const dir = await list({ Prefix: 'dir/', Delimiter: '/' });
    expect(dir.Contents?.map((one) => one.Key)).toEqual(['dir/', 'dir/1', 'dir/2']);
    expect(dir.CommonPrefixes).toEqual([{ Prefix: 'dir/sub/' }]);
    expect(dir.KeyCount).toBe(4);
    expect((await list({ StartAfter: 'dir/2' })).Contents?.map((one) => one.Key)?.[0]).toBe('dir/sub/3');
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
    expect(await failure(list({ ContinuationToken: 'forged' }))).toEqual({ name: 'InvalidArgument', status: 400 });
    expect((await list({ Prefix: 'e' })).Contents?.[0]?.Key).toBe('e & <é> "+%');
  });

  test('version 1 pages with markers', async () => {
    const list = (Marker?: string) =>
      endpoint.client.send(new ListObjectsCommand({ Bucket: 'plain', Delimiter: '/', MaxKeys: 2, Marker }));
    const one = await list();
    expect([one.Contents?.[0]?.Key, one.CommonPrefixes?.[0]?.Prefix, one.NextMarker]).toEqual(['a', 'dir/', 'dir/']);
    expect((await list(one.NextMarker)).Contents?.[0]?.Key).toBe('e & <é> "+%');
  });

  test('versions page by key and version', async () => {
    const listed: unknown[] = [];
    let more: object | undefined = {};
    while (more) {
      const page: ListObjectVersionsCommandOutput = await endpoint.client.send(
        new ListObjectVersionsCommand({ Bucket: 'versioned', MaxKeys: 3, EncodingType: 'url', ...more }),
      );
      for (const one of page.Versions ?? []) listed.push([decodeURIComponent(one.Key ?? ''), one.Size, one.IsLatest]);
      more = page.IsTruncated
        ? { KeyMarker: decodeURIComponent(page.NextKeyMarker ?? ''), VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
    expect(listed).toEqual(
      keys.flatMap((key) => [
        [key, 2, true],
        [key, 1, false],
      ]),
    );
  });
});
