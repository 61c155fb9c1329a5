import type { JsonObject } from '../template';
import { bakeSeconds, type Endpoint, shareOfUpdate, type Work } from './lifecycle';
import { arnOf, type EndpointConfig, type Model, type Records } from './records';
import { type Variant, variantsOf, weightOf } from './variants';

/** Times as the JSON protocol writes them. */
const seconds = (milliseconds: number): number => milliseconds / 1_000;

/** Output of `DescribeModel`. */
export function modelOutput({ name, createdAt, input }: Model): JsonObject {
  return { ...input, ModelArn: arnOf('model', name), CreationTime: seconds(createdAt) };
}

/** Output of `DescribeEndpointConfig`. */
export function configOutput({ name, createdAt, input }: EndpointConfig): JsonObject {
  return { ...input, EndpointConfigArn: arnOf('endpoint-config', name), CreationTime: seconds(createdAt) };
}

const VARIANT_STATUS: Readonly<Partial<Record<Work['step'], string>>> = {
  launching: 'Creating',
  activating: 'ActivatingTraffic',
  baking: 'Baking',
};

function statusMessage(work: Work, instances: number, share: number): string {
  if (work.step === 'launching') return `Launching ${instances} instance(s).`;
  const capacity = `${share < 1 ? 'canary' : 'full'} capacity of ${Math.max(1, Math.round(instances * share))} instance(s).`;
  if (work.step === 'activating') return `Activating traffic on ${capacity}`;
  return `Baking for ${bakeSeconds(work)} seconds (TerminationWaitInSeconds) with traffic enabled on ${capacity}`;
}

/** A variant's part of a description. @param time writes times: descriptions and events do it differently */
function summary(variant: Variant, work: Work | undefined, share: number, time: (ms: number) => number): JsonObject {
  const { VariantName, InitialInstanceCount, ServerlessConfig, InstanceType } = variant;
  const weight = weightOf(variant);
  const instances = Number(InitialInstanceCount ?? 0);
  const status = work && VARIANT_STATUS[work.step];
  return {
    VariantName,
    ...(InstanceType !== undefined && { InstanceType }),
    ...(ServerlessConfig === undefined
      ? {
          CurrentWeight: weight,
          DesiredWeight: weight,
          CurrentInstanceCount: instances,
          DesiredInstanceCount: instances,
        }
      : { CurrentServerlessConfig: ServerlessConfig, DesiredServerlessConfig: ServerlessConfig }),
    ...(work &&
      status !== undefined && {
        VariantStatus: [
          { Status: status, StatusMessage: statusMessage(work, instances, share), StartTime: time(work.since) },
        ],
      }),
  };
}

function summaries(
  config: EndpointConfig | undefined,
  kind: 'ProductionVariants' | 'ShadowProductionVariants',
  ...rest: [Work | undefined, number, (ms: number) => number]
): JsonObject[] {
  return config ? variantsOf(config, kind).map((variant) => summary(variant, ...rest)) : [];
}

/** What a description and an event tell of the update that is under way. */
function pendingOf(endpoint: Endpoint, records: Records, time: (ms: number) => number): JsonObject {
  const { work } = endpoint;
  if (work?.config === undefined || work.step === 'rolling_back') return {};
  const config = records.get('endpoint-config', work.config);
  const share = shareOfUpdate(endpoint);
  const shadows = summaries(config, 'ShadowProductionVariants', work, share, time);
  return {
    PendingDeploymentSummary: {
      EndpointConfigName: work.config,
      StartTime: time(work.began ?? work.since),
      ProductionVariants: summaries(config, 'ProductionVariants', work, share, time),
      ...(shadows.length > 0 && { ShadowProductionVariants: shadows }),
    },
  };
}

/** Output of `DescribeEndpoint`. */
export function endpointOutput(endpoint: Endpoint, records: Records): JsonObject {
  const { name, config, status, createdAt, modifiedAt, failure, lastDeployment } = endpoint;
  const used = records.get('endpoint-config', config);
  const shadows = summaries(used, 'ShadowProductionVariants', undefined, 1, seconds);
  return {
    EndpointName: name,
    EndpointArn: arnOf('endpoint', name),
    EndpointConfigName: config,
    EndpointStatus: status,
    CreationTime: seconds(createdAt),
    LastModifiedTime: seconds(modifiedAt),
    // An endpoint that is being created, or could not be, has no variants yet.
    ...(status !== 'Creating' &&
      status !== 'Failed' && { ProductionVariants: summaries(used, 'ProductionVariants', undefined, 1, seconds) }),
    ...(shadows.length > 0 && { ShadowProductionVariants: shadows }),
    ...(failure !== undefined && { FailureReason: failure }),
    ...(lastDeployment && { LastDeploymentConfig: lastDeployment }),
    ...pendingOf(endpoint, records, seconds),
  };
}

/** Detail of the events about an endpoint: names of states and times are written differently there. */
export function eventDetail(endpoint: Endpoint, records: Records): JsonObject {
  const { name, config, status, createdAt, modifiedAt, failure } = endpoint;
  const arn = arnOf('endpoint', name);
  const time = (milliseconds: number) => milliseconds;
  return {
    EndpointName: name,
    EndpointArn: arn,
    EndpointConfigName: config,
    ProductionVariants: summaries(records.get('endpoint-config', config), 'ProductionVariants', undefined, 1, time),
    EndpointStatus: status.replace(/(?!^)(?=[A-Z])/g, '_').toUpperCase(),
    ...(failure !== undefined && { FailureReason: failure }),
    CreationTime: createdAt,
    LastModifiedTime: modifiedAt,
    Tags: { ...records.get('tags', arn) },
    ...pendingOf(endpoint, records, time),
  };
}
