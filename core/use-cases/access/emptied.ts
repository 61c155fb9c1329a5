import type { Key } from '../../domain/records';
import type { Ports, RegistryStore } from '../../ports';

/**
 * The world as it would be if a workspace held nothing, or did not exist: who may not see something gets the very answer
 * that is given where it is missing, because it is made in the same way. Nothing is written in it.
 */
export function emptied(ports: Ports, workspace: string, exists: boolean): Ports {
  const { store } = ports;
  const isHidden = (key: Key) =>
    'workspace' in key && key.workspace === workspace && !(exists && key.kind === 'workspace');
  const view: RegistryStore = {
    get: async (key, options) => (isHidden(key as Key) ? undefined : store.get(key, options)),
    getOfModel: async (of, name, keys, mode) => (of === workspace ? undefined : store.getOfModel(of, name, keys, mode)),
    query: async (range, page) =>
      'workspace' in range && range.workspace === workspace ? { items: [] } : store.query(range, page),
    auditOfDay: async (of, day, between, page) =>
      of === workspace ? { items: [] } : store.auditOfDay(of, day, between, page),
    placesOfDay: async (of, day, between, page) =>
      of === workspace ? { items: [] } : store.placesOfDay(of, day, between, page),
    replay: async () => undefined,
    commit: unreachable,
    noteUpload: unreachable,
  };
  return { ...ports, store: view, artifacts: nowhere(), files: nowhere() };
}

function unreachable(): never {
  throw new Error('a caller without the right to see something came to where it is changed');
}

/** A port whose every method fails. */
function nowhere<P extends object>(): P {
  return new Proxy({}, { get: () => unreachable }) as P;
}
