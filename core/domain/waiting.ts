import { counts } from './approval-policy';
import { handOf } from './principal';
import { isOver, type TransitionRequest } from './request';

/** Somebody, with what is known of their roles, groups and rights. */
export interface Caller {
  readonly id: string;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  readonly mayApprove: boolean;
}

/**
 * Whether a request waits for somebody: an approval of theirs would count and they have not voted, or an item of the
 * checklist names their role or group and has no answer. Judged by the guard that was last applied to it.
 */
export function waitsFor(request: TransitionRequest, caller: Caller, now: string): boolean {
  if (request.state !== 'open' || isOver(request, now)) return false;
  return needsVote(request, caller) || needsAnswer(request, caller);
}

function needsVote({ guard, votes, author, subject }: TransitionRequest, caller: Caller): boolean {
  const { count, authorMayApprove, ...who } = guard.approvals;
  if (count === 0 || !caller.mayApprove || !counts(who, caller)) return false;
  if (!authorMayApprove && handOf(author.id) === handOf(caller.id)) return false;
  return !votes.some(
    (vote) => handOf(vote.by.id) === handOf(caller.id) && (vote.vote === 'reject' || vote.subject === subject),
  );
}

function needsAnswer({ guard, answers, subject }: TransitionRequest, caller: Caller): boolean {
  return guard.checklist.some((item) => {
    if ((!item.roles && !item.groups) || !counts(item, caller)) return false;
    return !answers.some((answer) => answer.item === item.id && answer.subject === subject);
  });
}
