import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { buildSync, type Metafile, transformSync } from 'esbuild';

/** The project's root: entries and files are named from there. */
export const PROJECT_ROOT = join(__dirname, '..');

/** What goes into the package of a function. */
export interface BundleProps {
  /** Entry file, for example `lambdas/query.ts`; it exports `handler`. */
  readonly entry: string;
  /** Files that code which is loaded later reads where it stands, such as WebAssembly. */
  readonly files?: readonly string[];
  /** A folder beside the code, and the script of Node.js with the arguments before the folder's name that fills it. */
  readonly beside?: { readonly folder: string; readonly build: readonly string[] };
}

/** How the code is shortened. Names stay as they are, so that logged errors can be read without a source map. */
const SHORT = { platform: 'node', target: 'node24', minifySyntax: true, minifyWhitespace: true } as const;

/** Folder of what is loaded later. */
const CHUNKS = 'chunks';

/**
 * Bundles a function into a folder: `index.js`, and one chunk for each `import()`, which is read when it is first needed.
 * docs/decisions/0015-cold-starts.md tells why it is done so, with figures.
 */
export function bundle({ entry, files = [], beside }: BundleProps, folder: string): void {
  for (const { path, text } of compile(entry, folder).outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, commonJs(text));
  }
  for (const file of files) copyFileSync(join(PROJECT_ROOT, file), join(folder, CHUNKS, basename(file)));
  if (beside) fill(beside.build, join(folder, beside.folder));
}

function compile(entry: string, folder: string) {
  return buildSync({
    ...SHORT,
    absWorkingDir: PROJECT_ROOT,
    entryPoints: { index: entry },
    outdir: folder,
    chunkNames: `${CHUNKS}/[name]-[hash]`,
    bundle: true,
    splitting: true,
    // The SDK goes into the bundle: the version that was tested, without the modules that are not used.
    mainFields: ['module', 'main'],
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
}

/** esbuild splits ES modules only, and Node.js loads CommonJS faster. */
function commonJs(text: string): string {
  return transformSync(text, { ...SHORT, format: 'cjs', supported: { 'dynamic-import': false } }).code;
}

/** What is in the bundle of a function. */
export interface BundleSize {
  /** Bytes of all its files, and of those that are loaded when it starts. */
  readonly all: number;
  readonly starting: number;
  /** Bytes of what is loaded when it starts, by package or by folder of the project, the largest first. */
  readonly modules: readonly (readonly [name: string, bytes: number])[];
}

/** Measures the bundle of an entry without writing it. */
export function bundleSize(entry: string): BundleSize {
  const { outputs } = compile(entry, join(PROJECT_ROOT, 'cdk.out')).metafile;
  const starting = startingFiles(outputs);
  const modules = new Map<string, number>();
  for (const { inputs } of starting) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      modules.set(moduleOf(path), (modules.get(moduleOf(path)) ?? 0) + bytesInOutput);
    }
  }
  return {
    all: sum(Object.values(outputs)),
    starting: sum(starting),
    modules: [...modules].sort(([, a], [, b]) => b - a),
  };
}

type Output = Metafile['outputs'][string];

function sum(files: readonly Output[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}

/** The entry's file and all that it imports, but not what it imports later. */
function startingFiles(outputs: Metafile['outputs']): Output[] {
  const found = new Map<string, Output>();
  const follow = (path: string): void => {
    const output = outputs[path];
    if (!output || found.has(path)) return;
    found.set(path, output);
    for (const { path: next, kind } of output.imports) if (kind === 'import-statement') follow(next);
  };
  for (const path of Object.keys(outputs)) if (basename(path) === 'index.js') follow(path);
  return [...found.values()];
}

function moduleOf(path: string): string {
  const [, name] = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  return name ?? path.split('/').slice(0, 2).join('/');
}

function fill(script: readonly string[], folder: string): void {
  // What the script prints must not come between what CDK prints for others to read.
  execFileSync(process.execPath, [...script, folder], { cwd: PROJECT_ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
}
