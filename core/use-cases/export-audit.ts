import { type AuditRecord, auditPosition, isReading } from '../domain/audit';
import type { AuditFilter } from '../domain/audit-filter';
import type { DigestHead, SealedDigest } from '../domain/digest';
import { RegistryError } from '../domain/errors';
import { canonicalJson, utf8Length } from '../domain/json';
import type { Page, PageRequest, Ports, Row } from '../ports';
import { checkTimes } from './audit';
import { DAYS_PER_REQUEST, dayAfter, dayOf } from './audit-days';
import type { UseCase } from './call';
import { checkWorkspace } from './load';
import { pastModel } from './past-model';

/** Bytes of an answer's lines. Lambda takes 6 MB of JSON text, in which each quotation mark of the lines counts twice. */
const MOST_BYTES = 2_000_000;
/** Records that are read whole at the same time. */
const READS = 25;
/** Rounds of empty days that one request may look through. */
const ROUNDS = 12;
/** Where the audit of the default workspace may begin, which nobody created: before the first registry. */
const FIRST_DAY = '2025-01-01';

type Times = Pick<AuditFilter, 'from' | 'to'>;

/** Collects lines until the answer is full. The first one always has room. */
class Lines<T> {
  readonly items: T[] = [];
  private bytes = 0;

  constructor(private readonly limit: number) {}

  get isFull(): boolean {
    return this.items.length >= this.limit;
  }

  /** @returns false where the line has to wait for the next page */
  add(item: T): boolean {
    const bytes = utf8Length(canonicalJson(item));
    if (this.isFull || (this.items.length > 0 && this.bytes + bytes > MOST_BYTES)) return false;
    this.items.push(item);
    this.bytes += bytes;
    return true;
  }
}

/** Everything that the audit of a workspace holds, oldest first, whole. Positions are days, and places in a day. */
export const exportAudit: UseCase<{ query: Times; page: PageRequest }, Page<AuditRecord>> =
  (ports) =>
  async ({ query, page }, call) => {
    checkTimes(query);
    const { workspace } = call;
    await checkWorkspace(ports, workspace);
    const from = query.from ?? (await beginning(ports, workspace));
    const to = query.to ?? ports.clock().toISOString();
    let { day, after } = positionOf(page.after) ?? { day: dayOf(from), after: undefined };
    const lines = new Lines<AuditRecord>(page.limit);
    for (let round = 0; day <= dayOf(to); round++) {
      if (round === ROUNDS || lines.isFull) return { body: { items: lines.items, next: placeIn(day, after) } };
      if (after === undefined) {
        const busy = await firstBusyDay(ports, workspace, day, { from, to });
        if (busy === undefined) {
          day = plus(day, DAYS_PER_REQUEST);
          continue;
        }
        day = busy;
      }
      const request: PageRequest = { limit: page.limit, order: 'ascending', ...(after !== undefined && { after }) };
      const rows = await ports.store.placesOfDay(workspace, day, { from, to }, request);
      for (let start = 0; start < rows.items.length; start += READS) {
        const some = rows.items.slice(start, start + READS);
        const records = await Promise.all(some.map(({ read }) => read()));
        for (const [index, record] of records.entries()) {
          if (!lines.add(record)) return { body: { items: lines.items, next: placeIn(day, after) } };
          after = some[index]?.position;
        }
      }
      if (rows.next === undefined) {
        day = dayAfter(day);
        after = undefined;
      }
    }
    return { body: { items: lines.items } };
  };

function positionOf(text: string | undefined): { day: string; after: string | undefined } | undefined {
  if (text === undefined) return undefined;
  const [day = '', ...rest] = text.split(' ');
  return { day, after: rest.length > 0 ? rest.join(' ') : undefined };
}

function placeIn(day: string, after: string | undefined): string {
  return after === undefined ? day : `${day} ${after}`;
}

function plus(day: string, days: number): string {
  return dayOf(new Date(Date.parse(day) + days * 86_400_000).toISOString());
}

async function beginning(ports: Ports, workspace: string): Promise<string> {
  const made = await ports.store.get<'workspace'>({ kind: 'workspace', workspace });
  return made?.createdAt ?? `${FIRST_DAY}T00:00:00.000Z`;
}

/** The first of the next days that has records: they are asked at the same time, since most may be empty. */
async function firstBusyDay(
  ports: Ports,
  workspace: string,
  day: string,
  between: { readonly from: string; readonly to: string },
): Promise<string | undefined> {
  const days = Array.from({ length: DAYS_PER_REQUEST }, (_, index) => plus(day, index)).filter(
    (each) => each <= dayOf(between.to),
  );
  const found = await Promise.all(
    days.map((each) => ports.store.auditOfDay(workspace, each, between, { limit: 1, order: 'ascending' })),
  );
  return days[found.findIndex(({ items }) => items.length > 0)];
}

/** Everything that the audit holds of one model, oldest first, whole. Positions are where events and readings go on. */
export const exportModelAudit: UseCase<
  { params: { model: string }; query: Times; page: PageRequest },
  Page<AuditRecord>
> =
  (ports) =>
  async ({ params, query, page }, call) => {
    checkTimes(query);
    const { workspace, id: modelId } = await pastModel(ports, call, params.model);
    const { from = '', to = '~' } = query;
    let [sequence, reading] = (JSON.parse(page.after ?? 'null') as [number, string] | null) ?? [1, from || '0'];
    const lines = new Lines<AuditRecord>(page.limit);
    const order = { order: 'ascending', limit: page.limit } as const;
    for (let round = 0; round < ROUNDS && !lines.isFull; round++) {
      const [events, readings] = await Promise.all([
        ports.store.query<'event'>({ kind: 'event', workspace, modelId, from: sequence }, order),
        ports.store.query<'reading'>({ kind: 'reading', workspace, modelId, from: reading }, order),
      ]);
      const merged = merge([events, readings]).filter(({ at }) => at <= to);
      for (const row of merged) {
        if (row.at >= from && !lines.add(await whole(ports, row))) {
          return { body: { items: lines.items, next: JSON.stringify([sequence, reading]) } };
        }
        if (isReading(row)) reading = `${row.at}#${row.id}~`;
        else sequence = row.sequence + 1;
      }
      const isOver = [events, readings].every(({ items, next }) => next === undefined || (items.at(-1)?.at ?? '') > to);
      if (isOver) return { body: { items: lines.items } };
    }
    return { body: { items: lines.items, next: JSON.stringify([sequence, reading]) } };
  };

/** Rows of both kinds in their order, as far as it is known: nothing after the end of a page that has a next one. */
function merge(pages: readonly Page<Row<'event'> | Row<'reading'>>[]): (Row<'event'> | Row<'reading'>)[] {
  const ends = pages.flatMap(({ items, next }) =>
    next === undefined ? [] : [auditPosition(items.at(-1) as AuditRecord)],
  );
  const end = ends.sort()[0] ?? '~';
  const all = pages.flatMap(({ items }) => items).map((row) => [auditPosition(row), row] as const);
  return all
    .filter(([position]) => position <= end)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);
}

/** A row with the fields that lists leave out. */
async function whole(ports: Ports, row: Row<'event'> | Row<'reading'>): Promise<AuditRecord> {
  if (isReading(row) || row.omitted === undefined) return row;
  const { workspace, modelId, sequence } = row;
  const place = { workspace, ...(modelId !== undefined && { modelId }), sequence };
  const event = await ports.store.get<'event'>({ kind: 'event', ...place });
  if (!event) throw new Error(`event ${sequence} of ${modelId ?? workspace} is gone`);
  return event;
}

const HEAD = { kind: 'digest' } as const;

/** The digests that seal the audit of the whole registry, from the first, or after one that the caller has. */
export const exportDigests: UseCase<{ query: { after: number }; page: PageRequest }, Page<SealedDigest>> =
  (ports) =>
  async ({ query, page }, call) => {
    await checkWorkspace(ports, call.workspace);
    const last = (await ports.store.get<'digest'>(HEAD, { consistent: true }))?.sequence ?? 0;
    let done = page.after === undefined ? query.after : Number(page.after);
    const lines = new Lines<SealedDigest>(page.limit);
    while (done < last) {
      const count = Math.min(READS, last - done);
      const texts = await Promise.all(
        Array.from({ length: count }, (_, index) => ports.digests.text(done + 1 + index)),
      );
      for (const text of texts) {
        if (text === undefined) throw new Error(`digest ${done + 1} is gone`);
        if (!lines.add(JSON.parse(text) as SealedDigest)) return { body: { items: lines.items, next: String(done) } };
        done += 1;
      }
    }
    return { body: { items: lines.items } };
  };

/** The public key that verifies digests, as it lies beside them. */
export const getAuditKey: UseCase<unknown, string> = (ports) => async (_, call) => {
  await checkWorkspace(ports, call.workspace);
  const head: DigestHead | undefined = await ports.store.get<'digest'>(HEAD);
  const pem = head && (await ports.digests.key(head.keyId));
  if (pem === undefined) {
    throw new RegistryError('digest_not_found', 'There is no digest yet.', [
      { field: 'path', value: '/v1/audit/key', rule: 'a minute after the first change' },
    ]);
  }
  return { body: pem };
};
