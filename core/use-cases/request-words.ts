import { type ApprovalPolicy, type ChecklistItem, counts, type Guard } from '../domain/approval-policy';
import { checkUri } from '../domain/artifact';
import { type ErrorCode, invalid, RegistryError } from '../domain/errors';
import type { Json } from '../domain/json';
import { isAuthor } from '../domain/judge';
import { handOf } from '../domain/principal';
import {
  type ChecklistAnswer,
  type CheckResult,
  checkOpen,
  checkSubject,
  type Vote,
  withAnswer,
  withoutVote,
  withResult,
  withVote,
} from '../domain/request';
import type { CHECK_RESULTS, VOTES } from '../domain/request-terms';
import { sameText } from '../domain/same-text';
import type { Ports } from '../ports';
import { emptied } from './access/emptied';
import type { Call, UseCase } from './call';
import { commandOnRequest } from './change-request';
import { DEFAULT_WORKSPACE, missingModel } from './load';
import type { LoadedRequest, OneRequest } from './load-request';
import { unknownCheck } from './policies';
import type { RequestView } from './request-views';

interface CastVote {
  readonly vote: (typeof VOTES)[number];
  readonly reason?: string | undefined;
  readonly subject?: string | undefined;
}

interface AnswerItem {
  readonly item: string;
  readonly checked: boolean;
  readonly evidence?: string | undefined;
  readonly subject?: string | undefined;
}

interface AnswerCheck {
  readonly token: string;
  readonly result: (typeof CHECK_RESULTS)[number];
  readonly subject: string;
  readonly detail?: string | undefined;
  readonly url?: string | undefined;
}

/** By which roles and groups somebody's word counts: of the groups those that the guard names. */
function standing({ principal, access }: Call, guard: Guard) {
  const named = [guard.approvals, ...guard.checklist].flatMap(({ groups = [] }) => groups);
  return { roles: access.roles, groups: [...new Set(principal.groups.filter((group) => named.includes(group)))] };
}

function told(
  word: Partial<Vote> | Partial<ChecklistAnswer> | Partial<CheckResult> | undefined,
  field: string,
): Record<string, Json> {
  if (!word) return {};
  const { by, at, subject, roles, groups, ...said } = word as Record<string, Json>;
  return { [field]: said as Json };
}

function checkVote(
  { request, version, guarded, facts, history }: LoadedRequest,
  call: Call,
  { vote, reason, subject }: CastVote,
): void {
  checkOpen(request, history.at);
  if (vote !== 'approve' && !reason?.trim()) {
    throw invalid('body.reason', reason ?? null, 'given when a request is rejected or a vote withdrawn');
  }
  if (vote !== 'approve') return;
  checkSubject(request, subject, facts.subject);
  if (guarded.guard.approvals.authorMayApprove || !isAuthor(call.principal.id, request, version)) return;
  throw new RegistryError('forbidden', 'An author does not approve what is theirs.', [
    {
      field: 'body.vote',
      value: vote,
      rule: 'neither by who asks for the transition nor by who registered the version',
    },
  ]);
}

/** Approves or rejects a request, or withdraws either; the last vote of a person counts. */
export const voteOnRequest: UseCase<{ params: OneRequest; body: CastVote }, RequestView> =
  (ports) =>
  ({ params, body }, call) =>
    commandOnRequest(ports, call, params, (loaded) => {
      const { request, guarded, history } = loaded;
      checkVote(loaded, call, body);
      const reason = body.reason !== undefined && { reason: body.reason };
      const before = request.votes.find(({ by }) => handOf(by.id) === handOf(call.principal.id));
      const event = { type: 'request.voted', changed: ['vote'], previous: told(before, 'vote'), ...reason } as const;
      if (body.vote === 'withdraw') {
        return { next: withoutVote(request, call.principal.id), event: { ...event, current: {} }, mayComplete: true };
      }
      const { subject } = request;
      const said = { by: history.actor, at: history.at, subject, ...standing(call, guarded.guard) };
      const vote: Vote = { vote: body.vote, ...reason, ...said };
      return { next: withVote(request, vote), event: { ...event, current: told(vote, 'vote') }, mayComplete: true };
    });

function itemOf({ checklist }: Guard, id: string): ChecklistItem {
  const item = checklist.find((one) => one.id === id);
  if (item) return item;
  throw invalid(
    'body.item',
    id,
    `one of ${checklist.map((one) => one.id).join(', ') || 'none: there is no checklist'}`,
  );
}

/** Answers an item of the checklist, in place of the answer before. */
export const answerChecklist: UseCase<{ params: OneRequest; body: AnswerItem }, RequestView> =
  (ports) =>
  ({ params, body }, call) =>
    commandOnRequest(ports, call, params, ({ request, guarded, facts, history }) => {
      checkOpen(request, history.at);
      checkSubject(request, body.subject, facts.subject);
      const item = itemOf(guarded.guard, body.item);
      const who = standing(call, guarded.guard);
      if (!counts(item, who)) {
        const rule = [...(item.roles ?? []), ...(item.groups ?? []).map((group) => `group ${group}`)].join(' or ');
        throw new RegistryError('forbidden', `Item ${item.id} is answered by others.`, [
          { field: 'body.item', value: item.id, rule },
        ]);
      }
      const evidence = body.evidence?.trim() ? { evidence: body.evidence } : {};
      if (body.checked && item.evidence === 'required' && evidence.evidence === undefined) {
        throw invalid('body.evidence', body.evidence ?? null, `given for item ${item.id}`);
      }
      const { subject } = request;
      const said = { by: history.actor, at: history.at, subject, ...who };
      const answer: ChecklistAnswer = { item: item.id, checked: body.checked, ...evidence, ...said };
      const before = request.answers.find((one) => one.item === item.id);
      const path = `checklist.${item.id}`;
      return {
        next: withAnswer(request, answer),
        event: { type: 'request.answered', changed: [path], previous: told(before, path), current: told(answer, path) },
        mayComplete: true,
      };
    });

function isToken(policy: ApprovalPolicy | undefined, check: string, digest: string): boolean {
  const known = policy && Object.hasOwn(policy.tokens, check) ? policy.tokens[check] : undefined;
  return sameText(known ?? '', digest);
}

/** Refusals that tell nothing of what there is. */
const SAYS_NOTHING: readonly ErrorCode[] = ['contention', 'idempotency_key_reused'];

/** What who has neither the token nor may read the model is told, whatever there is: that there is nothing. */
async function unseen(ports: Ports, { workspace, access }: Call, model: string): Promise<RegistryError> {
  const isKnown = workspace === DEFAULT_WORKSPACE || (await access.isMember());
  return missingModel(emptied(ports, workspace, isKnown), workspace, model);
}

/** Says what an external check came to: whoever has the check's token may, and nobody else. */
export const answerCheck: UseCase<
  { params: OneRequest & { check: string }; body: AnswerCheck },
  { readonly request: string; readonly check: string; readonly result: string }
> =
  (ports) =>
  async ({ params, body }, call) => {
    const { check } = params;
    if (body.url !== undefined) checkUri(body.url, 'body.url');
    const { result } = body;
    let proven = false;
    const answering = commandOnRequest(ports, call, params, ({ request, guarded, policies, facts, history }) => {
      const { guard, from } = guarded;
      if (!guard.checks.some(({ name }) => name === check)) throw unknownCheck(check);
      const policy = from === 'model' ? policies.model : policies.workspace;
      if (!isToken(policy, check, ports.sha256(body.token))) {
        throw new RegistryError('forbidden', `This is not the token of check ${check}.`, [
          { field: 'body.token', rule: `the token of check ${check}` },
        ]);
      }
      proven = true;
      checkOpen(request, history.at);
      checkSubject(request, body.subject, facts.subject);
      const more = {
        ...(body.detail !== undefined && { detail: body.detail }),
        ...(body.url !== undefined && { url: body.url }),
      };
      const said = { by: history.actor, at: history.at, subject: request.subject };
      const answer: CheckResult = { check, result, ...more, ...said };
      const before = request.results.find((one) => one.check === check);
      const path = `checks.${check}`;
      return {
        next: withResult(request, answer),
        event: {
          type: 'request.answered',
          changed: [path],
          previous: told(before, path),
          current: told(answer, path),
        },
        mayComplete: true,
      };
    });
    const { body: answered } = await answering.catch(async (error: unknown) => {
      const tells = error instanceof RegistryError && !SAYS_NOTHING.includes(error.code);
      if (!tells || proven || (await call.access.may('read'))) throw error;
      throw await unseen(ports, call, params.model);
    });
    return { body: { request: answered.id, check, result } };
  };
