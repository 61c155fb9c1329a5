import { execFile } from 'node:child_process';
import { parse } from 'yaml';
import { projectFile } from '../lib/synthesised';

/** A step of a workflow: it runs a script, or somebody's action. */
export interface WorkflowStep {
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
}

interface Job {
  readonly 'runs-on': string;
  readonly if?: string;
  readonly concurrency?: { readonly group: string };
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly WorkflowStep[];
}

export interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly concurrency?: unknown;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** A workflow of GitHub Actions among the examples. */
export function workflow(path: string): Workflow {
  return parse(projectFile(path), { strict: true, uniqueKeys: true }) as Workflow;
}

/** The step of a job that has a name. */
export function stepNamed({ steps }: Job, name: string): WorkflowStep & { run: string } {
  const step = steps.find((each) => each.name === name);
  if (step?.run === undefined) throw new Error(`there is no script named ${name}`);
  return { ...step, run: step.run };
}

/** Variables of a job, each expression replaced by what it names; only contexts that are paths are known. */
export function environmentOf({ env = {} }: Job, contexts: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, text]) => {
      const value = text.replace(/\$\{\{ ([\w.]+) \}\}/g, (_, path: string) => {
        let found: unknown = contexts;
        for (const part of path.split('.')) found = (found as Record<string, unknown> | undefined)?.[part];
        return String(found ?? '');
      });
      return [name, value];
    }),
  );
}

/** Runs a script as the runners of GitHub do: by bash, ended by the first command that fails. */
export function runScript(
  script: string,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<{ code: number; out: string; err: string }> {
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env;
  const shell = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script];
  return new Promise((done) => {
    execFile('bash', shell, { cwd, env: { PATH, HOME, TMPDIR, ...env } }, (error, out, err) => {
      done({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}
