import { createHash } from 'node:crypto';
import { decode, encodePosting, type Item } from '../../../adapters/dynamodb/items';
import { itemKey } from '../../../adapters/dynamodb/keys';
import { TABLE } from '../../../contract/names';
import type { Version } from '../../../core/domain/version';
import { DEFAULT_WORKSPACE } from '../../../core/use-cases/load';
import { versionKeys } from '../../../core/use-cases/post';

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');

/**
 * Makes what is written of each item: instead of the note that a version is to be posted what posting makes of it, any other
 * item as it is. A version comes before its note, as in the transaction of both.
 */
export function posting(): (item: Item) => readonly Item[] {
  let version: Version | undefined;
  return (item) => {
    const [pk, sk] = [String(item['pk']), String(item['sk'])];
    if (sk.startsWith('V#')) version = decode('version', item) as Version;
    if (pk !== `${TABLE.deskPartition}${DEFAULT_WORKSPACE}` || !sk.startsWith('P#')) return [item];
    const { modelId, number, copy } = decode('mark', item);
    if (number === undefined || !copy) return [item];
    if (version?.number !== number) throw new Error(`Version ${number} was not written with its note`);
    const keys = versionKeys(version, copy.name, [], sha256);
    const where = itemKey({ kind: 'posted', workspace: DEFAULT_WORKSPACE, modelId, number });
    return [
      { ...where, data: JSON.stringify({ keys }) },
      ...keys.map(([partition, sort]) => encodePosting(DEFAULT_WORKSPACE, { partition, sort, copy })),
    ];
  };
}
