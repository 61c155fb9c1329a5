import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** The local run in a process of its own, so that its memory is not the load's. */
export interface Server {
  readonly url: string;
  /** URL of the table's engine. */
  readonly engine: string;
  /** What a client of S3 needs to reach its store. */
  readonly s3: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Environment of other programs that call its store. */
  readonly env: Readonly<Record<string, string>>;
  /** Megabytes that it has in memory now, with the engine of the table; undefined where the system does not tell. */
  memory(): number | undefined;
  stop(): Promise<void>;
}

/** Starts the local run on free ports. @throws Error with what it printed, when it does not start */
export function startServer(dataFolder: string): Promise<Server> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts', '--port', '0', '--data', dataFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let printed = '';
    child.once('exit', (code) => reject(new Error(`The local run ended with ${code}: ${printed}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const [, url] = /API for people\s+(http\S+)/.exec(printed) ?? [];
      const [, engine] = /DynamoDB\s+(http\S+)\s/.exec(printed) ?? [];
      const [, endpoint] = /^ {2}S3\s+(http\S+)\s/m.exec(printed) ?? [];
      const [, settings = ''] = /^ {2}export (AWS_REGION=.*)\n/m.exec(printed) ?? [];
      const env = Object.fromEntries(settings.split(' ').map((setting) => setting.split('=')));
      const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
      if (!url || !engine || !endpoint || !secretAccessKey) return;
      const s3 = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
      resolve({ url, engine, s3, env, memory: () => memoryOf(child.pid as number), stop: () => stop(child) });
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** Resident memory of a process and of those that it started, from `/proc`. */
function memoryOf(pid: number): number | undefined {
  try {
    const parents = new Map<number, number>();
    for (const name of readdirSync('/proc')) if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(name));
    const belongs = (id: number): boolean => id === pid || (id > 1 && belongs(parents.get(id) ?? 0));
    const kilobytes = [...parents.keys()].filter(belongs).map((id) => residentOf(id));
    return Math.round(kilobytes.reduce((sum, each) => sum + each, 0) / 1_024);
  } catch {
    return undefined;
  }
}

function status(pid: number | string, field: string): number {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  } catch {
    return 0; // It has just ended.
  }
}

const parentOf = (pid: string): number => status(pid, 'PPid');
const residentOf = (pid: number): number => status(pid, 'VmRSS');
