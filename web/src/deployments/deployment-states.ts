import type { RowOf } from '../../../client/api';
import type { Deployment } from './types';

/** An event in a list. */
export type ModelEvent = Pick<RowOf<'listModelEvents'>, 'sequence' | 'type' | 'deployment'>;

const PREFIX = 'deployment.';

/** Pages of events that are read from either end at most. */
const MOST_PAGES = 10;

/** States in which nothing goes on by itself. */
const SETTLED: ReadonlySet<string> = new Set<Deployment['state']>([
  'in_service',
  'rolled_back',
  'failed',
  'superseded',
  'deleted',
]);

/** State that an event of a deployment tells. */
export function stateOf({ type }: Pick<ModelEvent, 'type'>): Deployment['state'] {
  return type.slice(PREFIX.length) as Deployment['state'];
}

/** The events that tell states of a deployment, each once and the oldest first, wherever they were read. */
export function statesAmong<Event extends ModelEvent>(events: readonly Event[], id: string): readonly Event[] {
  const told = events.filter((event) => event.deployment === id && event.type.startsWith(PREFIX));
  return [...new Map(told.map((event) => [event.sequence, event])).values()].sort((a, b) => a.sequence - b.sequence);
}

/** How far the events have been read from one end. */
interface Reading {
  readonly pages: number;
  readonly hasNextPage: boolean;
}

/** Whether to read on from the beginning: until the deployment had come to something. */
export function isBeginOpen(told: readonly ModelEvent[], { pages, hasNextPage }: Reading): boolean {
  return hasNextPage && pages < MOST_PAGES && !told.some((event) => SETTLED.has(stateOf(event)));
}

/** Whether to read on from the end: until the state is told that the deployment is in. */
export function isEndOpen(
  told: readonly ModelEvent[],
  { state }: Pick<Deployment, 'state'>,
  { pages, hasNextPage }: Reading,
): boolean {
  return hasNextPage && pages < MOST_PAGES && !told.some((event) => stateOf(event) === state);
}
