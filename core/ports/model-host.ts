import type { EndpointFacts } from '../domain/deployment-plan';
import type { MonitorFacts } from '../domain/monitor-plan';
import type { ModelQuality, Monitoring, MonitorName } from '../domain/monitoring';
import type { Capacity, DataCapture, Litter, UpdatePolicy } from '../domain/target';

/** A container of a model, with its data where the host finds them. */
export interface HostContainer {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly modelDataUrl?: string;
}

/** One variant of an endpoint with the model that it runs. */
export interface HostVariant {
  readonly name: string;
  readonly model: string;
  /** It was made before, for a deployment that serves: it is used as it is. */
  readonly isKept?: true;
  readonly containers: readonly HostContainer[];
  readonly capacity: Capacity;
  readonly weight: number;
  readonly traffic: 'shadow' | 'weighted';
}

/** A configuration of an endpoint, and everything that it needs. Names follow from the content: making it twice is making it once. */
export interface HostConfig {
  readonly name: string;
  readonly executionRoleArn: string;
  readonly variants: readonly HostVariant[];
  readonly dataCapture?: DataCapture;
  readonly tags: Readonly<Record<string, string>>;
}

/** A monitor of an endpoint, with everything that it needs: a job, and the schedule that starts it. */
export interface HostMonitor extends MonitorName {
  readonly endpoint: string;
  readonly executionRoleArn: string;
  readonly how: Pick<Monitoring, 'image' | 'every' | 'instanceType' | 'volumeGb'>;
  /** Where reports go. */
  readonly outputUrl: string;
  readonly constraintsUrl: string;
  readonly statisticsUrl?: string;
  /** Of a monitor of model quality. */
  readonly quality?: ModelQuality;
  readonly tags: HostConfig['tags'];
}

/** The host will not do it, however often it is asked. */
export class HostRefusal extends Error {
  override readonly name = 'HostRefusal';
}

/** Runs models behind endpoints. Every call may be repeated; one that comes too late or meets another changes nothing. */
export interface ModelHost {
  /** The endpoint as it is now, or undefined where there is none. */
  describe(endpoint: string): Promise<EndpointFacts | undefined>;
  /** Makes models and configuration. @throws HostRefusal */
  prepare(config: HostConfig): Promise<void>;
  /** @throws HostRefusal */
  create(endpoint: string, config: string, tags: HostConfig['tags']): Promise<void>;
  /** Lets an endpoint that is not busy go over to another configuration. @throws HostRefusal */
  update(endpoint: string, config: string, policy: UpdatePolicy): Promise<void>;
  /** Deletes an endpoint that is not busy. */
  remove(endpoint: string): Promise<void>;
  /** Deletes a configuration and models that no endpoint uses. */
  discard(litter: Litter): Promise<void>;
  /** A monitor's schedule as it is now, or undefined where there is none. */
  describeMonitor(monitor: MonitorName): Promise<MonitorFacts | undefined>;
  /** Makes a monitor's job and its schedule. @throws HostRefusal */
  createMonitor(monitor: HostMonitor): Promise<void>;
  /** Deletes a monitor's schedule and, once that is gone, its job. @returns whether both are gone */
  removeMonitor(monitor: MonitorName): Promise<boolean>;
}
