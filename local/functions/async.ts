import { randomUUID } from 'node:crypto';
import type { Destinations } from '../destinations';
import { DurableMap } from '../durable-map';
import type { Queues } from '../queues';
import { isObject, type Stack } from '../template';
import type { Invoker } from './index';

interface Task {
  readonly functionArn: string;
  readonly event: unknown;
  readonly attempts: number;
}

interface Policy {
  readonly retries: number;
  readonly onFailure: string | undefined;
  readonly deadLetterQueue: string | undefined;
}

/** Lambda waits one minute and then two between its attempts; a person at a keyboard does not. */
const RETRY_DELAYS_MS = [1_000, 2_000];
const CONCURRENCY = 20;

/**
 * Asynchronous invocations as Lambda makes them for EventBridge: kept until the function succeeded, retried twice (or
 * as `AWS::Lambda::EventInvokeConfig` says) and then sent to the failure destination or the function's dead-letter
 * queue. What was accepted survives a crash and is invoked at the next start: at least once.
 */
export class AsyncInvocations {
  private readonly tasks: DurableMap<Task>;
  private readonly policies = new Map<string, Policy>();
  private readonly ready: string[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  private running = 0;
  private closed = false;

  constructor(
    stack: Stack,
    file: string,
    private readonly invoker: Invoker,
    private readonly destinations: Destinations,
    private readonly queues: Pick<Queues, 'get'>,
    private readonly log: (text: string) => void,
    private readonly retryDelaysMs: readonly number[] = RETRY_DELAYS_MS,
  ) {
    this.readPolicies(stack);
    this.tasks = new DurableMap(file);
    this.ready.push(...[...this.tasks.entries()].map(([id]) => id));
  }

  /** Starts with what an earlier run left. */
  start(): void {
    this.work();
  }

  /** Accepts an event for a function; it is kept once this returns. */
  accept(functionArn: string, event: unknown): void {
    const id = randomUUID();
    this.tasks.set(id, { functionArn, event, attempts: 0 });
    this.ready.push(id);
    // The caller's answer does not wait for the function.
    setImmediate(() => this.work());
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.tasks.close();
  }

  private work(): void {
    while (!this.closed && this.running < CONCURRENCY) {
      const id = this.ready.shift();
      const task = id === undefined ? undefined : this.tasks.get(id);
      if (id === undefined || !task) return;
      this.running++;
      this.attempt(id, task)
        .catch((error: unknown) => this.log(`An asynchronous invocation could not be finished: ${String(error)}\n`))
        .finally(() => {
          this.running--;
          this.work();
        });
    }
  }

  private async attempt(id: string, { functionArn, event, attempts }: Task): Promise<void> {
    if (!this.invoker.has(functionArn)) {
      this.log(`${functionArn} is not in the stack: an event for it is dropped\n`);
      this.tasks.delete(id);
      return;
    }
    const outcome = await this.invoker.invoke(functionArn, event);
    // What a shutdown interrupted is invoked again at the next start.
    if (this.closed) return;
    if ('payload' in outcome) {
      this.tasks.delete(id);
      return;
    }
    const { retries, onFailure, deadLetterQueue } = this.policies.get(functionArn) ?? DEFAULT_POLICY;
    if (attempts < retries) {
      this.tasks.set(id, { functionArn, event, attempts: attempts + 1 });
      this.later(id, this.retryDelaysMs[attempts] ?? 0);
      return;
    }
    this.log(`${functionArn} failed ${attempts + 1} times (${outcome.error.errorMessage}); giving up on the event\n`);
    const requestContext = {
      requestId: outcome.requestId,
      functionArn: `${functionArn}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: attempts + 1,
    };
    if (onFailure !== undefined) {
      const metadata = {
        version: '1.0',
        timestamp: new Date().toISOString(),
        requestContext,
        requestPayload: event,
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        responsePayload: outcome.error,
      };
      const name = functionArn.split(':')[6] ?? functionArn;
      await this.destinations.send(onFailure, { metadata, payload: {}, keyPrefix: `aws/lambda/async/${name}/` });
    }
    if (deadLetterQueue !== undefined) {
      this.queues.get(deadLetterQueue)?.send(JSON.stringify(event), {
        RequestID: { DataType: 'String', StringValue: outcome.requestId },
        ErrorCode: { DataType: 'Number', StringValue: '200' },
        ErrorMessage: { DataType: 'String', StringValue: outcome.error.errorMessage.slice(0, 1_024) },
      });
    }
    this.tasks.delete(id);
  }

  private later(id: string, milliseconds: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.ready.push(id);
      this.work();
    }, milliseconds);
    this.timers.add(timer);
  }

  private readPolicies(stack: Stack): void {
    const invokeConfigs = stack.resources('AWS::Lambda::EventInvokeConfig').map(({ properties }) => properties);
    for (const id of stack.logicalIds('AWS::Lambda::Function')) {
      const { identity, properties } = stack.resource(id, ['DeadLetterConfig']);
      const config = invokeConfigs.find(({ FunctionName }) => FunctionName === identity.ref);
      const destination = isObject(config?.['DestinationConfig'])
        ? config['DestinationConfig']['OnFailure']
        : undefined;
      const deadLetter = properties['DeadLetterConfig'];
      this.policies.set(identity.attributes['Arn'] ?? '', {
        retries: Number(config?.['MaximumRetryAttempts'] ?? DEFAULT_POLICY.retries),
        onFailure: isObject(destination) ? String(destination['Destination']) : undefined,
        deadLetterQueue: isObject(deadLetter) ? String(deadLetter['TargetArn']) : undefined,
      });
    }
  }
}

const DEFAULT_POLICY: Policy = { retries: 2, onFailure: undefined, deadLetterQueue: undefined };
