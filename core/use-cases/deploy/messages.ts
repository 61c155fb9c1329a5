import type { Target } from '../../domain/target';
import type { TargetPlace } from '../../ports';
import { rowsIn } from '../rows';
import type { DeployPorts } from './ports';
import { reconcile } from './reconcile';

/** What leads to a target: an event of the registry or of SageMaker, a tick of the schedule, or the target's own place. */
export type DeployMessage =
  | { readonly source: string; readonly id: string; readonly detail: Readonly<Record<string, unknown>> }
  | TargetPlace;

/** Seconds after which a target that somebody else is busy with is looked at again. */
const AGAIN = 15;

/**
 * Looks after the targets that a message leads to. What it says besides is not believed: everything is read anew, so it
 * may come late, twice or never.
 */
export function handleDeployMessage(ports: DeployPorts): (message: DeployMessage) => Promise<void> {
  const look = async (place: TargetPlace, id: string) => {
    if ((await reconcile(ports, place, id)) === 'busy') await ports.queue.put([place], AGAIN);
  };
  return async (message) => {
    if (!('source' in message)) return look(message, `look:${message.modelId}`);
    const { source, id, detail } = message;
    if (source === 'aws.sagemaker') {
      const place = await placeOf(ports, nameIn(detail));
      if (place) await look(place, id);
      return;
    }
    const { workspace, modelId } = detail;
    if (typeof workspace === 'string' && typeof modelId === 'string') {
      for await (const target of rowsIn<'target'>(
        ports,
        { kind: 'target', of: { workspace, modelId } },
        { consistent: true },
      )) {
        await look(placeIn(target), id);
      }
    } else if (source === 'aws.events') await lookAtAll(ports, id);
  };
}

/** The endpoint that an event is about, or the monitor whose job it is about. */
function nameIn({ EndpointName, MonitoringScheduleArn: schedule }: Readonly<Record<string, unknown>>): unknown {
  return EndpointName ?? (typeof schedule === 'string' ? schedule.slice(schedule.lastIndexOf('/') + 1) : undefined);
}

function placeIn({ workspace, modelId, stage }: Target): TargetPlace {
  return { workspace, modelId, stage };
}

async function placeOf({ store }: DeployPorts, endpoint: unknown): Promise<TargetPlace | undefined> {
  if (typeof endpoint !== 'string') return undefined;
  return store.get<'endpoint'>({ kind: 'endpoint', name: endpoint }, { consistent: true });
}

/** Milliseconds that one tick may take: the targets that are left get messages of their own. */
const TICK = 30_000;

/** Looks at every target of the registry, so that an event that was lost leaves nothing wrong for long. */
async function lookAtAll(ports: DeployPorts, id: string): Promise<void> {
  const started = ports.clock().getTime();
  const later: TargetPlace[] = [];
  for await (const target of rowsIn<'target'>(ports, { kind: 'target' })) {
    const place = placeIn(target);
    if (ports.clock().getTime() - started > TICK) later.push(place);
    else {
      // One that fails is tried again by itself and does not keep the others waiting.
      const left = await reconcile(ports, place, id).catch(() => 'busy' as const);
      if (left === 'busy') later.push(place);
    }
  }
  await ports.queue.put(later, AGAIN);
}
