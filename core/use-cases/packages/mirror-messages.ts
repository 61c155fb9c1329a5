import type { Mirror } from '../../domain/package-record';
import type { Page } from '../../ports';
import { type MirrorPlace, mirrorVersion } from './mirror';
import type { MirrorPorts, PackageGroup } from './ports';

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
    if (typeof workspace !== 'string' || typeof modelId !== 'string' || typeof version !== 'number') return;
    await mirrorVersion(ports, { workspace, modelId, version }, id);
  };
}

/** An approval that is over tells of itself by no event. */
async function lookAtExpired(ports: MirrorPorts, event: string): Promise<void> {
  const failures: string[] = [];
  for (const group of ports.groups) {
    for await (const place of expiredOf(ports, group)) {
      // One that fails does not keep the others waiting; the next tick finds it again.
      await mirrorVersion(ports, place, event).catch((error: unknown) => failures.push(String(error)));
    }
  }
  if (failures.length > 0) throw new Error(failures.join('; '));
}

async function* expiredOf(
  { store, clock }: MirrorPorts,
  { workspace, model }: PackageGroup,
): AsyncGenerator<MirrorPlace> {
  const named = await store.get<'name'>({ kind: 'name', workspace, name: model }, { consistent: true });
  if (!named) return;
  const { modelId } = named;
  const now = clock().toISOString();
  let after: string | undefined;
  do {
    const page: Page<Mirror> = await store.query<'mirror'>(
      { kind: 'mirror', workspace, modelId },
      { limit: 100, order: 'ascending', ...(after !== undefined && { after }) },
    );
    for (const { version, expiresAt } of page.items) {
      if (expiresAt !== undefined && expiresAt <= now) yield { workspace, modelId, version };
    }
    after = page.next;
  } while (after !== undefined);
}
