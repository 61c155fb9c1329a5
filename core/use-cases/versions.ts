import { differenceBetween } from '../domain/event';
import type { Json } from '../domain/json';
import { checkKey } from '../domain/names';
import { type Holder, type Key, put, type Write } from '../domain/records';
import {
  checkMetadata,
  checkUnlocked,
  MAP_FIELDS,
  METADATA_FIELDS,
  metadataOf,
  type Tombstone,
  type TypedValue,
  type Version,
  type VersionMetadata,
} from '../domain/version';
import type { Page, PageRequest, Ports } from '../ports';
import type { UseCase } from './call';
import { aboutVersion, answerWith, changeOf, historyOf, versionKey } from './change-version';
import { commandOnVersion, type OneVersion } from './command-on-version';
import { modelIdOf, readVersion } from './load';
import type { Loose } from './loose';
import { applyMapPatch, type MapPatch } from './patch';
import { closeStay, holderKey, leaveStage } from './stays';
import { type VersionView, versionView } from './views';

/** Shows a version. */
export const getVersion: UseCase<{ params: OneVersion }, VersionView> =
  (ports) =>
  async ({ params }, call) =>
    answerWith(await readVersion(ports, call, params.model, params.version), params.model);

/** A version in a list: fields that would make a page large are left out and named. */
export type VersionRow = VersionView & { readonly omitted?: readonly string[] };

/** Lists the versions of a model by number; deleted ones are skipped, so a page may hold fewer than asked for. */
export const listVersions: UseCase<{ params: { model: string }; page: PageRequest }, Page<VersionRow>> =
  (ports) =>
  async ({ params, page }, call) => {
    const modelId = await modelIdOf(ports, call, params.model);
    const rows = await ports.store.query<'version'>({ kind: 'version', workspace: call.workspace, modelId }, page);
    const items = rows.items.flatMap((row) => ('deleted' in row ? [] : [versionView(row, params.model)]));
    return { body: { ...rows, items } };
  };

/** A patch of metadata: null removes a field; maps are changed name by name; other fields as a whole. */
export interface MetadataPatch {
  description?: string | null | undefined;
  run?: Loose<VersionMetadata['run']> | null;
  source?: string | null | undefined;
  tags?: MapPatch<string> | undefined;
  metrics?: MapPatch<number> | undefined;
  hyperParameters?: MapPatch<string | number | boolean> | undefined;
  dependencies?: Loose<VersionMetadata['dependencies']> | null;
  containers?: Loose<VersionMetadata['containers']> | null | undefined;
  code?: Loose<VersionMetadata['code']> | null;
  datasets?: Loose<VersionMetadata['datasets']> | null | undefined;
  notebooks?: VersionMetadata['notebooks'] | null | undefined;
  environment?: MapPatch<string> | undefined;
  metadata?: MapPatch<TypedValue> | undefined;
  signature?: Json | undefined;
}

/** The metadata after a patch. */
export function patched(metadata: VersionMetadata, patch: MetadataPatch): VersionMetadata {
  const plain = METADATA_FIELDS.filter((field) => !(MAP_FIELDS as readonly string[]).includes(field));
  const kept = Object.fromEntries(
    plain.flatMap((field) => {
      const value = patch[field] === undefined ? metadata[field] : patch[field];
      return value === undefined || value === null ? [] : [[field, value]];
    }),
  );
  return {
    containers: [],
    datasets: [],
    notebooks: [],
    ...(kept as Partial<VersionMetadata>),
    tags: applyMapPatch(metadata.tags, patch.tags),
    metrics: applyMapPatch(metadata.metrics, patch.metrics),
    hyperParameters: applyMapPatch(metadata.hyperParameters, patch.hyperParameters),
    environment: applyMapPatch(metadata.environment, patch.environment),
    metadata: applyMapPatch(metadata.metadata, patch.metadata),
  };
}

/** Changes what is said of a version. A patch that changes nothing leaves no trace. */
export const updateVersion: UseCase<{ params: OneVersion; body: MetadataPatch }, VersionView> =
  (ports) =>
  ({ params, body }, call) =>
    commandOnVersion(ports, call, params, async (loaded) => {
      const { version, model } = loaded;
      checkUnlocked(version);
      const said = patched(metadataOf(version), body);
      checkMetadata(said, 'body');
      const difference = differenceBetween(metadataOf(version), said, METADATA_FIELDS, MAP_FIELDS);
      if (difference.changed.length === 0) return { answer: answerWith(version, model.name) };
      const bare = Object.fromEntries(
        Object.entries(version).filter(([field]) => !(METADATA_FIELDS as readonly string[]).includes(field)),
      ) as unknown as Version;
      return changeOf(loaded, historyOf(ports, call, loaded), {
        next: { ...bare, ...said },
        event: { type: 'version.updated', ...difference },
      });
    });

/** Sets one tag of a version. */
export const setVersionTag: UseCase<{ params: OneVersion & { key: string }; body: { value: string } }, VersionView> =
  (ports) =>
  async ({ params, body }, call) => {
    const key = checkKey(params.key, 'path.key');
    return updateVersion(ports)({ params, body: { tags: { [key]: body.value } } }, call);
  };

/** Removes one tag of a version; a tag that is not there is removed already. */
export const deleteVersionTag: UseCase<{ params: OneVersion & { key: string } }, VersionView> =
  (ports) =>
  ({ params }, call) =>
    updateVersion(ports)({ params, body: { tags: { [params.key]: null } } }, call);

async function holdersOf(ports: Ports, { workspace, modelId, aliases }: Version): Promise<Map<string, Holder>> {
  const held = await Promise.all(
    aliases.map(async (alias) => {
      const holder = await ports.store.get<'holder'>(holderKey(workspace, modelId, { alias }), { consistent: true });
      return holder ? ([[alias, holder]] as const) : [];
    }),
  );
  return new Map(held.flat());
}

/** Deletes a version: its aliases go with it, its number is never given out again, its files stay for retention. */
export const deleteVersion: UseCase<{ params: OneVersion; query: { reason?: string | undefined } }, void> =
  (ports) =>
  ({ params, query }, call) =>
    commandOnVersion(ports, call, params, async (loaded) => {
      const { version } = loaded;
      checkUnlocked(version);
      const holders = await holdersOf(ports, version);
      const history = historyOf(ports, call, loaded);
      const writes: Write[] = [...holders].flatMap(([alias, holder]) => {
        const left = history.add(
          aboutVersion(version, {
            type: 'alias.deleted',
            changed: ['alias', 'version'],
            previous: { alias, version: version.number },
            current: {},
          }),
        );
        const place = { workspace: version.workspace, modelId: version.modelId };
        return [
          { delete: holderKey(place.workspace, place.modelId, { alias }) },
          closeStay(
            place,
            { alias },
            { ...holder, from: holder.since, entered: holder.revision, exclusive: true },
            history,
            left,
          ),
        ];
      });
      const left = history.add(
        aboutVersion(version, {
          type: 'version.deleted',
          changed: ['status', 'stage'],
          previous: { status: version.status, stage: version.stage },
          current: {},
          ...(query.reason !== undefined && { reason: query.reason }),
        }),
      );
      const { workspace, modelId, number } = version;
      const tombstone: Tombstone = {
        deleted: true,
        workspace,
        modelId,
        number,
        deletedAt: history.at,
        deletedBy: history.actor,
      };
      const key: Key<'version'> = versionKey(version);
      const closed = history.close();
      return {
        answer: { body: undefined },
        change: {
          heads: closed.heads,
          writes: [
            put<'version'>(key, tombstone),
            ...leaveStage(version, loaded.model.stages, history, left),
            ...writes,
            ...closed.writes,
          ],
          absent: [],
        },
      };
    });
