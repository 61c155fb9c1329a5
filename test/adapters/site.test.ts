import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { publishSite } from '../../adapters/s3/site';
import { startLocalS3 } from '../../local/s3';

const credentials = { accessKeyId: 'AKIALOCALLOCALLOCAL0', secretAccessKey: 'local-secret' };

test('a site is published with types and times to keep, its page last, and what was there before stays', async () => {
  const home = mkdtempSync(join(tmpdir(), 'signet-site-'));
  const folder = join(home, 'site');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<p>');
  writeFileSync(join(folder, 'assets', 'index-1.js'), 'x()');
  const s3 = await startLocalS3({
    directory: join(home, 's3'),
    buckets: [{ name: 'site', versioned: false }],
    credentials: [credentials],
  });
  const client = new S3Client({ endpoint: s3.url, region: 'us-east-1', credentials, forcePathStyle: true });
  const order: string[] = [];
  client.middlewareStack.add((next) => async (args) => {
    const { Key } = args.input as { Key?: string };
    if (Key) order.push(Key);
    return await next(args);
  });
  try {
    expect(await publishSite(client, 'site', folder, { 'config.json': '{"stage":"dev"}' })).toBe(3);
    expect(order).toEqual(['config.json', 'assets/index-1.js', 'index.html']);
    const object = (Key: string) => client.send(new GetObjectCommand({ Bucket: 'site', Key }));
    expect(await object('index.html')).toMatchObject({
      ContentType: 'text/html; charset=utf-8',
      CacheControl: 'no-cache',
    });
    expect(await object('assets/index-1.js')).toMatchObject({
      ContentType: 'text/javascript; charset=utf-8',
      CacheControl: 'public, max-age=31536000, immutable',
    });
    expect(await (await object('config.json')).Body?.transformToString()).toBe('{"stage":"dev"}');
    rmSync(join(folder, 'assets', 'index-1.js'));
    writeFileSync(join(folder, 'assets', 'index-2.js'), 'y()');
    await publishSite(client, 'site', folder, {});
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'site' }));
    expect(Contents.map(({ Key }) => Key)).toEqual([
      'assets/index-1.js',
      'assets/index-2.js',
      'config.json',
      'index.html',
    ]);
  } finally {
    client.destroy();
    await s3.close();
    rmSync(home, { recursive: true, force: true });
  }
});
