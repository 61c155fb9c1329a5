import { canonicalJson } from './json';
import type { Actor } from './principal';

/** What the audit calls a download address that was handed out. */
export const READING_TYPE = 'artifact.downloaded';

/**
 * That somebody was given the address of a file. It changes nothing, so it has no place in a model's history, where
 * hundreds of containers that start at once would wait for each other; the next digest seals it by its hash.
 */
export interface Reading {
  /** Unique and sortable by time (ULID). */
  readonly id: string;
  readonly type: typeof READING_TYPE;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly workspace: string;
  /** The model whose file it is, by its name then and by its id; none for files that clients keep by path. */
  readonly model?: string;
  readonly modelId?: string;
  readonly version?: number;
  readonly path: string;
  /** SHA-256 of the file, where the registry knows it. */
  readonly sha256?: string;
  readonly actor: Actor;
  readonly requestId: string;
  /** SHA-256 of the record's canonical JSON without this field. */
  readonly hash: string;
}

/** Completes a record with its hash. */
export function sealReading(reading: Omit<Reading, 'hash'>, sha256: (text: string) => string): Reading {
  return { ...reading, hash: sha256(canonicalJson(reading)) };
}
