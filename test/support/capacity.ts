import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

interface Consumed {
  readonly CapacityUnits?: number;
  readonly ReadCapacityUnits?: number;
  readonly WriteCapacityUnits?: number;
}

/** Capacity units and calls of what a client did. */
export interface Spent {
  readonly reads: number;
  readonly writes: number;
  /** Names of the calls, in the order in which they ended. */
  readonly calls: readonly string[];
}

/** Asks the engine for the capacity units of every call of a client and adds them up. */
export class CapacityMeter {
  private spent = { reads: 0, writes: 0, calls: [] as string[] };

  constructor(client: DynamoDBDocumentClient) {
    client.middlewareStack.add(
      (next, context) => async (args) => {
        Object.assign(args.input, { ReturnConsumedCapacity: 'INDEXES' });
        const result = await next(args);
        const name = String(context.commandName).replace('Command', '');
        const output = result.output as { ConsumedCapacity?: Consumed | Consumed[] };
        this.spent.calls.push(name);
        for (const consumed of [output.ConsumedCapacity ?? []].flat()) this.add(name, consumed);
        return result;
      },
      { step: 'initialize', name: 'capacityMeter', priority: 'high' },
    );
  }

  /** What was spent since the last time. */
  take(): Spent {
    const { spent } = this;
    this.spent = { reads: 0, writes: 0, calls: [] };
    return spent;
  }

  private add(name: string, { CapacityUnits = 0, ReadCapacityUnits, WriteCapacityUnits }: Consumed): void {
    const writes = /Put|Update|Delete|TransactWrite/.test(name);
    this.spent.reads += ReadCapacityUnits ?? (writes ? 0 : CapacityUnits);
    this.spent.writes += WriteCapacityUnits ?? (writes ? CapacityUnits : 0);
  }
}

/** Counts the steps of calls that wait for each other; calls within one step run at the same time. */
export function countTrips(client: DynamoDBDocumentClient): () => number {
  let [trips, inFlight] = [0, 0];
  client.middlewareStack.add(
    (next) => async (args) => {
      if (inFlight++ === 0) trips++;
      try {
        return await next(args);
      } finally {
        inFlight--;
      }
    },
    { step: 'initialize', name: 'trips', priority: 'low' },
  );
  return () => trips;
}
