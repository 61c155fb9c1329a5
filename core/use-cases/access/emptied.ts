import type { Key } from '../../domain/records';
import type { Desk, Ports, PostingSource, PostingStore, RegistryStore } from '../../ports';

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
    ofModel: async (of, name, read) => (of === workspace ? undefined : store.ofModel(of, name, read)),
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
  const postings: PostingStore = {
    source: (of, options) => (of === workspace ? NOTHING : ports.postings.source(of, options)),
    desk: async (of, options) => (of === workspace ? CLEAR_DESK : ports.postings.desk(of, options)),
    waits: unreachable,
    read: unreachable,
    lease: unreachable,
    release: unreachable,
    write: unreachable,
    putPosted: unreachable,
    settle: unreachable,
  };
  return { ...ports, store: view, postings, artifacts: nowhere(), files: nowhere() };
}

const NOTHING: PostingSource = {
  page: async () => ({ items: [], units: 0 }),
  whole: async () => ({ copy: undefined, units: 0 }),
};
const CLEAR_DESK: Desk = { marks: [], indexes: [], walks: [], units: 0, more: false };

function unreachable(): never {
  throw new Error('a caller without the right to see something came to where it is changed');
}

/** A port whose every method fails. */
function nowhere<P extends object>(): P {
  return new Proxy({}, { get: () => unreachable }) as P;
}
