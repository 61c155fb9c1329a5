import { AsyncLocalStorage } from 'node:async_hooks';
import type { ArtifactStore, Ports } from '../../core/ports';
import type { TestRegistry } from './registry';

/** What goes wrong with one call to a store. */
export type Fault =
  /** Refused for now; nothing happened. */
  | 'throttled'
  /** The service failed before it did anything. */
  | 'failed'
  /** Done, but the answer never came. */
  | 'unanswered'
  /** A transaction met another one; nothing happened. */
  | 'conflict'
  /** Done and answered; then the function died, so that no later call of the request was made. */
  | 'crash';

/** Which call of a request goes wrong (0 is the first), and how. Without a fault, calls are only recorded. */
export interface Plan {
  readonly fault?: Fault;
  readonly at?: number;
  /** Names of the calls that were made. */
  readonly calls: string[];
}

const plans = new AsyncLocalStorage<Plan>();

/** Runs a request under a plan: only calls that are made on its behalf go wrong, and requests may run side by side. */
export function under<T>(plan: Plan, run: () => Promise<T>): Promise<T> {
  return plans.run(plan, run);
}

function named(name: string, more: object = {}): Error {
  return Object.assign(new Error(`injected: ${name}`), { name, ...more });
}

const CHANGES = /^(TransactWrite|Update|beginUpload|abandonUpload|completeUpload|prepare|create|update|remove|discard)/;

/** The faults that differ for a call: one that changes nothing is as if it had not been made when its answer is lost. */
export function faultsOf(call: string, index: number): Fault[] {
  const refused: Fault = index % 2 === 0 ? 'throttled' : 'failed';
  return [
    refused,
    ...(CHANGES.test(call) ? (['unanswered', 'crash'] as const) : []),
    ...(/^(Transact|Update)/.test(call) ? (['conflict'] as const) : []),
  ];
}

/** Makes a call under the plan of its request. */
export async function around<T>(call: string, make: () => Promise<T>): Promise<T> {
  const plan = plans.getStore();
  if (!plan) return make();
  const index = plan.calls.push(call) - 1;
  const { fault, at = -1 } = plan;
  if (fault === 'crash' && index > at) throw named('FunctionDied');
  if (fault === undefined || index !== at) return make();
  if (fault === 'throttled') throw named(index % 2 ? 'ProvisionedThroughputExceededException' : 'ThrottlingException');
  if (fault === 'failed') throw named('InternalServerError');
  if (fault === 'conflict') {
    if (!call.startsWith('Transact')) throw named('TransactionConflictException');
    throw named('TransactionCanceledException', {
      CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
    });
  }
  const result = await make();
  if (fault === 'unanswered') throw named('TimeoutError');
  return result;
}

/** Lets the plans see every call to the table, as it is after the SDK has given up trying again. */
export function injectIntoTable({ table }: TestRegistry): void {
  table.client.middlewareStack.add(
    (next, context) => (args) => around(String(context.commandName).replace('Command', ''), () => next(args)),
    { step: 'initialize', name: 'faults', priority: 'high' },
  );
}

const CALLS = ['beginUpload', 'abandonUpload', 'arrivedParts', 'completeUpload', 'facts'] as const;

/** Ports whose artifact store is under the plans too. */
export function injectIntoArtifacts(real: Ports): Ports {
  const artifacts = Object.create(real.artifacts) as ArtifactStore;
  for (const call of CALLS) {
    const make = (real.artifacts[call] as (...args: unknown[]) => Promise<unknown>).bind(real.artifacts);
    Object.defineProperty(artifacts, call, { value: (...args: unknown[]) => around(call, () => make(...args)) });
  }
  return { ...real, artifacts, pause: async () => {} };
}
