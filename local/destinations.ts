import { randomUUID } from 'node:crypto';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Credentials } from './functions';
import type { Queues } from './queues';
import { REGION } from './template';

/** A record of an invocation that Lambda gave up. */
export interface InvocationRecord {
  /** What a queue receives. */
  readonly metadata: object;
  /** What an object in S3 holds besides the metadata. */
  readonly payload: object;
  /** Key of the object up to the date, with a slash at its end. */
  readonly keyPrefix: string;
}

/** Where records of failed invocations go: queues and buckets of the local run, by ARN. */
export class Destinations {
  private readonly s3: S3Client;

  constructor(
    private readonly queues: Pick<Queues, 'get'>,
    s3Endpoint: string,
    credentials: Credentials,
  ) {
    this.s3 = new S3Client({ endpoint: s3Endpoint, region: REGION, credentials, forcePathStyle: true });
  }

  /** Whether a destination of this kind exists locally. */
  accepts(arn: string): boolean {
    return arn.startsWith('arn:aws:s3:::') || this.queues.get(arn) !== undefined;
  }

  /**
   * Keeps a record, in the forms of "Retaining discarded batch records" and "Retaining records of asynchronous
   * invocations" (AWS Lambda developer guide).
   *
   * @throws Error when the destination does not exist or does not accept it.
   */
  async send(arn: string, { metadata, payload, keyPrefix }: InvocationRecord): Promise<void> {
    if (arn.startsWith('arn:aws:s3:::')) {
      const [day = '', clock = ''] = new Date().toISOString().split('T');
      const stamp = `${day}T${clock.slice(0, 8).replaceAll(':', '.')}`;
      await this.s3.send(
        new PutObjectCommand({
          Bucket: arn.slice('arn:aws:s3:::'.length),
          Key: `${keyPrefix}${day.replaceAll('-', '/')}/${stamp}-${randomUUID()}`,
          Body: JSON.stringify({ ...metadata, ...payload }),
          ContentType: 'application/json',
        }),
      );
      return;
    }
    const queue = this.queues.get(arn);
    if (!queue) throw new Error(`The destination ${arn} does not exist in the local run`);
    queue.send(JSON.stringify(metadata));
  }

  close(): void {
    this.s3.destroy();
  }
}
