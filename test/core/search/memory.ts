import type { SearchCopy, SearchIndex, VersionCopy } from '../../../core/domain/search';
import type { Version } from '../../../core/domain/version';
import type { PostingEntry, PostingPage, PostingRange, PostingSource } from '../../../core/ports';
import { modelCopy, rowOf, versionCopy } from '../../../core/search/copy';
import { compareTexts } from '../../../core/search/order-by';
import { postingKeys } from '../../../core/search/postings';
import { terse } from '../../../core/search/terse';

/** Something that is found: what postings say of it, and all that could be said. */
export interface Thing {
  readonly copy: SearchCopy;
  readonly whole: SearchCopy;
}

/** A text that stands for a long one, as a digest does. */
export const digest = (text: string): string => `digest of ${text.length} ${text.slice(0, 40)}`;

const AT = '2026-01-01T00:00:00.000Z';
const BY = { id: 'ada', kind: 'person', name: 'Ada' } as const;

/** A version with everything that a test does not say. */
export function version(said: Partial<Version> & Pick<Version, 'modelId' | 'number'>, name: string): Thing {
  const whole = {
    workspace: 'w',
    status: 'READY',
    stage: 'None',
    approval: { status: 'PendingApproval' },
    aliases: [],
    tags: {},
    metrics: {},
    hyperParameters: {},
    containers: [],
    datasets: [],
    notebooks: [],
    environment: {},
    metadata: {},
    createdAt: AT,
    createdBy: BY,
    updatedAt: AT,
    updatedBy: BY,
    editedAt: AT,
    revision: 1,
    ...said,
  } as Version;
  const copy = versionCopy(whole, name);
  return { copy, whole: { ...whole, of: 'version', name, omitted: [] } as unknown as VersionCopy };
}

/** A model. */
export function model(
  id: string,
  name: string,
  said: { tags?: Record<string, string>; activityAt?: string; createdAt?: string },
): Thing {
  const { activityAt = AT, createdAt = AT, tags = {} } = said;
  const stages = { stages: [], transitions: [] };
  const record = { id, workspace: 'w', name, tags, stages, state: 'active', createdAt, createdBy: BY } as const;
  const whole = { ...record, updatedAt: AT, updatedBy: BY, revision: 1 };
  const copy = modelCopy(whole, { activityAt, lastVersion: 1 }, { stages: [], aliases: [] });
  return { copy, whole: { ...copy, tags } };
}

/** What a call of the table costs, as the engine counts it, where reads may be a moment behind. */
const unitsOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / 4_096)) / 2;

/** Postings in memory. */
export function inMemory(things: readonly Thing[], indexes: readonly SearchIndex[]): PostingSource {
  const partitions = new Map<string, PostingEntry[]>();
  for (const { copy, whole } of things) {
    const place = { modelId: copy.modelId, ...(copy.of === 'version' && { number: copy.number }) };
    for (const [partition, sort] of postingKeys(place, rowOf(whole), indexes, digest)) {
      const list = partitions.get(partition) ?? [];
      partitions.set(partition, list);
      list.push({ sort, copy });
    }
  }
  const bytes = new Map<PostingEntry, number>();
  for (const [partition, list] of partitions) {
    list.sort((a, b) => compareTexts(a.sort, b.sort));
    for (const entry of list) {
      bytes.set(entry, partition.length + JSON.stringify({ ...entry, copy: terse(entry.copy) }).length);
    }
  }
  return {
    page: async ({ partition, order, from, to, after, limit }: PostingRange): Promise<PostingPage> => {
      const inRange = (partitions.get(partition) ?? []).filter(
        ({ sort }) =>
          (from === undefined || compareTexts(sort, from) >= 0) && (to === undefined || compareTexts(sort, to) <= 0),
      );
      const ordered = order === 'ascending' ? inRange : [...inRange].reverse();
      const sign = order === 'ascending' ? 1 : -1;
      const rest = ordered.filter(({ sort }) => after === undefined || sign * compareTexts(sort, after) > 0);
      const items = rest.slice(0, limit);
      const units = unitsOf(items.reduce((sum, item) => sum + (bytes.get(item) ?? 0), 0));
      return { items, units, ...(items.length === limit && { next: items.at(-1)?.sort ?? '' }) };
    },
    whole: async (copy) => {
      const thing = things.find((each) => each.copy === copy);
      return { copy: thing?.whole, units: 0.5 };
    },
  };
}
