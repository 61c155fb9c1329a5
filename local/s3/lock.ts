import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders this process has open: its own process id in a lock file would otherwise look like a leftover. */
const held = new Set<string>();

/**
 * Claims a folder for one endpoint at a time. Two of them would each rewrite the journal and remove what they take for
 * the leftovers of the other. A lock whose process is gone, as after `kill -9`, is taken over.
 *
 * @returns gives the folder back
 * @throws Error when another live process, or this one, has the folder open
 */
export async function lockFolder(directory: string): Promise<() => Promise<void>> {
  const file = join(directory, 'lock');
  const refuse = (pid: number) =>
    new Error(`${directory} is in use by process ${pid}; if that is not so, remove ${file} and start again`);
  if (held.has(directory)) throw refuse(process.pid);
  held.add(directory);
  try {
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    if (owner > 0 && owner !== process.pid && isAlive(owner)) throw refuse(owner);
    await rm(file, { force: true });
    const handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
  } catch (error) {
    held.delete(directory);
    throw error;
  }
  return async () => {
    held.delete(directory);
    await rm(file, { force: true });
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: alive, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
