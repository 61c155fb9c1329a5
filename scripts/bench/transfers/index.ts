import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { type Client, createClient, partSizeOf } from '../../../client/api';
import { download } from '../../../client/download/download';
import { digestAll, upload } from '../../../client/upload/upload';
import { startServer } from '../../load/server';
import { pythonWith } from '../../venv';
import type { Bench, Figure } from '../bench';
import { getAll, putAll } from './bare';
import { sha256Of, writeBytes } from './bytes';

const AWS_CLI = '1.46.3';
const MODEL = 'transfers';
const PARALLEL = 6;
const GIB = 1024 ** 3;

/** Files to and from the store of the local run, by Signet's client, by bare requests, and by the AWS CLI. */
export const transfers: Bench = {
  name: 'transfers',
  measures: `One file of random bytes to the store of the local run and back: by Signet's client, by bare requests (the same size of parts, ${PARALLEL} at a time, connections kept; they digest nothing and assemble nothing), and by \`aws s3 cp\` (AWS CLI ${AWS_CLI}). The store is one process on this machine for all of them. Signet's client digests the file and every part before it sends, and verifies what it fetched; every file that was fetched is compared with what was sent. Before each of them the disk has written what the one before left.`,
  run: async ({ folder, gigabytes = 0.25 }) => {
    const aws = join(dirname(pythonWith(`awscli-${AWS_CLI}`, `awscli==${AWS_CLI}`)), 'aws');
    const size = Math.round(gigabytes * GIB);
    const server = await startServer(join(folder, 'data'));
    const env = { ...process.env, ...server.env };
    const s3 = new S3Client({ ...server.s3, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' });
    try {
      const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
      const bucket = Buckets.map(({ Name = '' }) => Name).find((name) => /artifact/i.test(name));
      if (bucket === undefined) throw new Error(`No bucket for artifacts: ${Buckets.map(({ Name }) => Name)}`);
      const file = join(folder, 'sent.bin');
      await writeBytes(file, size);
      const place = { s3, bucket, prefix: '_bench/bare', partSize: partSizeOf(size), parallel: PARALLEL };
      const url = `s3://${bucket}/_bench/aws`;
      const cp = (from: string, to: string) =>
        promisify(execFile)(aws, ['s3', 'cp', '--only-show-errors', '--endpoint-url', server.s3.endpoint, from, to], {
          env,
        });
      const registry = await registryAt(server.url);
      const [sent, received] = [new Timer(size), new Timer(size)];
      await sent.of('bare', () => putAll(place, file));
      const found = await sent.of('digest', () => digestAll([{ file, path: 'model.bin' }]));
      await sent.of('signet', () => upload(registry, [{ file, path: 'model.bin' }], found, { parallel: PARALLEL }));
      await sent.of('finalise', () => registry.client.finaliseVersion({ params: registry.params }));
      await sent.of('aws', () => cp(file, url));
      const expected = found.get('model.bin')?.sha256;
      const fetched = async (name: string, fetch: (target: string) => Promise<unknown>) => {
        const target = join(folder, `${name}.bin`);
        await received.of(name, () => fetch(target));
        if ((await sha256Of(target)) !== expected) throw new Error(`${name} fetched other bytes than were sent`);
        await rm(target);
      };
      await fetched('bare', (target) => getAll(place, size, target));
      await fetched('signet', (target) => download(registry, 'model.bin', target, { parallel: PARALLEL }));
      await fetched('aws', (target) => cp(url, target));
      return figures(gigabytes, sent, received);
    } finally {
      s3.destroy();
      await server.stop();
    }
  },
};

async function registryAt(baseUrl: string) {
  const client: Client = createClient({ baseUrl });
  await client.createModel({ body: { name: MODEL } });
  const { version } = await client.registerVersion({ params: { model: MODEL }, body: {} });
  const params = { model: MODEL, version };
  return { client, ...params, params };
}

/** Seconds that each way took for so many bytes. */
class Timer {
  private readonly seconds = new Map<string, number>();

  constructor(private readonly size: number) {}

  /** What an earlier way left for the disk to write is not this one's: it is waited for. */
  async of<T>(name: string, work: () => Promise<T>): Promise<T> {
    await promisify(execFile)('sync');
    const began = performance.now();
    const result = await work();
    this.seconds.set(name, (performance.now() - began) / 1_000);
    return result;
  }

  get(...names: readonly string[]): number {
    return names.reduce((sum, name) => sum + (this.seconds.get(name) ?? Number.NaN), 0);
  }

  told(...names: readonly string[]): string {
    const seconds = this.get(...names);
    return `${seconds.toFixed(1)} s, ${Math.round(this.size / 1024 ** 2 / seconds)} MiB/s`;
  }
}

function figures(gigabytes: number, sent: Timer, received: Timer): Figure[] {
  const what = (text: string) => `${text}, ${gigabytes} GiB`;
  const upload = ['digest', 'signet', 'finalise'];
  const round = (value: number) => Math.round(value * 100) / 100;
  return [
    {
      what: what('upload: time of sending'),
      value: round(sent.get('signet') / sent.get('bare')),
      unit: '× bare PUTs',
      note: `Signet ${sent.told('signet')}; bare PUTs ${sent.told('bare')}`,
    },
    {
      what: what('upload with digests and finalising'),
      value: round(sent.get('aws') / sent.get(...upload)),
      unit: '× as quick as aws s3 cp',
      goal: { atLeast: 1 },
      note: `Signet ${sent.told(...upload)}, of that ${sent.get('digest').toFixed(1)} s for digests; aws s3 cp ${sent.told('aws')}`,
    },
    {
      what: what('download, verified'),
      value: round(received.get('signet') / received.get('bare')),
      unit: '× bare GETs',
      note: `Signet ${received.told('signet')}; bare GETs ${received.told('bare')}`,
    },
    {
      what: what('download, verified'),
      value: round(received.get('aws') / received.get('signet')),
      unit: '× as quick as aws s3 cp',
      goal: { atLeast: 1 },
      note: `aws s3 cp ${received.told('aws')}`,
    },
  ];
}
