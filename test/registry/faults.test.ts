import { OPERATIONS } from '../../contract/operations';
import { sized } from '../support/examples';
import { type Fault, faultsOf, injectIntoArtifacts, injectIntoTable, type Plan, under } from '../support/faults';
import { type Contents, invariants } from '../support/invariants';
import { type Response, startRegistry, type TestRegistry } from '../support/registry';
import { sender, TRIALS, type Trial } from '../support/trials';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry(injectIntoArtifacts);
  injectIntoTable(registry);
});
afterAll(() => registry.close());
beforeEach(() => {
  // Requests that fail are logged as faults, which is what they are here.
  jest.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => jest.restoreAllMocks());

/** A text in which everything that differs from run to run is replaced. */
function neutral(value: unknown, name: string): unknown {
  const text = JSON.stringify(value ?? null)
    .replaceAll(name, 'NAME')
    .replace(/\?[^"]*X-Amz-[^"]*"/g, '?signed"')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, 'ID');
  return JSON.parse(text);
}

interface Run {
  readonly label: string;
  readonly name: string;
  readonly answer: unknown;
  readonly calls: readonly string[];
  readonly attempts: number;
}

/** Prepares a trial and sends its command, the first time under a fault, then again with the same key until it is taken. */
async function run(trial: Trial, name: string, fault?: Fault, at?: number): Promise<Run> {
  const label = [trial.operation, trial.variant, fault, at].filter((part) => part !== undefined).join(' ');
  const prepared = await trial.prepare?.(sender(registry), name);
  const [method, path, body] = trial.command(name, prepared);
  const plan: Plan = { calls: [], ...(fault && at !== undefined && { fault, at }) };
  const send = () => registry.request(method, path, { body, headers: { 'idempotency-key': `key-${name}` } });
  let response: Response = await under(plan, send);
  let attempts = 1;
  for (; response.status >= 500 && attempts < 4; attempts++) response = await send();
  if (response.status >= 400) throw new Error(`${label}: ${JSON.stringify(response.body)}`);
  const again = await send();
  const answer = neutral([response.status, response.body], name);
  expect({ label, answer: neutral([again.status, again.body], name) }).toEqual({ label, answer });
  return { label, name, answer, calls: plan.calls, attempts };
}

/** What the events of everything that is named after a run say happened. */
function told({ histories }: Contents, name: string): unknown {
  const events = [...histories.values()]
    .map(({ events }) => events)
    .filter(([first]) => (first?.model ?? first?.workspace) === name || first?.model === `${name}-b`)
    .sort(([a], [b]) => ((a?.model ?? '') < (b?.model ?? '') ? -1 : 1));
  return events.map((history) =>
    history.map(({ id, hash, previousHash, requestId, ...event }) => neutral(event, name)),
  );
}

async function inTurns<T, R>(width: number, work: readonly T[], make: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = [...work.entries()];
  const take = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await make(next[1]);
  };
  await Promise.all(Array.from({ length: width }, take));
  return results;
}

test('every command has a trial', () => {
  const commands = Object.values(OPERATIONS).filter(({ effect, method }) => effect === 'command' && method !== 'GET');
  expect([...new Set(TRIALS.map(({ operation }) => operation))].sort()).toEqual(commands.map(({ id }) => id).sort());
});

test('whatever goes wrong at whichever call: sent again with its key, a command has exactly one effect', async () => {
  const smooth = await inTurns(8, [...TRIALS.entries()], ([index, trial]) => run(trial, `t${index}-smooth`));
  const possible = TRIALS.flatMap((trial, index) => {
    const { calls } = smooth[index] as Run;
    return calls.flatMap((call, at) => faultsOf(call, at).map((fault) => ({ trial, index, fault, at })));
  });
  expect(possible.length).toBeGreaterThan(250);
  const faulty = possible.filter((_, number) => number % sized(1, 7) === 0);
  const runs = await inTurns(8, faulty, ({ trial, index, fault, at }) =>
    run(trial, `t${index}-${fault}-${at}`, fault, at),
  );
  const contents = await invariants(registry);
  for (const [position, { index, fault }] of faulty.entries()) {
    const [outcome, expected] = [runs[position] as Run, smooth[index] as Run];
    const { label } = outcome;
    expect({ label, answer: outcome.answer }).toEqual({ label, answer: expected.answer });
    expect({ label, told: told(contents, outcome.name) }).toEqual({ label, told: told(contents, expected.name) });
    // Two changes that meet are nothing that a caller has to know of.
    if (fault === 'conflict') expect({ label, attempts: outcome.attempts }).toEqual({ label, attempts: 1 });
  }
  // The faults were felt: most of them reach the caller, who tries again.
  expect(runs.filter(({ attempts }) => attempts > 1).length).toBeGreaterThan(runs.length / 4);
}, 180_000);

type Call = (args: { request: unknown; input: never }) => Promise<{ response: unknown; output: never }>;

/** Loses the answer of the next transaction that is written, below the SDK's own retries. */
function loseAnswer(times: number): void {
  let left = times;
  const lose = (next: Call) => async (args: Parameters<Call>[0]) => {
    const result = await next(args);
    const { headers } = args.request as { headers: Record<string, string> };
    if (left <= 0 || !headers['x-amz-target']?.endsWith('.TransactWriteItems')) return result;
    left--;
    throw Object.assign(new Error('injected: the connection was lost'), { name: 'TimeoutError' });
  };
  registry.table.client.middlewareStack.addRelativeTo(lose as never, {
    relation: 'after',
    toMiddleware: 'retryMiddleware',
    name: 'loseAnswer',
    override: true,
  });
}

test('a command whose answer is lost on the way is not made twice by the SDK, though it has no key', async () => {
  const send = sender(registry);
  await send('POST', '/v1/models', { name: 'lost' });
  loseAnswer(2);
  const { body } = await send('POST', '/v1/models/lost/versions', {});
  expect(body.version).toBe(1);
  expect((await send('GET', '/v1/models/lost')).body.lastVersion).toBe(1);
});

test('a change of which nobody knows whether it was made is not made again', async () => {
  const send = sender(registry);
  await send('POST', '/v1/models', { name: 'unknown' });
  let left = 1;
  registry.table.client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (context.commandName !== 'TransactWriteItemsCommand' || left-- <= 0) return result;
      throw Object.assign(new Error('injected: in progress'), { name: 'TransactionInProgressException' });
    },
    { step: 'initialize', name: 'inProgress' },
  );
  const { status } = await registry.request('POST', '/v1/models/unknown/versions', { body: {} });
  expect(status).toBe(500);
  expect((await send('GET', '/v1/models/unknown')).body.lastVersion).toBe(1);
});
