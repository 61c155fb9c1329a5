import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer } from '../../load/server';
import { Registry } from './registry';
import { type MlflowServer, startMlflow } from './server';

/** The local run and a real MLflow server. */
export interface Both {
  readonly signet: Registry;
  readonly other: Registry;
  readonly rival: MlflowServer;
  /** Stops the local run, does something with the file of its table, and starts it again. */
  readonly offline: (work: (table: string) => Promise<void>) => Promise<void>;
}

/** Does something while both run, with their data in this folder. */
export async function withBoth<T>(folder: string, work: (both: Both) => Promise<T>): Promise<T> {
  const [data, files] = [join(folder, 'signet'), join(folder, 'mlflow')];
  await Promise.all([mkdir(data), mkdir(files)]);
  const rival = await startMlflow(files);
  try {
    let local = await startServer(data);
    try {
      const [signet, other] = [new Registry('Signet', local.url), new Registry('MLflow', rival.url)];
      const offline: Both['offline'] = async (change) => {
        await local.stop();
        await change(join(data, 'table.db'));
        local = await startServer(data);
        signet.url = local.url;
      };
      return await work({ signet, other, rival, offline });
    } finally {
      await local.stop();
    }
  } finally {
    await rival.stop();
  }
}

/** Sizes from the smallest to the largest: registries only grow. */
export const ascending = (sizes: readonly number[]): number[] => [...sizes].sort((a, b) => a - b);
