import type { Head, Model } from '../domain/model';
import type { Key } from '../domain/records';
import type { Version } from '../domain/version';
import type { PageRequest, Ports } from '../ports';
import { namePrefix, onlyName } from '../search/bounds';
import type { Condition } from '../search/condition';
import { SIGNET_MODELS, SIGNET_VERSIONS } from '../search/dialect';
import { comparator, parseOrderBy } from '../search/order-by';
import { parseFilter } from '../search/parse';
import { isPrompt, mlflowMatcher } from '../search/prompts';
import type { Row } from '../search/row';
import type { Call } from './call';
import { aliasesOf } from './describe-model';

/** What a search asks for. */
export interface Search {
  readonly filter: string;
  readonly orderBy: readonly string[];
  readonly limit: number;
  /** How many rows the pages before had. */
  readonly offset: number;
}

/** The rows of a page, and whether there are more behind it. */
export interface Found<T> {
  readonly items: readonly T[];
  readonly more: boolean;
}

/** A model that was found, with the head of its history. */
export interface FoundModel {
  readonly model: Model;
  readonly head: Head;
}

/** A version that was found, with its model. */
export interface FoundVersion {
  readonly model: Model;
  readonly version: Version;
}

/** Reads that run at the same time. */
const AT_ONCE = 16;

async function inTurns<T, U>(items: readonly T[], work: (item: T) => Promise<U>): Promise<U[]> {
  const done: U[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    done.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  }
  return done;
}

/** Every row of a range. Those that leave fields out are read whole. */
async function all<T extends { readonly omitted?: readonly string[] }, U>(
  read: (page: PageRequest) => Promise<{ readonly items: readonly T[]; readonly next?: string }>,
  whole: (row: T) => Promise<U | undefined>,
): Promise<U[]> {
  const rows: T[] = [];
  let after: string | undefined;
  do {
    const page = await read({ limit: 100, order: 'ascending', ...(after !== undefined && { after }) });
    rows.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return (await inTurns(rows, whole)).flatMap((row) => (row === undefined ? [] : [row]));
}

async function everyModelNamed(ports: Ports, call: Call, conditions: readonly Condition[]): Promise<Model[]> {
  const { store } = ports;
  const { workspace } = call;
  const name = onlyName(conditions);
  if (name !== undefined) {
    const found = await store.getOfModel(
      workspace,
      name,
      (modelId): [Key<'model'>] => [{ kind: 'model', workspace, modelId }],
      'relaxed',
    );
    return found?.records.flatMap((model) => (model ? [model as Model] : [])) ?? [];
  }
  return all(
    (page) => store.query<'model'>({ kind: 'model', workspace, namePrefix: namePrefix(conditions) }, page),
    async ({ omitted, ...row }) =>
      omitted ? store.get<'model'>({ kind: 'model', workspace, modelId: row.id }) : (row as Model),
  );
}

/** Models whose names the conditions may let pass, those that the caller may read. */
async function modelsNamed(ports: Ports, call: Call, conditions: readonly Condition[]): Promise<readonly Model[]> {
  return call.access.readable(await everyModelNamed(ports, call, conditions));
}

async function headOf({ store }: Ports, { workspace, id }: Model): Promise<Head> {
  const head = await store.get<'head'>({ kind: 'head', workspace, modelId: id });
  if (!head) throw new Error(`model ${id} has no head`);
  return head;
}

function needs(conditions: readonly Condition[], ...keys: readonly string[]): boolean {
  return conditions.some(({ entity, key }) => entity === 'attribute' && keys.includes(key));
}

/** The stages of a model that have a version. */
async function stagesHeld({ store }: Ports, { workspace, id, stages }: Model): Promise<string[]> {
  const held = await Promise.all(
    stages.stages.map(async ({ name }) => {
      const range = { kind: 'member', workspace, modelId: id, stage: name } as const;
      const { items } = await store.query<'member'>(range, { limit: 1, order: 'descending' });
      return items.length > 0 ? [name] : [];
    }),
  );
  return held.flat();
}

async function modelRow(ports: Ports, found: FoundModel, conditions: readonly Condition[]): Promise<Row> {
  const { model, head } = found;
  const [aliases, stages] = await Promise.all([
    needs(conditions, 'alias') ? aliasesOf(ports, model) : [],
    needs(conditions, 'stage') ? stagesHeld(ports, model) : [],
  ]);
  return {
    name: model.name,
    stages,
    aliases: aliases.map(({ slot }) => slot),
    tags: model.tags,
    metrics: {},
    params: {},
    createdAt: Date.parse(model.createdAt),
    updatedAt: Date.parse(head.activityAt),
  };
}

/**
 * Finds the registered models of a workspace that a filter of MLflow's language lets pass, prompts only when it asks for
 * them. It reads all models whose names the filter may let pass.
 * @throws RegistryError invalid_input with MLflow's text for a filter or an order that is wrong
 */
export async function searchModels(ports: Ports, call: Call, search: Search): Promise<Found<FoundModel>> {
  const conditions = parseFilter(search.filter, SIGNET_MODELS);
  const order = comparator(parseOrderBy(search.orderBy, SIGNET_MODELS));
  const matches = mlflowMatcher(conditions);
  const models = await modelsNamed(ports, call, conditions);
  const rows = await inTurns(models, async (model) => {
    const found = { model, head: await headOf(ports, model) };
    return { found, row: await modelRow(ports, found, conditions) };
  });
  const passing = rows.filter(({ row }) => matches(row)).sort((a, b) => order(a.row, b.row));
  return pageOf(
    passing.map(({ found }) => found),
    search,
  );
}

function versionRow({ model, version }: FoundVersion): Row {
  const { run, source, stage, aliases, status, approval, tags, metrics, hyperParameters } = version;
  const params = Object.entries(hyperParameters).map(([name, value]) => [name, String(value)]);
  return {
    name: model.name,
    versionNumber: version.number,
    runId: run?.id ?? '',
    source: source ?? '',
    stages: [stage],
    aliases,
    status,
    approval: approval.status,
    tags,
    metrics,
    params: Object.fromEntries(params) as Record<string, string>,
    createdAt: Date.parse(version.createdAt),
    updatedAt: Date.parse(version.editedAt),
  };
}

async function versionsOf({ store }: Ports, model: Model): Promise<FoundVersion[]> {
  const place = { workspace: model.workspace, modelId: model.id };
  const versions = await all(
    (page) => store.query<'version'>({ kind: 'version', ...place }, page),
    async ({ omitted, ...row }) =>
      omitted && !('deleted' in row)
        ? store.get<'version'>({ kind: 'version', ...place, number: (row as Version).number })
        : (row as Version),
  );
  return versions.flatMap((version) => ('deleted' in version ? [] : [{ model, version }]));
}

/**
 * Finds the versions of a workspace that a filter of MLflow's language lets pass. A name any of whose versions is a
 * prompt counts as one. It reads all versions of the models whose names the filter may let pass.
 * @throws RegistryError invalid_input with MLflow's text for a filter or an order that is wrong
 */
export async function searchVersions(ports: Ports, call: Call, search: Search): Promise<Found<FoundVersion>> {
  const conditions = parseFilter(search.filter, SIGNET_VERSIONS);
  const order = comparator(parseOrderBy(search.orderBy, SIGNET_VERSIONS));
  const models = await modelsNamed(ports, call, conditions);
  const versions = (await inTurns(models, (model) => versionsOf(ports, model))).flat();
  const rows = versions.map((found) => ({ found, row: versionRow(found) }));
  const prompts = new Set(rows.filter(({ row }) => isPrompt(row)).map(({ row }) => row.name));
  const matches = mlflowMatcher(conditions, ({ name }) => prompts.has(name));
  const passing = rows.filter(({ row }) => matches(row)).sort((a, b) => order(a.row, b.row));
  return pageOf(
    passing.map(({ found }) => found),
    search,
  );
}

function pageOf<T>(items: readonly T[], { offset, limit }: Search): Found<T> {
  return { items: items.slice(offset, offset + limit), more: items.length > offset + limit };
}
