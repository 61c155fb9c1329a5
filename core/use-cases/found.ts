import type { Head, Model } from '../domain/model';
import type { Holder } from '../domain/records';
import type { VersionCopy } from '../domain/search';
import type { Version } from '../domain/version';
import type { Ports } from '../ports';
import { aliasesOf, latestVersions } from './describe-model';

/** A model that a search found, with what MLflow shows of it; nothing where it was deleted meanwhile. */
export async function describeFound(
  ports: Ports,
  workspace: string,
  modelId: string,
): Promise<{ model: Model; head: Head; aliases: Holder[]; latest: Version[] } | undefined> {
  const { store } = ports;
  const [model, head] = await Promise.all([
    store.get<'model'>({ kind: 'model', workspace, modelId }, { consistent: true }),
    store.get<'head'>({ kind: 'head', workspace, modelId }, { consistent: true }),
  ]);
  if (!model || !head || model.state === 'deleted') return undefined;
  const [aliases, latest] = await Promise.all([aliasesOf(ports, model), latestVersions(ports, model)]);
  return { model, head, aliases, latest };
}

/** Fields of a version that a list of it shows. */
const SHOWN = ['aliases', 'description', 'location', 'run', 'source', 'tags'];

/** What lists show of a version. */
export type ListedVersion = VersionCopy & Pick<Version, 'tags' | 'aliases'>;

/** A version that a search found: its copy, or where that leaves out what is shown, the version as it is now. */
export async function versionOfCopy(
  { store }: Ports,
  workspace: string,
  copy: VersionCopy,
): Promise<ListedVersion | undefined> {
  if (!copy.omitted?.some((field) => SHOWN.includes(field))) return { tags: {}, aliases: [], ...copy };
  const { modelId, number } = copy;
  const version = await store.get<'version'>({ kind: 'version', workspace, modelId, number }, { consistent: true });
  return version && !('deleted' in version) ? { ...copy, ...version } : undefined;
}
