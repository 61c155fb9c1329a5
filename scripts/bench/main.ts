/** Measures what docs/performance.md shows, and writes it there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Bench, isMet } from './bench';
import { cost } from './cost';
import { handlers } from './handlers';
import { imports } from './imports';
import { mlflow } from './mlflow';
import { growth } from './mlflow/growth';
import { report } from './report';
import { transfers } from './transfers';

const BENCHES: readonly Bench[] = [imports, handlers, mlflow, growth, transfers, cost];

const HELP = `Usage: npm run bench -- [--only NAME[,NAME…]] [--runs N] [--sizes N[,N…]] [--gigabytes N] [--dry]

  --only   ${BENCHES.map(({ name }) => name).join(', ')}; all of them where it is absent
  --runs   how often each thing is measured (default 15)
  --sizes  versions in the registries that mlflow and mlflow-growth compare (default 1000, and 1000,10000,100000); they need Python 3.10
           or newer with venv
  --gigabytes  size of the file that transfers sends and fetches, in GiB (default 0.25); it needs five times that on the disk, and
           Python 3 with venv
  --dry    shows the figures and writes nothing

Figures are medians, and ratios where they can be. They are written to docs/performance.json and docs/performance.md.
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string', default: '15' },
    sizes: { type: 'string' },
    gigabytes: { type: 'string' },
    dry: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const names = values.only?.split(',') ?? BENCHES.map(({ name }) => name);
  const unknown = names.find((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown !== undefined)
    throw new Error(`There is no bench ${unknown}: ${BENCHES.map(({ name }) => name).join(', ')}.`);
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs must be a whole number from 1: ${values.runs}`);
  const sizes = values.sizes?.split(',').map(Number);
  if (sizes?.every((size) => Number.isInteger(size) && size >= 1) === false)
    throw new Error(`--sizes must be whole numbers from 1: ${values.sizes}`);
  const gigabytes = values.gigabytes === undefined ? undefined : Number(values.gigabytes);
  if (gigabytes !== undefined && !(gigabytes > 0 && gigabytes <= 64))
    throw new Error(`--gigabytes must be a number above 0, 64 at most: ${values.gigabytes}`);
  for (const bench of BENCHES.filter(({ name }) => names.includes(name))) {
    const folder = await mkdtemp(join(tmpdir(), 'signet-bench-'));
    try {
      const figures = await bench.run({ runs, folder, ...(sizes && { sizes }), ...(gigabytes && { gigabytes }) });
      for (const figure of figures) {
        const met = isMet(figure) === false ? '  MISSED' : '';
        console.log(`${bench.name}: ${figure.what}: ${figure.value} ${figure.unit}${met} ${figure.note ?? ''}`);
      }
      const sized = values.sizes !== undefined && [mlflow, growth].includes(bench) ? ` --sizes ${values.sizes}` : '';
      const large = gigabytes !== undefined && bench === transfers ? ` --gigabytes ${gigabytes}` : '';
      const flags = (values.runs === '15' ? '' : ` --runs ${runs}`) + sized + large;
      if (!values.dry) report(bench, figures, `npm run bench -- --only ${bench.name}${flags}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
