import type { Range } from '../../ports';
import { rowsIn } from '../rows';
import { mirrorVersion } from './mirror';
import type { MirrorPorts } from './ports';

/** What leads to the package of a version: an event of the registry, or a tick of the schedule. */
export interface MirrorMessage {
  readonly source: string;
  readonly id: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Looks after the packages that a message leads to. What it says besides is not believed. */
export function handleMirrorMessage(ports: MirrorPorts): (message: MirrorMessage) => Promise<void> {
  return async ({ source, id, detail }) => {
    if (source === 'aws.events') return lookAtExpired(ports, id);
    const { workspace, modelId, version } = detail;
    if (typeof workspace !== 'string' || typeof modelId !== 'string') return;
    if (typeof version === 'number') return mirrorVersion(ports, { workspace, modelId, version }, id);
    // All versions of the model whose approval SageMaker shows, or may show.
    await mirrorEach(ports, { kind: 'mirror', workspace, modelId }, id);
  };
}

/** An approval that is over tells of itself by no event. They are of all models, whatever those are called by now. */
function lookAtExpired(ports: MirrorPorts, event: string): Promise<void> {
  return mirrorEach(ports, { kind: 'mirror', until: ports.clock().toISOString() }, event);
}

/** Looks after several. One that fails does not keep the others waiting; the message that comes again finds it. */
async function mirrorEach(ports: MirrorPorts, range: Extract<Range, { kind: 'mirror' }>, event: string): Promise<void> {
  const failures: string[] = [];
  for await (const { workspace, modelId, version } of rowsIn<'mirror'>(ports, range)) {
    const place = { workspace, modelId, version };
    await mirrorVersion(ports, place, event).catch((error: unknown) => failures.push(String(error)));
  }
  if (failures.length > 0) throw new Error(failures.join('; '));
}
