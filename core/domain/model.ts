import type { Actor } from './principal';
import type { StageScheme } from './stages';

/** A team's namespace. */
export interface Workspace {
  readonly name: string;
  readonly description?: string;
  /** ISO 8601, UTC, milliseconds; as all times of the registry. */
  readonly createdAt: string;
  readonly createdBy: Actor;
}

/** A registered model as it is stored: under its internal id, so that a rename rewrites nothing else. */
export interface Model {
  readonly id: string;
  readonly workspace: string;
  readonly name: string;
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly stages: StageScheme;
  /** A deleted model stays for its audit; its name is free again. */
  readonly state: 'active' | 'archived' | 'deleted';
  readonly createdAt: string;
  readonly createdBy: Actor;
  readonly updatedAt: string;
  readonly updatedBy: Actor;
  readonly deletedAt?: string;
  /** Sequence of the event that last changed it. */
  readonly revision: number;
}

/**
 * Where the history of a model (or of a workspace itself) stands. Every change of anything in a model is committed on
 * the condition that its head has not moved since it was read, so a decision always rests on what it was made from.
 */
export interface Head {
  /** Sequence and hash of the newest event; 0 and the empty text before the first. */
  readonly sequence: number;
  readonly hash: string;
  /** Time of the newest event: later events never carry an earlier one, whatever a function's clock says. */
  readonly at: string;
  /** Highest version number given out, deleted ones included. */
  readonly lastVersion: number;
  /** Time of the newest event that is activity: what MLflow calls the model's last update. */
  readonly activityAt: string;
}

/** The head of a history without events. */
export const EMPTY_HEAD: Head = { sequence: 0, hash: '', at: '', lastVersion: 0, activityAt: '' };
