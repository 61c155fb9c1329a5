import type { DescribeModelPackageOutput } from '@aws-sdk/client-sagemaker';
import { factsOf } from '../../adapters/sagemaker/package-facts';
import type { ModelPackages, NewPackage, PackageUpdate } from '../../core/ports';
import type { PackageMessage } from '../../core/use-cases';
import { around } from './faults';
import { publishedEvent } from './published';

/** An event of SageMaker as it was published, by the name of its file. */
export function published(name: string): PackageMessage & { readonly detail: { readonly ModelPackageArn: string } } {
  return publishedEvent('model-packages', name) as never;
}

export const REGION = 'arn:aws:sagemaker:us-east-1:123456789012';
export const role = (name: string) => `arn:aws:sts::123456789012:assumed-role/${name}/session`;

type Described = Omit<DescribeModelPackageOutput, '$metadata'>;

/** What an event holds is what SageMaker describes, but for how it writes times. */
function describedBy(detail: PackageMessage['detail']): Described {
  const { CreationTime, LastModifiedTime, UpdatedModelPackageFields: _, ...rest } = detail;
  const time = (value: unknown) => new Date(value as string | number);
  return {
    ...rest,
    CreationTime: time(CreationTime),
    ...(LastModifiedTime !== undefined && { LastModifiedTime: time(LastModifiedTime) }),
  } as Described;
}

/** SageMaker's registry as a state model: what is in it, and the events that it told of each change. */
export class PackagesModel implements ModelPackages {
  readonly packages = new Map<string, Described>();
  readonly events: PackageMessage[] = [];
  /** Calls that changed something. */
  readonly changes: string[] = [];
  /** Packages whose card is encrypted with a key that the registry has no right on. */
  readonly hidden = new Set<string>();
  private held: { readonly reached: () => void; readonly until: Promise<void> } | undefined;
  private readonly tokens = new Map<string, string>();
  private seconds = 0;
  private serial = 0;

  /** Knows a package as a published event describes it. */
  know({ detail }: PackageMessage): void {
    this.packages.set(String(detail['ModelPackageArn']), describedBy(detail));
  }

  /** Somebody registers a package in a group. @returns its ARN */
  make(group: string, by: string, more: Partial<Described> = {}): string {
    const number = [...this.packages.keys()].filter((arn) => arn.includes(`/${group}/`)).length + 1;
    const arn = `${REGION}:model-package/${group}/${number}`;
    this.packages.set(arn, {
      ModelPackageName: group,
      ModelPackageGroupName: group,
      ModelPackageVersion: number,
      ModelPackageArn: arn,
      CreationTime: this.now(),
      CreatedBy: { IamIdentity: { Arn: by } },
      ModelPackageStatus: 'Completed',
      ModelPackageStatusDetails: { ValidationStatuses: [] },
      ModelApprovalStatus: 'PendingManualApproval',
      InferenceSpecification: {
        Containers: [
          {
            Image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/xgboost:1',
            ModelDataUrl: `s3://models/${group}/${number}/model.tar.gz`,
          },
        ],
      },
      ...more,
    });
    this.tell(arn);
    return arn;
  }

  /** Somebody changes a package. @returns the event that tells of it */
  change(arn: string, by: string, change: Partial<Described>): PackageMessage {
    const before = this.packages.get(arn) as Described;
    this.packages.set(arn, {
      ...before,
      ...change,
      LastModifiedTime: this.now(),
      LastModifiedBy: { IamIdentity: { Arn: by } },
    });
    return this.tell(arn, Object.keys(change));
  }

  remove(arn: string): PackageMessage {
    this.packages.set(arn, { ...(this.packages.get(arn) as Described), ModelPackageStatus: 'Deleting' });
    const event = this.tell(arn);
    this.packages.delete(arn);
    return event;
  }

  describe(arn: string) {
    return around('describe', async () => {
      const found = this.packages.get(arn);
      if (!found) return undefined;
      const { ModelCard, ...rest } = found as DescribeModelPackageOutput;
      if (!this.hidden.has(arn)) return factsOf(arn, { ...rest, ModelCard });
      return { ...factsOf(arn, rest), cardIsHidden: true };
    });
  }

  create(wanted: NewPackage) {
    return around('create', async () => {
      const { token, group, containers, approval, properties, description } = wanted;
      const known = this.tokens.get(token);
      if (known !== undefined) return known;
      this.changes.push(`create ${approval}`);
      const arn = this.make(group.slice(group.lastIndexOf('/') + 1), role('Signet'), {
        ModelApprovalStatus: approval,
        CustomerMetadataProperties: { ...properties },
        ...(description !== undefined && { ModelPackageDescription: description }),
        InferenceSpecification: {
          Containers: containers.map(({ image, modelDataUrl }) => ({ Image: image, ModelDataUrl: modelDataUrl })),
        },
      });
      this.tokens.set(token, arn);
      return arn;
    });
  }

  update(arn: string, { approval, description }: PackageUpdate) {
    const held = this.held;
    this.held = undefined;
    return around('update', async () => {
      held?.reached();
      await held?.until;
      this.changes.push(`update ${approval}`);
      this.change(arn, role('Signet'), { ModelApprovalStatus: approval, ApprovalDescription: description });
    });
  }

  find(group: string, properties: NewPackage['properties']) {
    return around('find', async () => {
      const name = group.slice(group.lastIndexOf('/') + 1);
      return [...this.packages].find(
        ([arn, { CustomerMetadataProperties: has = {} }]) =>
          arn.includes(`/${name}/`) && Object.entries(properties).every(([key, value]) => has[key] === value),
      )?.[0];
    });
  }

  /** Lets the next update be under way until it is released. */
  holdUpdate(): { readonly reached: Promise<void>; readonly release: () => void } {
    let [reach, release] = [() => {}, () => {}];
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.held = { reached: reach, until };
    return { reached, release };
  }

  /** Forgets which tokens were used: SageMaker keeps them for some time only. */
  forgetTokens(): void {
    this.tokens.clear();
  }

  private now(): Date {
    this.seconds += 2;
    return new Date(Date.UTC(2026, 0, 1) + this.seconds * 1_000);
  }

  private tell(arn: string, fields?: readonly string[]): PackageMessage {
    const described = this.packages.get(arn) as Described;
    this.serial += 1;
    const event = {
      id: `event-${this.serial}`,
      time: new Date(Date.UTC(2026, 0, 1) + this.seconds * 1_000).toISOString(),
      detail: {
        ...(JSON.parse(JSON.stringify(described)) as object),
        ...(fields && { UpdatedModelPackageFields: fields }),
      },
    };
    this.events.push(event);
    return event;
  }
}
