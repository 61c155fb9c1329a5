import { type AuditRecord, auditPosition, isReading } from '../../core/domain/audit';
import { chainName, type SealedHead } from '../../core/domain/digest';
import type { RegistryEvent } from '../../core/domain/event';
import type { Reading } from '../../core/domain/reading';
import type { Cryptography, Digests } from './digests';
import type { Faults } from './faults';
import { recordOf } from './form';

/** What an export is said to hold: everything of a workspace, or of it one model, or what lies between two times. */
export interface Scope {
  readonly workspace: string;
  readonly modelId?: string | undefined;
  /** ISO 8601, UTC, with milliseconds; the first and the last moment. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The event of a history that was read last; before the first one of a window its hash may not be known. */
interface Position {
  readonly sequence: number;
  readonly hash: string | undefined;
}

/** The records of an export, read line by line and compared with the digests: what it holds is never kept whole. */
export class Records {
  events = 0;
  readings = 0;
  /** Records that came after the last digest, and the first of them. */
  unsealed = 0;
  firstUnsealed: string | undefined;
  readonly chains = new Map<string, Position>();
  /** Histories that may go on between the edge of the window and the nearest event that the export or a digest knows. */
  readonly uncertain = new Set<string>();
  private lines = 0;
  private position = '';
  private readonly seen = new Set<SealedHead>();
  private readonly seenReadings = new Set<string>();

  constructor(
    private readonly scope: Scope,
    private readonly digests: Digests,
    private readonly cryptography: Cryptography,
    private readonly faults: Faults,
  ) {}

  /** Reads the next line. */
  read(line: string): void {
    this.lines += 1;
    const read = recordOf(line);
    if (!read) {
      this.faults.add('line_unreadable', `line ${this.lines}`);
      return;
    }
    const { record, hashed } = read;
    const place = `line ${this.lines} (${nameOf(record)})`;
    if (!this.isInScope(record)) {
      this.faults.add('record_foreign', place);
      return;
    }
    if (this.cryptography.sha256(hashed) !== record.hash) this.faults.add('record_changed', place);
    const position = auditPosition(record);
    if (position <= this.position) this.faults.add('order', place);
    this.position = position;
    if (isReading(record)) this.takeReading(record, place);
    else this.takeEvent(record, place);
  }

  /** Says that there are no more lines. */
  end(): void {
    for (const [chain, heads] of this.digests.heads) {
      for (const head of heads.values()) {
        if (this.isInScope(head) && !this.seen.has(head)) {
          this.faults.add('sealed_missing', `event ${head.sequence} of ${chain}`);
        }
      }
      this.checkEnd(chain, heads);
    }
    for (const reading of this.digests.readings.values()) {
      if (this.isInScope(reading) && !this.seenReadings.has(reading.id)) {
        this.faults.add('sealed_missing', `reading ${reading.id}`);
      }
    }
  }

  private isInScope({ workspace, modelId, at }: Pick<AuditRecord, 'workspace' | 'modelId' | 'at'>): boolean {
    const { scope } = this;
    if (workspace !== scope.workspace) return false;
    if (scope.modelId !== undefined && modelId !== scope.modelId) return false;
    return (scope.from === undefined || at >= scope.from) && (scope.to === undefined || at <= scope.to);
  }

  private takeReading(reading: Reading, place: string): void {
    this.readings += 1;
    const sealed = this.digests.readings.get(reading.id);
    if (!sealed) {
      this.notSealed(place);
      return;
    }
    this.seenReadings.add(reading.id);
    if (sealed.hash !== reading.hash) this.faults.add('not_as_sealed', place);
  }

  private takeEvent(event: RegistryEvent, place: string): void {
    this.events += 1;
    const chain = chainName(event);
    const before = this.chains.get(chain) ?? this.beforeFirst(chain, event);
    const { sequence, hash, previousHash } = event;
    if (sequence <= before.sequence) this.faults.add('sequence_twice', place);
    else if (sequence !== before.sequence + 1) this.faults.add('sequence_missing', place);
    else if (before.hash !== undefined && previousHash !== before.hash) this.faults.add('link_broken', place);
    this.chains.set(chain, { sequence, hash });
    const sealed = this.digests.heads.get(chain)?.get(sequence);
    if (sealed) {
      this.seen.add(sealed);
      if (sealed.hash !== hash) this.faults.add('not_as_sealed', place);
    }
    if (sequence > (this.digests.highest.get(chain)?.sequence ?? 0)) this.notSealed(place);
  }

  /** What must come before the first event of a history that the export holds. */
  private beforeFirst(chain: string, { sequence }: RegistryEvent): Position {
    const { from } = this.scope;
    if (from === undefined || sequence === 1) return { sequence: 0, hash: '' };
    const heads = [...(this.digests.heads.get(chain)?.values() ?? [])];
    const outside = heads.findLast(({ at }) => at < from)?.sequence ?? 0;
    if (outside + 1 < sequence) this.uncertain.add(chain);
    return { sequence: sequence - 1, hash: heads.find((head) => head.sequence === sequence - 1)?.hash };
  }

  /** Whether events of a history are missing at the end of a window cannot be told where the next digest is far. */
  private checkEnd(chain: string, heads: ReadonlyMap<number, SealedHead>): void {
    const { workspace, modelId, from = '', to } = this.scope;
    const all = [...heads.values()];
    const [first] = all;
    if (to === undefined || first?.workspace !== workspace || (modelId !== undefined && first.modelId !== modelId))
      return;
    const outside = all.find(({ at }) => at > to);
    const inside = this.chains.get(chain) ?? all.findLast(({ at }) => at < from) ?? { sequence: 0 };
    if (outside && outside.sequence > inside.sequence + 1) this.uncertain.add(chain);
  }

  private notSealed(place: string): void {
    this.unsealed += 1;
    this.firstUnsealed ??= place;
  }
}

function nameOf(record: AuditRecord): string {
  const of = record.modelId === undefined ? `workspace ${record.workspace}` : `model ${record.modelId}`;
  return isReading(record) ? `reading ${record.id}` : `event ${record.sequence} of ${of}`;
}
