import { type Cryptography, Digests } from './digests';
import { type Fault, Faults } from './faults';
import { linesOf } from './lines';
import { Records, type Scope } from './records';

type Text = AsyncIterable<string> | Iterable<string>;

/** What is verified, and against what. */
export interface Evidence {
  /** An export: JSON Lines, in pieces of any size. */
  readonly records: Text;
  /** Digests in their order, one a line. */
  readonly digests: Text;
  /** Digests that somebody kept where nobody else can change them. */
  readonly kept?: readonly string[];
  readonly scope: Scope;
  /** Whether every record must be sealed; otherwise those after the last digest are only counted. */
  readonly mustBeSealed?: boolean;
}

/** What verifying found. */
export interface Report {
  /** Nothing is wrong when there is none: the first fault of each kind, and how many there are of it. */
  readonly faults: readonly { readonly first: Fault; readonly count: number }[];
  readonly events: number;
  readonly readings: number;
  readonly histories: number;
  /** The digests that were read. */
  readonly digests:
    | { readonly first: number; readonly last: number; readonly at: string; readonly hash: string }
    | undefined;
  /** Records after the last digest, which prove themselves by their hashes alone. */
  readonly unsealed: { readonly count: number; readonly first: string | undefined };
  /** What could not be decided, in words. */
  readonly notes: readonly string[];
}

/**
 * Verifies an export of the audit against digests. It needs nothing but what it is given: no registry, no network. The
 * public keys are in `isSigned`; they and a kept digest are what is trusted, the export and the other digests are not.
 */
export async function verifyAudit(evidence: Evidence, cryptography: Cryptography): Promise<Report> {
  const { scope, kept = [] } = evidence;
  const faults = new Faults();
  const digests = new Digests(cryptography, faults);
  for (const text of kept) digests.keep(text);
  for await (const { line, cut } of linesOf(evidence.digests)) {
    if (cut) faults.add('line_cut', 'the last digest');
    digests.read(line);
  }
  digests.end();
  if (digests.count === 0) faults.add('digest_missing', 'the first digest (none was given)');
  const records = new Records(scope, digests, cryptography, faults);
  for await (const { line, cut } of linesOf(evidence.records)) {
    if (cut) faults.add('line_cut', 'the last line');
    records.read(line);
  }
  records.end();
  if (evidence.mustBeSealed && records.firstUnsealed !== undefined) faults.add('not_sealed', records.firstUnsealed);
  const { first, last, lastHash } = digests;
  return {
    faults: faults.list(),
    events: records.events,
    readings: records.readings,
    histories: records.chains.size,
    digests: first && last && { first: first.sequence, last: last.sequence, at: last.at, hash: lastHash },
    unsealed: { count: records.unsealed, first: records.firstUnsealed },
    notes: notesOn(digests, records, scope),
  };
}

function notesOn(digests: Digests, records: Records, scope: Scope): string[] {
  const { first } = digests;
  const others = new Set(
    [...digests.heads.values()].flatMap((heads) => [...heads.values()]).map((head) => head.workspace),
  );
  others.delete(scope.workspace);
  return [
    ...(first && first.sequence > 1
      ? [`Digests before ${first.sequence} were not given: what they alone sealed was not compared.`]
      : []),
    ...(records.uncertain.size > 0
      ? [
          `At the edges of the time window no digest is near enough to tell whether events of ${records.uncertain.size} ` +
            'histories are missing there; a wider window tells.',
        ]
      : []),
    ...(others.size > 0 ? [`Not part of this: workspaces ${[...others].sort().join(', ')}.`] : []),
  ];
}
