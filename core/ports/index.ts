import type { ArtifactStore } from './artifact-store';
import type { DigestStore } from './digests';
import type { FileProxy } from './file-proxy';
import type { PolicyEngine } from './policy-engine';
import type { PostingStore } from './posting-store';
import type { RegistryStore } from './registry-store';
import type { WebhookSender } from './webhook-sender';

export * from './archives';
export * from './artifact-store';
export * from './digests';
export * from './due-queue';
export * from './file-proxy';
export * from './mail-sender';
export * from './model-host';
export * from './model-packages';
export * from './policy-engine';
export * from './posting-store';
export * from './registry-store';
export * from './webhook-sender';

/** What the registry may name at the host of models; the stack's settings say it. */
export interface Hosting {
  /** Endpoints, their configurations and models have names that start so: nothing else may be touched. */
  readonly endpointPrefix: string;
  /** ARNs of the roles that endpoints may run with. */
  readonly executionRoles: readonly string[];
}

/** What the use cases need of the world. */
export interface Ports {
  readonly store: RegistryStore;
  readonly postings: PostingStore;
  readonly artifacts: ArtifactStore;
  readonly webhooks: WebhookSender;
  readonly files: FileProxy;
  /** Digests, to be read. */
  readonly digests: Pick<DigestStore, 'text' | 'key'>;
  readonly hosting: Hosting;
  /** Decides policies that workspaces have of their own. */
  readonly policies: PolicyEngine;
  readonly clock: () => Date;
  /** Makes a unique id that sorts by time. */
  readonly newId: () => string;
  /** Makes a text that nobody guesses. */
  readonly newSecret: () => string;
  /** Whether the registry can send mails at all. */
  readonly sendsMails: boolean;
  /** Lower-case hex SHA-256 of bytes, or of a text's UTF-8. */
  readonly sha256: (data: string | Uint8Array) => string;
  /** Waits before a command is tried again. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** What a command needs of the world that changes records alone. */
export type Ledger = Pick<Ports, 'store' | 'clock' | 'newId' | 'sha256' | 'pause' | 'random'>;
