import type { ApprovalPolicy } from './approval-policy';
import type { ArtifactFile, ArtifactSummary } from './artifact';
import type { Delivery } from './delivery';
import type { Deployment } from './deployment';
import type { DigestHead } from './digest';
import type { Evaluation } from './evaluation';
import type { RegistryEvent } from './event';
import type { AccessRecord } from './grant';
import type { Head, Model, Workspace } from './model';
import type { ModelCard } from './model-card';
import type { Collected, Notification, Waiting } from './notification';
import type { OwnPolicies } from './own-policy';
import type { Mirror, PackageRecord } from './package-record';
import type { Actor } from './principal';
import type { Reading } from './reading';
import type { TransitionRequest } from './request';
import type { Posted, SearchIndex, SearchMark, SearchWalk } from './search';
import type { Slot } from './slot';
import type { Admitted } from './stages';
import type { Subject } from './subject';
import type { Invitation, MailSubscription, Suspension } from './subscription';
import type { Target } from './target';
import type { Tombstone, Version } from './version';
import type { Webhook } from './webhook';

export type { Slot } from './slot';

/** The version that holds an alias or an exclusive stage, with what a deployer needs: resolving it is one read. */
export interface Holder {
  /** Name of the alias or stage. */
  readonly slot: string;
  readonly version: number;
  readonly since: string;
  readonly by: Actor;
  readonly artifacts: ArtifactSummary;
  readonly semanticVersion?: string;
  /** Sequence of the event that made it the holder; with `since` it names the open stay. */
  readonly revision: number;
}

/** The time for which one version held a stage or an alias. */
export interface Stay {
  readonly version: number;
  readonly from: string;
  /** Absent while it holds. */
  readonly to?: string;
  readonly enteredBy: Actor;
  readonly leftBy?: Actor;
  /** Sequences of the events that began and ended it. */
  readonly entered: number;
  readonly left?: number;
  /** No other version held it at the same time: all earlier stays had ended when this one began. */
  readonly exclusive: boolean;
  /** Of a stay in a stage: what it began by, where that was more than the version itself. */
  readonly admitted?: Admitted;
}

export interface Comment {
  readonly id: string;
  readonly version: number;
  readonly text: string;
  readonly author: Actor;
  readonly createdAt: string;
}

/** A place where a subject has a role. */
export interface Membership {
  readonly subject: Subject;
  readonly workspace: string;
  readonly modelId?: string;
}

/** What somebody said of a transition request. */
export interface Remark {
  readonly id: string;
  readonly text: string;
  readonly author: Actor;
  readonly createdAt: string;
}

/** What is stored of each kind. */
export interface Records {
  workspace: Workspace;
  /** A model's name, and the id of the model that has it. */
  name: { readonly modelId: string };
  head: Head;
  model: Model;
  version: Version | Tombstone;
  /** That a version is in a stage: the newest of a stage is one read, however many versions there are. */
  member: { readonly version: number };
  holder: Holder;
  stay: Stay;
  /** A semantic version that is taken. */
  semantic: { readonly version: number };
  file: ArtifactFile;
  comment: Comment;
  /** A revision of a version's model card. */
  card: ModelCard;
  evaluation: Evaluation;
  /** That a version is locked: a model with one is not deleted. */
  lock: { readonly version: number };
  event: RegistryEvent;
  reading: Reading;
  /** Where the chain of digests of the whole registry stands. */
  digest: DigestHead;
  webhook: Webhook;
  delivery: Delivery;
  access: AccessRecord;
  accessPolicies: OwnPolicies;
  /** That a subject has a role in a workspace or on a model: where somebody belongs is found without looking everywhere. */
  membership: Membership;
  subscription: MailSubscription;
  suspension: Suspension;
  invitation: Invitation;
  notification: Notification;
  waiting: Waiting;
  collected: Collected;
  /** That a model or version changed and is not posted yet. */
  mark: SearchMark;
  index: SearchIndex;
  walk: SearchWalk;
  posted: Posted;
  target: Target;
  deployment: Deployment;
  /** Whose endpoint or monitor has a name. */
  endpoint: { readonly workspace: string; readonly modelId: string; readonly stage: string };
  turn: Turn;
  /** Which version a package of SageMaker's registry became. */
  package: PackageRecord;
  /** That a version was made such a package. */
  mirror: Mirror;
  policy: ApprovalPolicy;
  request: TransitionRequest;
  remark: Remark;
  /** That a request is open: there is one for a version and target, and its time is found by when it is over. */
  pending: {
    readonly workspace: string;
    readonly modelId: string;
    readonly request: string;
    readonly expiresAt: string;
  };
}

/** Who may tell the host of a target what to do, until when: only one at a time. */
export interface Turn {
  /** One more with each change of it. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly until: string;
}

export type Kind = keyof Records;

/** The records that messages are sent by, one attempt after the other: each is the head of its attempts. */
export type AttemptedKind = 'delivery' | 'notification';

interface InModel {
  readonly workspace: string;
  readonly modelId: string;
}

interface OfSubscription {
  readonly workspace: string;
  readonly subscription: string;
}

/** Where a record of each kind is. A history (head, events) without a model is that of the workspace itself. */
export interface Keys {
  workspace: { readonly workspace: string };
  name: { readonly workspace: string; readonly name: string };
  head: { readonly workspace: string; readonly modelId?: string };
  model: InModel;
  version: InModel & { readonly number: number };
  member: InModel & { readonly stage: string; readonly number: number };
  holder: InModel & { readonly slot: Slot };
  stay: InModel & { readonly slot: Slot; readonly from: string; readonly entered: number };
  semantic: InModel & { readonly semanticVersion: string };
  file: InModel & { readonly version: number; readonly path: string };
  comment: InModel & { readonly version: number; readonly id: string };
  card: InModel & { readonly version: number; readonly revision: number };
  evaluation: InModel & { readonly version: number; readonly id: string };
  lock: InModel & { readonly number: number };
  event: { readonly workspace: string; readonly modelId?: string; readonly sequence: number };
  /** Files that clients keep by path belong to no model. */
  reading: { readonly workspace: string; readonly modelId?: string; readonly at: string; readonly id: string };
  digest: object;
  webhook: { readonly workspace: string; readonly id: string };
  delivery: { readonly workspace: string; readonly webhook: string; readonly id: string };
  access: { readonly workspace: string; readonly modelId?: string };
  accessPolicies: { readonly workspace: string };
  membership: Membership;
  subscription: { readonly workspace: string; readonly id: string };
  suspension: { readonly workspace: string; readonly id: string };
  /** `address` is the digest of an address. */
  invitation: { readonly address: string };
  notification: OfSubscription & { readonly id: string };
  waiting: OfSubscription & { readonly id: string };
  collected: OfSubscription;
  mark: InModel & { readonly number?: number };
  index: { readonly workspace: string; readonly name: string };
  walk: { readonly workspace: string; readonly id: string };
  posted: InModel & { readonly number?: number };
  target: InModel & { readonly stage: string };
  deployment: InModel & { readonly id: string };
  endpoint: { readonly name: string };
  turn: InModel & { readonly stage: string };
  package: InModel & { readonly arn: string };
  mirror: InModel & { readonly number: number };
  /** Without a model: the one of the workspace itself. */
  policy: { readonly workspace: string; readonly modelId?: string };
  request: InModel & { readonly id: string };
  remark: InModel & { readonly request: string; readonly id: string };
  pending: InModel & { readonly target: Slot; readonly version: number };
}

export type Key<K extends Kind = Kind> = { [P in K]: { readonly kind: P } & Keys[P] }[K];

/** A record to be written at its key. */
export type Put<K extends Kind = Kind> = { [P in K]: { readonly put: Key<P>; readonly value: Records[P] } }[K];
export type Write = Put | { readonly delete: Key };

/** Writes a record. */
export function put<K extends Kind>(key: Key<K>, value: Records[K]): Write {
  return { put: key, value } as unknown as Put;
}
