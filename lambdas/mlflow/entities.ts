import type { Head, Model } from '../../core/domain/model';
import type { Version } from '../../core/domain/version';
import type { VersionView } from '../../core/use-cases';

/** What a version must tell to be shown: a stored one, or one that a command answered. */
export type ShownVersion = Pick<
  Version,
  'createdAt' | 'createdBy' | 'editedAt' | 'stage' | 'description' | 'source' | 'run' | 'status' | 'tags' | 'aliases'
> & { readonly number: number };

function tagList(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** A version that a command answered, in the form in which stored ones are shown. */
export function shown(view: VersionView): ShownVersion {
  return { ...view, number: view.version };
}

/**
 * A version in MLflow's JSON: the version is text, times are integers of milliseconds, unset fields and empty lists are
 * left out, but run id and run link are always there.
 * @param source what to show for a version that has none: where its files are
 */
export function versionJson(version: ShownVersion, model: string, source: string) {
  const { run, description, tags, aliases } = version;
  return {
    name: model,
    version: String(version.number),
    creation_timestamp: Date.parse(version.createdAt),
    last_updated_timestamp: Date.parse(version.editedAt),
    user_id: version.createdBy.name,
    current_stage: version.stage,
    ...(description !== undefined && { description }),
    source: version.source ?? source,
    run_id: run?.id ?? '',
    status: version.status === 'READY' ? 'READY' : 'PENDING_REGISTRATION',
    ...(Object.keys(tags).length > 0 && { tags: tagList(tags) }),
    run_link: run?.url ?? '',
    ...(aliases.length > 0 && { aliases: [...aliases] }),
  };
}

/** A model in MLflow's JSON, with what else was read of it. */
export function modelJson(
  model: Pick<Model, 'name' | 'createdAt' | 'description' | 'tags'>,
  { activityAt }: Pick<Head, 'activityAt'>,
  more: { readonly latest?: readonly object[]; readonly aliases?: readonly { alias: string; version: number }[] } = {},
) {
  const { latest = [], aliases = [] } = more;
  return {
    name: model.name,
    creation_timestamp: Date.parse(model.createdAt),
    last_updated_timestamp: Date.parse(activityAt),
    ...(latest.length > 0 && { latest_versions: latest }),
    ...(model.description && { description: model.description }),
    ...(Object.keys(model.tags).length > 0 && { tags: tagList(model.tags) }),
    ...(aliases.length > 0 && {
      aliases: aliases.map(({ alias, version }) => ({ alias, version: String(version) })),
    }),
  };
}
