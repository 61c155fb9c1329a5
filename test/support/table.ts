import { INDEXES, TABLE } from '../../contract/names';
import { ensureTable, type TableProperties } from '../../local/dynamodb';

/**
 * The single table as the contract names its keys; `test/lib` asserts that the stack makes the same one. It has no stream:
 * no test in this process reads it, and the engine's writes take longer with every record in it.
 */
export function tableProperties(name: string): TableProperties {
  const indexes = Object.values(INDEXES);
  const names = [TABLE, ...indexes].flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]);
  return {
    TableName: name,
    KeySchema: keySchema(TABLE),
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index),
      Projection:
        index.projected === 'all'
          ? { ProjectionType: 'ALL' }
          : { ProjectionType: 'INCLUDE', NonKeyAttributes: [...index.projected] },
    })),
  };
}

function keySchema({ partitionKey, sortKey }: { partitionKey: string; sortKey: string }) {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
}

/** Makes a new table in an engine. */
export async function makeTable(endpoint: string, name: string): Promise<void> {
  await ensureTable(endpoint, tableProperties(name));
}
