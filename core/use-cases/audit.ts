import type { AuditFilter } from '../domain/audit-filter';
import { matchesAudit } from '../domain/audit-filter';
import { invalid, RegistryError } from '../domain/errors';
import type { RegistryEvent } from '../domain/event';
import type { AuditSummary, Page, PageRequest, Row } from '../ports';
import { DAYS_PER_REQUEST, dayBefore, dayOf } from './audit-days';
import type { UseCase } from './call';
import { checkWorkspace } from './load';
import { pastModel } from './past-model';

/** How often one request asks the table for rows that match: what a filter passes over costs as much as what it shows. */
const PAGES_PER_REQUEST = 10;

interface ListModelEvents {
  params: { model: string };
  query: Pick<AuditFilter, 'actor' | 'type' | 'from' | 'to'> & { readonly version?: number | undefined };
  page: PageRequest;
}

/**
 * Lists the events of a model, or of one version of it; `id:{id}` instead of the name reaches deleted ones. A page is short
 * where a filter passed over many: its cursor goes on.
 */
export const listModelEvents: UseCase<ListModelEvents, Page<Row<'event'>>> =
  (ports) =>
  async ({ params, query, page }, call) => {
    checkTimes(query);
    const { workspace, id: modelId } = await pastModel(ports, call, params.model);
    const { version } = query;
    const items: Row<'event'>[] = [];
    let next = page.after;
    for (let looked = 0; looked < PAGES_PER_REQUEST && items.length < page.limit; looked++) {
      const rows = await ports.store.query<'event'>(
        { kind: 'event', workspace, modelId, ...(version !== undefined && { version }) },
        { ...page, limit: page.limit - items.length, ...(next !== undefined && { after: next }) },
      );
      items.push(...rows.items.filter((row) => matchesAudit(row, query)));
      ({ next } = rows);
      if (next === undefined || isBeyond(rows.items.at(-1)?.at ?? '', query, page.order)) return { body: { items } };
    }
    return { body: { items, ...(next !== undefined && { next }) } };
  };

/** Whether all further events are outside of the times asked for: those of a history are in the order of their times. */
function isBeyond(at: string, { from = '', to }: AuditFilter, order: PageRequest['order']): boolean {
  return order === 'ascending' ? to !== undefined && at > to : at < from;
}

/** @throws RegistryError invalid_input */
export function checkTimes({ from, to }: AuditFilter): void {
  if (from !== undefined && to !== undefined && from > to) throw invalid('query.from', from, `not after ${to}`);
}

/** Shows one event of a model with everything it holds. */
export const getModelEvent: UseCase<{ params: { model: string; sequence: number } }, RegistryEvent> =
  (ports) =>
  async ({ params }, call) => {
    const { workspace, id } = await pastModel(ports, call, params.model);
    const { sequence } = params;
    const event = await ports.store.get<'event'>({ kind: 'event', workspace, modelId: id, sequence });
    if (!event) {
      throw new RegistryError('event_not_found', `The model has no event ${sequence}.`, [
        { field: 'path.sequence', value: sequence, rule: 'written' },
      ]);
    }
    return { body: event, etag: `"${event.id}"` };
  };

/** How far back a request without `from` looks. */
const DEFAULT_SPAN = 7 * 86_400_000;

interface ListWorkspaceEvents {
  query: AuditFilter;
  page: PageRequest;
}

/**
 * Lists what happened in a workspace, newest first, day by day. A page is short where many days were empty, or a filter
 * passed over many: its cursor goes on. Positions are `<day>` or `<day> <position in the day>`.
 */
export const listWorkspaceEvents: UseCase<ListWorkspaceEvents, Page<AuditSummary>> =
  (ports) =>
  async ({ query, page }, call) => {
    const { workspace } = call;
    await checkWorkspace(ports, workspace);
    const to = query.to ?? ports.clock().toISOString();
    const from = query.from ?? new Date(Date.parse(to) - DEFAULT_SPAN).toISOString();
    checkTimes({ from, to });
    const [startDay = dayOf(to), ...rest] = (page.after ?? dayOf(to)).split(' ');
    let day = startDay;
    let after: string | undefined = rest.length > 0 ? rest.join(' ') : undefined;
    const items: AuditSummary[] = [];
    let pages = 0;
    for (let days = 0; day >= dayOf(from); ) {
      const limit = page.limit - items.length;
      const position = after === undefined ? day : `${day} ${after}`;
      if (limit <= 0 || days >= DAYS_PER_REQUEST || pages >= PAGES_PER_REQUEST)
        return { body: { items, next: position } };
      const request: PageRequest = { limit, order: 'descending', ...(after !== undefined && { after }) };
      const rows = await ports.store.auditOfDay(workspace, day, { from, to }, request);
      items.push(...rows.items.filter((row) => matchesAudit(row, query)));
      if (rows.items.length > 0) pages++;
      after = rows.next;
      if (after === undefined) {
        day = dayBefore(day);
        days++;
      }
    }
    return { body: { items } };
  };
