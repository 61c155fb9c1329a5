import type { Searchable, SearchCopy } from '../domain/search';
import type { PostingEntry, PostingRange, PostingSource } from '../ports/posting-store';
import { compareTexts } from './order-by';
import type { PostingKey } from './postings';

/** A model or version that changed since it was posted, as it is now. */
export interface Pending extends Searchable {
  /** Absent where it was deleted. */
  readonly now?: { readonly copy: SearchCopy; readonly keys: readonly PostingKey[] };
}

function idOf({ modelId, number }: Searchable): string {
  return `${modelId}#${number ?? ''}`;
}

function idOfCopy(copy: SearchCopy): string {
  return idOf(copy.of === 'version' ? copy : { modelId: copy.modelId });
}

/**
 * Postings as they will be once everything is posted: those of what is pending are replaced, those of models that were
 * deleted are left out.
 */
export function overlaid(base: PostingSource, pending: readonly Pending[], gone: ReadonlySet<string>): PostingSource {
  if (pending.length === 0 && gone.size === 0) return base;
  const stale = new Set(pending.map(idOf));
  const added = new Map<string, PostingEntry[]>();
  for (const { now } of pending) {
    if (!now || gone.has(now.copy.modelId)) continue;
    for (const [partition, sort] of now.keys) {
      const list = added.get(partition) ?? [];
      list.push({ sort, copy: now.copy });
      added.set(partition, list);
    }
  }
  return {
    whole: (copy) => base.whole(copy),
    async page(range) {
      const page = await base.page(range);
      const isWithin = within(range, page.next);
      const kept = page.items.filter(({ copy }) => !stale.has(idOfCopy(copy)) && !gone.has(copy.modelId));
      const more = (added.get(range.partition) ?? []).filter(({ sort }) => isWithin(sort));
      const sign = range.order === 'ascending' ? 1 : -1;
      const items = [...kept, ...more].sort((a, b) => sign * compareTexts(a.sort, b.sort));
      return { ...page, items };
    },
  };
}

/** Whether a sort key lies in a range, up to where a page of it ended. */
function within({ order, from, to, after }: PostingRange, end: string | undefined): (sort: string) => boolean {
  const sign = order === 'ascending' ? 1 : -1;
  return (sort) =>
    (from === undefined || compareTexts(sort, from) >= 0) &&
    (to === undefined || compareTexts(sort, to) <= 0) &&
    (after === undefined || sign * compareTexts(sort, after) > 0) &&
    (end === undefined || sign * compareTexts(sort, end) <= 0);
}
