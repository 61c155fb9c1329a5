import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer } from '../../load/server';
import { Registry } from './registry';

/** A local run in processes of its own. */
export interface Local {
  readonly registry: Registry;
  /** Stops it, does something with the file of its table, and starts it again. */
  readonly offline: (work: (table: string) => Promise<void>) => Promise<void>;
}

/** Does something while a local run has its data in this folder, which is made. */
export async function withLocal<T>(data: string, work: (local: Local) => Promise<T>): Promise<T> {
  await mkdir(data);
  let server = await startServer(data);
  try {
    const registry = new Registry('Signet', server.url);
    const offline: Local['offline'] = async (change) => {
      await server.stop();
      await change(join(data, 'table.db'));
      server = await startServer(data);
      registry.url = server.url;
    };
    return await work({ registry, offline });
  } finally {
    await server.stop();
  }
}
