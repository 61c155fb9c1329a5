import {
  CreateModelPackageCommand,
  DescribeModelPackageCommand,
  type IncludedData,
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

/**
 * Model packages through SageMaker's API.
 * @param cards whether model cards are read: one that a key of its owner encrypts takes `kms:Decrypt` on that key
 */
export class SageMakerPackages implements ModelPackages {
  constructor(
    private readonly client: SageMakerClient,
    private readonly cards: 'read' | 'leave',
  ) {}

  async describe(arn: string): Promise<PackageFacts | undefined> {
    try {
      if (this.cards === 'leave') return await this.described(arn, 'MetadataOnly');
      return await this.described(arn, 'AllData').catch((error: unknown) => {
        if (!isDenied(error)) throw error;
        // Without a right on the card's key all but the card can be had; without one on the package this is denied as well.
        return this.described(arn, 'MetadataOnly');
      });
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /**
   * Without the card SageMaker decrypts nothing:
   * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeModelPackage.html
   */
  private async described(arn: string, included: IncludedData): Promise<PackageFacts> {
    const command = new DescribeModelPackageCommand({ ModelPackageName: arn, IncludedData: included });
    const { ModelCard, ...output } = await this.client.send(command);
    if (included === 'AllData') return factsOf(arn, { ...output, ModelCard });
    return { ...factsOf(arn, output), ...(ModelCard && { cardIsHidden: true }) };
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
          // Whoever copies what a package bears makes a later one.
          SortBy: 'CreationTime',
          SortOrder: 'Ascending',
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

/** A right is missing: on the package, or on the key of its card. */
function isDenied(error: unknown): boolean {
  return error instanceof Error && (/AccessDenied/.test(error.name) || /\bkms\b/i.test(error.message));
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
