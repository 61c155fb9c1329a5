import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { pack } from 'tar-stream';
import { DEPLOY_FOLDER } from '../../contract/names';
import type { Archive, ArchiveEntry, Archives } from '../../core/ports';

/** Bytes of a part of an archive that is being sent: 10,000 of them hold more than is ever packed. */
const PART_SIZE = 16 * 1024 ** 2;

/** Model data as tar.gz beside the artifacts. Files stream from S3 to S3; no archive is ever held as a whole. */
export class S3Archives implements Archives {
  constructor(private readonly options: { readonly client: S3Client; readonly bucket: string }) {}

  async exists(key: string): Promise<boolean> {
    try {
      await this.options.client.send(new HeadObjectCommand(this.at(key)));
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'NotFound') return false;
      throw error;
    }
  }

  url(key: string): string {
    const { Bucket, Key } = this.at(key);
    return `s3://${Bucket}/${Key}`;
  }

  async make({ key, entries, asIs }: Archive): Promise<void> {
    const [first] = entries;
    const body = new PassThrough();
    const { client } = this.options;
    const upload = new Upload({ client, params: { ...this.at(key), Body: body }, partSize: PART_SIZE, queueSize: 2 });
    const fill = asIs && first ? this.copy(first, body) : this.pack(entries, body);
    // What fails on one side ends the other: nothing half is ever completed.
    await Promise.all([
      fill.catch(async (error: unknown) => {
        body.destroy(error instanceof Error ? error : new Error(String(error)));
        await upload.abort();
        throw error;
      }),
      upload.done().catch((error: unknown) => {
        body.destroy();
        throw error;
      }),
    ]);
  }

  private async copy(entry: ArchiveEntry, to: PassThrough): Promise<void> {
    await pipeline(await this.read(entry), to);
  }

  /** Entries without time and owner: the same files are the same bytes. */
  private async pack(entries: readonly ArchiveEntry[], to: PassThrough): Promise<void> {
    const tar = pack();
    const sending = pipeline(tar, createGzip({ level: constants.Z_BEST_SPEED }), to);
    const adding = (async () => {
      for (const entry of entries) {
        const header = { name: entry.path, size: entry.size, mtime: new Date(0), mode: 0o644 };
        await pipeline(await this.read(entry), tar.entry(header));
      }
      tar.finalize();
    })();
    await Promise.all([
      sending,
      adding.catch((error: unknown) => {
        tar.destroy(error instanceof Error ? error : new Error(String(error)));
        throw error;
      }),
    ]);
  }

  private async read({ objectKey, objectVersion }: ArchiveEntry): Promise<Readable> {
    const { client, bucket } = this.options;
    const { Body } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: objectKey, VersionId: objectVersion }),
    );
    return Body as Readable;
  }

  private at(key: string) {
    return { Bucket: this.options.bucket, Key: `${DEPLOY_FOLDER}/${key}` };
  }
}
