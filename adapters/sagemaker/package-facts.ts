import type {
  DescribeModelPackageOutput,
  ModelPackageContainerDefinition,
  UserContext,
} from '@aws-sdk/client-sagemaker';
import type { PackageContainer, PackageFacts, PackageUser } from '../../core/domain/package-facts';

/** A model package as SageMaker's API describes it, in the registry's words. */
export function factsOf(arn: string, described: DescribeModelPackageOutput): PackageFacts {
  const { MetadataProperties = {}, CreatedBy, LastModifiedBy, LastModifiedTime, ModelLifeCycle } = described;
  return {
    arn,
    status: described.ModelPackageStatus as PackageFacts['status'],
    createdAt: (described.CreationTime ?? new Date(0)).toISOString(),
    containers: (described.InferenceSpecification?.Containers ?? []).map(containerOf),
    reports: reportsOf(described),
    properties: described.CustomerMetadataProperties ?? {},
    sourceAlgorithms: (described.SourceAlgorithmSpecification?.SourceAlgorithms ?? []).map((one) =>
      String(one.AlgorithmName),
    ),
    ...present({
      approval: described.ModelApprovalStatus,
      approvalDescription: described.ApprovalDescription,
      description: described.ModelPackageDescription,
      createdBy: userOf(CreatedBy),
      lastModified: LastModifiedTime?.toISOString(),
      lastModifiedBy: userOf(LastModifiedBy),
      generatedBy: MetadataProperties.GeneratedBy,
      projectId: MetadataProperties.ProjectId,
      repository: MetadataProperties.Repository,
      commit: MetadataProperties.CommitId,
      sourceUri: described.SourceUri,
      domain: described.Domain,
      task: described.Task,
      lifeCycle: ModelLifeCycle && [ModelLifeCycle.Stage, ModelLifeCycle.StageStatus].join(' '),
      card: described.ModelCard?.ModelCardContent,
    }),
  };
}

/** The fields that are there, and say something. */
function present<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return Object.fromEntries(said) as { [K in keyof T]?: NonNullable<T[K]> };
}

function userOf(user: UserContext | undefined): PackageUser | undefined {
  const known = present({ arn: user?.IamIdentity?.Arn, profile: user?.UserProfileArn });
  return known.arn === undefined && known.profile === undefined ? undefined : known;
}

function containerOf(container: ModelPackageContainerDefinition): PackageContainer {
  const { Image, ImageDigest, ContainerHostname, Environment, ModelDataUrl, ModelDataSource } = container;
  const { AdditionalModelDataSources = [], AdditionalS3DataSource } = container;
  const channels = AdditionalModelDataSources.map(({ ChannelName, S3DataSource }) => ({
    name: String(ChannelName),
    uri: S3DataSource?.S3Uri,
  }));
  const data = [...channels, { name: 'data', uri: AdditionalS3DataSource?.S3Uri }];
  return {
    environment: Environment ?? {},
    additionalData: data.flatMap(({ name, uri }) => (uri === undefined ? [] : [{ name, uri }])),
    ...present({
      image: Image,
      digest: ImageDigest,
      hostname: ContainerHostname,
      modelData: ModelDataUrl ?? ModelDataSource?.S3DataSource?.S3Uri,
    }),
  };
}

/** `ModelMetrics` and `DriftCheckBaselines` by their names: `modelQuality.statistics` is a URI. */
function reportsOf({ ModelMetrics, DriftCheckBaselines }: DescribeModelPackageOutput): Record<string, string> {
  return Object.fromEntries([...sourcesIn(ModelMetrics, ''), ...sourcesIn(DriftCheckBaselines, 'baselines.')]);
}

function sourcesIn(value: unknown, name: string): [name: string, uri: string][] {
  if (typeof value !== 'object' || value === null) return [];
  const uri = (value as { S3Uri?: unknown }).S3Uri;
  if (typeof uri === 'string') return [[name.slice(0, -1), uri]];
  return Object.entries(value).flatMap(([key, inner]) =>
    sourcesIn(inner, `${name}${key.charAt(0).toLowerCase()}${key.slice(1)}.`),
  );
}
