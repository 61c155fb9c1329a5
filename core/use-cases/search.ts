import { RegistryError } from '../domain/errors';
import type { SearchCopy } from '../domain/search';
import type { Desk, Ports, PostingSource } from '../ports';
import { onlyName } from '../search/bounds';
import type { Condition } from '../search/condition';
import { SIGNET_MODELS, SIGNET_VERSIONS } from '../search/dialect';
import { matcherOf } from '../search/matches';
import { isOrderable, parseOrderBy } from '../search/order-by';
import { overlaid } from '../search/overlay';
import { parseFilter } from '../search/parse';
import { type Plan, planFor, type Suggestion } from '../search/plan';
import type { Sought } from '../search/postings';
import { printFilter } from '../search/print';
import { mlflowFilter } from '../search/prompts';
import { type Position, positionOf, type Ran, run } from '../search/run';
import type { Call } from './call';
import { pendingChanges } from './pending';

/** What a search asks for. */
export interface Search {
  readonly of: Sought;
  readonly filter: string;
  readonly orderBy: readonly string[];
  readonly limit: number;
  /** The position that the page before ended with. */
  readonly after?: string | undefined;
  /** Sees what was last acknowledged, at twice the cost. */
  readonly strong: boolean;
  /** Leaves prompts out unless the filter asks for them, as MLflow does. */
  readonly likeMlflow: boolean;
}

/** How a search was answered. */
export interface SearchPlan {
  readonly index: string;
  /** Conditions that rows were compared with one by one. */
  readonly residual: string;
  /** Rows came in the order asked for; else they were sorted. */
  readonly inOrder: boolean;
  readonly readUnits: number;
  /** Whether the page is full or the last: it may have ended where it became too dear. */
  readonly complete: boolean;
  /** The index that would serve it in one go. */
  readonly suggestion?: Suggestion;
}

/** The rows of a page. */
export interface Found {
  readonly copies: readonly SearchCopy[];
  readonly plan: SearchPlan;
  /** Where the next page starts; absent on the last one. */
  readonly next?: string;
  /** Where the page would start that follows one of its rows. */
  readonly after: (copy: SearchCopy) => string;
}

/** Read units of one request. */
export const MOST_UNITS = 25;
const BYTES_PER_UNIT = 4_096;

/** Those of what a page of postings holds that the caller may read. */
function readable(base: PostingSource, { access }: Call): PostingSource {
  return {
    whole: (copy) => base.whole(copy),
    async page(range) {
      const page = await base.page(range);
      const models = new Map(page.items.map(({ copy }) => [copy.modelId, { id: copy.modelId, name: copy.name }]));
      const open = new Set((await access.readable([...models.values()])).map(({ id }) => id));
      return { ...page, items: page.items.filter(({ copy }) => open.has(copy.modelId)) };
    },
  };
}

function readPosition(after: string | undefined): Position | undefined {
  return after === undefined ? undefined : (JSON.parse(after) as Position);
}

/** Declared indexes that have everything. */
function complete({ indexes, walks }: Desk): Desk['indexes'] {
  return indexes.filter(({ name }) => !walks.some(({ id }) => id === name));
}

function looksAt(conditions: readonly Condition[], orderBy: readonly { key: string }[], ...keys: string[]): boolean {
  const used = [...conditions.filter(({ entity }) => entity === 'attribute'), ...orderBy];
  return used.some(({ key }) => keys.includes(key));
}

/**
 * Finds versions or models of a workspace that a filter lets pass.
 * @throws RegistryError invalid_input with MLflow's text for a filter or an order that is wrong; search_needs_index where no
 * index has the order and there is too much to sort
 * @throws Contention where a search that must see everything would miss what is not posted yet
 */
export async function searchPostings(ports: Ports, call: Call, search: Search): Promise<Found> {
  const { of, strong, limit } = search;
  const { workspace } = call;
  const dialect = of === 'model' ? SIGNET_MODELS : SIGNET_VERSIONS;
  const parsed = parseFilter(search.filter, dialect);
  const terms = parseOrderBy(search.orderBy, dialect);
  const { conditions, prompts } = search.likeMlflow ? mlflowFilter(parsed) : { conditions: parsed, prompts: true };
  const name = onlyName(conditions);
  const [desk, named] = await Promise.all([
    ports.postings.desk(workspace, { marks: strong, consistent: strong }),
    name === undefined ? undefined : ports.store.get<'name'>({ kind: 'name', workspace, name }, { consistent: strong }),
  ]);
  let units = desk.units + (name === undefined ? 0 : 1);
  const after = (copy: SearchCopy) => JSON.stringify(positionOf(copy, terms));
  if (name !== undefined && !named) {
    const plan = { index: 'name', residual: '', inOrder: true, readUnits: units, complete: true };
    return { copies: [], plan, after };
  }
  const setting = { of, modelId: named?.modelId, indexes: complete(desk), sha256: ports.sha256 };
  const plan = planFor(conditions, terms, setting);
  const asked = {
    activity: looksAt(conditions, terms, 'last_updated_timestamp'),
    held: looksAt(conditions, terms, 'stage', 'alias'),
  };
  const changes = strong ? await pendingChanges(ports, workspace, desk, of, asked) : undefined;
  units += changes?.units ?? 0;
  const base = ports.postings.source(workspace, { consistent: strong });
  // What is pending is shown to those who may read it, as what is posted is.
  const source = readable(changes ? overlaid(base, changes.pending, changes.gone) : base, call);
  const [matches, has] = [matcherOf(conditions), isOrderable(terms)];
  const promptNames = new Set(
    (changes?.pending ?? []).flatMap(({ now }) => (now?.copy.promptName ? [now.copy.name] : [])),
  );
  const ran = await run(
    plan,
    {
      conditions,
      terms,
      limit,
      matches: (row) =>
        has(row) && matches(row) && (prompts || !(row.promptName === true || promptNames.has(row.name))),
      after: readPosition(search.after),
    },
    source,
    { units: MOST_UNITS - units, bytesPerUnit: strong ? BYTES_PER_UNIT : 2 * BYTES_PER_UNIT },
  );
  if ('exceeded' in ran) throw needsIndex(plan, search);
  return {
    copies: ran.copies,
    plan: told(plan, ran, conditions, units),
    ...(ran.next && { next: JSON.stringify(ran.next) }),
    after,
  };
}

function told({ suggestion }: Plan, ran: Ran, conditions: readonly Condition[], before: number): SearchPlan {
  const { scan } = ran.step;
  const residual = conditions.filter((condition) => !scan.serves.includes(condition));
  return {
    index: scan.index,
    residual: printFilter(residual),
    inOrder: ran.step.how === 'stream',
    readUnits: before + ran.units,
    complete: ran.complete,
    ...(suggestion && residual.length > 0 && { suggestion }),
  };
}

function needsIndex({ suggestion }: Plan, { orderBy }: Search): RegistryError {
  const advice = suggestion
    ? `declare an index with equals [${suggestion.equals.join(', ')}] and orderBy ${suggestion.orderBy}, or narrow the filter`
    : 'a narrower filter, or an order that an index has';
  const message = `No index has this order, and more rows pass than can be sorted at once: ${advice}.`;
  return new RegistryError('search_needs_index', message, [{ field: 'query.orderBy', value: orderBy, rule: advice }]);
}

/**
 * Refuses an order or a filter as the native API says it: by the parameter that holds it.
 * @throws RegistryError invalid_input
 */
export async function asParameters<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'invalid_input') throw error;
    const [first] = error.violations;
    if (!first || first.field.includes('.')) throw error;
    const field = first.field === 'order_by' ? 'query.orderBy' : 'query.filter';
    throw new RegistryError('invalid_input', error.message, [{ ...first, field }]);
  }
}
