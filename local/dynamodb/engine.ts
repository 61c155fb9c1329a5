import { type ChildProcess, spawn } from 'node:child_process';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFile } from './new-file';

/** Environment variable that names any other DynamoDB endpoint, for example DynamoDB Local or a real region. */
const ENDPOINT_VARIABLE = 'SIGNET_DYNAMODB_ENDPOINT';

export interface EngineOptions {
  /** File that keeps the tables; without it the engine keeps everything in memory. */
  readonly dbPath?: string;
  /** TCP port on 127.0.0.1; 0 or nothing takes any free one. */
  readonly port?: number;
  /** Receives what the engine prints on standard error, line ends included. */
  readonly log?: (text: string) => void;
}

/** A running DynamoDB-compatible engine. */
export interface Engine {
  /** Base URL for the AWS SDK, without a trailing slash. */
  readonly endpoint: string;
  /** Process that serves it; absent when `SIGNET_DYNAMODB_ENDPOINT` names a foreign endpoint. */
  readonly pid?: number;
  /** Stops the engine and waits until it is gone. Calling it again does nothing. */
  close(): Promise<void>;
}

const READY_WITHIN_MS = 5_000;
const STOP_WITHIN_MS = 2_000;

/**
 * Starts the DynamoDB-compatible engine of this platform and waits until it answers.
 *
 * The engine ends with this process, even when this process is killed with SIGKILL.
 *
 * @throws Error when the platform has no engine, the port is taken, or the engine does not answer within 5 s.
 */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  const foreign = process.env[ENDPOINT_VARIABLE];
  if (foreign) return { endpoint: foreign.replace(/\/+$/, ''), close: async () => {} };

  const binary = engineBinary();
  if (options.dbPath) await makeFile(options.dbPath);
  // The engine does not tell which port it took when asked for port 0, so one is found first. Another process may
  // take it in between; then the next one is tried.
  for (let attempt = 1; ; attempt++) {
    const port = options.port || (await freePort());
    try {
      return await launch(binary, port, options);
    } catch (error) {
      if (options.port || attempt === 3) throw error;
    }
  }
}

async function launch(binary: string, port: number, options: EngineOptions): Promise<Engine> {
  const args = ['serve', '--host', '127.0.0.1', '--port', String(port)];
  if (options.dbPath) args.push('--db-path', options.dbPath);
  // Its own process group: Ctrl-C reaches this process only, which stops its functions before it stops the engine.
  const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: process.platform !== 'win32' });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2_000);
    options.log?.(text);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      complaint += error.message;
      resolve();
    });
  });
  let over = false;
  void ended.then(() => {
    over = true;
  });

  const guard = watchParent(child);
  const endpoint = `http://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    if (!over) {
      child.kill('SIGTERM');
      const forced = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(forced);
    }
    guard?.kill('SIGKILL');
  };

  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(endpoint))) {
    if (over || Date.now() > deadline) {
      const why = over ? 'ended at once' : `did not answer within ${READY_WITHIN_MS} ms`;
      await close();
      throw new Error(`The DynamoDB engine on port ${port} ${why}: ${complaint.trim() || 'it printed nothing'}`);
    }
    await sleep(3);
  }
  // Another server may hold the port and answer in the engine's place, while the engine gives up.
  if (over) {
    await close();
    throw new Error(`The DynamoDB engine could not take port ${port}: ${complaint.trim()}`);
  }
  // A forgotten engine must not keep its parent from ending; the guard then ends the engine.
  child.unref();
  (child.stderr as Socket).unref();
  return child.pid === undefined ? { endpoint, close } : { endpoint, pid: child.pid, close };
}

/**
 * Ends the engine when this process disappears without a chance to clean up: a shell waits for the end of a pipe that
 * only this process holds open. On Windows children end with their parent anyway (job object).
 */
function watchParent(engine: ChildProcess): ChildProcess | undefined {
  if (process.platform === 'win32' || engine.pid === undefined) return undefined;
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -9 "$1"', 'sh', String(engine.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  engine.once('exit', () => guard.kill('SIGKILL'));
  guard.unref();
  (guard.stdin as Socket).unref();
  return guard;
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.headers.has('x-dynoxide-version');
  } catch {
    return false;
  }
}

function engineBinary(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    const folder = dirname(require.resolve(`${name}/package.json`));
    return join(folder, process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide');
  } catch (cause) {
    throw new Error(
      `No DynamoDB engine for ${process.platform}-${process.arch}: the package ${name} is not installed. ` +
        `Install it, or name another DynamoDB endpoint in ${ENDPOINT_VARIABLE}.`,
      { cause },
    );
  }
}

/** A TCP port on 127.0.0.1 that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
