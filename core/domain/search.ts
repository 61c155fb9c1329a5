import type { Model } from './model';
import type { Actor } from './principal';
import type { Version } from './version';

/**
 * What a posting says of its version: all that filters look at and lists show, so that a search reads nothing else. What
 * would make it larger than one write unit is left out and named.
 */
export type VersionCopy = {
  readonly of: 'version';
  /** Name of the model when it was posted. */
  readonly name: string;
  readonly approval: Pick<Version['approval'], 'status'>;
  /** Whether the name counts as a prompt's: any version of it is one. */
  readonly promptName?: true;
  readonly omitted?: readonly string[];
} & Pick<
  Version,
  | 'modelId'
  | 'number'
  | 'status'
  | 'stage'
  | 'artifacts'
  | 'semanticVersion'
  | 'createdAt'
  | 'createdBy'
  | 'updatedAt'
  | 'updatedBy'
  | 'editedAt'
> &
  Partial<
    Pick<
      Version,
      'aliases' | 'description' | 'run' | 'source' | 'location' | 'tags' | 'metrics' | 'hyperParameters' | 'metadata'
    >
  >;

/** What a posting says of its model. */
export type ModelCopy = {
  readonly of: 'model';
  readonly modelId: string;
  readonly state: 'active' | 'archived';
  /** Stages and aliases that its versions hold. */
  readonly stages?: readonly string[];
  readonly aliases?: readonly string[];
  readonly activityAt: string;
  /** Whether it is a prompt. */
  readonly promptName?: true;
  readonly lastVersion: number;
  readonly omitted?: readonly string[];
} & Pick<Model, 'name' | 'createdAt' | 'createdBy' | 'updatedAt' | 'updatedBy'> &
  Partial<Pick<Model, 'description' | 'tags'>>;

export type SearchCopy = VersionCopy | ModelCopy;

/** A model or one of its versions. */
export interface Searchable {
  readonly modelId: string;
  /** Absent of the model itself. */
  readonly number?: number;
}

/**
 * That something changed and is not posted yet. Written in the transaction of the change, removed once it is posted:
 * nothing is lost between the two, and a search that must see everything reads these too.
 */
export interface SearchMark extends Searchable {
  /** Sequence of the newest event of the change. */
  readonly sequence: number;
  readonly at: string;
  /** What its postings will say, but for what its versions hold; absent where it was deleted. */
  readonly copy?: SearchCopy;
  /** Of a model: its name from now on, and whether it was deleted. Its versions are posted anew when either changes. */
  readonly name?: string;
  readonly deleted?: true;
  readonly renamed?: true;
  /** How far its versions have been posted anew: the last number. */
  readonly walked?: number;
}

/** Where something was posted, so that what no longer holds is removed. */
export interface Posted {
  /** Partition and sort key of each posting. */
  readonly keys: readonly (readonly [partition: string, sort: string])[];
  /** Of a model: what its versions' postings say of it. */
  readonly told?: { readonly name: string; readonly promptName: boolean };
}

/** Fields of versions that a declared index can compare. */
export type IndexField = string;

/** An index over versions that a workspace declared for a combination that no other serves. */
export interface SearchIndex {
  readonly name: string;
  /** Fields that searches compare with `=`, such as `stage` or `tag.team`. */
  readonly equals: readonly IndexField[];
  /** What its rows are ordered by, such as `metric.auc`. */
  readonly orderBy: string;
  readonly createdAt: string;
  readonly createdBy: Actor;
  readonly revision: number;
}

/** A walk through everything of a workspace that posts it anew, in steps. */
export interface SearchWalk {
  /** Name of the index that it fills or empties; `rebuild` of one that only repairs. */
  readonly id: string;
  readonly task: 'fill' | 'empty' | 'rebuild';
  readonly startedAt: string;
  /** Models and versions that were posted. */
  readonly done: number;
  /** Where it goes on: the model that it is at, the last version of it, and the place of the next model; null after the last. */
  readonly after?: string | null;
  readonly modelId?: string;
  readonly number?: number;
  readonly step: number;
  readonly at: string;
}
