import { compareKeys, type SortedKeys } from './sorted-keys';

/** What to list: S3's ListObjects in the abstract. */
export interface ListingQuery {
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  /** Only what sorts after this; empty for everything. A common prefix here means: after all its keys. */
  readonly after: string;
  readonly limit: number;
}

/** One line of a listing, in S3's order. */
export type ListingEntry = { readonly key: string } | { readonly commonPrefix: string };

export interface Listing {
  readonly entries: readonly ListingEntry[];
  /** What to pass as `after` for the rest; absent when there is none. */
  readonly next?: string;
}

/**
 * Lists keys with a prefix, rolling up those that share their text up to the delimiter. Costs one seek per rolled-up
 * prefix, however many keys are under it.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 *
 * @param isVisible whether a key has an object now; keys whose newest version is a delete marker do not
 */
export function listKeys(keys: SortedKeys, query: ListingQuery, isVisible: (key: string) => boolean): Listing {
  const { prefix, delimiter, after, limit } = query;
  const entries: ListingEntry[] = [];
  let last = '';
  let index = startIndex(keys, query);
  for (let key = keys.at(index); key?.startsWith(prefix); key = keys.at(index)) {
    if (!isVisible(key)) {
      index += 1;
      continue;
    }
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const commonPrefix = cut < 0 ? undefined : key.slice(0, cut + delimiter.length);
    if (commonPrefix !== undefined && commonPrefix === after) {
      index = afterPrefix(keys, commonPrefix);
      continue;
    }
    if (entries.length === limit) return limit === 0 ? { entries } : { entries, next: last };
    if (commonPrefix === undefined) {
      entries.push({ key });
      last = key;
      index += 1;
    } else {
      entries.push({ commonPrefix });
      last = commonPrefix;
      index = afterPrefix(keys, commonPrefix);
    }
  }
  return { entries };
}

function startIndex(keys: SortedKeys, { prefix, after }: ListingQuery): number {
  return keys.seek((key) => compareKeys(key, prefix) >= 0 && (after === '' || compareKeys(key, after) > 0));
}

function afterPrefix(keys: SortedKeys, prefix: string): number {
  return keys.seek((key) => !key.startsWith(prefix) && compareKeys(key, prefix) > 0);
}
