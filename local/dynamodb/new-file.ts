import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** As dynoxide 1.2.1 makes it itself; it takes a table that is there. */
const STREAM_RECORDS = `CREATE TABLE _stream_records (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  table_name TEXT NOT NULL,
  event_name TEXT NOT NULL,
  keys_json TEXT NOT NULL,
  new_image TEXT,
  old_image TEXT,
  sequence_number TEXT NOT NULL,
  shard_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  user_identity TEXT
)`;

const BY_SEQUENCE =
  'CREATE INDEX stream_records_by_sequence ON _stream_records (table_name, CAST(sequence_number AS INTEGER))';

/**
 * Makes the file of an engine, unless it is there, with an index that the engine lacks: before every write it looks for the
 * highest sequence number of the table's stream, and in every read of the stream for the records after one, and without
 * the index it walks through all records that there are (`next_stream_sequence_number` and `get_stream_records` in
 * dynoxide's src/storage.rs). A write then takes longer with every write before it.
 */
export async function makeFile(path: string): Promise<void> {
  if (existsSync(path)) return;
  const { default: initSqlJs } = await import('sql.js');
  const { Database } = await initSqlJs();
  const database = new Database();
  database.run(STREAM_RECORDS);
  database.run(BY_SEQUENCE);
  mkdirSync(dirname(path), { recursive: true });
  // In one step: half a file would be taken for a damaged one at the next start.
  writeFileSync(`${path}.next`, database.export());
  database.close();
  renameSync(`${path}.next`, path);
}
