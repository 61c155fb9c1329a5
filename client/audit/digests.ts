import { chainName, type Digest, type SealedHead, type SealedReading } from '../../core/domain/digest';
import type { Faults } from './faults';
import { digestOf } from './form';

/** What verifying takes of the world. */
export interface Cryptography {
  /** Lower-case hex SHA-256 of a text's UTF-8. */
  readonly sha256: (text: string) => string;
  /** Whether one of the trusted keys made the signature (DER in base64) over a text. */
  readonly isSigned: (text: string, signature: string) => boolean;
}

/** A chain of digests that is read one after the other, and what those of them that are signed have sealed. */
export class Digests {
  /** Sealed heads by history and sequence. */
  readonly heads = new Map<string, Map<number, SealedHead>>();
  /** Sealed readings by their id. */
  readonly readings = new Map<string, SealedReading>();
  first: Digest | undefined;
  last: Digest | undefined;
  /** Hash of the newest digest: what to keep. */
  lastHash = '';
  count = 0;
  /** The newest sealed head of each history. */
  readonly highest = new Map<string, SealedHead>();
  private readonly kept = new Map<number, string>();

  constructor(
    private readonly cryptography: Cryptography,
    private readonly faults: Faults,
  ) {}

  /** Takes in a digest that somebody kept: the chain must contain this very one. To be called before `read`. */
  keep(text: string): void {
    const sealed = digestOf(text);
    if (!sealed) {
      this.faults.add('digest_unreadable', 'the digest that was kept');
      return;
    }
    this.kept.set(sealed.digest.sequence, text);
  }

  /** Reads the next digest of the chain. */
  read(text: string): void {
    this.count += 1;
    const sealed = digestOf(text);
    if (!sealed) {
      this.faults.add('digest_unreadable', `digest number ${this.count} of those given`);
      return;
    }
    const { digest, signature, signed } = sealed;
    const place = `digest ${digest.sequence}`;
    this.checkPlace(digest, place);
    const kept = this.kept.get(digest.sequence);
    if (kept !== undefined && kept !== text) this.faults.add('kept_differs', place);
    this.kept.delete(digest.sequence);
    this.first ??= digest;
    this.last = digest;
    this.lastHash = this.cryptography.sha256(text);
    if (!this.cryptography.isSigned(signed, signature)) {
      this.faults.add('digest_signature', place);
      return;
    }
    for (const head of digest.chains) this.takeHead(head, place);
    for (const reading of digest.readings) this.takeReading(reading, place);
  }

  /** Says that there are no more. */
  end(): void {
    for (const sequence of this.kept.keys()) this.faults.add('kept_missing', `digest ${sequence}`);
  }

  private checkPlace(digest: Digest, place: string): void {
    const { last } = this;
    if (!last) {
      if (digest.sequence === 1 && digest.previous !== '') this.faults.add('digest_link', place);
      return;
    }
    if (digest.sequence !== last.sequence + 1) this.faults.add('digest_missing', place);
    else if (digest.previous !== this.lastHash || digest.at < last.at) this.faults.add('digest_link', place);
  }

  private takeHead(head: SealedHead, place: string): void {
    const chain = chainName(head);
    const before = this.highest.get(chain);
    if (
      before &&
      (head.sequence < before.sequence || (head.sequence === before.sequence && head.hash !== before.hash))
    ) {
      this.faults.add('digest_back', `${place}, history ${chain}`);
      return;
    }
    this.highest.set(chain, head);
    const heads = this.heads.get(chain) ?? new Map<number, SealedHead>();
    this.heads.set(chain, heads.set(head.sequence, head));
  }

  private takeReading(reading: SealedReading, place: string): void {
    const before = this.readings.get(reading.id);
    if (before && before.hash !== reading.hash) this.faults.add('digest_back', `${place}, reading ${reading.id}`);
    else this.readings.set(reading.id, reading);
  }
}
