import { OPERATIONS } from '../../contract/operations';
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
  const commands = Object.values(OPERATIONS).filter(({ effect }) => effect === 'command');
  expect([...new Set(TRIALS.map(({ operation }) => operation))].sort()).toEqual(commands.map(({ id }) => id).sort());
});

test('whatever goes wrong at whichever call: sent again with its key, a command has exactly one effect', async () => {
  const smooth = await inTurns(8, [...TRIALS.entries()], ([index, trial]) => run(trial, `t${index}-smooth`));
  const faulty = TRIALS.flatMap((trial, index) => {
    const { calls } = smooth[index] as Run;
    return calls.flatMap((call, at) => faultsOf(call, at).map((fault) => ({ trial, index, fault, at })));
  });
  const runs = await inTurns(8, faulty, ({ trial, index, fault, at }) =>
    run(trial, `t${index}-${fault}-${at}`, fault, at),
  );
  const contents = await invariants(registry);
  for (const [position, { index }] of faulty.entries()) {
    const [outcome, expected] = [runs[position] as Run, smooth[index] as Run];
    const { label } = outcome;
    expect({ label, answer: outcome.answer }).toEqual({ label, answer: expected.answer });
    expect({ label, told: told(contents, outcome.name) }).toEqual({ label, told: told(contents, expected.name) });
  }
  // The faults were felt: most of them reach the caller, who tries again.
  expect(runs.filter(({ attempts }) => attempts > 1).length).toBeGreaterThan(runs.length / 4);
  expect(runs.length).toBeGreaterThan(250);
}, 60_000);
