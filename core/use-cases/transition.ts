import { invalid, RegistryError } from '../domain/errors';
import type { EventDraft } from '../domain/event';
import { type Holder, type Key, put, type Write } from '../domain/records';
import { type Admitted, ARCHIVE_STAGE, checkTransition, INITIAL_STAGE, type Stage, stageNamed } from '../domain/stages';
import { checkReady, checkUnlocked, type Version } from '../domain/version';
import type { Ports } from '../ports';
import type { Call, UseCase } from './call';
import { aboutVersion, answerWith, historyOf, revised, versionKey } from './change-version';
import { checkIfMatch, versionEtag } from './etag';
import { execute } from './execute';
import { admit, type Policies, policyKeys, unchangedPolicy } from './guarding';
import type { History } from './history';
import { type Loaded, loadVersion, unchangedSince } from './load';
import { holderKey, holderOfSlot, leaveStage, openStay } from './stays';
import type { VersionView } from './views';

interface Transition {
  params: { model: string; version: number };
  body: {
    stage: string;
    reason?: string | undefined;
    /** Passes over what a policy asks for. */
    bypass?: boolean | undefined;
    /** Archives the other versions in the stage. */
    archiveExisting?: boolean | undefined;
    /** A version that is in the stage already stays there; otherwise that is no transition and refused. */
    stayAllowed?: boolean | undefined;
  };
}

/** The version that holds an exclusive stage now, which the one that enters replaces. */
async function replacedBy(
  ports: Ports,
  loaded: Loaded,
  stage: Stage,
  holder: Holder | undefined,
  field: string,
): Promise<Version | undefined> {
  if (!stage.exclusive || !holder) return undefined;
  const { model } = loaded;
  const key: Key<'version'> = {
    kind: 'version',
    workspace: model.workspace,
    modelId: model.id,
    number: holder.version,
  };
  const replaced = unchangedSince(loaded, await ports.store.get(key, { consistent: true }));
  checkReplaceable(replaced, stage.name, field);
  return replaced;
}

function checkReplaceable(version: Version, stage: string, field: string): void {
  if (!version.lock) return;
  throw new RegistryError('version_locked', `Version ${version.number}, which is in ${stage}, is locked.`, [
    { field, value: stage, rule: `held by no locked version: ${version.lock.reason}` },
  ]);
}

/** What the event of a transition says besides: why, by which request, past what; and past which guard, for the stay alone. */
export type Told = Pick<EventDraft, 'reason' | 'request' | 'bypassed' | 'missing'> & Pick<Admitted, 'guard'>;

/** What an event says of it. */
export function saidOf({ guard: _, ...said }: Told): Omit<Told, 'guard'> {
  return said;
}

/** Moves a version, and tells so in one event. Returns the version as it is then, and the writes. */
export function move(version: Version, from: Loaded['model'], to: Stage, told: Told, history: History) {
  const { workspace, modelId, number, artifacts } = version;
  const revision = history.add(
    aboutVersion(version, {
      type: 'version.stage_changed',
      changed: ['stage'],
      previous: { stage: version.stage },
      current: { stage: to.name },
      ...saidOf(told),
    }),
  );
  const { stay: _, ...bare } = version;
  const stay =
    to.name === INITIAL_STAGE
      ? undefined
      : { from: history.at, by: history.actor, entered: revision, exclusive: to.exclusive, ...admittedBy(told) };
  const next = revised({ ...bare, stage: to.name, editedAt: history.at, ...(stay && { stay }) }, history, revision);
  const writes: Write[] = [
    ...leaveStage(version, from.stages, history, revision),
    put<'version'>(versionKey(next), next),
    put<'member'>({ kind: 'member', workspace, modelId, stage: to.name, number }, { version: number }),
  ];
  if (stay) {
    const { by, ...kept } = stay;
    writes.push(openStay(version, { stage: to.name }, { version: number, enteredBy: by, ...kept }));
  }
  if (to.exclusive && artifacts) {
    const holder = holderOfSlot(to.name, version, { since: history.at, by: history.actor, artifacts, revision });
    writes.push(put<'holder'>(holderKey(workspace, modelId, { stage: to.name }), holder));
  }
  return { next, writes };
}

/** What a stay remembers of how it began: the gate of deployments judges by it. */
function admittedBy({ request, bypassed, guard }: Told): { admitted?: Admitted } {
  if (request === undefined && bypassed === undefined) return {};
  const past = bypassed && { bypassed, ...(guard !== undefined && { guard }) };
  return { admitted: { ...(request !== undefined && { request }), ...past } };
}

function sameKey(a: Key, b: Key): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Keeps of each deletion only those whose key is not written as well. */
export function withoutOverwritten(writes: readonly Write[]): Write[] {
  const written = writes.flatMap((write) => ('put' in write ? [write.put] : []));
  return writes.filter((write) => !('delete' in write) || !written.some((key) => sameKey(key, write.delete)));
}

/** Versions that one transaction archives; each takes up to six items of it. */
const ARCHIVED_AT_ONCE = 10;

/** The versions besides one that are in a stage now, at most so many. */
async function othersIn({ store }: Ports, loaded: Loaded, stage: string, version: number, most: number) {
  const place = { workspace: loaded.model.workspace, modelId: loaded.model.id };
  const { items } = await store.query<'member'>(
    { kind: 'member', ...place, stage },
    { limit: most + 1, order: 'ascending', consistent: true },
  );
  const numbers = items.map((member) => member.version).filter((number) => number !== version);
  return Promise.all(
    numbers.slice(0, most).map(async (number) => {
      const record = await store.get<'version'>({ kind: 'version', ...place, number }, { consistent: true });
      const other = unchangedSince(loaded, record);
      checkReplaceable(other, stage, 'body.stage');
      return other;
    }),
  );
}

/** A stage that a version may enter now, and what entering takes. */
export interface Entry {
  /** The version that leaves the stage for it. */
  readonly replaced: Version | undefined;
  /** Moves the version there and archives those that leave. */
  enter(version: Version, others: readonly Version[], told: Told, history: History): { next: Version; writes: Write[] };
}

/**
 * Checks that a version may enter a stage by the rules of the model's stages; what approval asks for is another matter.
 * @param field where the request names the stage
 * @throws RegistryError invalid_input, transition_not_allowed, version_locked, version_not_ready
 */
export async function planEntry(
  ports: Ports,
  loaded: Loaded,
  version: Version,
  stage: Stage,
  holder: Holder | undefined,
  field: string,
): Promise<Entry> {
  const { model } = loaded;
  checkTransition(model.stages, version.stage, stage.name, field);
  checkUnlocked(version);
  checkReady(version);
  const replaced = await replacedBy(ports, loaded, stage, holder, field);
  return {
    replaced,
    enter: (entering, others, told, history) => {
      const archived = others.flatMap((other) => archive(other, loaded, history, replacedReason(entering)));
      const moved = move(entering, model, stage, told, history);
      return { next: moved.next, writes: withoutOverwritten([...archived, ...moved.writes]) };
    },
  };
}

/** Everything that a transition is decided from. */
async function loadTransition(ports: Ports, call: Call, { params, body }: Transition) {
  const { also, version, ...rest } = await loadVersion<['holder', 'policy', 'policy']>(
    ports,
    call,
    params.model,
    params.version,
    (modelId) => [
      holderKey(call.workspace, modelId, { stage: body.stage }) as Key<'holder'>,
      ...policyKeys(call.workspace, modelId),
    ],
  );
  const loaded: Loaded = { ...rest, also: [] };
  const [holder, own, common] = also;
  const policies: Policies = { model: own, workspace: common };
  const { model } = loaded;
  checkIfMatch(call.ifMatch, versionEtag(version));
  const stage = stageNamed(model.stages, body.stage, 'body.stage');
  if (body.archiveExisting && [INITIAL_STAGE, ARCHIVE_STAGE].includes(stage.name)) {
    throw invalid('body.archiveExisting', true, `only with another stage than ${INITIAL_STAGE} and ${ARCHIVE_STAGE}`);
  }
  const history = historyOf(ports, call, loaded);
  if (body.stayAllowed === true && version.stage === stage.name) {
    checkUnlocked(version);
    checkReady(version);
    return { loaded, version, stage, history, policies, entry: undefined, mark: {} };
  }
  const entry = await planEntry(ports, loaded, version, stage, holder, 'body.stage');
  const entrance = {
    version,
    target: { stage: stage.name },
    policies,
    needsApproval: stage.requiresApproval,
    now: history.at,
    field: 'body.stage',
  };
  const mark = await admit(ports, call, loaded, entrance, body);
  return { loaded, version, stage, history, policies, entry, mark };
}

/**
 * Archives some of the other versions of a stage ahead of a transition, when they are too many for its transaction.
 * @returns whether there may be more
 */
async function archiveAhead(ports: Ports, call: Call, transition: Transition): Promise<boolean> {
  let more = false;
  await execute(ports, withoutKey(call), async () => {
    const { loaded, version, stage, history, policies } = await loadTransition(ports, call, transition);
    const others = await othersIn(ports, loaded, stage.name, version.number, ARCHIVED_AT_ONCE + 1);
    more = others.length > ARCHIVED_AT_ONCE;
    if (!more) return { answer: { body: undefined } };
    const writes = others
      .slice(0, ARCHIVED_AT_ONCE)
      .flatMap((other) => archive(other, loaded, history, replacedReason(version)));
    const closed = history.close();
    const unchanged = unchangedPolicy(call.workspace, policies);
    return {
      answer: { body: undefined },
      change: { heads: closed.heads, writes: [...writes, ...closed.writes], absent: [], unchanged },
    };
  });
  return more;
}

function replacedReason({ number }: Version): string {
  return `replaced by version ${number}`;
}

/** What runs ahead of a command has no answer to keep for its key. */
function withoutKey({ idempotency: _, ...call }: Call): Call {
  return call;
}

/** Moves a version out of its stage because of another one. */
export function archive(other: Version, { model }: Loaded, history: History, reason: string): Write[] {
  const stage = stageNamed(model.stages, ARCHIVE_STAGE, 'body.stage');
  return move(other, model, stage, { reason }, history).writes;
}

/**
 * The versions in a stage now that entered it after an event, or all of them; none of which is locked.
 * @throws RegistryError limit_exceeded for more than one transaction moves
 */
export async function openIn(ports: Ports, loaded: Loaded, stage: string, since = 0): Promise<Version[]> {
  const all = await othersIn(ports, loaded, stage, 0, ARCHIVED_AT_ONCE + 1);
  const later = all.filter(({ stay }) => (stay?.entered ?? 0) > since);
  if (later.length <= ARCHIVED_AT_ONCE) return later;
  throw new RegistryError('limit_exceeded', `More than ${ARCHIVED_AT_ONCE} versions are in ${stage}.`, [
    {
      field: 'path.stage',
      value: stage,
      rule: `at most ${ARCHIVED_AT_ONCE} versions to archive; archive others first`,
    },
  ]);
}

/**
 * Moves a version to another stage of its model, if the model's transitions allow it, the version is READY, approved where
 * the stage asks for it, and has what an approval policy asks for. Who held an exclusive stage before is archived in the
 * same transaction; so are, when asked for, all other versions in the stage (more than ten of them in transactions of
 * their own before).
 */
export const transitionVersion: UseCase<Transition, VersionView> = (ports) => async (transition, call) => {
  const { body } = transition;
  if (body.archiveExisting) while (await archiveAhead(ports, call, transition));
  return execute(ports, call, async () => {
    const { loaded, version, stage, history, policies, entry, mark } = await loadTransition(ports, call, transition);
    const { model } = loaded;
    const others = body.archiveExisting
      ? await othersIn(ports, loaded, stage.name, version.number, ARCHIVED_AT_ONCE)
      : [entry?.replaced ?? []].flat().filter(({ number }) => number !== version.number);
    if (!entry && others.length === 0) return { answer: answerWith(version, model.name) };
    const told = { ...mark, ...(body.reason !== undefined && { reason: body.reason }) };
    const entered = entry
      ? entry.enter(version, others, told, history)
      : { next: version, writes: others.flatMap((other) => archive(other, loaded, history, replacedReason(version))) };
    const { heads, writes } = history.close();
    return {
      answer: answerWith(entered.next, model.name),
      change: {
        heads,
        writes: [...entered.writes, ...writes],
        absent: [],
        unchanged: unchangedPolicy(call.workspace, policies),
      },
    };
  });
};
