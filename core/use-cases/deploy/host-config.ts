import type { ArtifactFile, StoredFile } from '../../domain/artifact';
import type { Deployment } from '../../domain/deployment';
import { canonicalJson } from '../../domain/json';
import { modelDataOf } from '../../domain/model-data';
import type { Key } from '../../domain/records';
import { containersText } from '../../domain/request';
import { MAIN_VARIANT, type SageMakerSpec } from '../../domain/target';
import type { Version } from '../../domain/version';
import { versionsOf } from '../../domain/wish';
import {
  type Archive,
  type HostConfig,
  type HostContainer,
  type HostMonitor,
  HostRefusal,
  type HostVariant,
} from '../../ports';
import { allFiles } from '../files';
import { entryOf, monitorsOf } from './host-monitors';
import type { DeployPorts } from './ports';

/** A deployment as its host is told of it, and the archives that must be there first. */
export interface Made {
  readonly config: HostConfig;
  readonly monitors: readonly HostMonitor[];
  readonly archives: readonly Archive[];
  /** Digest of the containers of the version that it is for. */
  readonly containers: string;
}

/**
 * Describes a deployment for its host. Every name follows from what it names, so whoever does it again names the same.
 * @throws HostRefusal for a version that cannot run there
 */
export async function hostConfig(
  ports: Pick<DeployPorts, 'store' | 'sha256' | 'archives'>,
  deployment: Deployment,
): Promise<Made> {
  const { spec, wish, keeps, generation, workspace, modelId, stage = '' } = deployment;
  if (spec.kind !== 'sagemaker') throw new Error(`deployment ${deployment.id} has no host`);
  const base = baseName(ports, deployment, spec);
  const archives: Archive[] = [];
  let digestOfMain = '';
  const files = new Map<string, readonly ArtifactFile[]>();
  const variants = await Promise.all(
    versionsOf(wish).map(async ({ name, version, digest }, index): Promise<HostVariant> => {
      const record = await versionOf(ports, deployment, version, digest);
      const own = await allFiles(ports, record);
      files.set(name, own);
      if (name === MAIN_VARIANT && keeps !== undefined) {
        digestOfMain = wish.containers ?? '';
        return { name, model: keeps, isKept: true, containers: [], ...shareOf(spec, name) };
      }
      checkServeable(record);
      if (name === MAIN_VARIANT) digestOfMain = ports.sha256(containersText(record));
      const containers = containersOf(ports, record, own, archives);
      return { name, model: `${base}-${index}`, containers, ...shareOf(spec, name) };
    }),
  );
  const tags = {
    'signet:workspace': workspace,
    'signet:model-id': modelId,
    'signet:stage': stage,
    'signet:version': String(wish.version),
    'signet:generation': String(generation),
  };
  const { executionRoleArn, dataCapture } = spec;
  const config = { name: base, executionRoleArn, variants, tags, ...(dataCapture && { dataCapture }) };
  const monitors = monitorsOf(ports, spec, config, files.get(MAIN_VARIANT) ?? [], archives);
  return { config, monitors, archives, containers: digestOfMain };
}

/** Prefix of the endpoint's own name, and a digest of everything that makes the configuration what it is. */
function baseName(
  { sha256 }: Pick<DeployPorts, 'sha256'>,
  { id, wish, generation }: Deployment,
  spec: SageMakerSpec,
): string {
  const hash = sha256(
    canonicalJson({ endpoint: spec.endpoint, id, wish: { ...wish, variants: [...wish.variants] } as never }),
  );
  return `${spec.endpoint.slice(0, 38).replace(/-$/, '')}-${generation}-${hash.slice(0, 12)}`;
}

function shareOf(spec: SageMakerSpec, name: string): Pick<HostVariant, 'capacity' | 'weight' | 'traffic'> {
  const { capacity, weight } = spec;
  if (name === MAIN_VARIANT) return { capacity, weight, traffic: 'weighted' };
  const extra = spec.variants.find((variant) => variant.name === name);
  if (!extra) throw new Error(`the target has no variant ${name}`);
  return { capacity: extra.capacity, weight: extra.weight, traffic: extra.traffic };
}

async function versionOf(
  { store }: Pick<DeployPorts, 'store'>,
  { workspace, modelId }: Deployment,
  number: number,
  digest: string,
): Promise<Version> {
  const key: Key<'version'> = { kind: 'version', workspace, modelId, number };
  const version = await store.get<'version'>(key, { consistent: true });
  if (!version || 'deleted' in version || version.artifacts?.digest !== digest) {
    throw new HostRefusal(`version_gone: version ${number} with these files is not there any more`);
  }
  return version;
}

/** @throws HostRefusal */
function checkServeable({ number, containers }: Version): void {
  if (containers.length > 0) return;
  throw new HostRefusal(`containers_missing: version ${number} names no container that serves it`);
}

/**
 * The containers of a version with their model data where a host finds them.
 * @param archives gets those that must be there first
 * @throws HostRefusal for model data that no host takes
 */
export function containersOf(
  ports: Pick<DeployPorts, 'sha256' | 'archives'>,
  version: Version,
  files: readonly ArtifactFile[],
  archives: Archive[],
): HostContainer[] {
  return version.containers.map((container, index) => {
    const image = container.digest === undefined ? container.image : withDigest(container.image, container.digest);
    const data = modelDataOf(container, index, files);
    if (data.kind === 'impossible') throw new HostRefusal(data.reason);
    const given = { image, environment: container.environment ?? {} };
    if (data.kind === 'none') return given;
    if (data.kind === 'url') return { ...given, modelDataUrl: data.url };
    const archive = archiveOf(ports, data);
    archives.push(archive);
    return { ...given, modelDataUrl: ports.archives.url(archive.key) };
  });
}

/** An image by its digest: what a tag names may have changed. */
function withDigest(image: string, digest: string): string {
  return `${image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')}@${digest}`;
}

function archiveOf(
  { sha256 }: Pick<DeployPorts, 'sha256'>,
  { files, asIs }: { files: readonly (StoredFile & { inside: string })[]; asIs: boolean },
): Archive {
  const entries = files.map(({ inside, ...file }) => entryOf(inside, file));
  const digest = sha256(
    canonicalJson({ asIs, files: files.map(({ inside, size, sha256 }) => ({ inside, size, sha256 })) }),
  );
  return { key: `${digest}/model.tar.gz`, entries, asIs };
}
