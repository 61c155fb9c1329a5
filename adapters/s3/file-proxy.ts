import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { PROXY_FOLDER } from '../../contract/names';
import type { FileProxy, ProxyEntry, SignedRequest } from '../../core/ports';
import type { S3ArtifactOptions } from './artifact-store';

/** Seconds for which a signed request may be sent: MLflow's client sends parts one after the other. */
const SECONDS = 3_600;

const GONE = new Set(['NoSuchUpload', 'InvalidPart', 'InvalidPartOrder', 'EntityTooSmall']);

/** Files of the artifact protocol, below a folder of their own in the artifact bucket. */
export class S3FileProxy implements FileProxy {
  constructor(private readonly options: S3ArtifactOptions) {}

  async list(workspace: string, folder: string): Promise<ProxyEntry[]> {
    const prefix = this.key(workspace, folder === '' ? '' : `${folder}/`);
    const entries: ProxyEntry[] = [];
    let token: string | undefined;
    do {
      const page = await this.options.client.send(
        new ListObjectsV2Command({
          Bucket: this.options.bucket,
          Prefix: prefix,
          Delimiter: '/',
          ...(token !== undefined && { ContinuationToken: token }),
        }),
      );
      const folders = (page.CommonPrefixes ?? []).map(({ Prefix = '' }) => ({ name: Prefix.slice(prefix.length, -1) }));
      const files = (page.Contents ?? []).map(({ Key = '', Size = 0 }) => ({
        name: Key.slice(prefix.length),
        size: Size,
      }));
      entries.push(...folders, ...files.filter(({ name }) => name !== ''));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async put(workspace: string, path: string, content: Uint8Array): Promise<void> {
    await this.options.client.send(new PutObjectCommand({ ...this.at(workspace, path), Body: content }));
  }

  async size(workspace: string, path: string): Promise<number | undefined> {
    try {
      return (await this.options.client.send(new HeadObjectCommand(this.at(workspace, path)))).ContentLength;
    } catch (error) {
      if (error instanceof Error && error.name === 'NotFound') return undefined;
      throw error;
    }
  }

  signGet(workspace: string, path: string): Promise<SignedRequest> {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const command = new GetObjectCommand({
      ...this.at(workspace, path),
      ResponseContentDisposition: `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
      ResponseContentType: 'application/octet-stream',
    });
    return this.signed('GET', getSignedUrl(this.options.client, command, { expiresIn: SECONDS }));
  }

  async remove(workspace: string, path: string): Promise<void> {
    const { client, bucket } = this.options;
    for (;;) {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: this.key(workspace, `${path}/`), MaxKeys: 1_000 }),
      );
      const keys = (page.Contents ?? []).map(({ Key = '' }) => ({ Key }));
      const last = !page.IsTruncated;
      const doomed = last ? [...keys, { Key: this.key(workspace, path) }] : keys;
      await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: doomed, Quiet: true } }));
      if (last) return;
    }
  }

  async begin(workspace: string, path: string): Promise<string> {
    const { UploadId } = await this.options.client.send(new CreateMultipartUploadCommand(this.at(workspace, path)));
    if (UploadId === undefined) throw new Error('S3 began a multipart upload without an id');
    return UploadId;
  }

  signPart(workspace: string, path: string, uploadId: string, part: number): Promise<SignedRequest> {
    const command = new UploadPartCommand({ ...this.at(workspace, path), UploadId: uploadId, PartNumber: part });
    return this.signed('PUT', getSignedUrl(this.options.client, command, { expiresIn: SECONDS }));
  }

  async complete(
    workspace: string,
    path: string,
    uploadId: string,
    parts: readonly { readonly number: number; readonly etag: string }[],
  ): Promise<boolean> {
    try {
      await this.options.client.send(
        new CompleteMultipartUploadCommand({
          ...this.at(workspace, path),
          UploadId: uploadId,
          MultipartUpload: { Parts: parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag })) },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof Error && GONE.has(error.name)) return false;
      throw error;
    }
  }

  async abort(workspace: string, path: string, uploadId: string): Promise<void> {
    try {
      await this.options.client.send(
        new AbortMultipartUploadCommand({ ...this.at(workspace, path), UploadId: uploadId }),
      );
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'NoSuchUpload') throw error;
    }
  }

  private key(workspace: string, path: string): string {
    return `${PROXY_FOLDER}/${workspace}/${path}`;
  }

  private at(workspace: string, path: string) {
    return { Bucket: this.options.bucket, Key: this.key(workspace, path) };
  }

  private async signed(method: SignedRequest['method'], url: Promise<string>): Promise<SignedRequest> {
    const expiresAt = new Date(this.options.clock().getTime() + SECONDS * 1_000).toISOString();
    return { method, url: await url, headers: {}, expiresAt };
  }
}
