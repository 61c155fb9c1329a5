import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Local, withLocal } from './local';
import { Registry } from './registry';
import { type MlflowServer, startMlflow } from './server';

/** The local run and a real MLflow server. */
export interface Both {
  readonly local: Local;
  readonly other: Registry;
  readonly rival: MlflowServer;
}

/** Does something while both run, with their data in this folder. */
export async function withBoth<T>(folder: string, work: (both: Both) => Promise<T>): Promise<T> {
  const files = join(folder, 'mlflow');
  await mkdir(files);
  const rival = await startMlflow(files);
  try {
    const other = new Registry('MLflow', rival.url);
    return await withLocal(join(folder, 'signet'), (local) => work({ local, other, rival }));
  } finally {
    await rival.stop();
  }
}

/** Sizes from the smallest to the largest: registries only grow. */
export const ascending = (sizes: readonly number[]): number[] => [...sizes].sort((a, b) => a - b);
