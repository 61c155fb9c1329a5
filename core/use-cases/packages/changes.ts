import { differenceBetween } from '../../domain/event';
import { sameJson } from '../../domain/json';
import type { PackageContent } from '../../domain/package-content';
import type { PackageFacts } from '../../domain/package-facts';
import { type PackageLink, seen } from '../../domain/package-link';
import type { PackageRecord } from '../../domain/package-record';
import type { Principal } from '../../domain/principal';
import { put } from '../../domain/records';
import { MAP_FIELDS, METADATA_FIELDS, metadataOf, type Version, type VersionMetadata } from '../../domain/version';
import type { Ports } from '../../ports';
import type { Decision } from '../call';
import { changeOf, historyOf } from '../change-version';
import { checkRegistration } from '../register-version';
import { type MetadataPatch, patched } from '../versions';
import { callOf, type PackageState, SAGEMAKER } from './read';

/** What one step writes. */
export type Step = NonNullable<Decision<unknown>['change']>;

/** What continuing a history needs of the world. */
type Writing = Pick<Ports, 'clock' | 'newId' | 'sha256'>;

/** A step that also writes what is known of the package, on the condition that it is still what was read. */
export function noting(
  { model, record }: Pick<PackageState, 'model' | 'record'>,
  next: Omit<PackageRecord, 'sequence'>,
  step: Step = { heads: [], writes: [], absent: [] },
): Step {
  const key = { kind: 'package', workspace: model.workspace, modelId: model.id, arn: next.arn } as const;
  const expected = record?.sequence ?? 0;
  return {
    ...step,
    heads: [...step.heads, { key, expected }],
    writes: [...step.writes, put<'package'>(key, { ...next, sequence: expected + 1 })],
  };
}

/** Notes what became of a version's package, and nothing else; nothing where nothing did. */
export function relink(
  ports: Writing,
  event: string,
  state: Pick<PackageState, 'model' | 'head'>,
  version: Version,
  link: PackageLink,
  who: Principal = SAGEMAKER,
): Step | undefined {
  const { modelPackage } = version;
  if (modelPackage && sameJson(link, modelPackage)) return undefined;
  return changeOf(state, historyOf(ports, callOf(state.model, who, event), state), {
    next: { ...version, modelPackage: link },
    event: {
      type: 'version.package_changed',
      ...differenceBetween({ modelPackage }, { modelPackage: link }, ['modelPackage']),
    },
  }).change;
}

/**
 * What was edited in SageMaker since the last look is edited here; what was edited here alone stays. A locked version
 * catches up with the first event after it was unlocked.
 */
export function edit(
  ports: Writing,
  event: string,
  state: PackageState,
  version: Version & { readonly modelPackage: PackageLink },
  facts: PackageFacts,
  { said }: PackageContent,
): Step | undefined {
  const { record, model } = state;
  const link = seen(version.modelPackage, facts);
  if (!record || version.lock || sameJson(metadataOf(said), metadataOf(record.said)))
    return relink(ports, event, state, version, link);
  const before = metadataOf(version);
  const checked = checkRegistration(patched(before, patchBetween(record.said, said)), version.workspace).said;
  const difference = differenceBetween(before, checked, METADATA_FIELDS, MAP_FIELDS);
  const next = { ...record, said };
  if (difference.changed.length === 0) return noting(state, next);
  const bare = Object.fromEntries(
    Object.entries(version).filter(([field]) => !(METADATA_FIELDS as readonly string[]).includes(field)),
  ) as unknown as Version;
  const history = historyOf(ports, callOf(model, SAGEMAKER, event), state);
  const edited = changeOf(state, history, {
    next: { ...bare, ...checked },
    event: { type: 'version.updated', ...difference },
  });
  return noting(state, next, edited.change);
}

/** The patch that leads from what was said to what is said. */
function patchBetween(before: VersionMetadata, after: VersionMetadata): MetadataPatch {
  const plain = METADATA_FIELDS.filter((field) => !(MAP_FIELDS as readonly string[]).includes(field));
  const fields = plain
    .filter((field) => !sameJson(before[field] ?? null, after[field] ?? null))
    .map((field) => [field, after[field] ?? null]);
  const maps = MAP_FIELDS.map((field) => {
    const { changed } = differenceBetween(before[field], after[field], [
      ...new Set([...Object.keys(before[field]), ...Object.keys(after[field])]),
    ]);
    return [field, Object.fromEntries(changed.map((name) => [name, after[field][name] ?? null]))];
  });
  return Object.fromEntries([...fields, ...maps]) as MetadataPatch;
}
