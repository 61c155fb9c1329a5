import { RegistryError } from '../domain/errors';
import type { Head, Model } from '../domain/model';
import type { Key, Kind, Records } from '../domain/records';
import type { Tombstone, Version } from '../domain/version';
import { Contention, type Ports } from '../ports';
import type { Call } from './call';

/** The workspace that exists without being created. */
export const DEFAULT_WORKSPACE = 'default';

/** Where in a request something is named, for the refusal that it is not there. */
type Place = 'path' | 'body' | 'query';

/** A model as a command sees it: everything as of one moment. */
export interface Loaded<K extends readonly Kind[] = []> {
  readonly model: Model;
  readonly head: Head;
  readonly also: { [I in keyof K]: Records[K[I]] | undefined };
}

function notFound(
  code: 'model_not_found' | 'version_not_found',
  what: string,
  field: string,
  value: unknown,
): RegistryError {
  return new RegistryError(code, `${what} does not exist.`, [{ field, value, rule: 'exists' }]);
}

/** Refuses a workspace that nobody created. */
export async function checkWorkspace(ports: Ports, workspace: string, place: Place = 'path'): Promise<void> {
  if (workspace === DEFAULT_WORKSPACE) return;
  if (await ports.store.get({ kind: 'workspace', workspace })) return;
  throw new RegistryError('workspace_not_found', `Workspace ${workspace} does not exist.`, [
    { field: `${place}.workspace`, value: workspace, rule: 'exists' },
  ]);
}

/** What to throw for a model that is not there: the workspace may be what is missing. */
export async function missingModel(
  ports: Ports,
  workspace: string,
  name: string,
  place: Place = 'path',
): Promise<RegistryError> {
  await checkWorkspace(ports, workspace, place);
  return notFound('model_not_found', `Model ${name}`, `${place}.model`, name);
}

/**
 * Loads a model for a decision, with further records of it, all as of one moment.
 * @throws RegistryError model_not_found, workspace_not_found
 */
export async function loadModel<const K extends readonly Kind[] = []>(
  ports: Ports,
  call: Call,
  name: string,
  also: (modelId: string) => { [I in keyof K]: Key<K[I]> } = () => [] as never,
  place: Place = 'path',
): Promise<Loaded<K>> {
  const { workspace } = call;
  const found = await ports.store.getOfModel<['head', 'model', ...K]>(
    workspace,
    name,
    (modelId) =>
      [{ kind: 'head', workspace, modelId }, { kind: 'model', workspace, modelId }, ...also(modelId)] as never,
    'snapshot',
  );
  if (!found) throw await missingModel(ports, workspace, name, place);
  const [head, model, ...rest] = found.records as unknown as [Head | undefined, Model | undefined, ...unknown[]];
  if (!model || !head) throw await missingModel(ports, workspace, name, place);
  checkSameModel(call, model);
  return { model, head, also: rest as Loaded<K>['also'] };
}

/** Refuses to act on a model that took the name over since the caller's rights on its former bearer were looked up. */
function checkSameModel({ access }: Call, model: Model): void {
  if (access.modelId === undefined || access.modelId === model.id) return;
  throw new RegistryError('contention', 'The model was renamed meanwhile; nothing was changed.');
}

/**
 * Refuses changes in an archived model.
 * @throws RegistryError model_archived
 */
export function checkActive(model: Model, place: Place = 'path'): void {
  if (model.state === 'active') return;
  throw new RegistryError('model_archived', `Model ${model.name} is archived: restore it before you change it.`, [
    { field: `${place}.model`, value: model.name, rule: 'not archived' },
  ]);
}

/**
 * Takes a version record as the version it must be.
 * @throws RegistryError version_not_found for one that never was or is deleted
 */
export function asVersion(
  record: Version | Tombstone | undefined,
  model: string,
  number: number,
  place: Place = 'path',
): Version {
  if (record && !('deleted' in record)) return record;
  throw notFound('version_not_found', `Version ${number} of model ${model}`, `${place}.version`, number);
}

/**
 * Takes a version that was read after the snapshot that a decision rests on, and that must be in it, as it was then.
 * @throws Contention when it has changed since: what it is now says nothing about the snapshot
 */
export function unchangedSince({ head }: Pick<Loaded, 'head'>, record: Version | Tombstone | undefined): Version {
  if (record && !('deleted' in record) && record.revision <= head.sequence) return record;
  throw new Contention('a version changed while it was read');
}

/**
 * Loads a version of an active model for a decision, with further records of the model.
 * @throws RegistryError model_not_found, version_not_found, model_archived
 */
export async function loadVersion<const K extends readonly Kind[] = []>(
  ports: Ports,
  call: Call,
  name: string,
  number: number,
  also: (modelId: string) => { [I in keyof K]: Key<K[I]> } = () => [] as never,
  place: Place = 'path',
): Promise<Loaded<K> & { readonly version: Version }> {
  const { workspace } = call;
  const loaded = await loadModel<['version', ...K]>(
    ports,
    call,
    name,
    (modelId) => [{ kind: 'version', workspace, modelId, number }, ...also(modelId)] as never,
  );
  const [record, ...rest] = loaded.also as unknown as [Version | Tombstone | undefined, ...unknown[]];
  const version = asVersion(record, name, number, place);
  checkActive(loaded.model);
  return { model: loaded.model, head: loaded.head, version, also: rest as Loaded<K>['also'] };
}

/**
 * Reads a version for an answer; it may be a moment behind.
 * @throws RegistryError model_not_found, version_not_found
 */
export async function readVersion(ports: Ports, call: Call, name: string, number: number): Promise<Version> {
  const { workspace } = call;
  const found = await ports.store.getOfModel(
    workspace,
    name,
    (modelId): [Key<'version'>] => [{ kind: 'version', workspace, modelId, number }],
    'relaxed',
  );
  if (!found) throw await missingModel(ports, workspace, name);
  return asVersion(found.records[0] as Version | Tombstone | undefined, name, number);
}

/**
 * Reads a version and a record of it for an answer, in one step; both may be a moment behind.
 * @throws RegistryError model_not_found, version_not_found
 */
export async function readOfVersion<K extends Kind>(
  ports: Ports,
  call: Call,
  { model, version: number }: { readonly model: string; readonly version: number },
  key: (version: Pick<Version, 'workspace' | 'modelId' | 'number'>) => Key<K>,
): Promise<{ readonly version: Version; readonly record: Records[K] | undefined }> {
  const { workspace } = call;
  const found = await ports.store.getOfModel<['version', K]>(
    workspace,
    model,
    (modelId) => [{ kind: 'version', workspace, modelId, number }, key({ workspace, modelId, number })],
    'relaxed',
  );
  if (!found) throw await missingModel(ports, workspace, model);
  const [version, record] = found.records;
  return { version: asVersion(version, model, number), record };
}

/**
 * The id of the model that has a name now.
 * @throws RegistryError model_not_found, workspace_not_found
 */
export async function modelIdOf(ports: Ports, call: Call, name: string, place: Place = 'path'): Promise<string> {
  const entry = await ports.store.get({ kind: 'name', workspace: call.workspace, name });
  if (!entry) throw await missingModel(ports, call.workspace, name, place);
  return entry.modelId;
}
