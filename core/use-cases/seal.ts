import {
  chainName,
  DIGEST_FORMAT,
  type Digest,
  type DigestHead,
  type SealedDigest,
  type SealedHead,
  type SealedReading,
  signedText,
  storedText,
} from '../domain/digest';
import type { Head } from '../domain/model';
import { type Key, put } from '../domain/records';
import { Contention, type DigestSigner, type DigestStore, type Ports, type RegistryStore } from '../ports';

/** A history that has changed, and the newest event of it that must be sealed. */
export type ChangedChain = Pick<SealedHead, 'workspace' | 'modelId' | 'sequence'>;

/** What has been written since it was last sealed. */
export interface Unsealed {
  readonly chains: readonly ChangedChain[];
  readonly readings: readonly SealedReading[];
}

/** What sealing takes of the world. */
export interface SealPorts extends Pick<Ports, 'clock' | 'sha256'> {
  readonly store: Pick<RegistryStore, 'get' | 'commit'>;
  readonly digests: DigestStore;
  readonly signer: DigestSigner;
}

const KEY: Key<'digest'> = { kind: 'digest' };
const NO_DIGEST: DigestHead = { sequence: 0, hash: '', at: '', keyId: '' };
/** How often another writer may be faster before the batch is given back to its stream. */
const ATTEMPTS = 20;
/** Heads that are read at the same time. */
const READS = 25;

/**
 * Seals what has changed: writes the next digest, with where the histories stand now. A digest exists once it is stored
 * under its number, where only one can be; the head of the chain is then moved on by whoever comes first. So writers at the
 * same time, and one that died in between, leave one chain, and whatever is given here twice is sealed at least once.
 * @throws Error when the next number is taken by what this key did not sign
 */
export async function seal(ports: SealPorts, unsealed: Unsealed): Promise<void> {
  let rest = unsealed;
  for (let attempt = 0; rest.chains.length + rest.readings.length > 0; attempt++) {
    if (attempt === ATTEMPTS) throw new Error('other writers of digests were faster all the time');
    const head = (await ports.store.get<'digest'>(KEY, { consistent: true })) ?? NO_DIGEST;
    const text = await nextDigest(ports, head, rest);
    const isOwn = await ports.digests.add(head.sequence + 1, text);
    const stored = isOwn ? text : await adopted(ports, head);
    if (stored === undefined) continue;
    await moveOn(ports, head, stored);
    rest = without(rest, (JSON.parse(stored) as SealedDigest).digest);
  }
}

async function nextDigest(ports: SealPorts, head: DigestHead, { chains, readings }: Unsealed): Promise<string> {
  const { signer, clock } = ports;
  const heads = await headsOf(ports, chains);
  const at = [clock().toISOString(), head.at, ...[...heads, ...readings].map((each) => each.at)].reduce(later);
  const digest: Digest = {
    format: DIGEST_FORMAT,
    sequence: head.sequence + 1,
    at,
    previous: head.hash,
    keyId: signer.keyId,
    chains: heads,
    readings,
  };
  return storedText({ digest, signature: await signer.sign(signedText(digest)) });
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

/** Where the histories stand now: not before what must be sealed, and as far as they have come meanwhile. */
async function headsOf({ store }: SealPorts, chains: readonly ChangedChain[]): Promise<SealedHead[]> {
  const heads: SealedHead[] = [];
  for (let from = 0; from < chains.length; from += READS) {
    const some = chains.slice(from, from + READS).map(async ({ workspace, modelId, sequence: least }) => {
      const place = { workspace, ...(modelId !== undefined && { modelId }) };
      const head: Head | undefined = await store.get<'head'>({ kind: 'head', ...place }, { consistent: true });
      if (!head || head.sequence < least) throw new Error(`the history ${chainName(place)} has lost events`);
      return { ...place, sequence: head.sequence, hash: head.hash, at: head.at };
    });
    heads.push(...(await Promise.all(some)));
  }
  return heads;
}

/** The digest that is stored under the next number already: of another writer, or of one that died before it was done. */
async function adopted({ digests, signer }: SealPorts, { sequence, hash }: DigestHead): Promise<string | undefined> {
  const text = await digests.text(sequence + 1);
  // Two that put at the same moment may both be refused.
  if (text === undefined) return undefined;
  const refuse = (cause?: unknown) =>
    new Error(`digest ${sequence + 1} was not made by this registry: docs/runbook.md#audit-failures`, { cause });
  try {
    const { digest, signature } = JSON.parse(text) as SealedDigest;
    const isNext = digest.sequence === sequence + 1 && digest.previous === hash;
    if (isNext && (await signer.isSigned(signedText(digest), signature))) return text;
  } catch (error) {
    throw refuse(error);
  }
  throw refuse();
}

/** Moves the head of the chain on to a stored digest, unless somebody has; and sees to it that its key can be had. */
async function moveOn({ store, digests, signer, sha256 }: SealPorts, head: DigestHead, text: string): Promise<void> {
  const { digest } = JSON.parse(text) as SealedDigest;
  if (head.keyId !== digest.keyId) await digests.addKey(signer.keyId, await signer.publicKey());
  const next: DigestHead = { sequence: digest.sequence, hash: sha256(text), at: digest.at, keyId: digest.keyId };
  try {
    await store.commit({
      heads: [{ key: KEY, expected: head.sequence }],
      writes: [put<'digest'>(KEY, next)],
      absent: [],
    });
  } catch (error) {
    // Whoever moved it moved it to this digest: there is only one with its number.
    if (!(error instanceof Contention)) throw error;
  }
}

/** What a digest has not sealed. */
function without({ chains, readings }: Unsealed, digest: Digest): Unsealed {
  const sealed = new Map(digest.chains.map((head) => [chainName(head), head.sequence]));
  const read = new Set(digest.readings.map(({ id }) => id));
  return {
    chains: chains.filter((chain) => (sealed.get(chainName(chain)) ?? 0) < chain.sequence),
    readings: readings.filter(({ id }) => !read.has(id)),
  };
}
