import type { ArtifactFile, StoredFile } from '../../domain/artifact';
import { canonicalJson } from '../../domain/json';
import type { MonitorKind } from '../../domain/monitoring';
import type { SageMakerSpec } from '../../domain/target';
import type { Archive, ArchiveEntry, HostConfig, HostMonitor } from '../../ports';
import type { DeployPorts } from './ports';

const SUFFIX: Readonly<Record<MonitorKind, string>> = { data_quality: 'dq', model_quality: 'mq' };

/**
 * Describes the monitors of a deployment: those that its target asks for and whose baseline the version carries. Baselines
 * are copied beside the packed model data, the very versions of their files that were finalised.
 */
export function monitorsOf(
  ports: Pick<DeployPorts, 'sha256' | 'archives'>,
  { endpoint, monitoring }: SageMakerSpec,
  config: HostConfig,
  files: readonly ArtifactFile[],
  archives: Archive[],
): HostMonitor[] {
  if (!monitoring) return [];
  const { dataQuality, modelQuality, outputS3Uri, onViolation: _, ...how } = monitoring;
  const urlOf = (path: string): string | undefined => {
    const file = files.find((each) => each.path === path);
    return file && placeOf(ports, file, archives);
  };
  const monitor = (kind: MonitorKind, baseline: string | undefined, needsStatistics: boolean): HostMonitor[] => {
    if (baseline === undefined) return [];
    const constraintsUrl = urlOf(`${baseline}/constraints.json`);
    const statisticsUrl = needsStatistics ? urlOf(`${baseline}/statistics.json`) : undefined;
    if (constraintsUrl === undefined || (needsStatistics && statisticsUrl === undefined)) return [];
    const name = `${config.name}-${SUFFIX[kind]}`;
    const { executionRoleArn, tags } = config;
    const outputUrl = `${outputS3Uri.replace(/\/+$/, '')}/${name}`;
    const base = { kind, name, endpoint, executionRoleArn, how, outputUrl, constraintsUrl, tags };
    return [{ ...base, ...(statisticsUrl !== undefined && { statisticsUrl }) }];
  };
  return [
    ...monitor('data_quality', dataQuality?.baseline, true),
    ...monitor('model_quality', modelQuality?.baseline, false).map((each) => ({
      ...each,
      ...(modelQuality && { quality: modelQuality }),
    })),
  ];
}

/** Where the host finds one file of a version. */
function placeOf(
  { sha256, archives: kept }: Pick<DeployPorts, 'sha256' | 'archives'>,
  file: ArtifactFile,
  archives: Archive[],
): string | undefined {
  if (file.kind === 'reference') return file.uri.startsWith('s3://') ? file.uri : undefined;
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const key = `${sha256(canonicalJson({ file: file.sha256, size: file.size }))}/${name}`;
  archives.push({ key, entries: [entryOf(name, file)], asIs: true });
  return kept.url(key);
}

/** A stored file as an archive takes it: the version of its object that was finalised. */
export function entryOf(path: string, { objectKey, objectVersion, size }: StoredFile): ArchiveEntry {
  if (objectVersion === undefined) throw new Error(`${objectKey} of a READY version was never finalised`);
  return { path, objectKey, objectVersion, size };
}
