import { invalid } from './errors';
import { checkMonitoring, checkS3Uri, type Monitor, type Monitoring } from './monitoring';
import type { Actor } from './principal';

/** What runs a variant: instances of its own, or capacity that comes with the requests. */
export interface Capacity {
  readonly instanceType?: string;
  readonly instanceCount?: number;
  readonly serverless?: { readonly memoryMb: number; readonly maxConcurrency: number };
}

export const UPDATE_STRATEGIES = ['all_at_once', 'canary', 'linear'] as const;

/** How an endpoint's traffic goes over to another version. */
export interface UpdatePolicy {
  readonly strategy: (typeof UPDATE_STRATEGIES)[number];
  /** Per cent of the capacity that the canary has, or that each linear step moves. */
  readonly stepPercent?: number;
  /** Seconds between steps, and after the last one, in which alarms may still call the traffic back. */
  readonly bakeSeconds: number;
  /** Names of CloudWatch alarms that roll back. */
  readonly alarms: readonly string[];
}

export const TRAFFIC = ['shadow', 'weighted'] as const;

/** A variant besides the stage's own, which takes its version from another stage. */
export interface ExtraVariant {
  readonly name: string;
  readonly stage: string;
  /** `shadow` gets copies of requests and answers nobody; otherwise it takes its weight's share of the traffic. */
  readonly traffic: (typeof TRAFFIC)[number];
  readonly weight: number;
  readonly capacity: Capacity;
}

/** What of a version's requests and answers is kept, for monitoring. */
export interface DataCapture {
  readonly s3Uri: string;
  readonly percent: number;
}

/** Who deploys: the registry to SageMaker, or somebody else. */
export const TARGET_KINDS = ['sagemaker', 'external'] as const;

/** A SageMaker real-time endpoint that the registry keeps. */
export interface SageMakerSpec {
  readonly kind: 'sagemaker';
  readonly endpoint: string;
  readonly executionRoleArn: string;
  readonly capacity: Capacity;
  readonly weight: number;
  readonly update: UpdatePolicy;
  readonly dataCapture?: DataCapture;
  readonly monitoring?: Monitoring;
  readonly variants: readonly ExtraVariant[];
}

/** A place that somebody else deploys to: told by events, it reports back. */
export interface ExternalSpec {
  readonly kind: 'external';
  /** What runs there, for example `kubernetes`, `edge`, `argo-cd`. */
  readonly system: string;
  readonly url?: string;
}

export type TargetSpec = SageMakerSpec | ExternalSpec;

/** A version whose deployment came to nothing: it is not tried again until something is different. */
export interface FailedTry {
  /** The extra variant that it was to run; absent of the stage's own version. */
  readonly variant?: string;
  readonly version: number;
  readonly digest: string;
  /** Revision of the target at that time. */
  readonly revision: number;
  /** Sequence of the event that told so: who enters the stage later is tried again. */
  readonly sequence: number;
}

/** A version that the gate objects to, and why: each objection by its name and in words. */
export interface Objected {
  readonly version: number;
  readonly objections: readonly string[];
}

/** Names at the host that nothing uses any more. */
export interface Litter {
  /** Absent where it was never made. */
  readonly config?: string;
  readonly models: readonly string[];
}

export const WHEN_LOCKED = ['replace', 'keep'] as const;
export const WHEN_EXPIRED = ['keep', 'replace'] as const;
export const WHEN_NOTHING_QUALIFIES = ['keep', 'delete'] as const;

/** What callers say of a target. */
export interface TargetSaid {
  readonly spec: TargetSpec;
  /** Only approved versions are deployed; also where the stage itself would take others. */
  readonly requiresApproval: boolean;
  /** What happens when the version that is deployed is locked. */
  readonly whenLocked: (typeof WHEN_LOCKED)[number];
  /** What happens when the approval of the version that is deployed has expired. */
  readonly whenExpired: (typeof WHEN_EXPIRED)[number];
  /** What happens when no version may be deployed: what serves goes on, or the endpoint is deleted. */
  readonly whenNothingQualifies: (typeof WHEN_NOTHING_QUALIFIES)[number];
}

/** What to do when a version enters a stage, and how far that is. */
export interface Target extends TargetSaid {
  readonly workspace: string;
  readonly modelId: string;
  readonly stage: string;
  readonly createdAt: string;
  readonly createdBy: Actor;
  readonly updatedAt: string;
  readonly updatedBy: Actor;
  /** Sequence of the event that last changed what callers say. */
  readonly revision: number;
  /** Number of deployments that were requested here. */
  readonly generation: number;
  /** The newest deployment, and the one whose version serves. */
  readonly current?: string;
  readonly serving?: string;
  /** Versions that were in service here and not rolled back, the latest first; at most ten. */
  readonly served: readonly number[];
  readonly failed: readonly FailedTry[];
  /** The newest version in the stage that the gate keeps out, and why. */
  readonly refused?: Objected;
  /** The version that serves would not be deployed any more, and goes on. */
  readonly tolerated?: Objected;
  /** Monitors at the host; absent where there never was one. */
  readonly monitors?: readonly Monitor[];
  /** It is to be deleted, once nothing runs there any more. */
  readonly removing?: true;
  readonly litter: readonly Litter[];
}

/** How many versions and failures a target remembers. */
export const REMEMBERED = 10;

/** A list with a new first element, each once, as long as a target remembers. */
export function remember<T>(list: readonly T[], first: T, same: (a: T, b: T) => boolean): readonly T[] {
  return [first, ...list.filter((other) => !same(other, first))].slice(0, REMEMBERED);
}

/** Longest name that SageMaker takes for an endpoint, a configuration and a model. */
const LONGEST_NAME = 63;

/**
 * The name of an endpoint: the prefix that the registry may use, and what the caller says.
 * @throws RegistryError invalid_input
 */
export function endpointName(prefix: string, name: string, field: string): string {
  const most = LONGEST_NAME - prefix.length;
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || name.length > most) {
    throw invalid(field, name, `1 to ${most} of a-z, 0-9 and single inner '-'`);
  }
  return prefix + name;
}

/**
 * Checks what the shape of a SageMaker target alone does not show.
 * @throws RegistryError invalid_input
 */
export function checkSageMaker(spec: SageMakerSpec, stage: string, roles: readonly string[], field: string): void {
  if (!roles.includes(spec.executionRoleArn)) {
    const rule = roles.length > 0 ? `one of the roles of the settings: ${roles.join(', ')}` : 'settings name no role';
    throw invalid(`${field}.executionRoleArn`, spec.executionRoleArn, rule);
  }
  checkCapacity(spec.capacity, `${field}.capacity`);
  if (spec.dataCapture) checkS3Uri(spec.dataCapture.s3Uri, `${field}.dataCapture.s3Uri`);
  if (spec.monitoring) checkMonitoring(spec.monitoring, spec.dataCapture !== undefined, `${field}.monitoring`);
  const { strategy, stepPercent } = spec.update;
  if ((strategy === 'all_at_once') !== (stepPercent === undefined)) {
    throw invalid(`${field}.update.stepPercent`, stepPercent ?? null, 'given for canary and linear, and only for them');
  }
  const names = [MAIN_VARIANT, ...spec.variants.map(({ name }) => name)];
  spec.variants.forEach((variant, index) => {
    const at = `${field}.variants.${index}`;
    checkCapacity(variant.capacity, `${at}.capacity`);
    if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/.test(variant.name)) {
      throw invalid(`${at}.name`, variant.name, "letters, digits and inner '-'");
    }
    if (names.indexOf(variant.name) !== index + 1) throw invalid(`${at}.name`, variant.name, 'each name once');
    if (variant.stage === stage) throw invalid(`${at}.stage`, variant.stage, 'another stage than that of the target');
    if ((variant.capacity.serverless === undefined) !== (spec.capacity.serverless === undefined)) {
      throw invalid(`${at}.capacity`, variant.capacity, 'all variants serverless, or none');
    }
  });
  if (spec.capacity.serverless) checkServerless(spec, field);
}

function checkCapacity({ instanceType, instanceCount, serverless }: Capacity, field: string): void {
  if (serverless) {
    if (instanceType !== undefined || instanceCount !== undefined) {
      throw invalid(field, { instanceType, instanceCount }, 'either instanceType and instanceCount, or serverless');
    }
    if (serverless.memoryMb % 1_024 === 0) return;
    throw invalid(`${field}.serverless.memoryMb`, serverless.memoryMb, 'a multiple of 1024, from 1024 to 6144');
  }
  if (instanceType === undefined || !/^ml\.[a-z0-9-]+\.[a-z0-9]+$/.test(instanceType)) {
    throw invalid(`${field}.instanceType`, instanceType ?? null, 'an instance type such as ml.m5.large');
  }
  if (instanceCount === undefined) throw invalid(`${field}.instanceCount`, null, 'given with instanceType');
}

/**
 * Checks the name of a system that others deploy to.
 * @throws RegistryError invalid_input
 */
export function checkSystem(system: string, field: string): string {
  if (/^[a-z0-9][a-z0-9._-]*$/.test(system)) return system;
  throw invalid(field, system, "a-z, 0-9, '.', '_' and '-', starting with a letter or digit");
}

function checkServerless(spec: SageMakerSpec, field: string): void {
  if (spec.dataCapture) throw invalid(`${field}.dataCapture`, spec.dataCapture, 'not with serverless capacity');
  if (spec.variants.length > 0)
    throw invalid(`${field}.variants`, spec.variants.length, 'none with serverless capacity');
  if (spec.update.strategy !== 'all_at_once') {
    throw invalid(`${field}.update.strategy`, spec.update.strategy, 'all_at_once with serverless capacity');
  }
}

/** Name of the variant whose version comes from the target's own stage. */
export const MAIN_VARIANT = 'primary';
