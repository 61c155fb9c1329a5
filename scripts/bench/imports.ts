import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';
import { ENV } from '../../contract/names';
import { bundle, bundleSize } from '../../lib/bundle';
import { POLICY_ENGINE } from '../../lib/constructs/registry-function';
import { type Bench, type Figure, median } from './bench';
import { CEILINGS } from './ceilings';

const EMPTY = 'export const handler = async () => ({ statusCode: 200 });';
const CLIENT = `import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
export const handler = (Key) => client.send(new GetItemCommand({ TableName: 'table', Key }));`;

/** Prints the milliseconds and the CPU time that loading a file takes. */
const PROBE = `const [began, cpu] = [process.hrtime.bigint(), process.cpuUsage()];
require(process.argv[1]);
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify([Number(process.hrtime.bigint() - began) / 1e6, (user + system) / 1e3]));`;

const API = ['lambdas/query.ts', 'lambdas/command.ts'];

/** How long functions take to load, against one that does nothing and one that has a client of DynamoDB and nothing else. */
export const imports: Bench = {
  name: 'imports',
  measures:
    'Loading the bundle of each function, in a process of its own, against one with a DynamoDB client and nothing else, its ES modules bundled and minified in one file; medians of interleaved runs. CPU time, because it depends least on what else the machine does.',
  run: async ({ runs, folder }) => {
    const bundles = new Map<string, string>();
    // Beside the sources, so that the client is found.
    for (const [name, code] of Object.entries({ empty: EMPTY, client: CLIENT })) {
      const entry = join('scripts', 'bench', `.${name}.js`);
      writeFileSync(entry, code);
      try {
        bundles.set(name, inOneFile(entry, join(folder, name), ['module', 'main']));
        if (name === 'empty') continue;
        bundles.set('split', bundled(entry, join(folder, 'split')));
        bundles.set('usual', inOneFile(entry, join(folder, 'usual'), ['main', 'module']));
      } finally {
        rmSync(entry);
      }
    }
    for (const entry of Object.keys(CEILINGS)) bundles.set(entry, bundled(entry, join(folder, basename(entry, '.ts'))));
    const times = measured(bundles, runs);
    const client = times.get('client') ?? { wall: Number.NaN, cpu: Number.NaN };
    return [...times].flatMap(([name, { wall, cpu }]): Figure[] => {
      const isFunction = name in CEILINGS;
      const what = isFunction ? `${basename(name, '.ts')} function` : `a function with ${NAMES[name]}`;
      const time: Figure = {
        what: `${what}: CPU time of loading`,
        value: round(cpu / client.cpu),
        unit: '× client',
        note: `${round(cpu)} ms of CPU, ${round(wall)} ms in all`,
        ...(API.includes(name) && { goal: { atMost: 1.5 } }),
      };
      return isFunction ? [time, sizeOf(name, what)] : [time];
    });
  },
};

const NAMES: Readonly<Record<string, string>> = {
  empty: 'nothing',
  client: 'one DynamoDB client',
  split: 'the same client, split and loaded as these functions are',
  usual: "the same client, bundled by CDK's defaults",
};

function inOneFile(entry: string, folder: string, mainFields: string[]): string {
  const outfile = join(folder, 'index.js');
  buildSync({
    entryPoints: [entry],
    outfile,
    mainFields,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
  });
  return outfile;
}

function bundled(entry: string, folder: string): string {
  bundle({ entry, files: API.includes(entry) ? POLICY_ENGINE : [] }, folder);
  return join(folder, 'index.js');
}

function sizeOf(entry: string, what: string): Figure {
  const { starting, all, modules } = bundleSize(entry);
  const largest = modules.slice(0, 5).map(([name, bytes]) => `${name} ${Math.round(bytes / 1_000)}`);
  return {
    what: `${what}: code that it loads`,
    value: Math.round(starting / 1_000),
    unit: 'kB',
    goal: { atMost: CEILINGS[entry] as number },
    note: `of ${Math.round(all / 1_000)} kB; ${largest.join(', ')}`,
  };
}

function measured(bundles: ReadonlyMap<string, string>, runs: number): Map<string, { wall: number; cpu: number }> {
  const env = {
    ...Object.fromEntries(Object.values(ENV).map((name) => [name, '[]'])),
    [ENV.everyone]: 'nobody',
    AWS_REGION: 'us-east-1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const times = new Map<string, [wall: number, cpu: number][]>();
  // Each round measures all of them, so that whatever slows the machine for a while slows them all.
  for (let run = 0; run < runs; run++) {
    for (const [name, file] of bundles) {
      const printed = execFileSync(process.execPath, ['-e', PROBE, file], { env, encoding: 'utf8' });
      times.set(name, [...(times.get(name) ?? []), JSON.parse(printed.split('\n').at(-2) ?? '')]);
    }
  }
  return new Map(
    [...times].map(([name, all]) => [
      name,
      { wall: median(all.map(([wall]) => wall)), cpu: median(all.map(([, cpu]) => cpu)) },
    ]),
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
