import type { Ports, RegistryStore } from '../../core/ports';

type Method = (...args: unknown[]) => Promise<unknown>;

/** What says which records a call reads. */
const READS: Partial<Record<keyof RegistryStore, (...args: never[]) => unknown>> = {
  get: (...args) => args,
  query: (...args) => args,
  getOfModel: (workspace: string, name: string, keys: (modelId: string) => unknown) => [workspace, name, keys('·')],
};
const WRITES: readonly (keyof RegistryStore)[] = ['commit', 'noteUpload'];

/**
 * Ports whose store reads nothing twice until something is written: for tests that ask thousands of questions about the
 * same few records.
 */
export function remembering(real: Ports): Ports {
  const known = new Map<string, Promise<unknown>>();
  const store = Object.create(real.store) as RegistryStore;
  const replace = (name: keyof RegistryStore, make: (method: Method, ...args: unknown[]) => Promise<unknown>): void => {
    const method = (real.store[name] as Method).bind(real.store);
    Object.defineProperty(store, name, { value: (...args: unknown[]) => make(method, ...args) });
  };
  for (const [name, about] of Object.entries(READS)) {
    replace(name as keyof RegistryStore, (method, ...args) => {
      const key = JSON.stringify([name, about(...(args as never[]))]);
      const answer = known.get(key) ?? method(...args);
      known.set(key, answer);
      return answer;
    });
  }
  for (const name of WRITES) {
    replace(name, (method, ...args) => method(...args).finally(() => known.clear()));
  }
  return { ...real, store };
}
