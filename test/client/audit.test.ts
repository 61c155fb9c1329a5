import fc from 'fast-check';
import { cryptographyOf } from '../../client/audit/keys';
import type { Scope } from '../../client/audit/records';
import { type Evidence, verifyAudit } from '../../client/audit/verify';
import type { AuditRecord } from '../../core/domain/audit';
import type { SealedDigest } from '../../core/domain/digest';
import type { RegistryEvent } from '../../core/domain/event';
import { canonicalJson } from '../../core/domain/json';
import { file, makeAudit, makeKey, remembering, sealed, sha256 } from '../support/audit';
import { examples } from '../support/examples';

const key = makeKey();
const stranger = makeKey();
const whole: Scope = { workspace: 'default' };
const audit = makeAudit(key);
const kept = [audit.digests.at(-1) as string];
const cryptography = remembering([key.pem]);

interface Files {
  readonly records: string;
  readonly digests: string;
}
const untouched: Files = { records: file(audit.lines), digests: file(audit.digests) };

function verify({ records, digests }: Files, more: Partial<Evidence> = {}) {
  const evidence = { records: [records], digests: [digests], kept, scope: whole, mustBeSealed: true, ...more };
  return verifyAudit(evidence, cryptography);
}
async function kinds(files: Files, more: Partial<Evidence> = {}): Promise<string[]> {
  return (await verify(files, more)).faults.map(({ first }) => first.kind);
}

test('an untouched audit verifies, in pieces of any size', async () => {
  const report = await verify(untouched);
  expect(report).toMatchObject({ faults: [], notes: [], histories: 3, readings: 4, digests: { first: 1, last: 4 } });
  expect(report.unsealed.count).toBe(0);
  const pieces = untouched.records.match(/.{1,7}/gs) as string[];
  expect(await verifyAudit({ records: pieces, digests: [untouched.digests], scope: whole }, cryptography)).toEqual(
    report,
  );
});

const { lines, digests } = audit;
const eventLines = audit.records.flatMap((record, index) => ('sequence' in record ? [index] : []));

function without<T>(list: readonly T[], index: number): T[] {
  return list.toSpliced(index, 1);
}
function swapped<T>(list: readonly T[], a: number, b: number): T[] {
  return list.with(a, list[b] as T).with(b, list[a] as T);
}
function edit(text: string, at: number, how: number, character: string): string {
  const place = at % text.length;
  if (how === 0) return text.slice(0, place) + text.slice(place + 1);
  if (how === 1) return text.slice(0, place) + character + text.slice(place);
  return text.slice(0, place) + character + text.slice(place + 1);
}
function rehashed<T extends AuditRecord>({ hash: _, ...rest }: T): T {
  return { ...rest, hash: sha256(canonicalJson(rest)) } as T;
}

/** A history written anew from one event on, every hash of it right. */
function forged(index: number, change: (event: RegistryEvent) => RegistryEvent): string[] {
  let link: string | undefined;
  const { modelId } = audit.records[index] as RegistryEvent;
  return audit.records.map((record, at) => {
    if (at < index || !('sequence' in record) || record.modelId !== modelId) return canonicalJson(record);
    const next = rehashed({
      ...(at === index ? change(record) : record),
      ...(link !== undefined && { previousHash: link }),
    });
    link = next.hash;
    return canonicalJson(next);
  });
}

const later = (event: RegistryEvent): RegistryEvent => ({ ...event, actor: { ...event.actor, id: 'mallory' } });
/** One more event after the newest of a history, with every hash right. */
function appended(index: number): string[] {
  const { modelId } = audit.records[index] as RegistryEvent;
  const last = audit.records.findLast((each) => 'sequence' in each && each.modelId === modelId) as RegistryEvent;
  const at = '2027-01-01T00:00:00.000Z';
  const event = { ...last, id: `${last.id}X`, at, sequence: last.sequence + 1, previousHash: last.hash };
  return [...lines, canonicalJson(rehashed(event))];
}
function resealed(index: number, change: (sealed: SealedDigest) => SealedDigest['digest'], by = stranger): string[] {
  return digests.with(index, sealed(change(JSON.parse(digests[index] as string) as SealedDigest), by));
}

const nat = fc.nat({ max: 1_000_000 });
const character = fc.oneof(
  fc.string({ minLength: 1, maxLength: 1 }),
  fc.constantFrom('0', 'a', '"', '\n', ' ', '}', 'é'),
);
const pick = <T>(list: readonly T[], at: number) => list[at % list.length] as T;

/** Every way of changing one thing; each takes three random numbers and a character. */
const TAMPERS: Record<string, (a: number, b: number, how: number, character: string) => Partial<Files>> = {
  'a character of a record': (a, _, how, c) => ({ records: edit(untouched.records, a, how % 3, c) }),
  'a character of a digest': (a, _, how, c) => ({ digests: edit(untouched.digests, a, how % 3, c) }),
  'a record removed': (a) => ({ records: file(without(lines, a % lines.length)) }),
  'a record twice': (a, b) => ({ records: file(lines.toSpliced(b % (lines.length + 1), 0, pick(lines, a))) }),
  'two records exchanged': (a, b) => ({ records: file(swapped(lines, a % lines.length, b % lines.length)) }),
  'a record moved': (a, b) => {
    const left = without(lines, a % lines.length);
    return { records: file(left.toSpliced(b % (left.length + 1), 0, pick(lines, a))) };
  },
  'the end of the records cut off': (a) => ({ records: untouched.records.slice(0, a % untouched.records.length) }),
  'whole records cut off': (a) => ({ records: file(lines.slice(0, a % lines.length)) }),
  'the first records cut off': (a) => ({ records: file(lines.slice(1 + (a % lines.length))) }),
  'a record changed, its hash too': (a) => {
    const index = a % lines.length;
    const record = audit.records[index] as AuditRecord;
    return { records: file(lines.with(index, canonicalJson(rehashed({ ...record, requestId: 'other' })))) };
  },
  'a history written anew': (a) => ({ records: file(forged(pick(eventLines, a), later)) }),
  'an event added at the end': (a) => ({ records: file(appended(pick(eventLines, a))) }),
  'an event put into another history': (a, b) => {
    const index = pick(eventLines, a);
    const modelId = ['01A', '01B', '01C'][b % 3] as string;
    const record = audit.records[index] as RegistryEvent;
    if (record.modelId === modelId) return {};
    return { records: file(lines.with(index, canonicalJson(rehashed({ ...record, modelId })))) };
  },
  'a whole history removed': (a) => {
    const { modelId } = audit.records[pick(eventLines, a)] as RegistryEvent;
    return { records: file(lines.filter((_, index) => audit.records[index]?.modelId !== modelId)) };
  },
  'a digest removed': (a) => ({ digests: file(without(digests, a % digests.length)) }),
  'a digest twice': (a, b) => ({ digests: file(digests.toSpliced(b % (digests.length + 1), 0, pick(digests, a))) }),
  'two digests exchanged': (a, b) => ({ digests: file(swapped(digests, a % digests.length, b % digests.length)) }),
  'digests cut off': (a) => ({ digests: file(digests.slice(0, a % digests.length)) }),
  'a digest signed by somebody else': (a) => ({ digests: file(resealed(a % digests.length, ({ digest }) => digest)) }),
  'a digest changed and signed by somebody else': (a) => ({
    digests: file(resealed(a % digests.length, ({ digest }) => ({ ...digest, chains: digest.chains.slice(1) }))),
  }),
  // Whoever has the key itself: the digests after it, and the one that was kept, tell.
  'a digest changed and signed again': (a) => ({
    digests: file(resealed(a % digests.length, ({ digest }) => ({ ...digest, chains: digest.chains.slice(1) }), key)),
  }),
};
const tamper = fc.tuple(fc.constantFrom(...Object.keys(TAMPERS)), nat, nat, fc.nat({ max: 2 }), character);

test('each single change is found', async () => {
  const tried = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(tamper, async ([what, a, b, how, c]) => {
      const files = { ...untouched, ...TAMPERS[what]?.(a, b, how, c) };
      fc.pre(files.records !== untouched.records || files.digests !== untouched.digests);
      tried.set(what, (tried.get(what) ?? 0) + 1);
      expect(await kinds(files)).not.toEqual([]);
    }),
    { numRuns: examples(10_000) },
  );
  expect([...tried.keys()].sort()).toEqual(Object.keys(TAMPERS).sort());
});

describe('names what is wrong, and where', () => {
  const event = (index: number) => pick(eventLines, index);

  test.each<[string, Partial<Files>, string, RegExp | string]>([
    [
      'a change',
      { records: untouched.records.replace('text 0', 'text X') },
      'record_changed',
      /^line 1 \(event 1 of model 01A\)$/,
    ],
    ['a removal', { records: file(without(lines, event(1))) }, 'sequence_missing', /event 3 of model 01A/],
    ['an insertion', { records: file(lines.toSpliced(1, 0, lines[0] as string)) }, 'sequence_twice', /^line 2/],
    ['another order', { records: file(swapped(lines, 0, 2)) }, 'order', /^line 2/],
    ['a cut', { records: untouched.records.slice(0, -10) }, 'line_cut', 'the last line'],
    ['a fork', { records: file(forged(event(0), later)) }, 'not_as_sealed', /event 2 of model 01A/],
    ['what is no record', { records: `{}\n${untouched.records}` }, 'line_unreadable', 'line 1'],
    ['a signature', { digests: file(resealed(1, ({ digest }) => digest)) }, 'digest_signature', 'digest 2'],
    ['missing digests', { digests: file(without(digests, 1)) }, 'digest_missing', 'digest 3'],
    ['cut digests', { digests: file(digests.slice(0, 2)) }, 'kept_missing', 'digest 4'],
  ])('%s', async (_, change, kind, place) => {
    const { faults } = await verify({ ...untouched, ...change });
    const found = faults.find(({ first }) => first.kind === kind);
    expect(found?.first.place).toMatch(place);
  });
});

test('digests that go back on what they said are a fork, even under the right key', async () => {
  const [first] = (JSON.parse(digests[0] as string) as SealedDigest).digest.chains;
  const next = resealed(3, ({ digest }) => ({ ...digest, chains: [first as NonNullable<typeof first>] }), key);
  expect(await kinds({ ...untouched, digests: file(next) }, { kept: [] })).toContain('digest_back');
});

test('records after the last digest are told apart, and are a fault where everything must be sealed', async () => {
  const shorter = { ...untouched, digests: file(digests.slice(0, -1)) };
  const report = await verify(shorter, { kept: [], mustBeSealed: false });
  expect(report.faults).toEqual([]);
  expect(report.unsealed.count).toBeGreaterThan(0);
  expect(report.unsealed.first).toMatch(/^line /);
  expect(await kinds(shorter, { kept: [] })).toEqual(['not_sealed']);
});

test('without a digest nothing is verified', async () => {
  expect(await kinds({ ...untouched, digests: '' }, { kept: [], mustBeSealed: false })).toEqual(['digest_missing']);
});

test('digests from the middle on verify as far as they go, and say so', async () => {
  const { faults, notes } = await verify({ ...untouched, digests: file(digests.slice(2)) }, { mustBeSealed: false });
  expect([faults, notes]).toEqual([[], [expect.stringContaining('Digests before 3')]]);
});

describe('a part of the audit', () => {
  const scopes: [string, Scope][] = [
    ['one model', { ...whole, modelId: '01B' }],
    ['a time window', { ...whole, from: '2026-03-01T10:01:00.000Z', to: '2026-03-01T10:03:30.000Z' }],
    ['the beginning', { ...whole, to: '2026-03-01T10:02:30.000Z' }],
    ['the end of one model', { ...whole, modelId: '01A', from: '2026-03-01T10:02:00.000Z' }],
    ['what is before everything', { ...whole, to: '2026-01-01T00:00:00.000Z' }],
  ];
  const within = ({ modelId, from = '', to = '9' }: Scope) =>
    audit.records.filter(({ at, ...each }) => at >= from && at <= to && (!modelId || each.modelId === modelId));

  test.each(scopes)('verifies: %s', async (_, scope) => {
    const part = within(scope);
    const { faults, notes, events, readings } = await verify(
      { ...untouched, records: file(part.map(canonicalJson)) },
      { scope },
    );
    expect([faults, events + readings]).toEqual([[], part.length]);
    expect(notes.filter((note) => !note.startsWith('At the edges'))).toEqual([]);
  });

  test.each(scopes.slice(0, 4))('misses what is removed from it: %s', async (_, scope) => {
    const part = within(scope).map(canonicalJson);
    for (const index of part.keys()) {
      const { faults, notes } = await verify({ ...untouched, records: file(without(part, index)) }, { scope });
      // An event whose neighbours outside no digest names may have been before the window for all that is known.
      expect([...faults, ...notes]).not.toEqual([]);
    }
  });

  test('is not taken for the whole', async () => {
    expect(await kinds({ ...untouched, records: file(within(scopes[0]?.[1] as Scope).map(canonicalJson)) })).toContain(
      'sealed_missing',
    );
    expect(await kinds(untouched, { scope: { ...whole, modelId: '01B' } })).toContain('record_foreign');
    expect(await kinds(untouched, { scope: { workspace: 'other' } })).toContain('record_foreign');
  });
});

test('only keys on P-256 are taken', () => {
  expect(() => cryptographyOf(['no key'])).toThrow();
  expect(cryptographyOf([key.pem]).isSigned('a', key.sign('a'))).toBe(true);
  expect(cryptographyOf([stranger.pem, key.pem]).isSigned('a', key.sign('a'))).toBe(true);
  expect(cryptographyOf([stranger.pem]).isSigned('a', key.sign('a'))).toBe(false);
});
