import { join, resolve, sep } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Client } from '../api';
import { download } from '../download/download';
import { type Connection, connect } from './connection';
import { size } from './progress';
import { type Output, remote } from './remote';

interface DownloadOptions extends Connection {
  readonly to: string;
  readonly parallel: number;
}

function atOnce(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 64) throw new InvalidArgumentError('A number from 1 to 64.');
  return value;
}

/** The number of a version that is named by number, or by alias. */
async function numberOf(client: Client, model: string, named: string): Promise<number> {
  if (/^[1-9]\d*$/.test(named)) return Number(named);
  const { version } = await client.getAlias({ params: { model, alias: named.replace(/^@/, '') } });
  return version;
}

/** Paths of the files that the registry keeps of a version: those that are named, or all. */
async function pathsOf(
  client: Client,
  params: { readonly model: string; readonly version: number },
  named: readonly string[],
): Promise<readonly string[]> {
  if (named.length > 0) return named;
  const paths: string[] = [];
  const rows = client.rows('listArtifacts', { params, query: { limit: 100 } });
  for await (const { kind, path } of rows) if (kind === 'stored') paths.push(path);
  return paths;
}

/** Where a file goes. The registry has no path that leads out of a folder; what calls itself one is not trusted with that. */
function placeIn(folder: string, path: string): string {
  const target = join(folder, ...path.split('/'));
  if (!resolve(target).startsWith(join(resolve(folder), sep))) throw new Error(`${path} leads out of ${folder}`);
  return target;
}

async function fetchAll(
  model: string,
  named: string,
  files: readonly string[],
  options: DownloadOptions,
  { result, progress }: Output,
): Promise<void> {
  const client = connect(options);
  const version = await numberOf(client, model, named);
  const paths = await pathsOf(client, { model, version }, files);
  const fetched = [];
  for (const path of paths) {
    const target = placeIn(options.to, path);
    let bytes = 0;
    const onProgress = (done: number) => {
      bytes = done;
    };
    await download({ client, model, version }, path, target, { parallel: options.parallel, onProgress });
    progress(`${path}: ${size(bytes)}, its SHA-256 is the registry's`);
    fetched.push({ path, file: target });
  }
  result(JSON.stringify({ model, version, files: fetched }, null, 2));
}

const HELP = `
Each file is fetched in several runs of bytes at the same time, and appears once its SHA-256 is the one that the registry has of it.
Files that a version only refers to are left out. Progress goes to stderr; what was fetched goes to stdout, as JSON.

Examples:
  signet download churn 12 --to model/
  signet download churn @champion model.onnx --aws-region eu-central-1
`;

/** `signet download …` */
export function downloadCommand(output: Output): Command {
  return remote('download')
    .description('fetch the files of a READY version')
    .argument('<model>', 'the model')
    .argument('<version>', 'a number, or an alias such as @champion')
    .argument('[paths...]', 'paths of files in the version; none: all that the registry keeps')
    .option('--to <folder>', 'where the files go, under the paths that they have in the version', '.')
    .addOption(new Option('--parallel <n>', 'runs of bytes fetched at the same time').default(6).argParser(atOnce))
    .addHelpText('after', HELP)
    .action((model: string, version: string, paths: string[], options: DownloadOptions) =>
      fetchAll(model, version, paths, options, output),
    );
}
