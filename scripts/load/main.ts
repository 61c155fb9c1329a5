/** Drives the local run at a rate, and checks afterwards that nothing that it acknowledged is missing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { percentile } from '../bench/bench';
import { arrive, type Sample } from './arrivals';
import { missing } from './check';
import { pickerOf } from './mix';
import { LoadedRegistry } from './registry';
import { startServer } from './server';

const USUAL = 'register:2,tag:2,alias:1,get:6,resolve:6,list:2,model:2,search:1';

const HELP = `Usage: npm run load -- [--rate N] [--seconds N] [--mix NAME:WEIGHT,…] [--models N] [--most N]

  --rate      requests a second, at random moments (default 20)
  --seconds   how long (default 60)
  --mix       register, tag, alias, get, resolve, list, model, search, with weights
              (default ${USUAL})
  --models    models that they are spread over (default 10)
  --most      requests that may be under way at once (default 1000); more are errors

Latencies count from the moment at which a request was meant to be sent. The local run is started for it in a process of its own,
and removed afterwards. Ends with 1 when there was an error or something is missing.
`;

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '60' },
    mix: { type: 'string', default: USUAL },
    models: { type: 'string', default: '10' },
    most: { type: 'string', default: '1000' },
    help: { type: 'boolean', default: false },
  },
});

/** How often memory is looked at. */
const LOOK_MS = 5_000;

async function main(): Promise<void> {
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [rate, seconds, models, most] = (['rate', 'seconds', 'models', 'most'] as const).map(numberOf);
  const dataFolder = await mkdtemp(join(tmpdir(), 'signet-load-'));
  const server = await startServer(dataFolder);
  try {
    const names = Array.from({ length: models as number }, (_, index) => `model-${index}`);
    const registry = new LoadedRegistry(server.url, names, Math.random);
    const pick = pickerOf(values.mix, Object.keys(registry.operations));
    await registry.prepare();
    const memory: number[] = [];
    const look = () => memory.push(server.memory() ?? Number.NaN);
    look();
    const timer = setInterval(look, LOOK_MS);
    const samples = await arrive({
      ratePerSecond: rate as number,
      seconds: seconds as number,
      most: most as number,
      random: Math.random,
      send: () => {
        const operation = pick(Math.random());
        const call = registry.operations[operation] as () => Promise<void>;
        return { operation, done: call() };
      },
    });
    clearInterval(timer);
    show(samples, seconds as number, memory);
    const faults = await missing(registry, dataFolder);
    console.log(
      faults.length === 0
        ? 'Nothing that was acknowledged is missing.'
        : `MISSING:\n  ${faults.slice(0, 20).join('\n  ')}`,
    );
    if (faults.length > 0 || samples.some(({ error }) => error !== undefined)) process.exitCode = 1;
  } finally {
    await server.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

function numberOf(name: 'rate' | 'seconds' | 'models' | 'most'): number {
  const number = Number(values[name]);
  if (!(number > 0)) throw new Error(`--${name} must be a number above 0: ${values[name]}`);
  return number;
}

function show(samples: readonly Sample[], seconds: number, memory: readonly number[]): void {
  const names = ['all', ...new Set(samples.map(({ operation }) => operation))];
  console.log(`${samples.length} requests in ${seconds} s: ${(samples.length / seconds).toFixed(1)} a second`);
  console.table(
    names.map((name) => {
      const those = samples.filter(({ operation }) => name === 'all' || operation === name);
      const times = those.filter(({ error }) => error === undefined).map(({ milliseconds }) => milliseconds);
      const at = (share: number) => Math.round(percentile(times, share));
      return {
        operation: name,
        requests: those.length,
        errors: those.length - times.length,
        p50: at(0.5),
        p99: at(0.99),
        'p99.9': at(0.999),
      };
    }),
  );
  const errors = new Map<string, number>();
  for (const { error } of samples) if (error !== undefined) errors.set(error, (errors.get(error) ?? 0) + 1);
  for (const [error, times] of [...errors].slice(0, 5)) console.log(`  ${times} × ${error}`);
  const tenths = Array.from({ length: 11 }, (_, tenth) => memory[Math.round((tenth * (memory.length - 1)) / 10)]);
  console.log(`Memory of the server and its engine, MB, at each tenth of the time: ${tenths.join(' ')}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
