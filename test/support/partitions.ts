import { itemKey } from '../../adapters/dynamodb/keys';
import type { Change, RegistryStore } from '../../core/ports';

/** Beginnings of the partitions that a function may write, and of those of which it may only ask that nothing changed. */
export interface Partitions {
  readonly writes: readonly string[];
  readonly checks?: readonly string[];
}

/** Ports that refuse what the role of a function refuses on AWS: nothing on this machine knows roles. */
export function within<P extends { readonly store: Pick<RegistryStore, 'commit'> }>(
  ports: P,
  { writes, checks = [] }: Partitions,
): P {
  const store = Object.create(ports.store) as P['store'];
  const commit = async (change: Change): Promise<void> => {
    const wrong = [
      ...change.writes
        .map((write) => itemKey('put' in write ? write.put : write.delete).pk)
        .filter((pk) => !writes.some((each) => pk.startsWith(each))),
      ...(change.unchanged ?? [])
        .map(({ key }) => itemKey(key).pk)
        .filter((pk) => !checks.some((each) => pk.startsWith(each))),
    ];
    if (wrong.length > 0) throw new Error(`AccessDeniedException: the role has no right on ${wrong.join(', ')}`);
    return ports.store.commit(change);
  };
  Object.defineProperty(store, 'commit', { value: commit });
  return { ...ports, store };
}
