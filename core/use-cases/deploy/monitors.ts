import type { Deployment } from '../../domain/deployment';
import type { Step } from '../../domain/deployment-plan';
import { marked, type Outcome, type Page } from '../../domain/deployment-steps';
import type { EventDraft } from '../../domain/event';
import { type MonitorStep, planMonitors } from '../../domain/monitor-plan';
import type { Monitor } from '../../domain/monitoring';
import { type Key, put, type Write } from '../../domain/records';
import type { Target } from '../../domain/target';
import { HostRefusal } from '../../ports';
import { hostConfig } from './host-config';
import { keep, pageOf, writesOf } from './keep';
import { type Looked, wishFor } from './look';
import type { DeployPorts } from './ports';

/**
 * What is to be done about the monitors of a target before the next step of its deployments: nothing while one is under way,
 * and before an endpoint is deleted its monitors are.
 */
export async function monitorStep(ports: DeployPorts, looked: Looked, next: Step): Promise<MonitorStep> {
  const { target, situation } = looked;
  const ends = next.do === 'delete_endpoint' || next.do === 'remove_target';
  if (next.do !== 'nothing' && !ends) return { do: 'nothing' };
  const serving = !ends && situation.serving?.state === 'in_service' ? situation.serving : undefined;
  const monitors = target.monitors ?? [];
  if (monitors.length === 0 && !serving?.monitors) return { do: 'nothing' };
  const facts = await Promise.all(
    monitors.map(async (monitor) => [monitor.name, await ports.host.describeMonitor(monitor)] as const),
  );
  return planMonitors({ serving, monitors, facts: new Map(facts) });
}

/** Whether a step calls the host, and so needs the turn of the target. */
export function touchesHost(step: MonitorStep): boolean {
  return step.do === 'create' || step.do === 'remove';
}

/** Takes one step. @returns whether the next one is the host's */
export async function takeMonitorStep(
  ports: DeployPorts,
  looked: Looked,
  step: Exclude<MonitorStep, { do: 'nothing' }>,
  requestId: string,
): Promise<boolean> {
  const page = pageOf(ports, looked, requestId);
  const write = (target: Target, ...more: Write[]) =>
    keep(ports, page, [...writesOf({ target, deployments: [] }), ...more]);
  const { target } = looked;
  const { monitor } = step;
  switch (step.do) {
    case 'note': {
      const { workspace, modelId, stage } = target;
      await write(withMonitor(target, monitor), put<'endpoint'>(nameKey(monitor), { workspace, modelId, stage }));
      return false;
    }
    case 'create':
      return create(ports, looked, monitor, requestId);
    case 'remove':
      if (!(await ports.host.removeMonitor(monitor))) return true;
      await write(withoutMonitor(target, monitor), { delete: nameKey(monitor) });
      return false;
    case 'mark':
      page.add(about(target, monitor, monitor.state === 'failed' ? 'monitoring.failed' : 'monitoring.scheduled'));
      await write(withMonitor(target, monitor));
      return false;
    case 'tell':
      await tell(ports, looked, step, requestId);
      return false;
  }
}

function nameKey({ name }: Monitor): Key<'endpoint'> {
  return { kind: 'endpoint', name };
}

function withoutMonitor(target: Target, { name }: Monitor): Target {
  return { ...target, monitors: (target.monitors ?? []).filter((each) => each.name !== name) };
}

function withMonitor(target: Target, monitor: Monitor): Target {
  const { monitors = [] } = target;
  const known = monitors.some(({ name }) => name === monitor.name);
  const next = known ? monitors.map((each) => (each.name === monitor.name ? monitor : each)) : [...monitors, monitor];
  return { ...target, monitors: next };
}

/** Makes a monitor at the host; what that refuses for good is told, and not asked for again. */
async function create(ports: DeployPorts, looked: Looked, monitor: Monitor, requestId: string): Promise<boolean> {
  const { target, situation } = looked;
  try {
    const { monitors } = await hostConfig(ports, situation.serving as Deployment);
    const made = monitors.find(({ name }) => name === monitor.name);
    if (!made) throw new HostRefusal('baseline_gone: the version no longer has the files to compare with');
    await ports.host.createMonitor(made);
    return false;
  } catch (error) {
    if (!(error instanceof HostRefusal)) throw error;
    const failed: Monitor = { ...monitor, state: 'failed', reason: error.message };
    const page = pageOf(ports, looked, requestId);
    page.add(about(target, failed, 'monitoring.failed'));
    await keep(ports, page, writesOf({ target: withMonitor(target, failed), deployments: [] }));
    return false;
  }
}

function about(
  target: Target,
  { kind, name, deployment, version, artifactDigest, reason }: Monitor,
  type: 'monitoring.scheduled' | 'monitoring.failed' | 'monitoring.violated',
  more: Record<string, string> = {},
): EventDraft {
  const { stage, spec } = target;
  const where = spec.kind === 'sagemaker' ? { endpoint: spec.endpoint } : {};
  return {
    type,
    version,
    deployment,
    artifactDigest,
    changed: ['monitoring'],
    previous: {},
    current: { monitoring: { kind, schedule: name, stage, ...where, ...more } },
    ...(reason !== undefined && { reason }),
  };
}

/**
 * Tells violations on the version, with where the report is; where the target says so, the version is taken out of service,
 * as long as there is another one that may be deployed instead.
 */
async function tell(
  ports: DeployPorts,
  looked: Looked,
  { monitor, at, job }: Extract<MonitorStep, { do: 'tell' }>,
  requestId: string,
): Promise<void> {
  const { spec } = looked.target;
  const monitoring = spec.kind === 'sagemaker' ? spec.monitoring : undefined;
  const target = withMonitor(looked.target, { ...monitor, violatedAt: at });
  const page = pageOf(ports, looked, requestId);
  const output = monitoring && `${monitoring.outputS3Uri.replace(/\/+$/, '')}/${monitor.name}`;
  const report = { at, ...(output !== undefined && { output }), ...(job !== undefined && { job }) };
  page.add(about(target, monitor, 'monitoring.violated', report));
  const rollsBack = monitoring?.onViolation === 'rollback';
  const outcome = rollsBack ? await withoutService(ports, looked, target, monitor, page) : undefined;
  await keep(ports, page, writesOf(outcome ?? { target, deployments: [] }), looked.unchanged);
}

/** The deployment that a monitor complains of as rolled back; nothing where no other version may take its place. */
async function withoutService(
  ports: DeployPorts,
  { ruled, situation }: Looked,
  target: Target,
  { deployment, kind }: Monitor,
  page: Page,
): Promise<Outcome | undefined> {
  const { serving } = situation;
  if (serving?.id !== deployment || serving.state !== 'in_service') return undefined;
  const reason = `monitoring_violated: ${kind} is not as the baseline of the version`;
  const mark = { deployment: serving, state: 'rolled_back', reason } as const;
  const tried: Page = { at: page.at, actor: page.actor, add: () => Number.MAX_SAFE_INTEGER };
  const { wish } = await wishFor(ports, ruled, marked(target, situation, mark, tried).target, undefined);
  if (typeof wish !== 'object' || wish.version === serving.wish.version) return undefined;
  return marked(target, situation, mark, page);
}
