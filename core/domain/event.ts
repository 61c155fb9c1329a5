import { RegistryError } from './errors';
import { canonicalJson, type Json, type JsonObject, sameJson, utf8Length } from './json';
import { LIMITS } from './limits';
import type { Head } from './model';
import type { Actor } from './principal';

/** What can happen. Types are stable names: rules on the event bus match them. */
export const EVENT_TYPES = [
  'workspace.created',
  'model.created',
  'model.updated',
  'model.renamed',
  'model.archived',
  'model.restored',
  'model.deleted',
  'version.registered',
  'version.copied',
  'version.updated',
  'version.artifacts_changed',
  'version.ready',
  'version.stage_changed',
  'version.approval_changed',
  'version.package_changed',
  'version.card_changed',
  'version.evaluated',
  'version.locked',
  'version.unlocked',
  'version.deleted',
  'alias.set',
  'alias.deleted',
  'comment.added',
  'comment.deleted',
  'search_index.created',
  'search_index.deleted',
  'search.rebuilt',
  'webhook.created',
  'webhook.updated',
  'webhook.deleted',
  'webhook.redelivered',
  'grant.set',
  'grant.deleted',
  'subscription.created',
  'subscription.updated',
  'subscription.deleted',
  'subscription.resent',
  'target.set',
  'target.deleted',
  'deployment.requested',
  'deployment.preparing',
  'deployment.creating',
  'deployment.baking',
  'deployment.in_service',
  'deployment.removing',
  'deployment.rolled_back',
  'deployment.failed',
  'deployment.superseded',
  'deployment.deleted',
  'deployment.refused',
  'deployment.tolerated',
  'monitoring.scheduled',
  'monitoring.failed',
  'monitoring.violated',
  'policy.changed',
  'request.opened',
  'request.commented',
  'request.voted',
  'request.answered',
  'request.refreshed',
  'request.closed',
  'request.committed',
  'request.expired',
  'access_policy.set',
  'access_policy.deleted',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** One change: audit record, history and announcement at once, written in the transaction of the change. */
export interface RegistryEvent {
  /** Unique and sortable by time (ULID). Consumers drop an event whose id they have seen. */
  readonly id: string;
  /** 1, 2, 3 … without gaps in the history of one model (or of a workspace itself). */
  readonly sequence: number;
  readonly type: EventType;
  /** ISO 8601, UTC; never before the time of the event that precedes it. */
  readonly at: string;
  readonly workspace: string;
  /** Name at the time of the event. */
  readonly model?: string;
  readonly modelId?: string;
  readonly version?: number;
  /** Id of the webhook that it is about. */
  readonly webhook?: string;
  /** Id of the subscription that it is about. */
  readonly subscription?: string;
  /** Id of the deployment that it is about. */
  readonly deployment?: string;
  /** Id of the transition request that it is about, or that brought it about. */
  readonly request?: string;
  /** The change passed over an approval policy, which asked for what `missing` says. */
  readonly bypassed?: true;
  readonly missing?: readonly string[];
  readonly actor: Actor;
  /** Paths of what changed, for example `description` or `tags.owner`; `previous` and `current` hold their values. */
  readonly changed: readonly string[];
  readonly previous: JsonObject;
  readonly current: JsonObject;
  readonly reason?: string;
  /** Digest of the version's artifacts at that time. */
  readonly artifactDigest?: string;
  /** Id of the request that made the change: events of one request share it. */
  readonly requestId: string;
  readonly previousHash: string;
  /** SHA-256 of the event's canonical JSON without this field. */
  readonly hash: string;
}

/** An event before it has its place in the history. */
export type EventDraft = Pick<RegistryEvent, 'type' | 'changed' | 'previous' | 'current'> &
  Partial<
    Pick<
      RegistryEvent,
      | 'version'
      | 'webhook'
      | 'subscription'
      | 'deployment'
      | 'request'
      | 'bypassed'
      | 'missing'
      | 'reason'
      | 'artifactDigest'
    >
  >;

const ACTIVITY: readonly EventType[] = [
  'model.created',
  'model.renamed',
  'version.registered',
  'version.deleted',
  'version.stage_changed',
];

/**
 * Whether an event changes what MLflow calls the last update of a model: versions that come, go or move, a new name or
 * description; not tags or aliases.
 */
export function isActivity({ type, changed }: Pick<EventDraft, 'type' | 'changed'>): boolean {
  return ACTIVITY.includes(type) || (type === 'model.updated' && changed.includes('description'));
}

/** What an event is made with besides its draft. */
export interface EventSetting {
  readonly workspace: string;
  readonly model?: { readonly id: string; readonly name: string };
  readonly actor: Actor;
  readonly requestId: string;
  readonly now: Date;
  readonly newId: () => string;
  readonly sha256: (text: string) => string;
}

/**
 * Refuses a change whose event would not fit one item.
 * @throws RegistryError limit_exceeded
 */
export function checkChangeSize({ changed, previous, current }: EventDraft): void {
  const bytes = utf8Length(canonicalJson({ changed, previous, current }));
  if (bytes <= LIMITS.changeBytes) return;
  throw new RegistryError('limit_exceeded', `The change takes ${bytes} bytes; ${LIMITS.changeBytes} are allowed.`, [
    {
      field: 'body',
      value: bytes,
      rule: `at most ${LIMITS.changeBytes} bytes before and after; change less at a time`,
    },
  ]);
}

/** Hash that an event must carry, from everything else in it. */
export function eventHash(event: Omit<RegistryEvent, 'hash'>, sha256: (text: string) => string): string {
  return sha256(canonicalJson(event));
}

/** The time of the next event of a history: now, or the newest event's time where a clock runs behind it. */
export function nextTime(head: Head, now: Date): string {
  const time = now.toISOString();
  return time < head.at ? head.at : time;
}

/** Gives drafts their places after a head, each linked to the one before by hash. */
export function append(head: Head, drafts: readonly EventDraft[], setting: EventSetting) {
  const events: RegistryEvent[] = [];
  let { sequence, hash } = head;
  const at = nextTime(head, setting.now);
  for (const draft of drafts) {
    sequence += 1;
    const unsealed: Omit<RegistryEvent, 'hash'> = {
      id: setting.newId(),
      sequence,
      at,
      workspace: setting.workspace,
      ...(setting.model && { model: setting.model.name, modelId: setting.model.id }),
      actor: setting.actor,
      requestId: setting.requestId,
      previousHash: hash,
      ...draft,
    };
    hash = eventHash(unsealed, setting.sha256);
    events.push({ ...unsealed, hash });
  }
  return { events, head: { ...head, sequence, hash, at } satisfies Head };
}

/** The part of a draft that says what changed. */
export type Difference = Pick<EventDraft, 'changed' | 'previous' | 'current'>;

/** A field of an object itself: a name such as `constructor` is on every object. */
function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/**
 * What differs between two states, field by field; in the fields named as maps, name by name. A value that is absent on
 * one side is absent there.
 */
export function differenceBetween(
  before: object,
  after: object,
  fields: readonly string[],
  maps: readonly string[] = [],
): Difference {
  const changed: string[] = [];
  const previous: Record<string, Json> = {};
  const current: Record<string, Json> = {};
  const compare = (path: string, old: Json | undefined, now: Json | undefined): void => {
    if ((old === undefined) === (now === undefined) && sameJson(old, now)) return;
    changed.push(path);
    if (old !== undefined) previous[path] = old;
    if (now !== undefined) current[path] = now;
  };
  const field = (source: object, name: string) => (source as Record<string, Json | undefined>)[name];
  for (const name of fields) {
    if (maps.includes(name)) {
      const old = (field(before, name) ?? {}) as JsonObject;
      const now = (field(after, name) ?? {}) as JsonObject;
      const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
      for (const key of keys) compare(`${name}.${key}`, own(old, key), own(now, key));
    } else {
      compare(name, field(before, name), field(after, name));
    }
  }
  return { changed, previous, current };
}
