import type { Authenticated } from './authenticate';
import type { S3Request } from './request';
import type { RetentionMode } from './state';
import type { Store } from './store';

/** A bucket as the options name it. */
export interface BucketOptions {
  readonly name: string;
  readonly versioned: boolean;
  /** Object Lock: what is written without a retention of its own gets this one. */
  readonly lock?: DefaultRetention | undefined;
  /** What encrypts objects whose writer does not say: S3's own keys when absent. */
  readonly kms?: DefaultEncryption | undefined;
}

/** Default encryption of a bucket with keys of KMS. Nothing is encrypted here; what S3 answers of it is. */
export interface DefaultEncryption {
  readonly algorithm: 'aws:kms' | 'aws:kms:dsse';
  /** ARN of the key; the account's own key when absent. */
  readonly key?: string | undefined;
}

/** Default retention of a bucket with Object Lock, which may be none. */
export interface DefaultRetention {
  readonly mode?: RetentionMode;
  readonly days?: number;
}

/** What every operation works on. */
export interface Context {
  readonly store: Store;
  readonly buckets: ReadonlyMap<string, BucketOptions>;
  readonly region: string;
  readonly clock: () => Date;
}

/** One authenticated request to an existing bucket (or to the service). */
export interface Call {
  readonly context: Context;
  readonly request: S3Request;
  readonly authenticated: Authenticated;
  /** The body as it comes over the wire. */
  readonly body: AsyncIterable<Buffer>;
}

/** What an operation answers. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A document, or bytes whose number `content-length` gives. */
  readonly body?: string | AsyncIterable<Buffer>;
}

export type Handler = (call: Call) => Promise<Answer>;

/** Now, in the whole seconds that S3 keeps, as ISO 8601. */
export function timestamp(clock: () => Date): string {
  return new Date(Math.floor(clock().getTime() / 1000) * 1000).toISOString();
}

/** The answer with an XML document. */
export function xmlAnswer(document: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { headers: { 'content-type': 'application/xml', ...headers }, body: document };
}
