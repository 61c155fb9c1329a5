import { createHash } from 'node:crypto';
import { decode, type Item } from '../../../adapters/dynamodb/items';
import { itemKey, postingPartition } from '../../../adapters/dynamodb/keys';
import { TABLE } from '../../../contract/names';
import { rowOf } from '../../../core/search/copy';
import { postingKeys } from '../../../core/search/postings';
import { DEFAULT_WORKSPACE } from '../../../core/use-cases/load';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Instead of the note that a version is to be posted, what posting makes of it; any other item as it is. */
export function posted(item: Item): readonly Item[] {
  if (item['pk'] !== `${TABLE.deskPartition}${DEFAULT_WORKSPACE}` || !String(item['sk']).startsWith('P#'))
    return [item];
  const { modelId, number, copy } = decode('mark', item);
  if (number === undefined || !copy) return [item];
  if (copy.omitted) throw new Error(`Version ${number} is too long to be posted from its note`);
  const keys = postingKeys({ modelId, number }, rowOf(copy), [], sha256);
  const where = itemKey({ kind: 'posted', workspace: DEFAULT_WORKSPACE, modelId, number });
  const data = JSON.stringify(copy);
  return [
    { ...where, data: JSON.stringify({ keys }) },
    ...keys.map(([partition, sk]) => ({ pk: postingPartition(DEFAULT_WORKSPACE, partition), sk, data })),
  ];
}
