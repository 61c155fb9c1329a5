import { accessOf } from '../domain/access';
import type { Head, Model } from '../domain/model';
import type { Principal } from '../domain/principal';
import { put, type Records } from '../domain/records';
import { isOver } from '../domain/request';
import type { Ledger } from '../ports';
import type { Call } from './call';
import { execute } from './execute';
import { History } from './history';
import { pendingKey, requestKey } from './load-request';
import { expired } from './requests';

/** Who does what nobody asked for. */
const SIGNET: Principal = { id: 'signet', kind: 'machine', name: 'signet', groups: [] };

/** Requests that one run marks; what is left is for the next one. */
const AT_ONCE = 100;

/** What a run came to. */
export interface Expiry {
  readonly expired: number;
  /** Requests that could not be marked, and why: they are tried again by the next run. */
  readonly failed: readonly string[];
}

/**
 * Marks requests whose time is over. It is late by nature, and nothing rests on it: every command looks at the clock itself.
 */
export async function expireRequests(ports: Ledger, requestId: string): Promise<Expiry> {
  const until = ports.clock().toISOString();
  const due = await ports.store.query<'pending'>({ kind: 'pending', until }, { limit: AT_ONCE, order: 'ascending' });
  const failed: string[] = [];
  let marked = 0;
  for (const note of due.items) {
    try {
      if (await expire(ports, note, requestId)) marked += 1;
    } catch (error) {
      failed.push(`${note.request}: ${String(error)}`);
    }
  }
  return { expired: marked, failed };
}

/** Marks one request, unless it has ended meanwhile or has got more time. */
async function expire(ports: Ledger, note: Records['pending'], requestId: string): Promise<boolean> {
  const { workspace, modelId, request: id } = note;
  const { store } = ports;
  const call: Call = { workspace, principal: SIGNET, access: accessOf([]), requestId };
  const { body } = await execute(ports, call, async () => {
    // The head first: what changes after it was read makes the commit fail.
    const head = (await store.get<'head'>({ kind: 'head', workspace, modelId }, { consistent: true })) as Head;
    const [model, request] = await Promise.all([
      store.get<'model'>({ kind: 'model', workspace, modelId }, { consistent: true }) as Promise<Model>,
      store.get<'request'>(requestKey({ workspace, modelId, id }), { consistent: true }),
    ]);
    if (!request) throw new Error('it is noted as open and missing');
    const history = new History(ports, call, head, workspace, { id: modelId, name: model.name });
    if (request.state !== 'open' || !isOver(request, history.at)) return { answer: { body: false } };
    const next = expired(request, history);
    const { heads, writes } = history.close();
    const own = [put<'request'>(requestKey(next), next), { delete: pendingKey(next) }];
    return { answer: { body: true }, change: { heads, writes: [...own, ...writes], absent: [] } };
  });
  return body;
}
