import { canonicalJson } from './json';

/** Form of digests; verifiers refuse what they do not know. */
export const DIGEST_FORMAT = 'signet.audit.digest/1';

/** Where a history stood when it was sealed. */
export interface SealedHead {
  readonly workspace: string;
  /** Absent: the history of the workspace itself. */
  readonly modelId?: string;
  readonly sequence: number;
  readonly hash: string;
  /** Time of the event with that sequence. */
  readonly at: string;
}

/** A reading as a digest names it. */
export interface SealedReading {
  readonly workspace: string;
  readonly modelId?: string;
  readonly id: string;
  readonly at: string;
  readonly hash: string;
}

/**
 * What is signed: where each history stood that has changed since the digest before, and every reading since. Digests are
 * a chain themselves, so one that somebody kept vouches for all before it.
 */
export interface Digest {
  readonly format: typeof DIGEST_FORMAT;
  /** 1, 2, 3 … without gaps in a registry. */
  readonly sequence: number;
  readonly at: string;
  /** SHA-256 of the digest before, as it is stored; empty in the first. */
  readonly previous: string;
  /** Name of the key that signed it. */
  readonly keyId: string;
  readonly chains: readonly SealedHead[];
  readonly readings: readonly SealedReading[];
}

/** A digest as it is stored. */
export interface SealedDigest {
  readonly digest: Digest;
  /** ECDSA on P-256 over the SHA-256 of the digest's canonical JSON, DER in base64. */
  readonly signature: string;
}

/** Where the chain of digests stands. */
export interface DigestHead {
  readonly sequence: number;
  /** SHA-256 of the newest digest, as it is stored. */
  readonly hash: string;
  readonly at: string;
  /** The key whose public half lies beside the digests. */
  readonly keyId: string;
}

/** The text of a digest that its signature is made over. */
export function signedText(digest: Digest): string {
  return canonicalJson(digest);
}

/** The text that is stored: the next digest carries its SHA-256. */
export function storedText(sealed: SealedDigest): string {
  return canonicalJson(sealed);
}

/** Names a history in maps. */
export function chainName({ workspace, modelId }: Pick<SealedHead, 'workspace' | 'modelId'>): string {
  return modelId === undefined ? workspace : `${workspace}/${modelId}`;
}
