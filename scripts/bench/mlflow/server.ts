import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../free-port';
import { pythonWith } from '../../venv';

/** The newest of the versions that the conformance drives. */
const MLFLOW = '3.17.2';

/** How long it may take to start: it makes its database first. */
const WITHIN_MS = 180_000;

/** A real MLflow server on SQLite, in processes of its own. */
export interface MlflowServer {
  readonly url: string;
  readonly python: string;
  /** File of its database. */
  readonly database: string;
  stop(): Promise<void>;
}

/**
 * Starts MLflow's server with one worker on a free port; its database is in this folder.
 * @throws Error with what it printed, when it does not start
 */
export async function startMlflow(folder: string): Promise<MlflowServer> {
  const python = pythonWith(`mlflow-server-${MLFLOW}`, `mlflow==${MLFLOW}`);
  const port = await freePort();
  const database = join(folder, 'mlflow.db');
  const log = join(folder, 'mlflow.log');
  const output = openSync(log, 'w');
  const options = [
    '--backend-store-uri',
    `sqlite:///${database}`,
    '--workers',
    '1',
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
  ];
  const child = spawn(python, ['-m', 'mlflow', 'server', ...options], {
    cwd: folder,
    stdio: ['ignore', output, output],
    // Nothing but requests: no telemetry, and no jobs beside them.
    env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' },
    detached: true,
  });
  closeSync(output);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    // The worker is a child of the server, in the same group.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  const until = performance.now() + WITHIN_MS;
  while (child.exitCode === null && performance.now() < until) {
    if (await isUp(url)) return { url, python, database, stop };
    await pause(500);
  }
  if (child.exitCode === null) await stop();
  throw new Error(`MLflow's server did not start:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
}

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok;
  } catch {
    return false;
  }
}
