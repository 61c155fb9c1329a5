import type { Approval } from './approval';
import { type ArtifactSummary, checkUri } from './artifact';
import type { CardSummary } from './card-summary';
import { invalid, RegistryError } from './errors';
import { canonicalJson, characters, type Json, utf8Length } from './json';
import { LIMITS } from './limits';
import { checkKey } from './names';
import type { PackageLink } from './package-link';
import type { Actor } from './principal';
import type { Admitted } from './stages';

/** The training job or experiment run behind a version. */
export interface SourceRun {
  readonly id?: string;
  /** What ran it, for example `sagemaker`, `mlflow`, `github`. */
  readonly system?: string;
  readonly experiment?: string;
  readonly url?: string;
}

/** One container image that serves the version (SageMaker allows up to 15). */
export interface Container {
  readonly image: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Path of the artifact that the container loads. */
  readonly modelData?: string;
}

export interface Dependencies {
  readonly python?: string;
  /** Library name → exact version. */
  readonly libraries: Readonly<Record<string, string>>;
}

export interface CodeReference {
  readonly repository: string;
  readonly commit: string;
  readonly path?: string;
}

export interface DatasetReference {
  readonly name: string;
  readonly uri?: string;
  readonly digest?: string;
  readonly role?: 'training' | 'validation' | 'test' | 'baseline' | 'other';
}

/** A metadata value with its type. */
export type TypedValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'timestamp'; readonly value: string }
  | { readonly type: 'json'; readonly value: Json };

/** Where a version was derived from. */
export interface VersionReference {
  readonly workspace?: string;
  readonly model: string;
  readonly version: number;
}

/** What callers say of a version, and may change while it is not locked. */
export interface VersionMetadata {
  readonly description?: string;
  readonly run?: SourceRun;
  /** Where the files came from, as the caller said it. */
  readonly source?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly hyperParameters: Readonly<Record<string, string | number | boolean>>;
  readonly dependencies?: Dependencies;
  readonly containers: readonly Container[];
  readonly code?: CodeReference;
  readonly datasets: readonly DatasetReference[];
  readonly notebooks: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, TypedValue>>;
  readonly signature?: Json;
}

/** Fields of the metadata, in the order in which documents list them. */
export const METADATA_FIELDS = [
  'description',
  'run',
  'source',
  'tags',
  'metrics',
  'hyperParameters',
  'dependencies',
  'containers',
  'code',
  'datasets',
  'notebooks',
  'environment',
  'metadata',
  'signature',
] as const satisfies readonly (keyof VersionMetadata)[];

/** Metadata fields that map names to values: they are changed name by name. */
export const MAP_FIELDS = ['tags', 'metrics', 'hyperParameters', 'environment', 'metadata'] as const;

/** A version that was copied knows where from, and that its files are kept there. */
export interface CopyOrigin {
  readonly workspace: string;
  readonly model: string;
  readonly modelId: string;
  readonly version: number;
}

/** A version of a registered model. */
export interface Version extends VersionMetadata {
  readonly workspace: string;
  readonly modelId: string;
  readonly number: number;
  /** PENDING until its files are final; only READY versions resolve or promote. */
  readonly status: 'PENDING' | 'READY';
  readonly stage: string;
  /** The open stay in its stage; absent in None, which is no stage to hold. */
  readonly stay?: {
    readonly from: string;
    readonly by: Actor;
    readonly entered: number;
    readonly exclusive: boolean;
    readonly admitted?: Admitted;
  };
  readonly approval: Approval;
  readonly aliases: readonly string[];
  readonly lock?: { readonly reason: string; readonly by: Actor; readonly at: string };
  readonly artifacts?: ArtifactSummary;
  /** Its model card, where it has one. */
  readonly card?: CardSummary;
  readonly semanticVersion?: string;
  readonly parent?: VersionReference;
  readonly copiedFrom?: CopyOrigin;
  /** Where deployers open the files, when the registry does not keep them. */
  readonly location?: string;
  /** The package of SageMaker's registry that it came from or that it was made. */
  readonly modelPackage?: PackageLink;
  /** The version that keeps the files, when it is another: the first of a chain of copies. */
  readonly filesOf?: { readonly workspace: string; readonly modelId: string; readonly version: number };
  readonly createdAt: string;
  readonly createdBy: Actor;
  readonly updatedAt: string;
  readonly updatedBy: Actor;
  /** When its description or stage last changed: what MLflow calls its last update. */
  readonly editedAt: string;
  /** Sequence of the event that last changed it. */
  readonly revision: number;
}

/** What stays of a deleted version: its number is never given out again. */
export interface Tombstone {
  readonly deleted: true;
  readonly workspace: string;
  readonly modelId: string;
  readonly number: number;
  readonly deletedAt: string;
  readonly deletedBy: Actor;
}

function checkCount(entries: number, limit: number, field: string): void {
  if (entries > limit) throw invalid(field, entries, `at most ${limit} entries`);
}

/** Checks tags, the ones of a model as those of a version. */
export function checkTags(tags: Readonly<Record<string, string>>, field: string): void {
  checkCount(Object.keys(tags).length, LIMITS.tags, field);
  for (const [key, value] of Object.entries(tags)) {
    checkKey(key, `${field}.${key}`);
    checkTagValue(value, `${field}.${key}`);
  }
}

/** Checks the value of one tag: at most 100,000 characters, as in MLflow. */
export function checkTagValue(value: string, field: string): void {
  if (value.length > LIMITS.tagValue && characters(value) > LIMITS.tagValue) {
    throw invalid(field, `${value.slice(0, 40)}…`, `at most ${LIMITS.tagValue} characters`);
  }
}

/**
 * Refuses what would not fit: all that callers say of a model or a version takes at most 150,000 bytes as JSON, so that
 * an event can hold it before and after a change.
 * @throws RegistryError limit_exceeded
 */
export function checkEntitySize(said: unknown, field: string): void {
  const bytes = utf8Length(canonicalJson(said));
  if (bytes > LIMITS.entityBytes) {
    throw new RegistryError('limit_exceeded', `The metadata takes ${bytes} bytes; ${LIMITS.entityBytes} are allowed.`, [
      { field, value: bytes, rule: `at most ${LIMITS.entityBytes} bytes as JSON; put long texts into an artifact` },
    ]);
  }
}

/** The metadata of a version or a draft of one, without anything else it carries. */
export function metadataOf(source: VersionMetadata): VersionMetadata {
  const fields = METADATA_FIELDS.filter((field) => source[field] !== undefined).map((field) => [field, source[field]]);
  return Object.fromEntries(fields) as VersionMetadata;
}

/** What the event of a new version tells of its metadata: a list without entries is what there is when nothing was said. */
export function toldOf(metadata: VersionMetadata): Partial<VersionMetadata> {
  return Object.fromEntries(
    Object.entries(metadataOf(metadata)).filter(([, value]) => !(Array.isArray(value) && value.length === 0)),
  );
}

/** Checks what a caller says of a version against every rule that its shape alone does not show. */
export function checkMetadata(metadata: VersionMetadata, field: string): void {
  checkTags(metadata.tags, `${field}.tags`);
  checkCount(Object.keys(metadata.metrics).length, LIMITS.metrics, `${field}.metrics`);
  checkCount(Object.keys(metadata.hyperParameters).length, LIMITS.hyperParameters, `${field}.hyperParameters`);
  checkCount(Object.keys(metadata.environment).length, LIMITS.environment, `${field}.environment`);
  checkCount(Object.keys(metadata.metadata).length, LIMITS.metadata, `${field}.metadata`);
  for (const name of ['metrics', 'hyperParameters', 'metadata'] as const) {
    for (const key of Object.keys(metadata[name])) checkKey(key, `${field}.${name}.${key}`);
  }
  for (const key of Object.keys(metadata.environment)) checkVariable(key, `${field}.environment.${key}`);
  metadata.containers.forEach((container, index) => {
    const at = `${field}.containers.${index}`;
    for (const key of Object.keys(container.environment ?? {})) checkVariable(key, `${at}.environment.${key}`);
  });
  if (metadata.run?.url !== undefined) checkUri(metadata.run.url, `${field}.run.url`);
  metadata.datasets.forEach((dataset, index) => {
    if (dataset.uri !== undefined) checkUri(dataset.uri, `${field}.datasets.${index}.uri`);
  });
  checkEntitySize(metadataOf(metadata), field);
}

function checkVariable(name: string, field: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,255}$/.test(name) || name === '__proto__') {
    throw invalid(field, name, 'the name of an environment variable: letters, digits and _, not starting with a digit');
  }
}

/**
 * Refuses a change of a locked version.
 * @throws RegistryError version_locked
 */
export function checkUnlocked(version: Version, field = 'path.version'): void {
  if (!version.lock) return;
  throw new RegistryError('version_locked', `Version ${version.number} is locked: ${version.lock.reason}`, [
    { field, value: version.number, rule: 'not locked' },
  ]);
}

/**
 * Refuses a use that needs final files.
 * @throws RegistryError version_not_ready
 */
export function checkReady(version: Version, field = 'path.version'): void {
  if (version.status === 'READY') return;
  throw new RegistryError('version_not_ready', `Version ${version.number} is ${version.status}: finalise it first.`, [
    { field, value: version.number, rule: 'READY' },
  ]);
}

/**
 * Refuses a change of files that are final.
 * @throws RegistryError version_not_pending
 */
export function checkPending(version: Version): void {
  if (version.status === 'PENDING') return;
  throw new RegistryError('version_not_pending', `The files of version ${version.number} are final.`, [
    { field: 'path.version', value: version.number, rule: 'PENDING' },
  ]);
}
