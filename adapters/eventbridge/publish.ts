import { type EventBridgeClient, PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../../contract/names';
import type { RegistryEvent } from '../../core/domain/event';
import { detailOf, MOST_BYTES } from './detail';

/** EventBridge's limit for one PutEvents call. */
const MOST_ENTRIES = 10;
/** How often one event is tried before its record is given back to the stream, which tries again later. */
const ATTEMPTS = 3;

/** Refusals that another attempt cannot mend. */
const FINAL = new Set([
  'MalformedDetail',
  'InvalidArgument',
  'NotAuthorizedForSourceException',
  'NotAuthorizedForDetailTypeException',
]);

/** What publishing needs: a client, the bus, and a way to wait (milliseconds). */
export interface PublishOptions {
  readonly client: EventBridgeClient;
  readonly bus: string;
  readonly pause: (milliseconds: number) => Promise<void>;
}

interface Entry {
  readonly event: RegistryEvent;
  readonly detail: string;
  attempts: number;
}

/**
 * Publishes events, given in the order of the stream. Those of one model go out one after the other: an event is sent
 * only when the one before it has been taken, so a partial failure cannot swap them. Different models go out together.
 * @returns ids of the events that were not published: the one that failed and those that wait behind it
 */
export async function publish(events: readonly RegistryEvent[], options: PublishOptions): Promise<Set<string>> {
  const queues = queuesOf(events);
  const unpublished = new Set<string>();
  while (queues.size > 0) {
    const round = nextRound(queues);
    const results = await send(
      round.map(({ entry }) => entry),
      options,
    );
    let again = 0;
    round.forEach(({ history, entry }, index) => {
      const queue = queues.get(history) ?? [];
      const error = results[index]?.ErrorCode;
      if (error === undefined) queue.shift();
      else if (FINAL.has(error) || ++entry.attempts >= ATTEMPTS) {
        for (const { event } of queue.splice(0)) unpublished.add(event.id);
      } else again = Math.max(again, entry.attempts);
      if (queue.length === 0) queues.delete(history);
    });
    if (again > 0) await options.pause(50 * 4 ** again);
  }
  return unpublished;
}

function queuesOf(events: readonly RegistryEvent[]): Map<string, Entry[]> {
  const queues = new Map<string, Entry[]>();
  for (const event of events) {
    const history = `${event.workspace}#${event.modelId ?? ''}`;
    queues.set(history, [...(queues.get(history) ?? []), { event, detail: detailOf(event), attempts: 0 }]);
  }
  return queues;
}

/** The first event of as many histories as one call takes. */
function nextRound(queues: ReadonlyMap<string, Entry[]>): { history: string; entry: Entry }[] {
  const round: { history: string; entry: Entry }[] = [];
  let bytes = 0;
  for (const [history, [entry]] of queues) {
    if (!entry) continue;
    bytes += Buffer.byteLength(entry.detail);
    if (round.length > 0 && (round.length === MOST_ENTRIES || bytes > MOST_BYTES)) break;
    round.push({ history, entry });
  }
  return round;
}

async function send(entries: readonly Entry[], { client, bus }: PublishOptions): Promise<PutEventsResultEntry[]> {
  try {
    const { Entries = [] } = await client.send(
      new PutEventsCommand({
        Entries: entries.map(({ event, detail }) => ({
          EventBusName: bus,
          Source: EVENT_SOURCE,
          DetailType: event.type,
          Time: new Date(event.at),
          Detail: detail,
        })),
      }),
    );
    return entries.map((_, index) => Entries[index] ?? { ErrorCode: 'NoResult' });
  } catch (error) {
    console.error({ publishing: 'failed', error: String(error) });
    return entries.map(() => ({ ErrorCode: 'CallFailed' }));
  }
}
