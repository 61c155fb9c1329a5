import { invalid, RegistryError } from '../domain/errors';
import type { RegistryEvent } from '../domain/event';
import type { EventSummary, Page, PageRequest, Row } from '../ports';
import type { UseCase } from './call';
import { checkWorkspace } from './load';
import { pastModel } from './past-model';

/** Lists the events of a model; `id:{id}` instead of the name reaches deleted ones. */
export const listModelEvents: UseCase<{ params: { model: string }; page: PageRequest }, Page<Row<'event'>>> =
  (ports) =>
  async ({ params, page }, call) => {
    const { workspace, id } = await pastModel(ports, call, params.model);
    return { body: await ports.store.query<'event'>({ kind: 'event', workspace, modelId: id }, page) };
  };

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

const DAY = 86_400_000;
/** How far back a request without `from` looks. */
const DEFAULT_SPAN = 7 * DAY;
/** Days that one request looks at: an empty one costs half a read unit. */
const DAYS_PER_REQUEST = 31;

interface ListWorkspaceEvents {
  query: { from?: string | undefined; to?: string | undefined };
  page: PageRequest;
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}

function dayBefore(day: string): string {
  return dayOf(new Date(Date.parse(day) - DAY).toISOString());
}

/**
 * Lists what happened in a workspace, newest first, day by day. A page is short where many days were empty: its cursor
 * goes on. Positions are `<day>` or `<day> <position in the day>`.
 */
export const listWorkspaceEvents: UseCase<ListWorkspaceEvents, Page<EventSummary>> =
  (ports) =>
  async ({ query, page }, call) => {
    const { workspace } = call;
    await checkWorkspace(ports, workspace);
    const to = query.to ?? ports.clock().toISOString();
    const from = query.from ?? new Date(Date.parse(to) - DEFAULT_SPAN).toISOString();
    if (from > to) throw invalid('query.from', from, `not after ${to}`);
    const [startDay = dayOf(to), ...rest] = (page.after ?? dayOf(to)).split(' ');
    let day = startDay;
    let after: string | undefined = rest.length > 0 ? rest.join(' ') : undefined;
    const items: EventSummary[] = [];
    for (let looked = 0; day >= dayOf(from); looked++) {
      const limit = page.limit - items.length;
      if (limit <= 0 || looked >= DAYS_PER_REQUEST) return { body: { items, next: day } };
      const request: PageRequest = { limit, order: 'descending', ...(after !== undefined && { after }) };
      const rows = await ports.store.eventsOfDay(workspace, day, { from, to }, request);
      items.push(...rows.items);
      if (rows.next !== undefined) return { body: { items, next: `${day} ${rows.next}` } };
      after = undefined;
      day = dayBefore(day);
    }
    return { body: { items } };
  };
