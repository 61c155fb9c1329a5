import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';

/** Tests that were run. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** How a program of Python is run. */
export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs Python beside the registry, which answers it from this process. @returns its exit code */
export function run(python: string, args: readonly string[], { cwd, env }: Surroundings = {}): Promise<number | null> {
  const variables = {
    ...process.env,
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONWARNINGS: 'ignore',
    ...env,
  };
  return new Promise((ended, failed) => {
    const child = spawn(python, args, { stdio: 'inherit', env: variables, ...(cwd !== undefined && { cwd }) });
    child.once('error', failed);
    child.once('close', ended);
  });
}

/** Runs a folder of tests with pytest. One that ends without a report is one failure. */
export async function pytest(python: string, args: readonly string[], surroundings: Surroundings): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-pytest-'));
  const report = join(folder, 'report.xml');
  const always = ['-m', 'pytest', '--quiet', '-p', 'no:cacheprovider', '--disable-warnings', `--junitxml=${report}`];
  try {
    const code = await run(python, [...always, ...args], surroundings);
    const count = existsSync(report) ? countOf(readFileSync(report, 'utf8')) : { passed: 0, failed: 0, skipped: 0 };
    return code === 0 || count.failed > 0 ? count : { ...count, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countOf(report: string): Count {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => name === 'testsuite',
  });
  const { testsuites } = parser.parse(report) as { testsuites: { testsuite: Record<string, string>[] } };
  const sum = (attribute: string) =>
    testsuites.testsuite.reduce((all, suite) => all + Number(suite[attribute] ?? 0), 0);
  const [failed, skipped] = [sum('failures') + sum('errors'), sum('skipped')];
  return { passed: sum('tests') - failed - skipped, failed, skipped };
}
