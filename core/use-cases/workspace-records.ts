import { EMPTY_HEAD, type Head } from '../domain/model';
import type { Write } from '../domain/records';
import type { Change, Ports } from '../ports';
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
