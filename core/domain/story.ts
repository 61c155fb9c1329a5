import type { RegistryEvent } from './event';
import type { Json, JsonObject } from './json';
import { shown } from './mail-text';

/** An event as the bus carries it, of a type that this version of the registry may not know. */
export type ToldEvent = Omit<RegistryEvent, 'type' | 'hash' | 'previousHash'> & {
  readonly type: string;
  readonly truncated?: true;
};

/** One value that changed, as it is shown. */
export interface Fact {
  readonly label: string;
  readonly previous?: string;
  readonly current?: string;
}

/** What a mail says of one event, in words that can be shown as they are. */
export interface Story {
  /** `churn 4: Staging → Production` */
  readonly headline: string;
  /** Who did it. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly reason?: string;
  readonly facts: readonly Fact[];
  /** Whether there is more that changed than the facts say. */
  readonly more: boolean;
  readonly workspace: string;
  readonly model?: string;
  readonly modelId?: string;
  readonly version?: number;
  /** Place in the history of the model. */
  readonly sequence?: number;
}

/** Longest texts, in characters. */
const NAME = 100;
const LABEL = 80;
const VALUE = 200;
const REASON = 500;
/** Most facts of one story. */
const MOST_FACTS = 20;
/** What a digest keeps of a reason. */
const BRIEF = 150;

/** A value in words. */
function words(value: Json | undefined, longest = VALUE): string | undefined {
  if (value === undefined || value === null) return undefined;
  return shown(typeof value === 'string' ? value : JSON.stringify(value), longest);
}

type Say = (event: ToldEvent) => string;

const current =
  (path: string): Say =>
  (event) =>
    words(event.current[path], NAME) ?? '';
const previous =
  (path: string): Say =>
  (event) =>
    words(event.previous[path], NAME) ?? '';

/** A field of a value that is an object. */
function inside(values: JsonObject, path: string, field: string): string | undefined {
  const value = own(values, path);
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? words(own(value as JsonObject, field), NAME)
    : undefined;
}

/** The stage or the alias that a request is for. */
function slotOf(values: JsonObject): string {
  const alias = inside(values, 'target', 'alias');
  return alias === undefined ? (inside(values, 'target', 'stage') ?? 'a transition') : `alias ${alias}`;
}

/** Who has which role: `reviewer for rita`. */
function granted(values: JsonObject): string {
  const grant = own(values, 'grant') as JsonObject | undefined;
  const name = grant && inside(grant, 'subject', 'name');
  return `${inside(values, 'grant', 'role') ?? 'a role'} for ${name ?? 'somebody'}`;
}

/** The fields that changed, each once: `tags, description changed`. */
function fields({ changed }: ToldEvent): string {
  const names = [...new Set(changed.map((path) => shown(path.split('.', 1)[0] as string, LABEL)))];
  const first = names.slice(0, 4).join(', ');
  return `${names.length > 4 ? `${first} and more` : first} changed`.trim();
}

/** From one value to another: `Staging → Production`. */
const moved =
  (path: string): Say =>
  (event) =>
    `${previous(path)(event) || 'none'} → ${current(path)(event) || 'none'}`;

/** `evaluation nightly: passed`; what only measures came to nothing. */
const evaluated: Say = (event) => {
  const outcome = current('outcome')(event);
  return `evaluation ${current('name')(event)}${outcome === 'none' ? '' : `: ${outcome}`}`;
};

/** What happened, for the types of events that read better than by their names. */
const SAYINGS: Readonly<Record<string, Say>> = {
  'workspace.created': () => 'workspace created',
  'model.created': () => 'model registered',
  'model.updated': fields,
  'model.renamed': (event) => `renamed from ${previous('name')(event)} to ${current('name')(event)}`,
  'model.archived': () => 'model archived',
  'model.restored': () => 'model restored',
  'model.deleted': () => 'model deleted',
  'version.registered': (event) => (event.current['copiedFrom'] === undefined ? 'registered' : 'arrived as a copy'),
  'version.copied': () => 'copied to another model',
  'version.updated': fields,
  'version.artifacts_changed': () => 'files declared or withdrawn',
  'version.ready': () => 'files are final',
  'version.stage_changed': moved('stage'),
  'version.approval_changed': moved('approval'),
  'version.package_changed': () => 'its model package in SageMaker changed',
  'version.card_changed': (event) => `model card, revision ${current('revision')(event)}`,
  'version.evaluated': evaluated,
  'version.locked': () => 'locked',
  'version.unlocked': () => 'unlocked',
  'version.deleted': () => 'deleted',
  'alias.set': (event) =>
    `alias ${current('alias')(event)}${event.previous['version'] === undefined ? '' : `, before of ${previous('version')(event)}`}`,
  'alias.deleted': (event) => `alias ${previous('alias')(event)} removed`,
  'comment.added': () => 'new comment',
  'comment.deleted': () => 'comment removed',
  'webhook.created': (event) => `webhook ${current('name')(event)} created`,
  'webhook.updated': (event) => `webhook: ${fields(event)}`,
  'search_index.created': (event) => `index ${current('name')(event)} declared for searches`,
  'search_index.deleted': (event) => `index ${previous('name')(event)} of searches removed`,
  'search.rebuilt': () => 'everything that searches read made anew',
  'webhook.deleted': (event) => `webhook ${previous('name')(event)} deleted`,
  'webhook.redelivered': () => 'webhook delivery sent again',
  'grant.set': (event) => `role given: ${granted(event.current)}`,
  'grant.deleted': (event) => `role taken: ${granted(event.previous)}`,
  'target.set': (event) => `deployment target of ${current('stage')(event)} set`,
  'target.deleted': (event) => `deployment target of ${previous('stage')(event)} removed`,
  'request.opened': (event) => `asks for ${slotOf(event.current)}`,
  'request.voted': (event) => `vote on the request: ${inside(event.current, 'vote', 'vote') ?? 'withdrawn'}`,
  'request.committed': (event) => `request for ${slotOf(event.current)} carried out`,
  'subscription.created': (event) => `subscription of ${current('address')(event)} created`,
  'subscription.updated': (event) => `subscription: ${fields(event)}`,
  'subscription.deleted': (event) => `subscription of ${previous('address')(event)} deleted`,
  'subscription.resent': () => 'mail sent again',
};

/** A type in words, for those that have no saying: `request.opened` is `request opened`. */
const byName: Say = ({ type }) => shown(type.replace(/[._]+/g, ' '), NAME);

/** What it is about: a model, a version of it, or the workspace. */
function subjectOf({ workspace, model, version }: ToldEvent): string {
  if (model === undefined) return shown(workspace, NAME);
  return version === undefined ? shown(model, NAME) : `${shown(model, NAME)} ${version}`;
}

function headlineOf(event: ToldEvent): string {
  const say = Object.hasOwn(SAYINGS, event.type) ? (SAYINGS[event.type] as Say) : byName;
  return `${subjectOf(event)}: ${say(event)}`;
}

function factsOf({ changed, previous, current }: ToldEvent): Fact[] {
  return changed.slice(0, MOST_FACTS).map((path): Fact => {
    const [before, after] = [words(own(previous, path)), words(own(current, path))];
    return {
      label: shown(path, LABEL),
      ...(before !== undefined && { previous: before }),
      ...(after !== undefined && { current: after }),
    };
  });
}

function own(values: JsonObject, path: string): Json | undefined {
  return Object.hasOwn(values, path) ? values[path] : undefined;
}

/** Tells an event, of whatever type. */
export function storyOf(event: ToldEvent): Story {
  const { at, workspace, model, modelId, version, sequence, reason, changed, truncated } = event;
  return {
    headline: headlineOf(event),
    by: shown(event.actor.name, NAME) || 'somebody',
    at,
    ...(reason !== undefined && { reason: shown(reason, REASON) }),
    facts: factsOf(event),
    more: changed.length > MOST_FACTS || truncated === true,
    workspace,
    ...(model !== undefined && { model, sequence }),
    ...(modelId !== undefined && { modelId }),
    ...(version !== undefined && { version }),
  };
}

/** The part of a story that a digest tells: a hundred of them fit one record. */
export function brief({ reason, ...story }: Story): Story {
  return { ...story, ...(reason !== undefined && { reason: shown(reason, BRIEF) }), facts: [] };
}
