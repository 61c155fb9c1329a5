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
    if (typeof workspace !== 'string' || typeof modelId !== 'string') return;
    if (typeof version === 'number') return mirrorVersion(ports, { workspace, modelId, version }, id);
    await mirrorEach(ports, mirrorsOf(ports, { workspace, modelId }), id);
  };
}

/** An approval that is over tells of itself by no event. */
async function lookAtExpired(ports: MirrorPorts, event: string): Promise<void> {
  await mirrorEach(ports, expired(ports), event);
}

/** Looks after several. One that fails does not keep the others waiting; the message that comes again finds it. */
async function mirrorEach(ports: MirrorPorts, places: AsyncIterable<MirrorPlace>, event: string): Promise<void> {
  const failures: string[] = [];
  for await (const { workspace, modelId, version } of places) {
    const place = { workspace, modelId, version };
    await mirrorVersion(ports, place, event).catch((error: unknown) => failures.push(String(error)));
  }
  if (failures.length > 0) throw new Error(failures.join('; '));
}

async function* expired(ports: MirrorPorts): AsyncGenerator<MirrorPlace> {
  for (const group of ports.groups) yield* expiredOf(ports, group);
}

async function* expiredOf(ports: MirrorPorts, { workspace, model }: PackageGroup): AsyncGenerator<MirrorPlace> {
  const key = { kind: 'name', workspace, name: model } as const;
  const named = await ports.store.get<'name'>(key, { consistent: true });
  if (!named) return;
  const now = ports.clock().toISOString();
  for await (const mirror of mirrorsOf(ports, { workspace, modelId: named.modelId })) {
    if (mirror.expiresAt !== undefined && mirror.expiresAt <= now) yield mirror;
  }
}

/** All versions of a model that are, or may be, in SageMaker's registry. */
async function* mirrorsOf(
  { store }: MirrorPorts,
  { workspace, modelId }: Omit<MirrorPlace, 'version'>,
): AsyncGenerator<MirrorPlace & Pick<Mirror, 'expiresAt'>> {
  let after: string | undefined;
  do {
    const page: Page<Mirror> = await store.query<'mirror'>(
      { kind: 'mirror', workspace, modelId },
      { limit: 100, order: 'ascending', ...(after !== undefined && { after }) },
    );
    for (const { version, expiresAt } of page.items) {
      yield { workspace, modelId, version, ...(expiresAt !== undefined && { expiresAt }) };
    }
    after = page.next;
  } while (after !== undefined);
}
