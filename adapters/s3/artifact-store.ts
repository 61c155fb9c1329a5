import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ObjectFacts } from '../../core/domain/artifact';
import type { ArrivedPart, ArtifactStore, SignedRequest } from '../../core/ports';

/** Seconds for which a signed request may be sent. */
const UPLOAD_SECONDS = 3_600;
const DOWNLOAD_SECONDS = 900;

/** S3 writes SHA-256 in base64, the registry in hex. */
function base64OfHex(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
function hexOfBase64(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}

/** What the store needs: a client, the bucket's name, and the time, for when signatures end. */
export interface S3ArtifactOptions {
  readonly client: S3Client;
  readonly bucket: string;
  readonly clock: () => Date;
}

/** Artifact bytes in a versioned bucket, sent and fetched by callers themselves with presigned requests. */
export class S3ArtifactStore implements ArtifactStore {
  constructor(private readonly options: S3ArtifactOptions) {}

  /** S3 itself refuses another length or digest than the signed one. */
  async signPut(key: string, { size, sha256 }: { size: number; sha256: string }): Promise<SignedRequest> {
    const checksum = base64OfHex(sha256);
    const command = new PutObjectCommand({ ...this.at(key), ContentLength: size, ChecksumSHA256: checksum });
    return this.signUpload(command, checksum);
  }

  async signPart(
    key: string,
    uploadId: string,
    { number, size, sha256 }: { number: number; size: number; sha256: string },
  ): Promise<SignedRequest> {
    const checksum = base64OfHex(sha256);
    const command = new UploadPartCommand({
      ...this.at(key),
      UploadId: uploadId,
      PartNumber: number,
      ContentLength: size,
      ChecksumSHA256: checksum,
    });
    return this.signUpload(command, checksum);
  }

  async signGet(key: string, objectVersion: string, fileName: string): Promise<SignedRequest> {
    const command = new GetObjectCommand({
      ...this.at(key),
      VersionId: objectVersion,
      ResponseContentDisposition: `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      ResponseContentType: 'application/octet-stream',
    });
    const url = await getSignedUrl(this.options.client, command, { expiresIn: DOWNLOAD_SECONDS });
    return { method: 'GET', url, headers: {}, expiresAt: this.in(DOWNLOAD_SECONDS) };
  }

  async beginUpload(key: string): Promise<string> {
    const { UploadId } = await this.options.client.send(
      new CreateMultipartUploadCommand({ ...this.at(key), ChecksumAlgorithm: 'SHA256', ChecksumType: 'COMPOSITE' }),
    );
    if (UploadId === undefined) throw new Error('S3 began a multipart upload without an id');
    return UploadId;
  }

  async abandonUpload(key: string, uploadId: string): Promise<void> {
    await unlessGone(
      this.options.client.send(new AbortMultipartUploadCommand({ ...this.at(key), UploadId: uploadId })),
    );
  }

  async arrivedParts(key: string, uploadId: string, { after, limit }: { after: number; limit: number }) {
    const listed = await unlessGone(
      this.options.client.send(
        new ListPartsCommand({
          ...this.at(key),
          UploadId: uploadId,
          PartNumberMarker: String(after),
          MaxParts: Math.min(limit, 1_000),
        }),
      ),
    );
    if (!listed) return undefined;
    const parts = (listed.Parts ?? []).map(
      ({ PartNumber = 0, Size = 0, ETag = '', ChecksumSHA256 }): ArrivedPart => ({
        number: PartNumber,
        size: Size,
        etag: ETag,
        ...(ChecksumSHA256 !== undefined && { sha256: hexOfBase64(ChecksumSHA256) }),
      }),
    );
    return { parts, more: listed.IsTruncated === true };
  }

  async completeUpload(key: string, uploadId: string, parts: readonly ArrivedPart[]): Promise<void> {
    await unlessGone(
      this.options.client.send(
        new CompleteMultipartUploadCommand({
          ...this.at(key),
          UploadId: uploadId,
          MultipartUpload: {
            Parts: parts.map(({ number, etag, sha256 }) => ({
              PartNumber: number,
              ETag: etag,
              ...(sha256 !== undefined && { ChecksumSHA256: base64OfHex(sha256) }),
            })),
          },
        }),
      ),
    );
  }

  async facts(key: string): Promise<ObjectFacts | undefined> {
    try {
      const head = await this.options.client.send(new HeadObjectCommand({ ...this.at(key), ChecksumMode: 'ENABLED' }));
      const { ContentLength: size, VersionId: objectVersion } = head;
      if (size === undefined || objectVersion === undefined) throw new Error('S3 told neither length nor version');
      return { size, objectVersion, ...checksumOf(head.ChecksumSHA256) };
    } catch (error) {
      if (error instanceof Error && error.name === 'NotFound') return undefined;
      throw error;
    }
  }

  private at(key: string) {
    return { Bucket: this.options.bucket, Key: key };
  }

  private in(seconds: number): string {
    return new Date(this.options.clock().getTime() + seconds * 1000).toISOString();
  }

  private async signUpload(command: PutObjectCommand | UploadPartCommand, checksum: string): Promise<SignedRequest> {
    const url = await getSignedUrl(this.options.client, command as PutObjectCommand, {
      expiresIn: UPLOAD_SECONDS,
      unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
      signableHeaders: new Set(['content-length']),
    });
    return {
      method: 'PUT',
      url,
      headers: { 'x-amz-checksum-sha256': checksum },
      expiresAt: this.in(UPLOAD_SECONDS),
    };
  }
}

/** What a call answers, or nothing when somebody else has completed or abandoned the upload that it is about. */
async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchUpload') return undefined;
    throw error;
  }
}

/** S3 marks the checksum of an object that was sent in parts with `-` and their number. */
function checksumOf(checksum: string | undefined): Pick<ObjectFacts, 'sha256' | 'sha256OfParts' | 'parts'> {
  if (checksum === undefined) return {};
  const [digest = '', parts] = checksum.split('-');
  const hex = hexOfBase64(digest);
  return parts === undefined ? { sha256: hex } : { sha256OfParts: hex, parts: Number(parts) };
}
