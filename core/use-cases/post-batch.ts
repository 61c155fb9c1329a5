import type { SearchMark } from '../domain/search';
import type { Desk } from '../ports';
import { DEFAULT_WORKSPACE } from './load';
import { Poster, type PostPorts } from './post';
import { rowsIn } from './rows';

/** Models whose notes are handled at the same time. */
const AT_ONCE = 8;
/** How long one call posts, and for how long nobody else does meanwhile: longer than the function can run. */
const WORKS_FOR = 90_000;
const LEASED_FOR = 180_000;

type Notes = Pick<Desk, 'marks' | 'walks'>;
type Failures = Map<string, unknown>;

const titleOf = ({ modelId, number }: SearchMark): string => `${modelId}${number === undefined ? '' : ` ${number}`}`;
const walkTitle = ({ id }: { readonly id: string }): string => `walk ${id}`;

/** Handles notes, those of one model together. What fails is added to the failures and keeps nothing else from being done. */
async function handleAll(poster: Poster, { marks, walks }: Notes, failed: Failures): Promise<void> {
  const groups = new Map<string, SearchMark[]>();
  for (const mark of marks) groups.set(mark.modelId, [...(groups.get(mark.modelId) ?? []), mark]);
  const waiting = [
    ...[...groups.values()].map((group) => () => handleGroup(poster, group, failed)),
    ...walks.map((walk) => () => noting(failed, walkTitle(walk), () => poster.walkOn(walk))),
  ];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Handles notes of one model together; where that fails, one after the other, so that only what fails stays. */
async function handleGroup(poster: Poster, marks: readonly SearchMark[], failed: Failures): Promise<void> {
  if (marks.length > 1) {
    try {
      await poster.handle(marks);
      return;
    } catch {
      // It shows again below, and of which.
    }
  }
  for (const mark of marks) await noting(failed, titleOf(mark), () => poster.handle([mark]));
}

async function noting(failed: Failures, title: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    failed.set(title, error);
  }
}

/**
 * Posts everything that a workspace's notes ask for, for some time at most. Where somebody else is at it there is nothing to
 * do: who posts looks again after giving the right back, so that no note falls between two.
 * @returns notes that could not be handled, with why; they stay
 */
export async function postWorkspace(ports: PostPorts, workspace: string): Promise<ReadonlyMap<string, unknown>> {
  const { postings, clock } = ports;
  const started = clock().getTime();
  const failed: Failures = new Map();
  const open = async () => {
    const reading = { marks: true, consistent: true };
    const { walks, indexes, ...desk } = await postings.desk(workspace, reading);
    let { marks, more } = desk;
    const waiting = () => marks.filter((mark) => !failed.has(titleOf(mark)));
    // What fails stays: what is behind it does not wait for that.
    for (let last = marks.at(-1); more && last && waiting().length === 0; last = marks.at(-1)) {
      ({ marks, more } = await postings.desk(workspace, { ...reading, behind: last }));
    }
    const notes: Notes = {
      marks: waiting(),
      walks: walks.filter((walk) => !failed.has(walkTitle(walk))),
    };
    return { notes, indexes, more, count: notes.marks.length + notes.walks.length };
  };
  const inTime = () => clock().getTime() - started < WORKS_FOR;
  for (let waits = await postings.waits(workspace); waits && inTime(); waits = (await open()).count > 0) {
    const token = ports.newId();
    if (!(await postings.lease(workspace, token, new Date(clock().getTime() + LEASED_FOR)))) return failed;
    try {
      // Read under the lease: what is declared now is what counts.
      for (let desk = await open(); desk.count > 0; desk = await open()) {
        await handleAll(new Poster(ports, workspace, desk.indexes), desk.notes, failed);
        if (!inTime() || !(desk.more || desk.notes.walks.length > 0)) break;
      }
    } finally {
      await postings.release(workspace, token);
    }
  }
  return failed;
}

/** Posts whatever waits in any workspace: what was lost on the way, and walks that take longer than one call. */
export async function postEverywhere(ports: PostPorts): Promise<ReadonlyMap<string, unknown>> {
  const failed = new Map(await postWorkspace(ports, DEFAULT_WORKSPACE));
  for await (const { name } of rowsIn<'workspace'>(ports, { kind: 'workspace' })) {
    if (name === DEFAULT_WORKSPACE) continue;
    for (const [note, error] of await postWorkspace(ports, name)) failed.set(`${name} ${note}`, error);
  }
  return failed;
}
