import { contentionOf } from '../../adapters/dynamodb/commit';
import { conditionOf, itemKey } from '../../adapters/dynamodb/keys';
import type { Key, Kind, Records } from '../../core/domain/records';
import {
  type Change,
  Contention,
  type Page,
  type PageRequest,
  type Range,
  type RegistryStore,
  type Row,
} from '../../core/ports';
import { around } from './faults';

/**
 * Records in a map, under the keys and conditions of the table, for tests that try thousands of stories: what they show of
 * the use cases does not depend on the engine, which the other tests run on.
 */
export class MemoryStore implements Pick<RegistryStore, 'get' | 'getOfModel' | 'query' | 'commit' | 'replay'> {
  private readonly partitions = new Map<string, Map<string, string>>();

  get<K extends Kind>(key: Key<K>): Promise<Records[K] | undefined> {
    return around('GetItem', async () => this.value(key));
  }

  async getOfModel<const K extends readonly Kind[]>(
    workspace: string,
    name: string,
    keys: (modelId: string) => { [I in keyof K]: Key<K[I]> },
  ) {
    return around('TransactGetItems', async () => {
      const found = this.value<'name'>({ kind: 'name', workspace, name });
      if (!found) return undefined;
      const records = (keys(found.modelId) as readonly Key[]).map((key) => this.value(key));
      return { modelId: found.modelId, records: records as never };
    });
  }

  query<K extends Range['kind']>(range: Extract<Range, { kind: K }>, page: PageRequest): Promise<Page<Row<K>>> {
    return around('Query', async () => {
      const { index, partition, prefix = '', upTo } = conditionOf(range);
      if (index !== undefined) throw new Error('there is no index here');
      const rows = [...(this.partitions.get(partition) ?? [])]
        .map(([sk, text]) => ({ sk, text }))
        .filter(({ sk }) => sk.startsWith(prefix) && (upTo === undefined || sk <= upTo))
        .sort((a, b) => (a.sk < b.sk ? -1 : 1));
      if (page.order === 'descending') rows.reverse();
      const from = page.after === undefined ? 0 : rows.findIndex(({ sk }) => sk === page.after) + 1;
      const shown = rows.slice(from, from + page.limit);
      const more = from + page.limit < rows.length;
      const items = shown.map(({ text }) => JSON.parse(text) as Row<K>);
      return { items, ...(more && { next: shown.at(-1)?.sk as string }) };
    });
  }

  async commit({ heads, writes, absent, unchanged = [] }: Change): Promise<void> {
    try {
      await around('TransactWriteItems', async () => {
        for (const { key, expected } of heads) {
          if (sequenceOf(this.value(key as Key)) !== expected) throw new Contention('the head has moved');
        }
        for (const { key, revision } of unchanged) {
          if (this.value(key)?.revision !== revision) throw new Contention('a policy has changed');
        }
        if (absent.some((key) => this.value(key) !== undefined)) throw new Contention('a key is taken');
        for (const write of writes) {
          const { pk, sk } = itemKey('delete' in write ? write.delete : write.put);
          const partition = this.partitions.get(pk) ?? new Map<string, string>();
          this.partitions.set(pk, partition);
          if ('delete' in write) partition.delete(sk);
          else partition.set(sk, JSON.stringify(write.value));
        }
      });
    } catch (error) {
      throw contentionOf(error) ?? error;
    }
  }

  async replay(): Promise<undefined> {}

  private value<K extends Kind>(key: Key<K>): Records[K] | undefined {
    const { pk, sk } = itemKey(key as Key);
    const text = this.partitions.get(pk)?.get(sk);
    return text === undefined ? undefined : (JSON.parse(text) as Records[K]);
  }
}

function sequenceOf(record: object | undefined): number {
  return (record as { sequence?: number } | undefined)?.sequence ?? 0;
}
