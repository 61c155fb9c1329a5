import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { isReading } from '../../core/domain/audit';
import { chainName } from '../../core/domain/digest';
import type { ChangedChain, Unsealed } from '../../core/use-cases';
import { decode, type Item } from './items';

/**
 * What the stream records of new events and readings say has to be sealed: of each history its newest event, and every
 * reading. What is needed of them is never moved to a second item.
 * @param images the records' new images
 */
export function unsealedOf(images: readonly Record<string, AttributeValue>[]): Unsealed {
  const chains = new Map<string, ChangedChain>();
  const readings = new Map<string, Unsealed['readings'][number]>();
  for (const image of images) {
    const record = decode<'event' | 'reading'>('event', unmarshall(image) as Item);
    const { workspace, modelId } = record;
    const place = { workspace, ...(modelId !== undefined && { modelId }) };
    if (isReading(record)) {
      const { id, at, hash } = record;
      readings.set(id, { ...place, id, at, hash });
    } else {
      const newest = chains.get(chainName(place))?.sequence ?? 0;
      chains.set(chainName(place), { ...place, sequence: Math.max(newest, record.sequence) });
    }
  }
  return { chains: [...chains.values()], readings: [...readings.values()] };
}
