import type { StoredFile } from '../domain/artifact';
import type { AuditRecord } from '../domain/audit';
import type { RegistryEvent } from '../domain/event';
import type { Reading } from '../domain/reading';
import type { AttemptedKind, Key, Kind, Records, Slot, Write } from '../domain/records';
import type { Subject } from '../domain/subject';

/** Rows of one kind that lie next to each other. */
export type Range =
  | { readonly kind: 'workspace' }
  | { readonly kind: 'model'; readonly workspace: string; readonly namePrefix: string }
  | { readonly kind: 'version'; readonly workspace: string; readonly modelId: string }
  | { readonly kind: 'member'; readonly workspace: string; readonly modelId: string; readonly stage: string }
  | { readonly kind: 'holder'; readonly workspace: string; readonly modelId: string; readonly of: 'alias' | 'stage' }
  | {
      readonly kind: 'stay';
      readonly workspace: string;
      readonly modelId: string;
      readonly slot: Slot;
      readonly until?: string;
    }
  | { readonly kind: 'file'; readonly workspace: string; readonly modelId: string; readonly version: number }
  | { readonly kind: 'comment'; readonly workspace: string; readonly modelId: string; readonly version: number }
  | { readonly kind: 'card'; readonly workspace: string; readonly modelId: string; readonly version: number }
  | { readonly kind: 'evaluation'; readonly workspace: string; readonly modelId: string; readonly version: number }
  | { readonly kind: 'lock'; readonly workspace: string; readonly modelId: string }
  | {
      readonly kind: 'event';
      readonly workspace: string;
      readonly modelId?: string;
      /** The first sequence. */
      readonly from?: number;
    }
  /** Those of one version alone. */
  | { readonly kind: 'event'; readonly workspace: string; readonly modelId: string; readonly version: number }
  | {
      readonly kind: 'reading';
      readonly workspace: string;
      readonly modelId: string;
      /** Time, or time and id, from which on. */
      readonly from: string;
    }
  | { readonly kind: 'webhook'; readonly workspace: string }
  | { readonly kind: 'delivery'; readonly workspace: string; readonly webhook: string }
  /** Of IAM identities: those of all patterns for the account that the ARN names. */
  | { readonly kind: 'membership'; readonly of: Subject; readonly workspace?: string }
  /** Those of one workspace, or those of all that collect for the same tick. */
  | { readonly kind: 'subscription'; readonly workspace: string }
  | { readonly kind: 'subscription'; readonly collects: 'hourly' | 'daily' }
  | { readonly kind: 'suspension'; readonly workspace: string }
  | { readonly kind: 'notification'; readonly workspace: string; readonly subscription: string }
  | { readonly kind: 'waiting'; readonly workspace: string; readonly subscription: string }
  | { readonly kind: 'deployment'; readonly workspace: string; readonly modelId: string }
  /** Targets of one model, or of the whole registry. */
  | { readonly kind: 'target'; readonly of?: { readonly workspace: string; readonly modelId: string } }
  /** Those of a model by version, or of all models those whose approval ends until a time, the earliest first. */
  | { readonly kind: 'mirror'; readonly workspace: string; readonly modelId: string }
  | { readonly kind: 'mirror'; readonly until: string }
  | { readonly kind: 'request'; readonly workspace: string; readonly modelId: string }
  | { readonly kind: 'request'; readonly workspace: string; readonly open: boolean }
  | { readonly kind: 'remark'; readonly workspace: string; readonly modelId: string; readonly request: string }
  /** Open requests of all workspaces whose time is over at a time, the longest over first. */
  | { readonly kind: 'pending'; readonly until: string };

export interface PageRequest {
  readonly limit: number;
  readonly order: 'ascending' | 'descending';
  /** The position that the page before ended with. */
  readonly after?: string;
  /** Reads what was last acknowledged, at twice the cost. */
  readonly consistent?: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page starts; absent on the last one. */
  readonly next?: string;
}

/** Two times, the first and the last that belong to it. */
export interface Between {
  readonly from: string;
  readonly to: string;
}

/** A row of a page. Fields that would make pages unbounded are left out of it and named. */
export type Row<K extends Kind> = Records[K] & { readonly omitted?: readonly string[] };

/** The records of one day of a workspace carry everything but the values before and after, hashes and request. */
export type AuditSummary = (
  | (Omit<RegistryEvent, 'previous' | 'current' | 'hash' | 'previousHash' | 'requestId' | 'changed'> & {
      readonly changed?: RegistryEvent['changed'];
    })
  | (Omit<Reading, 'hash' | 'requestId' | 'path'> & { readonly path?: string })
) & {
  /** What is left out because it is long. */
  readonly omitted?: readonly string[];
};

/** A record of the audit that can be read whole, and where the page after it begins. */
export interface AuditPlace {
  readonly position: string;
  read(): Promise<AuditRecord>;
}

/** An answer that was given under an idempotency key. */
export interface Replay {
  readonly fingerprint: string;
  /** Absent where the answer is made afresh. */
  readonly answer?: unknown;
}

/** Names an idempotency record: keys of different callers never meet. The principal is the role where a session calls. */
export interface ReplayKey {
  readonly workspace: string;
  readonly principal: string;
  readonly key: string;
}

/** All writes of one command, committed together or not at all. */
export interface Change {
  /**
   * Histories that the change continues, each on the condition that its head is still the one that was read. A message is
   * the head of its attempts: their number and one are its sequence. An invitation, what a digest collects and a turn
   * count their steps, and so does what is known of a package.
   */
  readonly heads: readonly {
    readonly key: Key<'head' | AttemptedKind | 'digest' | 'invitation' | 'collected' | 'turn' | 'package' | 'mirror'>;
    readonly expected: number;
  }[];
  readonly writes: readonly Write[];
  /** Keys that must be free: names, semantic versions, version numbers. */
  readonly absent: readonly Key[];
  /** Policies that the change rests on and that no head of its own guards: each must still be as it was read. */
  readonly unchanged?: readonly { readonly key: Key<'policy'>; readonly revision: number }[];
  readonly replay?: ReplayKey & Replay & { readonly expiresAt: Date };
}

/** Several records of one model, or nothing where the model does not exist. */
export type ModelRecords<K extends readonly Kind[]> = {
  readonly modelId: string;
  readonly records: { [I in keyof K]: Records[K[I]] | undefined };
};

/** How fresh what is read must be. */
export type ReadMode = 'snapshot' | 'consistent' | 'relaxed' | 'hasty';

/** The registry's records, and the one way to change them. */
export interface RegistryStore {
  /**
   * Reads one record. Consistent reads see what was last acknowledged; others see it where they find nothing, unless
   * `hasty` says that a moment ago will do there too.
   */
  get<K extends Kind>(
    key: Key<K>,
    options?: { consistent?: boolean; hasty?: boolean },
  ): Promise<Records[K] | undefined>;

  /**
   * Reads records of the model that has a name now. `snapshot` reads all of them as of one moment, for decisions;
   * `consistent` each as it was last acknowledged; `relaxed` may be a moment behind, at a quarter of a snapshot's cost;
   * `hasty` also where it finds nothing.
   */
  getOfModel<const K extends readonly Kind[]>(
    workspace: string,
    name: string,
    keys: (modelId: string) => { [I in keyof K]: Key<K[I]> },
    mode: ReadMode,
  ): Promise<ModelRecords<K> | undefined>;

  /**
   * Reads anything of the model that has a name now, its record among it, which may be a moment behind: at once where the store
   * remembers whose the name was, and again where that has changed.
   * @param read what of a model is read, by its id; nothing that it does for another model may matter
   */
  ofModel<T extends { readonly model: Records['model'] | undefined }>(
    workspace: string,
    name: string,
    read: (modelId: string) => Promise<T>,
  ): Promise<T | undefined>;

  query<K extends Range['kind']>(range: Extract<Range, { kind: K }>, page: PageRequest): Promise<Page<Row<K>>>;

  /** What the audit holds of a workspace on one day (`YYYY-MM-DD`, UTC), between two times. */
  auditOfDay(workspace: string, day: string, between: Between, page: PageRequest): Promise<Page<AuditSummary>>;

  /** The same records, to be read whole. */
  placesOfDay(workspace: string, day: string, between: Between, page: PageRequest): Promise<Page<AuditPlace>>;

  replay(key: ReplayKey): Promise<Replay | undefined>;

  /**
   * Commits a change.
   * @throws Contention when a head has moved, a key that must be free is taken, or another change of the same records
   * is being committed: the command reads and decides again.
   */
  commit(change: Change): Promise<void>;

  /**
   * Notes how far the upload of a declared file has come, which is no change of the registry and so no event: its
   * multipart upload, or the version of the object that was compared. What was noted first stays.
   * @returns the file as it is then; undefined when it is no longer declared as it was.
   */
  noteUpload(
    key: Key<'file'>,
    declared: StoredFile,
    note: { readonly uploadId: string } | { readonly objectVersion: string },
  ): Promise<StoredFile | undefined>;
}

/** Somebody else changed what a decision rests on. */
export class Contention extends Error {
  override readonly name = 'Contention';
}
