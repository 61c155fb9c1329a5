import type { Deployment } from './deployment';
import type { Monitor } from './monitoring';

/** What the host says of a monitor's schedule and of its last execution. */
export interface MonitorFacts {
  readonly status: 'Pending' | 'Scheduled' | 'Failed' | 'Stopped';
  readonly failure?: string;
  readonly last?: {
    /** When it was due; ISO 8601, UTC. */
    readonly at: string;
    readonly isViolated: boolean;
    /** The job that made the report. */
    readonly job?: string;
  };
}

/** What is known when the next step is decided. */
export interface MonitorSituation {
  /** The deployment that serves and may be watched; absent: nothing is. */
  readonly serving?: Deployment | undefined;
  readonly monitors: readonly Monitor[];
  /** By name; nothing for those that the host does not have. */
  readonly facts: ReadonlyMap<string, MonitorFacts | undefined>;
}

/** What happens next with the monitors of a target, one thing at a time. */
export type MonitorStep =
  | { readonly do: 'nothing' }
  /** It is written down before it is made, so that nothing is left over of which nobody knows. */
  | { readonly do: 'note'; readonly monitor: Monitor }
  | { readonly do: 'create' | 'remove'; readonly monitor: Monitor }
  | { readonly do: 'mark'; readonly monitor: Monitor }
  /** Its last execution found violations that were not told yet. */
  | { readonly do: 'tell'; readonly monitor: Monitor; readonly at: string; readonly job?: string };

/**
 * Decides the next step: the monitors of the deployment that serves, and no others. Violations are told first: whoever
 * removes a monitor has seen what it said last.
 */
export function planMonitors({ serving, monitors, facts }: MonitorSituation): MonitorStep {
  for (const monitor of monitors) {
    const last = facts.get(monitor.name)?.last;
    if (!last?.isViolated || last.at <= (monitor.violatedAt ?? '')) continue;
    return { do: 'tell', monitor, at: last.at, ...(last.job !== undefined && { job: last.job }) };
  }
  const wanted = serving?.monitors ?? [];
  const surplus = monitors.find(({ name }) => !wanted.some((one) => one.name === name));
  if (surplus) return { do: 'remove', monitor: surplus };
  const missing = wanted.find(({ name }) => !monitors.some((one) => one.name === name));
  if (missing && serving) return { do: 'note', monitor: begun(missing, serving) };
  for (const monitor of monitors) {
    const step = nextOf(monitor, facts.get(monitor.name));
    if (step) return step;
  }
  return { do: 'nothing' };
}

function begun({ kind, name }: Pick<Monitor, 'kind' | 'name'>, { id, wish }: Deployment): Monitor {
  return { kind, name, deployment: id, version: wish.version, artifactDigest: wish.digest, state: 'creating' };
}

function nextOf(monitor: Monitor, facts: MonitorFacts | undefined): MonitorStep | undefined {
  // What the host refused for good is not asked for again: the next deployment has monitors of its own.
  if (monitor.state === 'failed') return undefined;
  if (!facts) return { do: 'create', monitor };
  if (facts.status === 'Failed') {
    return { do: 'mark', monitor: { ...monitor, state: 'failed', reason: facts.failure ?? 'its schedule failed' } };
  }
  if (monitor.state === 'creating' && facts.status === 'Scheduled') {
    return { do: 'mark', monitor: { ...monitor, state: 'scheduled' } };
  }
  return undefined;
}
