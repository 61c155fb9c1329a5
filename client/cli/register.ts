import { createHash, randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { canonicalJson } from '../../core/domain/json';
import { ApiError, type Client, type OutputOf } from '../api';
import type { Digests } from '../upload/digest';
import { digestAll, type UploadFile, upload } from '../upload/upload';
import { type CiRun, ciRunOf } from './ci';
import { filesOf } from './collect';
import { type Connection, connect } from './connection';
import { progressIn } from './progress';
import { type Output, remote } from './remote';
import { type Body, bodyOf, type Said } from './version-body';

type Version = OutputOf<'registerVersion'>;

interface RegisterOptions extends Connection, Said {
  readonly createModel?: true;
  readonly idempotencyKey?: string;
  readonly parallel: number;
}

/** Collects `name=value`; a value may hold more equals signs. */
function pair(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const cut = text.indexOf('=');
  if (cut < 1) throw new InvalidArgumentError('A name and a value are needed: name=value.');
  return { ...before, [text.slice(0, cut)]: text.slice(cut + 1) };
}

function atOnce(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 64) throw new InvalidArgumentError('A number from 1 to 64.');
  return value;
}

/**
 * One key for one run, one model and one content: a job that is run again finds the version that it registered, one that
 * trained something else registers another.
 */
function keyFor(run: CiRun | undefined, model: string, body: Body, digests: ReadonlyMap<string, Digests>): string {
  if (!run) return randomUUID();
  const files = [...digests].map(([path, { sha256 }]) => [path, sha256]).sort();
  const content = createHash('sha256')
    .update(canonicalJson([model, body, files] as never))
    .digest('hex');
  return `${run.system}:${inHeader(run.id)}:${content.slice(0, 32)}`;
}

/** The id of a run as a header takes it: Jenkins makes ids of the names of jobs, with blanks and umlauts. */
function inHeader(id: string): string {
  const encoded = encodeURIComponent(id.toWellFormed());
  return encoded.length <= 180 ? encoded : createHash('sha256').update(id).digest('hex');
}

/** Looks first: who may register versions of this model need not be allowed to create models. */
async function createMissing(client: Client, name: string): Promise<void> {
  try {
    await client.getModel({ params: { model: name } });
    return;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'model_not_found') throw error;
  }
  try {
    await client.createModel({ body: { name } });
  } catch (error) {
    // Somebody else created it in the meantime.
    if (!(error instanceof ApiError) || error.code !== 'model_exists') throw error;
  }
}

async function register(
  model: string,
  named: readonly string[],
  options: RegisterOptions,
  { result, progress }: Output,
): Promise<void> {
  const client = connect(options);
  const run = ciRunOf(process.env);
  const files = await filesOf(named);
  const onProgress = progressIn(progress);
  const digests = await digestAll(files, { onProgress });
  const body = await bodyOf(options, run, files.length === 0);
  const idempotencyKey = options.idempotencyKey ?? keyFor(run, model, body, digests);
  if (options.createModel) await createMissing(client, model);
  const registered = await client.registerVersion({ params: { model }, body }, { idempotencyKey });
  progress(`${model} version ${registered.version} is registered`);
  const place = { client, model, version: registered.version };
  const ready = await completed(place, files, digests, () =>
    upload(place, files, digests, { parallel: options.parallel, onProgress }),
  );
  progress(`${model} version ${ready.version} is ${ready.status}`);
  result(JSON.stringify(ready, null, 2));
}

/** Brings a version to READY; one that is already must have these very files. */
async function completed(
  { client, model, version }: { client: Client; model: string; version: number },
  files: readonly UploadFile[],
  digests: ReadonlyMap<string, Digests>,
  send: () => Promise<void>,
): Promise<Version> {
  const params = { model, version };
  const look = () => client.getVersion({ params });
  // An answer that was kept for an idempotency key tells how the version was then.
  const now = await look();
  if (now.status === 'READY') {
    if (files.length > 0) await checkSame(client, params, digests);
    return now;
  }
  try {
    await send();
    return await client.finaliseVersion({ params });
  } catch (error) {
    // The same job, run twice at the same time: the other one was faster.
    if (!(error instanceof ApiError) || error.code !== 'version_not_pending') throw error;
    await checkSame(client, params, digests);
    return await look();
  }
}

async function checkSame(
  client: Client,
  params: { readonly model: string; readonly version: number },
  digests: ReadonlyMap<string, Digests>,
): Promise<void> {
  const there = new Map<string, string | undefined>();
  const rows = client.rows('listArtifacts', { params, query: { limit: 100 } });
  for await (const { kind, path, sha256 } of rows) if (kind === 'stored') there.set(path, sha256);
  const isSame = there.size === digests.size && [...digests].every(([path, { sha256 }]) => there.get(path) === sha256);
  if (!isSame) {
    throw new Error(
      `Version ${params.version} was registered under this idempotency key with other files; give another key.`,
    );
  }
}

const HELP = `
A file is named as it is on this machine; FILE=PATH gives it another path in the version, and a folder stands for all
files in it. Progress goes to stderr; the version goes to stdout, as JSON.

In GitHub Actions, GitLab CI, Jenkins and CodeBuild the run, its page and the commit are recorded, and the run's id makes the
idempotency key: called again in the same run with the same files and metadata, it finds its version and goes on where it
stopped. GitHub and GitLab keep the id when a job is run again. A rebuild of Jenkins and a retry of CodeBuild are new runs with
new ids, and register another version, unless --idempotency-key names a key and --metadata a run that stay the same.

Examples:
  signet register churn model.onnx --metric auc=0.91 --tag team=growth
  signet register churn export/ --metrics metrics.json --metadata version.json --aws-region eu-central-1
  signet register churn --reference model=s3://bucket/churn/81/model.tar.gz
`;

/** `signet register …` */
export function registerCommand(output: Output): Command {
  const collected = (flags: string, description: string) =>
    new Option(flags, description).argParser(pair).default({}, 'none');
  return remote('register')
    .description('register the next version of a model, with its files')
    .argument('<model>', 'the model')
    .argument('[files...]', 'files and folders; none: the version is READY at once')
    .addOption(collected('--metric <name=value>', 'a metric; may be repeated'))
    .option('--metrics <file>', 'a JSON object of metrics')
    .addOption(collected('--tag <key=value>', 'a tag; may be repeated'))
    .option('--tags <file>', 'a JSON object of tags')
    .addOption(collected('--param <name=value>', 'a hyper-parameter; may be repeated'))
    .addOption(collected('--reference <path=uri>', 'a file that stays where it is; may be repeated'))
    .option('--metadata <file>', 'a JSON object of everything else that a version says of itself, such as containers')
    .option('--description <text>', 'Markdown')
    .option('--semantic-version <version>', 'such as 1.4.0')
    .option('--create-model', 'create the model when it does not exist')
    .option('--idempotency-key <key>', 'instead of the one that the run makes')
    .addOption(new Option('--parallel <n>', 'parts sent at the same time').default(6).argParser(atOnce))
    .addHelpText('after', HELP)
    .action((model: string, files: string[], options: RegisterOptions) => register(model, files, options, output));
}
