import { documentClient } from '../../adapters/dynamodb/client';
import { startEngine } from '../../local/dynamodb';
import { StepCounter } from '../../test/support/capacity';
import { makeTable } from '../../test/support/table';
import { type Bench, type Figure, percentile } from './bench';
import { type Ask, CALLERS, functions, unlogged } from './functions';
import { Replay } from './replay';

const READS: Readonly<Record<string, string>> = {
  'get a version': '/v1/models/churn/versions/1',
  'resolve an alias': '/v1/models/churn/aliases/champion',
  'MLflow registered-models/get': '/api/2.0/mlflow/registered-models/get?name=churn',
};

/** Calls that are measured together: the clock of CPU time is coarse. */
const BATCH = 50;

/** What the hot reads take of the CPU, with the table's answers replayed. */
export const handlers: Bench = {
  name: 'handlers',
  measures:
    'CPU time of one request in the deployed functions, from the event of API Gateway to the answer; what the table answered once is replayed, and no network is asked. A step is a call to the table, or several at the same time, that the next one waits for.',
  run: ({ runs }) => unlogged(() => measure(runs)),
};

async function measure(runs: number): Promise<Figure[]> {
  const engine = await startEngine();
  try {
    await makeTable(engine.endpoint, 'bench');
    const ask = await functions(engine.endpoint, 'bench');
    const replay = new Replay(documentClient());
    const counter = new StepCounter(documentClient());
    await seed(ask);
    const figures: Figure[] = [];
    for (const [what, path] of Object.entries(READS)) {
      const read = () => ask(CALLERS.reader, 'GET', path);
      replay.at = 'sdk';
      const [p50, p90] = await cpuOf(read, runs);
      replay.at = 'wire';
      const [withSdk] = await cpuOf(read, runs);
      replay.at = 'engine';
      const steps = await counter.during(read);
      figures.push(
        {
          what: `${what}: CPU, p50`,
          value: p50,
          unit: 'ms',
          goal: { atMost: 0.5 },
          note: `p90 ${p90} ms; ${withSdk} ms with the SDK's part`,
        },
        { what: `${what}: steps`, value: steps, unit: 'steps', goal: { atMost: 1 } },
      );
    }
    return figures;
  } finally {
    documentClient().destroy();
    await engine.close();
  }
}

async function seed(ask: Ask): Promise<void> {
  const model = { name: 'churn', description: 'Who leaves.', tags: { team: 'growth' } };
  const version = { final: true, metrics: { auc: 0.91, loss: 0.2 }, tags: { data: 'may' }, run: { id: 'run-81' } };
  await ask(CALLERS.administrator, 'POST', '/v1/models', model);
  await ask(CALLERS.administrator, 'POST', '/v1/models/churn/versions', version);
  await ask(CALLERS.administrator, 'PUT', '/v1/models/churn/aliases/champion', { version: 1 });
}

/** Milliseconds of CPU that one call takes: the middle batch, and the one that nine tenths do not exceed. */
async function cpuOf(read: () => Promise<void>, runs: number): Promise<[p50: number, p90: number]> {
  for (let warm = 0; warm < 500; warm++) await read();
  const times: number[] = [];
  for (let batch = 0; batch < runs * 4; batch++) {
    const before = process.cpuUsage();
    for (let call = 0; call < BATCH; call++) await read();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1_000 / BATCH);
  }
  return [percentile(times, 0.5), percentile(times, 0.9)].map((time) => Math.round(time * 1_000) / 1_000) as [
    number,
    number,
  ];
}
