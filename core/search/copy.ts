import { utf8Length } from '../domain/json';
import type { Head, Model } from '../domain/model';
import { IS_PROMPT } from '../domain/prompt';
import type { ModelCopy, SearchCopy, VersionCopy } from '../domain/search';
import type { Version } from '../domain/version';
import type { Row } from './row';
import { terse } from './terse';

/** Bytes that a copy may take as it is stored: with its keys it then fits one write unit. */
const ROOM = 740;

/** Fields that a copy can do without, where they are long. */
const VERSION_EXTRAS = [
  'description',
  'run',
  'source',
  'location',
  'aliases',
  'tags',
  'metrics',
  'hyperParameters',
  'metadata',
] as const;
const MODEL_EXTRAS = ['description', 'tags', 'stages', 'aliases'] as const;

/** Leaves out the longest fields of a copy until it fits, and names them. */
function fitting<C extends SearchCopy>(copy: C, extras: readonly (keyof C & string)[]): C {
  let bytes = utf8Length(JSON.stringify(terse(copy)));
  if (bytes <= ROOM) return copy;
  const sizes = extras
    .filter((field) => copy[field] !== undefined)
    .map((field) => ({ field, bytes: utf8Length(JSON.stringify(copy[field])) }))
    .sort((a, b) => b.bytes - a.bytes);
  const kept: Record<string, unknown> = { ...copy };
  const omitted: string[] = [];
  for (const { field, bytes: size } of sizes) {
    if (bytes <= ROOM || size <= 40) break;
    delete kept[field];
    omitted.push(field);
    bytes -= size - (omitted.length === 1 ? 20 : 0);
  }
  return { ...kept, ...(omitted.length > 0 && { omitted: omitted.sort() }) } as unknown as C;
}

/** What postings say of a version. */
export function versionCopy(version: Version, name: string, promptName?: true): VersionCopy {
  return fitting(allOfVersion(version, name, promptName), VERSION_EXTRAS);
}

function allOfVersion(version: Version, name: string, promptName: true | undefined): VersionCopy {
  const { modelId, number, status, stage, aliases, description, run, source, location, artifacts } = version;
  const { semanticVersion, tags, metrics, hyperParameters, metadata } = version;
  const { createdAt, createdBy, updatedAt, updatedBy, editedAt } = version;
  return {
    of: 'version',
    modelId,
    name,
    number,
    status,
    stage,
    approval: { status: version.approval.status },
    aliases,
    ...(description !== undefined && { description }),
    ...(run && { run }),
    ...(source !== undefined && { source }),
    ...(location !== undefined && { location }),
    ...(artifacts && { artifacts }),
    ...(semanticVersion !== undefined && { semanticVersion }),
    tags,
    metrics,
    hyperParameters,
    metadata,
    createdAt,
    createdBy,
    updatedAt,
    updatedBy,
    editedAt,
    ...((promptName || version.tags[IS_PROMPT] === 'true') && { promptName: true }),
  };
}

/** A copy with everything that it leaves out, from the record itself. */
export function wholeVersion({ name, promptName }: VersionCopy, version: Version): VersionCopy {
  return allOfVersion(version, name, promptName);
}

/** What is read of a model besides its own record. */
export interface HeldInModel {
  readonly stages: readonly string[];
  readonly aliases: readonly string[];
}

/** What postings say of a model. */
export function modelCopy(
  model: Model,
  { activityAt, lastVersion }: Pick<Head, 'activityAt' | 'lastVersion'>,
  { stages, aliases }: HeldInModel,
): ModelCopy {
  const { id, name, description, tags, createdAt, createdBy, updatedAt, updatedBy } = model;
  const copy: ModelCopy = {
    of: 'model',
    modelId: id,
    name,
    state: model.state === 'archived' ? 'archived' : 'active',
    ...(description !== undefined && { description }),
    tags,
    stages,
    aliases,
    activityAt,
    lastVersion,
    ...(tags[IS_PROMPT] === 'true' && { promptName: true }),
    createdAt,
    createdBy,
    updatedAt,
    updatedBy,
  };
  return fitting(copy, MODEL_EXTRAS);
}

/** A copy with what it leaves out of the model's own record. */
export function wholeModel(copy: ModelCopy, { description, tags }: Model): ModelCopy {
  const { omitted = [], ...rest } = copy;
  const left = omitted.filter((field) => field !== 'description' && field !== 'tags');
  const said = { ...(description !== undefined && { description }), tags };
  return { ...rest, ...said, ...(left.length > 0 && { omitted: left }) };
}

/** What a search sees of a copy; fields that it leaves out are empty. */
export function rowOf(copy: SearchCopy): Row {
  const { name, tags = {}, aliases = [] } = copy;
  const promptName = copy.promptName === true;
  const common = { name, tags, aliases, promptName, creator: copy.createdBy.id, createdAt: Date.parse(copy.createdAt) };
  if (copy.of === 'model') {
    return { ...common, stages: copy.stages ?? [], metrics: {}, params: {}, updatedAt: Date.parse(copy.activityAt) };
  }
  return {
    ...common,
    versionNumber: copy.number,
    runId: copy.run?.id ?? '',
    source: copy.source ?? '',
    stages: [copy.stage],
    status: copy.status,
    approval: copy.approval.status,
    metrics: copy.metrics ?? {},
    params: copy.hyperParameters ?? {},
    metadata: copy.metadata ?? {},
    updatedAt: Date.parse(copy.editedAt),
  };
}

/** The field of a copy that a condition or an order looks into; nothing where copies always have it. */
export function fieldBehind(entity: string, key: string): string | undefined {
  if (entity !== 'attribute') {
    return { tag: 'tags', metric: 'metrics', param: 'hyperParameters', metadata: 'metadata' }[entity];
  }
  return { alias: 'aliases', run_id: 'run', source_path: 'source', stage: 'stages' }[key];
}
