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

/** Time in ms without a new call after which those that wait are one step. */
const QUIET = 10;

interface Held {
  readonly call: () => Promise<unknown>;
  readonly answer: (outcome: PromiseSettledResult<unknown>) => void;
}

/**
 * Counts the steps of calls that wait for each other; calls within one step run at the same time. While it counts, calls are held
 * until no other one comes, and answered together: so the count says what waits for what, and not which answer was quicker.
 */
export class StepCounter {
  private held: Held[] = [];
  private quiet: NodeJS.Timeout | undefined;
  private counting = false;
  private steps = 0;

  constructor(client: DynamoDBDocumentClient) {
    client.middlewareStack.add((next) => (args) => (this.counting ? this.hold(() => next(args)) : next(args)), {
      step: 'initialize',
      name: 'steps',
      priority: 'low',
    });
  }

  /** Does some work, and tells how many steps it took. */
  async during(work: () => Promise<unknown>): Promise<number> {
    [this.steps, this.counting] = [0, true];
    try {
      await work();
      return this.steps;
    } finally {
      this.counting = false;
    }
  }

  private hold<T>(call: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.held.push({
        call,
        answer: (outcome) => (outcome.status === 'fulfilled' ? resolve(outcome.value as T) : reject(outcome.reason)),
      });
      clearTimeout(this.quiet);
      this.quiet = setTimeout(() => this.step(), QUIET);
    });
  }

  private async step(): Promise<void> {
    const step = this.held;
    this.held = [];
    this.steps++;
    const outcomes = await Promise.allSettled(step.map(({ call }) => call()));
    for (const [index, outcome] of outcomes.entries()) step[index]?.answer(outcome);
  }
}
