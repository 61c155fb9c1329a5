import { readFile, writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { canonicalJson } from '../../core/domain/json';
import { cryptographyOf } from '../audit/keys';
import { verifyAudit } from '../audit/verify';
import { type Connection, connect } from './connection';
import { readIfThere, textOf, writeLines } from './files';
import { type Output, remote, workspace } from './remote';
import { textOf as reportText } from './report';

function time(text: string): string {
  const value = new Date(text);
  if (Number.isNaN(value.getTime())) throw new InvalidArgumentError('A time such as 2026-03-01T10:00:00Z is needed.');
  return value.toISOString();
}

function modelById(text: string): string {
  if (!/^id:.+$/.test(text)) {
    throw new InvalidArgumentError(
      'A name can change hands: name the model by its id, as id:01J… (the export printed it).',
    );
  }
  return text.slice('id:'.length);
}

const from = () => new Option('--from <time>', 'the first moment').argParser(time);
const to = () => new Option('--to <time>', 'the last moment').argParser(time);
/** Lines with a word about how many there were, every thousand and at the end. */
async function* counting<T>(rows: AsyncIterable<T>, noun: string, { progress }: Output): AsyncGenerator<T> {
  let count = 0;
  for await (const row of rows) {
    yield row;
    count += 1;
    if (count % 1_000 === 0) progress(`${count} ${noun}`);
  }
  progress(`${count} ${noun}`);
}

async function* textsOf(rows: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const row of rows) yield canonicalJson(row);
}

interface ExportOptions extends Connection {
  readonly out: string;
  readonly model?: string;
  readonly from?: string;
  readonly to?: string;
}

async function exportTo(options: ExportOptions, output: Output): Promise<void> {
  const { model, from, to, out } = options;
  const client = connect(options);
  const query = { limit: 100, ...(from && { from }), ...(to && { to }) };
  const rows =
    model === undefined
      ? client.rows('exportAudit', { query })
      : client.rows('exportModelAudit', { params: { model }, query });
  await writeLines(out, textsOf(counting(rows, 'records', output)));
  if (model === undefined) return;
  const id = /"modelId":"([^"]*)"/.exec((await readIfThere(out)).slice(0, 1_000_000))?.[1];
  if (id !== undefined) output.progress(`Verify it with --model id:${id}`);
}

interface DigestOptions extends Connection {
  readonly out: string;
  readonly keyOut?: string;
}

/** Goes on after the last digest that the file has. */
async function fetchDigests(options: DigestOptions, output: Output): Promise<void> {
  const client = connect(options);
  const known = await readIfThere(options.out);
  const last = known.trimEnd().split('\n').at(-1);
  const after = last ? (JSON.parse(last) as { digest: { sequence: number } }).digest.sequence : 0;
  const rows = client.rows('exportDigests', { query: { limit: 100, after } });
  await writeLines(options.out, textsOf(counting(rows, 'new digests', output)), known);
  if (options.keyOut !== undefined) await writeFile(options.keyOut, await client.getAuditKey());
}

interface VerifyOptions {
  readonly events: string;
  readonly digests: string;
  readonly key: readonly string[];
  readonly kept?: readonly string[];
  readonly workspace: string;
  readonly model?: string;
  readonly from?: string;
  readonly to?: string;
  readonly sealed?: true;
  readonly json?: true;
}

async function verify(options: VerifyOptions, { result }: Output): Promise<boolean> {
  const read = (file: string) => readFile(file, 'utf8');
  const pems = await Promise.all(options.key.map(read));
  const kept = (await Promise.all((options.kept ?? []).map(read))).map(
    (text) => text.trimEnd().split('\n').at(-1) ?? '',
  );
  const { workspace, model: modelId, from, to } = options;
  const evidence = {
    records: textOf(options.events),
    digests: textOf(options.digests),
    kept,
    scope: { workspace, modelId, from, to },
    mustBeSealed: options.sealed === true,
  };
  const report = await verifyAudit(evidence, cryptographyOf(pems));
  result(options.json ? JSON.stringify(report, null, 2) : reportText(report));
  return report.faults.length === 0;
}

/** `signet audit …` */
export function auditCommand(output: Output): Command {
  return new Command('audit')
    .description('export the audit, and prove that nobody has changed it')
    .addCommand(
      remote('export')
        .description('write the audit of a workspace or a model to a file: one record a line, every event whole')
        .requiredOption('-o, --out <file>', 'the file')
        .option('-m, --model <name>', 'one model, by its name or as id:01J…')
        .addOption(from())
        .addOption(to())
        .action((options: ExportOptions) => exportTo(options, output)),
    )
    .addCommand(
      remote('digests')
        .description(
          'write the signed digests to a file, after those that it has; keep the file where nobody else can write',
        )
        .requiredOption('-o, --out <file>', 'the file')
        .option('--key-out <file>', 'write the public key, too; compare it once with `aws kms get-public-key`')
        .action((options: DigestOptions) => fetchDigests(options, output)),
    )
    .addCommand(
      new Command('verify')
        .description('verify an export without any connection; ends with 1 when something is wrong')
        .requiredOption('-e, --events <file>', 'the export')
        .requiredOption('-d, --digests <file>', 'the digests')
        .requiredOption('-k, --key <file...>', 'public keys in PEM that are trusted')
        .option('--kept <file...>', 'digests that you kept: the last line of each file must be among the digests')
        .addOption(workspace())
        .addOption(new Option('-m, --model <id>', 'the export is of one model: id:01J…').argParser(modelById))
        .addOption(from())
        .addOption(to())
        .option('--sealed', 'every record must be sealed, also the newest')
        .option('--json', 'print the report as JSON')
        .addHelpText(
          'after',
          '\nWithout --model, --from and --to the export must be the whole audit of the workspace: say what it is meant to be.',
        )
        .action(async (options: VerifyOptions) => {
          if (!(await verify(options, output))) process.exitCode = 1;
        }),
    );
}
