/** What can be wrong with an audit, and what it means. */
export const FAULTS = {
  line_unreadable: 'is not a record in the form in which the registry exports it',
  line_cut: 'has no end: the file was cut',
  record_changed: 'does not have the hash that it carries: it was changed',
  record_foreign: 'is not part of what was to be verified',
  order: 'does not follow the line before it in the order of the audit',
  sequence_missing: 'does not follow the event before it: events are missing',
  sequence_twice: 'has a sequence that an earlier event has: one of them was inserted, or the history was forked',
  link_broken: 'does not carry the hash of the event before it',
  not_as_sealed: 'is not what a digest sealed',
  sealed_missing: 'was sealed by a digest and is not in the export',
  not_sealed: 'is sealed by no digest',
  digest_unreadable: 'is not a digest in the form in which the registry keeps it',
  digest_signature: 'is not signed by a key that is trusted',
  digest_missing: 'does not follow the digest before it: digests are missing',
  digest_link: 'does not carry the hash of the digest before it',
  digest_back: 'says of a history or a reading something else than an earlier digest: it was forked or cut',
  kept_differs: 'is another one than the digest that was kept',
  kept_missing: 'was kept and is not among the digests: they were cut',
} as const;
export type FaultKind = keyof typeof FAULTS;

/** One thing that is wrong, and where. */
export interface Fault {
  readonly kind: FaultKind;
  /** For example `line 17 (event 4 of model 01J…)` or `digest 3`. */
  readonly place: string;
}

/** Collects what is wrong: the first of each kind, and how many there are. */
export class Faults {
  private readonly found = new Map<FaultKind, { readonly first: Fault; count: number }>();

  add(kind: FaultKind, place: string): void {
    const known = this.found.get(kind);
    if (known) known.count += 1;
    else this.found.set(kind, { first: { kind, place }, count: 1 });
  }

  list(): { readonly first: Fault; readonly count: number }[] {
    return [...this.found.values()];
  }
}
