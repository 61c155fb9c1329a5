import { RegistryError } from '../domain/errors';
import { LIMITS } from '../domain/limits';
import { checkAlias } from '../domain/names';
import { type Holder, type Key, put, type Write } from '../domain/records';
import { checkReady, checkUnlocked, type Version } from '../domain/version';
import type { Page, PageRequest, Ports } from '../ports';
import type { Call, UseCase } from './call';
import { aboutVersion, historyOf, revised, versionKey } from './change-version';
import { checkIfMatch, holderEtag } from './etag';
import { execute } from './execute';
import { admit, type Policies, policyKeys, unchangedPolicy } from './guarding';
import type { History } from './history';
import { checkActive, type Loaded, loadModel, loadVersion, missingModel, modelIdOf, unchangedSince } from './load';
import { rowsIn } from './rows';
import { closeStay, holderKey, holderOfSlot, openStay } from './stays';
import { saidOf, type Told } from './transition';
import { type HolderView, holderView } from './views';

/** An alias and the version it names. */
export type AliasView = HolderView & { readonly alias: string };

interface OneAlias {
  readonly model: string;
  readonly alias: string;
}

/** The alias that always names the highest READY version; nobody sets it. */
const LATEST = 'latest';

function aliasView(holder: Holder, workspace: string, model: string): AliasView {
  return { alias: holder.slot, ...holderView(holder, workspace, model) };
}

function unknownAlias({ model, alias }: OneAlias): RegistryError {
  return new RegistryError('alias_not_found', `Model ${model} has no alias ${alias}.`, [
    { field: 'path.alias', value: alias, rule: 'set' },
  ]);
}

/** The version that holds an alias, as it was when the decision's snapshot was taken. */
async function holderOf(ports: Ports, loaded: Loaded, holder: Holder): Promise<Version> {
  const { workspace, id: modelId } = loaded.model;
  const key: Key<'version'> = { kind: 'version', workspace, modelId, number: holder.version };
  return unchangedSince(loaded, await ports.store.get(key, { consistent: true }));
}

/** The version that an alias leaves, without the alias, and the writes of its leaving. */
function leaveAlias(version: Version, alias: string, holder: Holder, history: History, revision: number): Write[] {
  const left = revised({ ...version, aliases: version.aliases.filter((name) => name !== alias) }, history, revision);
  const stay = { ...holder, from: holder.since, entered: holder.revision, exclusive: true };
  return [put<'version'>(versionKey(version), left), closeStay(version, { alias }, stay, history, revision)];
}

/** An alias that a version may get now, and what getting it takes. */
export interface Naming {
  name(version: Version, told: Told, history: History): { readonly holder: Holder; readonly writes: Write[] };
}

/**
 * Checks that a version may get an alias that another one has, or none.
 * @param fields where the request names the version and the alias
 * @throws RegistryError version_not_ready, version_locked, limit_exceeded
 */
export async function planNaming(
  ports: Ports,
  loaded: Loaded,
  version: Version,
  alias: string,
  held: Holder | undefined,
  fields: { readonly version: string; readonly alias: string },
): Promise<Naming> {
  const { workspace, id: modelId } = loaded.model;
  checkReady(version, fields.version);
  checkUnlocked(version, fields.version);
  if (version.aliases.length >= LIMITS.aliasesPerVersion) {
    throw new RegistryError('limit_exceeded', `Version ${version.number} has ${version.aliases.length} aliases.`, [
      { field: fields.alias, value: alias, rule: `at most ${LIMITS.aliasesPerVersion} aliases a version` },
    ]);
  }
  const left = held && (await holderOf(ports, loaded, held));
  if (left) checkUnlocked(left, fields.alias);
  return {
    name: (named, told, history) => {
      const revision = history.add(
        aboutVersion(named, {
          type: 'alias.set',
          changed: ['version'],
          previous: held ? { alias, version: held.version } : {},
          current: { alias, version: named.number },
          ...saidOf(told),
        }),
      );
      const { artifacts, number } = named;
      if (!artifacts) throw new Error(`READY version ${number} of ${modelId} has no artifact summary`);
      const holder = holderOfSlot(alias, named, { since: history.at, by: history.actor, artifacts, revision });
      const entered = revised({ ...named, aliases: [...named.aliases, alias].sort() }, history, revision);
      const stay = { version: number, from: history.at, enteredBy: history.actor, entered: revision, exclusive: true };
      return {
        holder,
        writes: [
          put<'holder'>(holderKey(workspace, modelId, { alias }), holder),
          put<'version'>(versionKey(named), entered),
          openStay(named, { alias }, stay),
          ...(held && left ? leaveAlias(left, alias, held, history, revision) : []),
        ],
      };
    },
  };
}

interface SetAlias {
  params: OneAlias;
  body: { version: number; reason?: string | undefined; bypass?: boolean | undefined };
}

/** Sets an alias to a READY version that has what an approval policy asks for, taking it from the version that had it. */
export const setAlias: UseCase<SetAlias, AliasView> =
  (ports) =>
  ({ params, body }, call) => {
    const { workspace } = call;
    const alias = checkAlias(params.alias, 'path.alias');
    return execute(ports, call, async () => {
      const { also, version, ...rest } = await loadVersion<['holder', 'policy', 'policy']>(
        ports,
        call,
        params.model,
        body.version,
        (modelId) => [holderKey(workspace, modelId, { alias }) as Key<'holder'>, ...policyKeys(workspace, modelId)],
        'body',
      );
      const loaded: Loaded = { ...rest, also: [] };
      const { model } = loaded;
      const [held, own, common] = also;
      const policies: Policies = { model: own, workspace: common };
      const answer = (holder: Holder) => ({
        body: aliasView(holder, workspace, model.name),
        etag: holderEtag(holder, model.id),
      });
      checkIfMatch(call.ifMatch, held && holderEtag(held, model.id));
      checkReady(version, 'body.version');
      if (held?.version === version.number) return { answer: answer(held) };
      const fields = { version: 'body.version', alias: 'path.alias' };
      const naming = await planNaming(ports, loaded, version, alias, held, fields);
      const history = historyOf(ports, call, loaded);
      const now = history.at;
      const entrance = { version, target: { alias }, policies, needsApproval: false, now, field: fields.alias };
      const mark = await admit(ports, call, loaded, entrance, body);
      const told = { ...mark, ...(body.reason !== undefined && { reason: body.reason }) };
      const named = naming.name(version, told, history);
      const { heads, writes } = history.close();
      return {
        answer: answer(named.holder),
        change: {
          heads,
          writes: [...named.writes, ...writes],
          absent: [],
          unchanged: unchangedPolicy(workspace, policies),
        },
      };
    });
  };

/** Removes an alias. */
export const deleteAlias: UseCase<{ params: OneAlias }, void> =
  (ports) =>
  ({ params }, call) =>
    execute(ports, call, async () => {
      const { workspace } = call;
      const { alias } = params;
      const loaded = await loadModel<['holder']>(ports, call, params.model, (modelId) => [
        holderKey(workspace, modelId, { alias }) as Key<'holder'>,
      ]);
      const { model, head, also } = loaded;
      checkActive(model);
      const [held] = also;
      if (!held) throw unknownAlias(params);
      checkIfMatch(call.ifMatch, holderEtag(held, model.id));
      const version = await holderOf(ports, loaded as unknown as Loaded, held);
      checkUnlocked(version, 'path.alias');
      const history = historyOf(ports, call, { model, head });
      const revision = history.add(
        aboutVersion(version, {
          type: 'alias.deleted',
          changed: ['version'],
          previous: { alias, version: held.version },
          current: {},
        }),
      );
      const { heads, writes } = history.close();
      return {
        answer: { body: undefined },
        change: {
          heads,
          writes: [
            { delete: holderKey(workspace, model.id, { alias }) },
            ...leaveAlias(version, alias, held, history, revision),
            ...writes,
          ],
          absent: [],
        },
      };
    });

async function latest(ports: Ports, call: Call, params: OneAlias): Promise<AliasView> {
  const { workspace } = call;
  const modelId = await modelIdOf(ports, call, params.model);
  const newestFirst = { limit: 10, order: 'descending' } as const;
  for await (const version of rowsIn<'version'>(ports, { kind: 'version', workspace, modelId }, newestFirst)) {
    if ('deleted' in version || version.status !== 'READY' || !version.artifacts) continue;
    const { updatedAt, createdBy, artifacts, revision } = version;
    const holder = holderOfSlot(LATEST, version, { since: updatedAt, by: createdBy, artifacts, revision });
    return aliasView(holder, workspace, params.model);
  }
  throw unknownAlias(params);
}

/** Resolves an alias: the version, its digest and its size, from one read. `latest` is the highest READY version. */
export const getAlias: UseCase<{ params: OneAlias }, AliasView> =
  (ports) =>
  async ({ params }, call) => {
    const { workspace } = call;
    const { model, alias } = params;
    if (alias.toLowerCase() === LATEST) return { body: await latest(ports, call, params) };
    const found = await ports.store.getOfModel(
      workspace,
      model,
      (modelId): [Key<'holder'>] => [holderKey(workspace, modelId, { alias }) as Key<'holder'>],
      'relaxed',
    );
    if (!found) throw await missingModel(ports, workspace, model);
    const [holder] = found.records as [Holder?];
    if (!holder) throw unknownAlias(params);
    return { body: aliasView(holder, workspace, model), etag: holderEtag(holder, found.modelId) };
  };

/** Lists the aliases of a model by name. */
export const listAliases: UseCase<{ params: { model: string }; page: PageRequest }, Page<AliasView>> =
  (ports) =>
  async ({ params, page }, call) => {
    const { workspace } = call;
    const modelId = await modelIdOf(ports, call, params.model);
    const rows = await ports.store.query<'holder'>({ kind: 'holder', workspace, modelId, of: 'alias' }, page);
    const items = rows.items.map((row) => aliasView(row, workspace, params.model));
    return { body: { ...rows, items } };
  };
