import { invalid, RegistryError } from '../domain/errors';
import { judge } from '../domain/judge';
import { checkAlias } from '../domain/names';
import { type Key, put, type Write } from '../domain/records';
import {
  checkOpen,
  containersText,
  ended,
  expiryUnder,
  isOver,
  rebound,
  requestWords,
  type TransitionRequest,
} from '../domain/request';
import { type Slot, slotWords } from '../domain/slot';
import { ARCHIVE_STAGE, INITIAL_STAGE, stageNamed } from '../domain/stages';
import { checkReady, checkUnlocked, type Version } from '../domain/version';
import type { Ports } from '../ports';
import type { UseCase } from './call';
import { aboutRequest, commandOnRequest, commit, pendingOf } from './change-request';
import { historyOf } from './change-version';
import { checkIfMatch } from './etag';
import { execute } from './execute';
import { factsOf, policyKeys, unchangedPolicy } from './guarding';
import type { History } from './history';
import { type Loaded, loadVersion } from './load';
import {
  guardFor,
  loadRequest,
  type OneRequest,
  pendingKey,
  readRequest,
  readRequirements,
  requestKey,
} from './load-request';
import { answerWithRequest, type RequestView } from './request-views';

interface OpenRequest {
  readonly version: number;
  readonly target: Slot;
  readonly reason: string;
}

/** Checks that a version may be asked to be brought somewhere: not where it is, nor where any version may go. */
function checkTarget({ model }: Loaded, version: Version, target: Slot): void {
  checkReady(version, 'body.version');
  checkUnlocked(version, 'body.version');
  if ('alias' in target) checkAlias(target.alias, 'body.target.alias');
  else {
    const { name } = stageNamed(model.stages, target.stage, 'body.target.stage');
    if (name === INITIAL_STAGE || name === ARCHIVE_STAGE) {
      throw invalid(
        'body.target.stage',
        name,
        `another than ${INITIAL_STAGE} and ${ARCHIVE_STAGE}, to which any version may go`,
      );
    }
  }
  const there = 'alias' in target ? version.aliases.includes(target.alias) : version.stage === target.stage;
  if (there)
    throw invalid('body.target', target, `not ${slotWords(target)}, which version ${version.number} has already`);
}

/** An open request for the same version and target, or nothing where its time is over: then it ends with this one. */
async function supersede(
  ports: Ports,
  pending: { request: string } | undefined,
  place: Key<'request'>,
  history: History,
): Promise<Write[]> {
  if (!pending) return [];
  const { request: id } = pending;
  const former = await ports.store.get<'request'>({ ...place, id } as Key<'request'>, { consistent: true });
  if (!former) throw new Error(`request ${id}, which is noted as open, is missing`);
  if (former.state === 'open' && !isOver(former, history.at)) {
    throw new RegistryError('request_exists', `Request ${id} asks for ${requestWords(former)} already.`, [
      { field: 'body.target', value: former.target, rule: `no open request for it; there is ${id}` },
    ]);
  }
  return [put<'request'>(requestKey(former), expired(former, history))];
}

/** A request whose time is over, marked so with its event. */
export function expired(request: TransitionRequest, history: History): TransitionRequest {
  const next = ended(request, 'expired', { by: history.actor, at: history.at });
  const revision = history.add(
    aboutRequest(request, {
      type: 'request.expired',
      changed: ['state'],
      previous: { state: request.state },
      current: { state: next.state, expiresAt: request.expiresAt },
    }),
  );
  return { ...next, updatedAt: history.at, updatedBy: history.actor, revision };
}

/** Asks that a version enter a stage or get an alias. */
export const openRequest: UseCase<{ params: { model: string }; body: OpenRequest }, RequestView> =
  (ports) =>
  ({ params, body }, call) => {
    const { workspace } = call;
    const { version: number, target, reason } = body;
    return execute(ports, call, async () => {
      const { also, version, ...rest } = await loadVersion<['pending', 'policy', 'policy']>(
        ports,
        call,
        params.model,
        number,
        (modelId) => [pendingKey({ workspace, modelId, version: number, target }), ...policyKeys(workspace, modelId)],
        'body',
      );
      const loaded: Loaded = { ...rest, also: [] };
      const [pending, own, common] = also;
      const policies = { model: own, workspace: common };
      checkIfMatch(call.ifMatch, undefined);
      checkTarget(loaded, version, target);
      const history = historyOf(ports, call, loaded);
      const id = ports.newId();
      const { modelId } = version;
      const key = requestKey({ workspace, modelId, id });
      const superseded = await supersede(ports, pending, key, history);
      const guarded = guardFor(policies, target);
      const facts = await factsOf(ports, loaded, version, guarded, history.at);
      const { artifacts } = version;
      if (!artifacts) throw new Error(`READY version ${number} of ${modelId} has no artifact summary`);
      const about = { subject: facts.subject, expiresAt: expiryUnder(guarded.guard, history.at) };
      const revision = history.add(
        aboutRequest(
          { id, version: number, artifactDigest: artifacts.digest },
          { type: 'request.opened', changed: ['request'], previous: {}, current: { target, ...about }, reason },
        ),
      );
      const request: TransitionRequest = {
        id,
        workspace,
        modelId,
        version: number,
        target,
        reason,
        author: history.actor,
        state: 'open',
        ...about,
        artifactDigest: artifacts.digest,
        containersDigest: ports.sha256(containersText(version)),
        guard: guarded.guard,
        guardFrom: guarded.from,
        votes: [],
        answers: [],
        results: [],
        openedAt: history.at,
        updatedAt: history.at,
        updatedBy: history.actor,
        revision,
      };
      const { heads, writes } = history.close();
      return {
        answer: answerWithRequest(request, loaded.model.name, judge(guarded.guard, facts, request)),
        change: {
          heads,
          writes: [put<'request'>(key, request), ...pendingOf(request), ...superseded, ...writes],
          absent: [key],
          unchanged: unchangedPolicy(workspace, policies),
        },
      };
    });
  };

/** Shows a request, how it stands and what it needs. */
export const getRequest: UseCase<{ params: OneRequest }, RequestView> =
  (ports) =>
  async ({ params }, call) => {
    const request = await readRequest(ports, call, params);
    const requirements = request.state === 'open' ? await readRequirements(ports, request) : [];
    return answerWithRequest(request, params.model, requirements);
  };

/** Makes a request one about the version as it is now. */
export const refreshRequest: UseCase<{ params: OneRequest; body: { reason?: string | undefined } }, RequestView> =
  (ports) =>
  ({ params, body }, call) =>
    commandOnRequest(ports, call, params, async ({ request, version, guarded, facts, history }) => {
      checkOpen(request, history.at);
      if (request.author.id !== call.principal.id && !(await call.access.may('administer'))) {
        throw new RegistryError('forbidden', 'A request is refreshed by who made it.', [
          { field: 'path.request', value: request.id, rule: `made by ${call.principal.name}` },
        ]);
      }
      const { artifacts } = version;
      if (!artifacts) throw new Error(`READY version ${version.number} has no artifact summary`);
      const expiresAt = expiryUnder(guarded.guard, history.at);
      const next = rebound(request, {
        subject: facts.subject,
        artifacts,
        containersDigest: ports.sha256(containersText(version)),
        expiresAt,
      });
      const counted = (one: TransitionRequest) => one.votes.length + one.answers.length + one.results.length;
      return {
        next,
        event: {
          type: 'request.refreshed',
          changed: ['subject', 'expiresAt', 'words'],
          previous: { subject: request.subject, expiresAt: request.expiresAt, words: counted(request) },
          current: { subject: next.subject, expiresAt, words: counted(next) },
          ...(body.reason !== undefined && { reason: body.reason }),
        },
      };
    });

/** Closes a request without its transition. */
export const closeRequest: UseCase<{ params: OneRequest; body: { reason?: string | undefined } }, RequestView> =
  (ports) =>
  ({ params, body }, call) =>
    commandOnRequest(ports, call, params, async ({ request, history }) => {
      checkOpen(request, history.at);
      if (request.author.id !== call.principal.id && !(await call.access.may('administer'))) {
        throw new RegistryError('forbidden', 'A request is closed by who made it, or by who administers the model.', [
          { field: 'path.request', value: request.id, rule: `made by ${call.principal.name}` },
        ]);
      }
      const reason = body.reason !== undefined && { reason: body.reason };
      return {
        next: ended(request, 'closed', { by: history.actor, at: history.at, ...reason }),
        event: {
          type: 'request.closed',
          changed: ['state'],
          previous: { state: request.state },
          current: { state: 'closed' },
          ...reason,
        },
      };
    });

/** Carries out a request that has all it needs: its transition and its end are one transaction. */
export const commitRequest: UseCase<{ params: OneRequest }, RequestView> =
  (ports) =>
  ({ params }, call) =>
    execute(ports, call, async () => {
      const loaded = await loadRequest(ports, call, params);
      checkOpen(loaded.request, loaded.history.at);
      return commit(ports, loaded);
    });
