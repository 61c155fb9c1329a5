import { isObject, type JsonObject } from '../template';

/** What is being done with an endpoint, since and until when (epoch milliseconds). */
export interface Work {
  readonly step: 'creating' | 'launching' | 'activating' | 'baking' | 'terminating' | 'rolling_back' | 'deleting';
  readonly since: number;
  readonly until: number;
  /** The configuration that an update brings. */
  readonly config?: string;
  /** When the update began. */
  readonly began?: number;
  /** Which of the update's steps of traffic it is at. */
  readonly at?: number;
  /** `DeploymentConfig` of the update, as it was given. */
  readonly deployment?: JsonObject;
  /** Why it goes back. */
  readonly reason?: string;
}

/** An endpoint as it is kept. */
export interface Endpoint {
  readonly name: string;
  readonly config: string;
  readonly status: 'Creating' | 'Updating' | 'RollingBack' | 'InService' | 'Failed' | 'Deleting';
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly failure?: string;
  readonly lastDeployment?: JsonObject;
  readonly work?: Work;
}

/** How long things take here. */
export interface Timing {
  /** Milliseconds that launching, shifting and ending take. */
  readonly stepMs: number;
  /** Baking times are made for production; somebody who waits waits no longer than this. */
  readonly longestBakeMs: number;
}

/** The shares of traffic that an update gives the new configuration, one after the other; the last is all of it. */
export function sharesOf(deployment: JsonObject | undefined): number[] {
  const { Type, CanarySize, LinearStepSize } = routingOf(deployment);
  if (Type === 'CANARY') return [percent(CanarySize), 1];
  if (Type !== 'LINEAR') return [1];
  const step = percent(LinearStepSize);
  const count = Math.ceil(1 / step);
  return Array.from({ length: count }, (_, index) => Math.min(1, (index + 1) * step));
}

/** One instance stands for each size here, so a number of instances is taken for so many tenths. */
function percent(size: JsonObject[string]): number {
  const { Type, Value } = isObject(size) ? size : {};
  const share = Number(Value) / (Type === 'INSTANCE_COUNT' ? 10 : 100);
  return share > 0 && share <= 1 ? share : 1;
}

function routingOf(deployment: JsonObject | undefined): JsonObject {
  const policy = deployment?.['BlueGreenUpdatePolicy'];
  const routing = isObject(policy) ? policy['TrafficRoutingConfiguration'] : undefined;
  return isObject(routing) ? routing : {};
}

/** Seconds that an update waits at a step of its traffic, as it was asked to. */
export function bakeSeconds({ deployment, at = 0 }: Work): number {
  const isLast = at === sharesOf(deployment).length - 1;
  if (!isLast) return Number(routingOf(deployment)['WaitIntervalInSeconds'] ?? 0);
  const policy = deployment?.['BlueGreenUpdatePolicy'];
  return isObject(policy) ? Number(policy['TerminationWaitInSeconds'] ?? 0) : 0;
}

/** Names of the alarms that call an update back. */
export function alarmsOf({ deployment }: Work): string[] {
  const rollback = deployment?.['AutoRollbackConfiguration'];
  const alarms = isObject(rollback) ? rollback['Alarms'] : undefined;
  return Array.isArray(alarms) ? alarms.filter(isObject).map(({ AlarmName }) => String(AlarmName)) : [];
}

/** The share of requests that the configuration of an update gets now. */
export function shareOfUpdate({ work }: Endpoint): number {
  if (work?.step === 'terminating') return 1;
  const isShifted = work?.step === 'activating' || work?.step === 'baking';
  return isShifted ? (sharesOf(work.deployment)[work.at ?? 0] ?? 0) : 0;
}

/**
 * The endpoint after the step that it was at; nothing once it is deleted.
 * @param failure why the step did not succeed: a model cannot be loaded, an alarm went off
 */
export function advance(endpoint: Endpoint, now: number, timing: Timing, failure?: string): Endpoint | undefined {
  const { work, failure: _, ...rest } = endpoint;
  if (!work) return endpoint;
  const begin = (step: Work['step'], ms: number, change: Partial<Work> = {}): Endpoint => ({
    ...endpoint,
    modifiedAt: now,
    work: { ...work, ...change, step, since: now, until: now + ms },
  });
  const { work: __, ...idle } = { ...rest, work, modifiedAt: now };
  if (failure !== undefined && work.config !== undefined && work.step !== 'rolling_back') {
    return { ...begin('rolling_back', timing.stepMs, { reason: failure }), status: 'RollingBack' };
  }
  switch (work.step) {
    case 'creating':
      return failure === undefined ? { ...idle, status: 'InService' } : { ...idle, status: 'Failed', failure };
    case 'launching':
      return begin('activating', timing.stepMs, { at: 0 });
    case 'activating':
      return begin('baking', Math.min(bakeSeconds(work) * 1_000, timing.longestBakeMs));
    case 'baking': {
      const at = (work.at ?? 0) + 1;
      const isWhole = at >= sharesOf(work.deployment).length;
      return isWhole ? begin('terminating', timing.stepMs) : begin('activating', timing.stepMs, { at });
    }
    case 'terminating':
      return { ...idle, status: 'InService', config: work.config ?? endpoint.config, ...lastDeployment(work) };
    case 'rolling_back':
      return { ...idle, status: 'InService', failure: work.reason ?? '', ...lastDeployment(work) };
    case 'deleting':
      return undefined;
  }
}

function lastDeployment({ deployment }: Work): Pick<Endpoint, 'lastDeployment'> {
  return deployment ? { lastDeployment: deployment } : {};
}
