import {
  CreateModelPackageCommand,
  DescribeModelPackageCommand,
  ListModelPackagesCommand,
  type SageMakerClient,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import type { PackageFacts } from '../../core/domain/package-facts';
import { type ModelPackages, type NewPackage, PackageRefusal, type PackageUpdate } from '../../core/ports';
import { factsOf } from './package-facts';

/** Refusals that stay however often it is asked. A conflict is another change at the same moment, and passes. */
const REFUSALS = new Set(['ValidationException', 'ResourceLimitExceeded', 'ResourceNotFound']);
/** Pages of a hundred packages in which one is looked for that was made a moment ago. */
const PAGES = 5;
/** Clocks of SageMaker and of whoever noted the time may differ by so much. */
const SKEW = 5 * 60_000;

/** Model packages through SageMaker's API. */
export class SageMakerPackages implements ModelPackages {
  constructor(private readonly client: SageMakerClient) {}

  async describe(arn: string): Promise<PackageFacts | undefined> {
    try {
      return factsOf(arn, await this.client.send(new DescribeModelPackageCommand({ ModelPackageName: arn })));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async create({ group, token, description, containers, approval, properties }: NewPackage): Promise<string> {
    const { ModelPackageArn } = await refused(
      this.client.send(
        new CreateModelPackageCommand({
          ModelPackageGroupName: group,
          ...(description !== undefined && { ModelPackageDescription: description }),
          InferenceSpecification: {
            Containers: containers.map(({ image, environment, modelDataUrl }) => ({
              Image: image,
              Environment: { ...environment },
              ...(modelDataUrl !== undefined && { ModelDataUrl: modelDataUrl }),
            })),
            SupportedContentTypes: ['application/json'],
            SupportedResponseMIMETypes: ['application/json'],
          },
          ModelApprovalStatus: approval,
          CustomerMetadataProperties: { ...properties },
          // The registry knows the files; SageMaker would look for them with this function's rights.
          SkipModelValidation: 'All',
          ClientToken: token,
        }),
      ),
    );
    return ModelPackageArn as string;
  }

  async update(arn: string, { approval, description, token, properties }: PackageUpdate): Promise<void> {
    await refused(
      this.client.send(
        new UpdateModelPackageCommand({
          ModelPackageArn: arn,
          ModelApprovalStatus: approval,
          ApprovalDescription: description,
          CustomerMetadataProperties: { ...properties },
          ClientToken: token,
        }),
      ),
    );
  }

  async find(group: string, properties: NewPackage['properties'], since: string): Promise<string | undefined> {
    const CreationTimeAfter = new Date(Date.parse(since) - SKEW);
    let NextToken: string | undefined;
    for (let page = 0; page < PAGES; page++) {
      const listed = await this.client.send(
        new ListModelPackagesCommand({
          ModelPackageGroupName: group,
          CreationTimeAfter,
          MaxResults: 100,
          ...(NextToken !== undefined && { NextToken }),
        }),
      );
      for (const { ModelPackageArn = '' } of listed.ModelPackageSummaryList ?? []) {
        const facts = await this.describe(ModelPackageArn);
        if (facts && Object.entries(properties).every(([name, value]) => facts.properties[name] === value)) {
          return ModelPackageArn;
        }
      }
      NextToken = listed.NextToken;
      if (NextToken === undefined) return undefined;
    }
    throw new Error(`too many packages were made in ${group} since ${since} to find one of them`);
  }
}

/** SageMaker has no name of its own for a package that is not there. */
function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !/ResourceNotFound|Validation/.test(error.name)) return false;
  return /cannot find model package|model ?package .*(does not exist|not found)/i.test(error.message);
}

async function refused<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && REFUSALS.has(error.name)) throw new PackageRefusal(`${error.name}: ${error.message}`);
    throw error;
  }
}
