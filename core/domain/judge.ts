import { type ChecklistItem, type Condition, conditionWords, counts, type Guard, whoWords } from './approval-policy';
import { RISK_RATINGS } from './assessment-terms';
import { handOf } from './principal';
import { isOver, type TransitionRequest } from './request';
import type { RequestStatus, RequiredField, RequirementKind } from './request-terms';
import { type Slot, slotWords } from './slot';
import type { Version } from './version';

/** Something that a version needs before it may enter, and whether it has it. */
export interface Requirement {
  readonly kind: RequirementKind;
  /** Of which item, tag, field, metric or check. */
  readonly name?: string;
  readonly satisfied: boolean;
  /** How it stands, in words. */
  readonly says: string;
}

/** What a judgement rests on, as of one moment. */
export interface Facts {
  readonly version: Version;
  /** Digest of the version's files and metadata now. */
  readonly subject: string;
  /** Description of the version's model. */
  readonly modelDescription?: string | undefined;
  /** The version that holds a stage or an alias, other than this one. */
  readonly holder: (slot: Slot) => Version | undefined;
  readonly now: string;
}

/** Judges a version by a guard: what it needs, and what of it is there. Without a request nobody has said anything yet. */
export function judge(guard: Guard, facts: Facts, request?: TransitionRequest): Requirement[] {
  return [
    ...(request ? [expiry(request, facts), subject(request, facts), rejection(request)] : []),
    review(facts),
    ...approvals(guard, facts, request),
    ...guard.checklist.map((item) => checklist(item, facts, request)),
    ...guard.conditions.map((condition) => judgedCondition(condition, facts)),
    ...guard.required.tags.map((tag) => tagged(tag, facts)),
    ...guard.required.fields.map((field) => filled(field, facts)),
    ...(guard.required.documentation ? [documented(facts)] : []),
    ...(guard.required.card ? [carded(guard.required.card, facts)] : []),
    ...guard.checks.map(({ name }) => check(name, facts, request)),
  ];
}

/** Whether everything is there. */
export function isSatisfied(requirements: readonly Requirement[]): boolean {
  return requirements.every(({ satisfied }) => satisfied);
}

/** What is missing, in words. */
export function missingOf(requirements: readonly Requirement[]): string[] {
  return requirements.filter(({ satisfied }) => !satisfied).map(({ says }) => says);
}

/** How a request stands, by what was judged of it. */
export function statusOf(request: TransitionRequest, requirements: readonly Requirement[]): RequestStatus {
  if (request.state !== 'open') return request.state;
  const lacks = (kind: RequirementKind) => requirements.some((one) => one.kind === kind && !one.satisfied);
  if (lacks('expiry')) return 'expired';
  if (lacks('subject')) return 'outdated';
  if (lacks('rejection')) return 'rejected';
  return isSatisfied(requirements) ? 'approved' : 'open';
}

/** Whether somebody is an author: of one hand with who asks for the transition, or with who registered the version. */
export function isAuthor(id: string, request: Pick<TransitionRequest, 'author'>, version: Version): boolean {
  return [request.author, version.createdBy].some((author) => handOf(author.id) === handOf(id));
}

function expiry(request: TransitionRequest, { now }: Facts): Requirement {
  const satisfied = !isOver(request, now);
  return { kind: 'expiry', satisfied, says: `${satisfied ? 'expires' : 'expired'} at ${request.expiresAt}` };
}

function subject(request: TransitionRequest, facts: Facts): Requirement {
  const satisfied = request.subject === facts.subject;
  const says = satisfied
    ? 'the version is as it was when it was asked for'
    : 'the version has changed since it was asked for: what was approved is no longer what it is';
  return { kind: 'subject', satisfied, says };
}

function rejection({ votes }: TransitionRequest): Requirement {
  const rejected = votes.filter(({ vote }) => vote === 'reject').map(({ by }) => by.name);
  const says = rejected.length === 0 ? 'nobody rejects it' : `rejected by ${rejected.join(', ')}`;
  return { kind: 'rejection', satisfied: rejected.length === 0, says };
}

/** A version that reviewers rejected by itself stays rejected, whatever is approved of a request for it. */
function review({ version }: Facts): Requirement {
  const rejected = version.approval.status === 'Rejected';
  const says = rejected ? `the version is rejected: ${version.approval.reason ?? ''}` : 'the version is not rejected';
  return { kind: 'review', satisfied: !rejected, says };
}

function approvals(guard: Guard, facts: Facts, request: TransitionRequest | undefined): Requirement[] {
  const { count, authorMayApprove, ...who } = guard.approvals;
  if (count === 0) return [];
  const counted = (request?.votes ?? []).filter(
    (vote) =>
      vote.vote === 'approve' &&
      vote.subject === facts.subject &&
      counts(who, vote) &&
      (authorMayApprove || !isAuthor(vote.by.id, request as TransitionRequest, facts.version)),
  ).length;
  const says = `${counted} of ${count} ${count === 1 ? 'approval' : 'approvals'}${whoWords(who)}${authorMayApprove ? '' : ', not by the author'}`;
  return [{ kind: 'approvals', satisfied: counted >= count, says }];
}

function checklist(item: ChecklistItem, facts: Facts, request: TransitionRequest | undefined): Requirement {
  const answer = request?.answers.find((one) => one.item === item.id && one.subject === facts.subject);
  const valid = answer !== undefined && counts(item, answer);
  const proven = item.evidence === 'none' || answer?.evidence !== undefined;
  const done = valid && answer.checked && proven;
  const state = done
    ? 'done'
    : !valid
      ? `not answered${whoWords(item)}`
      : answer.checked
        ? 'answered without evidence'
        : 'answered with no';
  return { kind: 'checklist', name: item.id, satisfied: done || !item.required, says: `${item.id}: ${state}` };
}

function holds(op: Condition['op'], left: number, right: number, tolerance: number): boolean {
  switch (op) {
    case '>=':
      return left >= right - tolerance;
    case '>':
      return left > right - tolerance;
    case '<=':
      return left <= right + tolerance;
    case '<':
      return left < right + tolerance;
  }
}

function metricOf({ metrics }: Version, metric: string): number | undefined {
  return Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
}

function judgedCondition(condition: Condition, { version, holder }: Facts): Requirement {
  const { metric, op } = condition;
  const words = conditionWords(condition);
  const answer = (satisfied: boolean, why: string): Requirement => ({
    kind: 'condition',
    name: metric,
    satisfied,
    says: `${words}: ${why}`,
  });
  const own = metricOf(version, metric);
  if (own === undefined) return answer(false, `the version has no metric ${metric}`);
  if ('value' in condition) return answer(holds(op, own, condition.value, 0), `it is ${own}`);
  const other = holder(condition.than);
  if (!other) return answer(true, `no other version holds ${slotWords(condition.than)}`);
  const theirs = metricOf(other, metric);
  if (theirs === undefined) return answer(false, `version ${other.number}, which holds it, has no metric ${metric}`);
  return answer(
    holds(op, own, theirs, condition.tolerance ?? 0),
    `it is ${own}, that of version ${other.number} ${theirs}`,
  );
}

function tagged(tag: string, { version }: Facts): Requirement {
  const satisfied = Object.hasOwn(version.tags, tag);
  return { kind: 'tag', name: tag, satisfied, says: `tag ${tag} is ${satisfied ? 'set' : 'missing'}` };
}

function isThere(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'string') return value.trim() !== '';
  if (typeof value === 'object') return Object.keys(value).length > 0;
  return true;
}

function filled(field: RequiredField, { version }: Facts): Requirement {
  const satisfied = isThere(version[field]);
  return { kind: 'field', name: field, satisfied, says: `${field} is ${satisfied ? 'there' : 'missing'}` };
}

function documented({ version, modelDescription }: Facts): Requirement {
  const lacking = [
    ...(isThere(modelDescription) ? [] : ['the model']),
    ...(isThere(version.description) ? [] : ['the version']),
  ];
  const says = lacking.length === 0 ? 'model and version are described' : `${lacking.join(' and ')} has no description`;
  return { kind: 'documentation', satisfied: lacking.length === 0, says };
}

/** A risk that nobody rated may be any. */
function carded({ approved, risk }: NonNullable<Guard['required']['card']>, { version: { card } }: Facts): Requirement {
  const answer = (satisfied: boolean, says: string): Requirement => ({ kind: 'card', satisfied, says });
  if (!card) return answer(false, 'the version has no model card');
  const { revision, status, riskRating } = card;
  const above = risk && (riskRating === 'Unknown' || RISK_RATINGS.indexOf(riskRating) > RISK_RATINGS.indexOf(risk));
  const objections = [
    ...(approved && status !== 'Approved' ? [`is ${status}, not Approved`] : []),
    ...(above ? [`rates the risk ${riskRating}, where ${risk} is the most`] : []),
  ];
  if (objections.length > 0) return answer(false, `revision ${revision} of the model card ${objections.join(' and ')}`);
  return answer(true, `revision ${revision} of the model card is ${status} and rates the risk ${riskRating}`);
}

function check(name: string, facts: Facts, request: TransitionRequest | undefined): Requirement {
  const result = request?.results.find((one) => one.check === name && one.subject === facts.subject);
  const says = `check ${name} ${result ? `has ${result.result}` : 'has not answered'}`;
  return { kind: 'check', name, satisfied: result?.result === 'passed', says };
}
