import { coversContainers, isApproved } from '../domain/approval';
import { RegistryError } from '../domain/errors';
import type { EventDraft } from '../domain/event';
import { isSatisfied, judge, missingOf, type Requirement } from '../domain/judge';
import { put, type Write } from '../domain/records';
import { containersText, ended, type TransitionRequest } from '../domain/request';
import { stageNamed } from '../domain/stages';
import type { Version } from '../domain/version';
import type { Ports } from '../ports';
import { planNaming } from './aliases';
import type { Answer, Call, Decision } from './call';
import { aboutVersion } from './change-version';
import { execute } from './execute';
import { unchangedPolicy } from './guarding';
import type { History } from './history';
import { type LoadedRequest, loadRequest, type OneRequest, pendingKey, requestKey } from './load-request';
import { answerWithRequest, type RequestView } from './request-views';
import { planEntry, type Told } from './transition';

/** What a command makes of a request, and the event that tells of it. */
export interface RequestChange {
  readonly next: TransitionRequest;
  readonly event: EventDraft;
  /** It may have brought what was missing: an automatic request is carried out with it. */
  readonly mayComplete?: true;
}

/** The draft of an event about a request. */
export function aboutRequest(
  request: Pick<TransitionRequest, 'id' | 'version' | 'artifactDigest'>,
  draft: EventDraft,
): EventDraft {
  const { id, version, artifactDigest } = request;
  return { ...draft, version, request: id, artifactDigest };
}

/** Runs a command on one request: loads it with all that it is judged from, and commits what is decided with its event. */
export function commandOnRequest(
  ports: Ports,
  call: Call,
  params: OneRequest,
  decide: (loaded: LoadedRequest) => Promise<RequestChange> | RequestChange,
): Promise<Answer<RequestView>> {
  return execute(ports, call, async () => {
    const loaded = await loadRequest(ports, call, params);
    const { next, event, mayComplete } = await decide(loaded);
    const { guarded, facts, history } = loaded;
    const requirements = judge(guarded.guard, facts, next);
    history.add(aboutRequest(next, event));
    const completes = mayComplete && guarded.guard.commit === 'automatic' && isSatisfied(requirements);
    const carried = completes ? await carryOut(ports, loaded, next).catch(unlessRefused) : undefined;
    return decisionOf(loaded, carried?.(history) ?? { request: next, writes: [] }, requirements);
  });
}

/** A transition that is refused for reasons of its own leaves its request open, for somebody to carry out later. */
function unlessRefused(error: unknown): undefined {
  if (!(error instanceof RegistryError)) throw error;
}

interface Carried {
  readonly request: TransitionRequest;
  readonly writes: readonly Write[];
}

/** The transaction of a command: the request as it is then, and what it brought about. */
function decisionOf(
  { loaded, guarded, policies, history }: LoadedRequest,
  { request, writes }: Carried,
  requirements: readonly Requirement[],
): Decision<RequestView> {
  const { guard, from: guardFrom } = guarded;
  const closed = history.close();
  const changed = { updatedAt: history.at, updatedBy: history.actor, revision: history.newest };
  const stored: TransitionRequest = { ...request, guard, guardFrom, ...changed };
  return {
    answer: answerWithRequest(stored, loaded.model.name, requirements),
    change: {
      heads: closed.heads,
      writes: [put<'request'>(requestKey(stored), stored), ...pendingOf(stored), ...writes, ...closed.writes],
      absent: [],
      unchanged: unchangedPolicy(stored.workspace, policies),
    },
  };
}

/** The note that a request is open, or that it no longer is. */
export function pendingOf(request: TransitionRequest): Write[] {
  const { workspace, modelId, id, state, expiresAt } = request;
  const key = pendingKey(request);
  if (state !== 'open') return [{ delete: key }];
  return [put<'pending'>(key, { workspace, modelId, request: id, expiresAt })];
}

/** What an event and a record say of who approved a request. */
function approversOf({ votes, subject }: TransitionRequest) {
  return votes.filter((vote) => vote.vote === 'approve' && vote.subject === subject).map(({ by }) => by);
}

/** The approval of the version that comes with a request for a stage that asks for one. */
function approve(version: Version, request: TransitionRequest, history: History, containersDigest: string): Version {
  if (isApproved(version.approval, history.at) && coversContainers(version.approval, containersDigest)) return version;
  const approvers = approversOf(request);
  history.add(
    aboutVersion(version, {
      type: 'version.approval_changed',
      changed: ['approval'],
      previous: { approval: version.approval.status },
      current: { approval: 'Approved' },
      reason: request.reason,
      request: request.id,
    }),
  );
  return {
    ...version,
    approval: {
      status: 'Approved',
      by: approvers.at(-1) ?? history.actor,
      at: history.at,
      reason: request.reason,
      artifactDigest: request.artifactDigest,
      containersDigest,
      request: request.id,
      approvers,
      expiresAt: request.expiresAt,
    },
  };
}

/**
 * Checks that the transition of a request can be made now, whatever approval says of it.
 * @returns what makes it: approval where the stage asks for one, the transition itself, and the end of the request
 */
async function carryOut(
  ports: Ports,
  { loaded, version, holder }: LoadedRequest,
  request: TransitionRequest,
): Promise<(history: History) => Carried> {
  const field = 'path.request';
  const told: Told = { reason: request.reason, request: request.id };
  const { target } = request;
  const finish = (history: History, writes: readonly Write[]): Carried => {
    const how = { by: history.actor, at: history.at };
    const next = ended(request, 'committed', how);
    const approvers = approversOf(request).map(({ name }) => name);
    history.add(
      aboutRequest(next, {
        type: 'request.committed',
        changed: ['state'],
        previous: { state: request.state },
        current: { state: next.state, target, approvers },
      }),
    );
    return { request: next, writes };
  };
  if ('alias' in target) {
    const naming = await planNaming(ports, loaded, version, target.alias, holder, { version: field, alias: field });
    return (history) => finish(history, naming.name(version, told, history).writes);
  }
  const stage = stageNamed(loaded.model.stages, target.stage, field);
  const entry = await planEntry(ports, loaded, version, stage, holder, field);
  return (history) => {
    const approved = stage.requiresApproval
      ? approve(version, request, history, ports.sha256(containersText(version)))
      : version;
    return finish(history, entry.enter(approved, [entry.replaced ?? []].flat(), told, history).writes);
  };
}

/**
 * Carries out a request that has all it needs, at the moment of the commit.
 * @throws RegistryError request_unsatisfied, and what refuses the transition itself
 */
export async function commit(ports: Ports, loaded: LoadedRequest): Promise<Decision<RequestView>> {
  const { request, guarded, facts, history } = loaded;
  const requirements = judge(guarded.guard, facts, request);
  const missing = missingOf(requirements);
  if (missing.length > 0) {
    throw new RegistryError(
      'request_unsatisfied',
      `Request ${request.id} lacks ${missing.length === 1 ? 'something' : `${missing.length} things`}: ${missing.join('; ')}.`,
      missing.map((rule) => ({ field: 'path.request', value: request.id, rule })),
    );
  }
  const carried = await carryOut(ports, loaded, request);
  return decisionOf(loaded, carried(history), requirements);
}
