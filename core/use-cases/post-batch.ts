import type { Page } from '../ports';
import { DEFAULT_WORKSPACE } from './load';
import { type Note, Poster, type PostPorts } from './post';

/** Models whose notes are handled at the same time. */
const AT_ONCE = 8;
/** How long one call posts, and for how long nobody else does meanwhile: longer than the function can run. */
const WORKS_FOR = 60_000;
const LEASED_FOR = 180_000;

const modelOf = (note: Note): string => ('walk' in note ? `walk ${note.walk}` : note.mark.modelId);

/** Handles notes: those of one model one after the other. @returns those that failed, with why */
async function handleAll(poster: Poster, notes: readonly Note[]): Promise<ReadonlyMap<string, unknown>> {
  const groups = new Map<string, Note[]>();
  for (const note of notes) groups.set(modelOf(note), [...(groups.get(modelOf(note)) ?? []), note]);
  const waiting = [...groups.values()];
  const failed = new Map<string, unknown>();
  const work = async (): Promise<void> => {
    for (let group = waiting.shift(); group; group = waiting.shift()) {
      for (const note of group) {
        try {
          await poster.handle(note);
        } catch (error) {
          failed.set(JSON.stringify(note), error);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failed;
}

/**
 * Posts everything that a workspace's notes ask for, for a minute at most. Where somebody else is at it there is nothing to
 * do: who posts looks again after giving the right back, so that no note falls between two.
 * @returns notes that could not be handled, with why; they stay
 */
export async function postWorkspace(ports: PostPorts, workspace: string): Promise<ReadonlyMap<string, unknown>> {
  const { postings, clock } = ports;
  const started = clock().getTime();
  const failed = new Map<string, unknown>();
  const open = async () => {
    const { marks, walks, indexes } = await postings.desk(workspace, { marks: true, consistent: true });
    const notes: Note[] = [
      ...marks.map(({ modelId, number }) => ({ mark: { modelId, ...(number !== undefined && { number }) } })),
      ...walks.map(({ id }) => ({ walk: id })),
    ];
    return { indexes, notes: notes.filter((note) => !failed.has(JSON.stringify(note))) };
  };
  const inTime = () => clock().getTime() - started < WORKS_FOR;
  let { notes, indexes } = await open();
  while (notes.length > 0 && inTime()) {
    const token = ports.newId();
    if (!(await postings.lease(workspace, token, new Date(clock().getTime() + LEASED_FOR)))) return failed;
    try {
      // Read again under the lease: what is declared now is what counts.
      for ({ notes, indexes } = await open(); notes.length > 0 && inTime(); { notes, indexes } = await open()) {
        const poster = new Poster(ports, workspace, indexes);
        for (const [note, error] of await handleAll(poster, notes)) failed.set(note, error);
      }
    } finally {
      await postings.release(workspace, token);
    }
    ({ notes, indexes } = await open());
  }
  return failed;
}

/** Posts whatever waits in any workspace: what was lost on the way, and walks that take longer than one call. */
export async function postEverywhere(ports: PostPorts): Promise<ReadonlyMap<string, unknown>> {
  const failed = new Map(await postWorkspace(ports, DEFAULT_WORKSPACE));
  let after: string | undefined;
  do {
    const page: Page<{ name: string }> = await ports.store.query<'workspace'>(
      { kind: 'workspace' },
      { limit: 100, order: 'ascending', ...(after !== undefined && { after }) },
    );
    for (const { name } of page.items) {
      if (name === DEFAULT_WORKSPACE) continue;
      for (const [note, error] of await postWorkspace(ports, name)) failed.set(`${name} ${note}`, error);
    }
    after = page.next;
  } while (after !== undefined);
  return failed;
}
