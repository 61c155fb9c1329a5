import type { Mirror } from '../../domain/package-record';
import type { Page, Range } from '../../ports';
import { type MirrorPlace, mirrorVersion } from './mirror';
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

/** Versions whose approval SageMaker shows and which is over, of all models, whatever they are called by now. */
async function* expired({ store, clock }: MirrorPorts): AsyncGenerator<MirrorPlace> {
  yield* mirrorsIn(store, { kind: 'mirror', until: clock().toISOString() });
}

/** All versions of a model whose approval SageMaker shows, or may show. */
async function* mirrorsOf(
  { store }: MirrorPorts,
  { workspace, modelId }: Omit<MirrorPlace, 'version'>,
): AsyncGenerator<MirrorPlace> {
  yield* mirrorsIn(store, { kind: 'mirror', workspace, modelId });
}

async function* mirrorsIn(
  store: MirrorPorts['store'],
  range: Extract<Range, { kind: 'mirror' }>,
): AsyncGenerator<MirrorPlace> {
  let after: string | undefined;
  do {
    const page: Page<Mirror> = await store.query<'mirror'>(range, {
      limit: 100,
      order: 'ascending',
      ...(after !== undefined && { after }),
    });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
