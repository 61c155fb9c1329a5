import type { Key, Kind, Records } from '../domain/records';
import type { Posted, SearchCopy, SearchIndex, SearchMark, SearchWalk } from '../domain/search';

/** A part of one partition of postings. */
export interface PostingRange {
  readonly partition: string;
  readonly order: 'ascending' | 'descending';
  /** Sort keys from here up to there. */
  readonly from?: string;
  readonly to?: string;
  /** Only those behind this one, in the order asked for. */
  readonly after?: string;
  readonly limit: number;
}

export interface PostingEntry {
  readonly sort: string;
  readonly copy: SearchCopy;
}

export interface PostingPage {
  readonly items: readonly PostingEntry[];
  /** Sort key behind which there may be more; absent on the last page. */
  readonly next?: string;
  /** Read units that it took. */
  readonly units: number;
}

/** Where a search reads. */
export interface PostingSource {
  page(range: PostingRange): Promise<PostingPage>;
  /**
   * The same copy with what it leaves out, read from the record itself; nothing where that was deleted meanwhile.
   */
  whole(copy: SearchCopy): Promise<{ readonly copy: SearchCopy | undefined; readonly units: number }>;
}

/** A posting to be written. */
export interface Posting extends PostingEntry {
  readonly partition: string;
}

/** What a workspace's search has to do, and what it can use. */
export interface Desk {
  readonly marks: readonly SearchMark[];
  readonly indexes: readonly SearchIndex[];
  readonly walks: readonly SearchWalk[];
  /** Read units that it took. */
  readonly units: number;
  /** Whether there are more marks than were read. */
  readonly more: boolean;
}

/** What of a desk is read. */
export interface DeskReading {
  /** Whether marks are, besides declared indexes and walks. */
  readonly marks: boolean;
  readonly consistent: boolean;
  /** Marks behind this one alone. */
  readonly behind?: SearchMark;
}

/** The postings of all workspaces. */
export interface PostingStore {
  /** Where a search of a workspace reads; consistent reads see what was last posted. */
  source(workspace: string, options: { readonly consistent: boolean }): PostingSource;
  /** Declared indexes and walks, with the first marks where they are asked for. */
  desk(workspace: string, reading: DeskReading): Promise<Desk>;
  /** Whether there are notes in a workspace that nobody is at work on. */
  waits(workspace: string): Promise<boolean>;
  /**
   * Takes the right to post in a workspace, which one has at a time.
   * @returns whether it was free
   */
  lease(workspace: string, token: string, until: Date): Promise<boolean>;
  release(workspace: string, token: string): Promise<void>;
  /** Writes and removes postings, one by one in any order; all of them are done when it returns. */
  write(
    workspace: string,
    puts: readonly Posting[],
    removed: readonly (readonly [partition: string, sort: string])[],
  ): Promise<void>;
  /** Reads several records at once, each as it was last acknowledged, in the order of their keys. */
  read(keys: readonly Key[]): Promise<readonly (Records[Kind] | undefined)[]>;
  /** Notes where things were posted, one by one in any order; nothing instead of a value forgets it. */
  putPosted(all: readonly (readonly [Key<'posted'>, Posted | undefined])[]): Promise<void>;
  /**
   * Changes a note of the desk on the condition that nobody else has; nothing instead of a value removes it.
   * @returns whether it was still as expected
   */
  settle<K extends 'mark' | 'walk'>(key: Key<K>, before: Records[K], after: Records[K] | undefined): Promise<boolean>;
}
