import { actorOf } from '../domain/principal';
import { READING_TYPE, type Reading, sealReading } from '../domain/reading';
import { type Key, put } from '../domain/records';
import type { Ports } from '../ports';
import type { Call } from './call';

/** The file whose address is handed out. */
export type ReadFile = Pick<Reading, 'path' | 'model' | 'modelId' | 'version' | 'sha256'>;

/**
 * Records that the caller is given the address of a file: before the address is answered, so none is handed out unseen. It
 * waits for nobody: every reading is a record of its own.
 */
export async function recordReading(ports: Ports, call: Call, file: ReadFile): Promise<void> {
  const { workspace, principal, requestId } = call;
  const at = ports.clock().toISOString();
  const id = ports.newId();
  const reading = sealReading(
    { id, type: READING_TYPE, at, workspace, ...file, actor: actorOf(principal), requestId },
    ports.sha256,
  );
  const { modelId } = file;
  const key: Key<'reading'> = { kind: 'reading', workspace, ...(modelId !== undefined && { modelId }), at, id };
  await ports.store.commit({ heads: [], writes: [put<'reading'>(key, reading)], absent: [] });
}
