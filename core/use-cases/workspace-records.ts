import { EMPTY_HEAD, type Head } from '../domain/model';
import type { Write } from '../domain/records';
import type { Change, Page, Ports, Range, Row } from '../ports';
import type { History } from './history';

/** Where the history of a workspace itself stands. */
export async function headOf({ store }: Pick<Ports, 'store'>, workspace: string): Promise<Head> {
  return (await store.get<'head'>({ kind: 'head', workspace }, { consistent: true })) ?? EMPTY_HEAD;
}

/** What a command about a record of a workspace changes: events of the workspace's history and what makes them true. */
export function workspaceChange(history: History, writes: readonly Write[], heads: Change['heads'] = []) {
  const closed = history.close();
  return { heads: [...closed.heads, ...heads], writes: [...writes, ...closed.writes], absent: [] };
}

/** Most rows that one page is asked for. */
const PAGE = 100;

/** Every record of a range that a limit bounds, as last acknowledged. */
export async function everyRow<K extends Range['kind']>(
  { store }: Pick<Ports, 'store'>,
  range: Extract<Range, { kind: K }>,
): Promise<Row<K>[]> {
  const all: Row<K>[] = [];
  let after: string | undefined;
  do {
    const page: Page<Row<K>> = await store.query<K>(range, {
      limit: PAGE,
      order: 'ascending',
      consistent: true,
      ...(after !== undefined && { after }),
    });
    all.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return all;
}
