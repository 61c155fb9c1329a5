import type { EventType } from './event';
import type { MonitorName } from './monitoring';
import type { Actor } from './principal';
import type { TargetSpec } from './target';

/**
 * How far a deployment is. `preparing` while its files are packed, `baking` while traffic is on the new version and alarms
 * may still call it back, `removing` while the endpoint is taken down, or others are to take down what they deployed.
 */
export const DEPLOYMENT_STATES = [
  'requested',
  'preparing',
  'creating',
  'baking',
  'in_service',
  'removing',
  'rolled_back',
  'failed',
  'superseded',
  'deleted',
] as const;
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number];

/** The moves of the state machine. Whatever is not listed does not happen. */
export const DEPLOYMENT_MOVES: Readonly<Record<DeploymentState, readonly DeploymentState[]>> = {
  requested: [
    'preparing',
    'creating',
    'baking',
    'in_service',
    'rolled_back',
    'failed',
    'superseded',
    'removing',
    'deleted',
  ],
  preparing: ['preparing', 'creating', 'failed', 'superseded', 'deleted'],
  creating: ['creating', 'baking', 'in_service', 'rolled_back', 'failed', 'superseded', 'removing', 'deleted'],
  baking: ['in_service', 'rolled_back', 'failed', 'superseded', 'removing', 'deleted'],
  in_service: ['rolled_back', 'failed', 'superseded', 'removing', 'deleted'],
  removing: ['in_service', 'superseded', 'deleted', 'failed'],
  rolled_back: [],
  failed: [],
  superseded: [],
  deleted: [],
};

/** Whether nothing more happens to a deployment in a state, until another one takes its place. */
export function isSettled(state: DeploymentState): boolean {
  return !['requested', 'preparing', 'creating', 'baking', 'removing'].includes(state);
}

/** Why a deployment was requested. */
export const DEPLOYMENT_CAUSES = ['stage', 'fallback', 'target', 'variant', 'drift', 'redeploy', 'recorded'] as const;
export type DeploymentCause = (typeof DEPLOYMENT_CAUSES)[number];

/** States that who deploys elsewhere can report. */
export const REPORTED_STATES = ['creating', 'baking', 'in_service', 'rolled_back', 'failed', 'deleted'] as const;
export type ReportedState = (typeof REPORTED_STATES)[number];

/** A version that an extra variant runs. */
export interface VariantVersion {
  readonly name: string;
  readonly version: number;
  readonly digest: string;
}

/** What is to run: a version with its very files, on a target as it is described now. */
export interface Wish {
  readonly version: number;
  readonly digest: string;
  /** Digest of the containers that the gate let through: what is made ready at the host has them, and no others. */
  readonly containers?: string;
  /** Revision of the target. */
  readonly revision: number;
  readonly variants: readonly VariantVersion[];
}

/** One attempt to bring a version into service on a target, and what became of it. */
export interface Deployment {
  readonly id: string;
  readonly workspace: string;
  readonly modelId: string;
  /** The stage whose target it is for; absent where somebody recorded a deployment of their own. */
  readonly stage?: string;
  readonly generation: number;
  readonly wish: Wish;
  readonly spec: TargetSpec;
  readonly cause: DeploymentCause;
  /** Name at the host of the model that serves already and goes on, while extra variants are changed beside it. */
  readonly keeps?: string;
  readonly state: DeploymentState;
  readonly reason?: string;
  /** What the gate says against a deployment that was recorded. */
  readonly objections?: readonly string[];
  /** Names at the host. */
  readonly config?: string;
  readonly models?: readonly string[];
  /** What watches it at the host, where its target says so and the versions carry what to compare with. */
  readonly monitors?: readonly MonitorName[];
  /** When packing was last asked for, and how often. */
  readonly packing?: { readonly askedAt: string; readonly times: number };
  /** When the host had last changed the endpoint before it was told to use this configuration; empty where there was none. */
  readonly before?: string;
  readonly createdAt: string;
  readonly createdBy: Actor;
  readonly updatedAt: string;
  readonly updatedBy: Actor;
  readonly inServiceAt?: string;
  readonly finishedAt?: string;
  /** Sequence of the event that last changed it. */
  readonly revision: number;
}

/**
 * Whether two wishes are the same: a deployment of one is a deployment of the other. What serves keeps the containers that it was
 * made with.
 */
export function sameWish(a: Wish, b: Wish): boolean {
  const text = ({ version, digest, revision, variants }: Wish) =>
    JSON.stringify([version, digest, revision, variants.map((each) => [each.name, each.version, each.digest])]);
  return text(a) === text(b);
}

/** Whether two wishes are for the same version with the same files and containers, whatever runs beside it. */
export function sameMain(a: Wish, b: Wish): boolean {
  const text = ({ version, digest, revision, containers }: Wish) =>
    JSON.stringify([version, digest, revision, containers]);
  return text(a) === text(b);
}

/** The variants of a wish that are not in another one, or run something else there. */
export function variantsBesides(wish: Wish, other: Wish): VariantVersion[] {
  const text = ({ name, version, digest }: VariantVersion) => JSON.stringify([name, version, digest]);
  const known = new Set(other.variants.map(text));
  return wish.variants.filter((each) => !known.has(text(each)));
}

/** The type of the event that tells of a state. */
export function eventOf(state: DeploymentState): EventType {
  return `deployment.${state}`;
}
