import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Server, startServer } from '../../load/server';
import { Registry } from './registry';
import { type MlflowServer, startMlflow } from './server';

/** The local run and a real MLflow server. */
export interface Both {
  readonly signet: Registry;
  readonly other: Registry;
  readonly local: Server;
  readonly rival: MlflowServer;
}

/** Does something while both run, with their data in this folder. */
export async function withBoth<T>(folder: string, work: (both: Both) => Promise<T>): Promise<T> {
  const [data, files] = [join(folder, 'signet'), join(folder, 'mlflow')];
  await Promise.all([mkdir(data), mkdir(files)]);
  const rival = await startMlflow(files);
  try {
    const local = await startServer(data);
    try {
      const [signet, other] = [new Registry('Signet', local.url), new Registry('MLflow', rival.url)];
      return await work({ signet, other, local, rival });
    } finally {
      await local.stop();
    }
  } finally {
    await rival.stop();
  }
}

/** Sizes from the smallest to the largest: registries only grow. */
export const ascending = (sizes: readonly number[]): number[] => [...sizes].sort((a, b) => a - b);
