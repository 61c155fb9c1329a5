import type { Guard } from '../domain/approval-policy';
import { type Requirement, statusOf } from '../domain/judge';
import type { Actor } from '../domain/principal';
import type { ChecklistAnswer, CheckResult, TransitionRequest, Vote } from '../domain/request';
import type { RequestStatus } from '../domain/request-terms';
import type { Answer } from './call';
import { requestEtag } from './load-request';

/** Whether a word still counts: one about something else than the request is about now does not. */
type Stale = { readonly stale?: true };

/** A request in a list. */
export type RequestRow = Omit<
  TransitionRequest,
  'modelId' | 'guard' | 'guardFrom' | 'votes' | 'answers' | 'results' | 'revision'
> & {
  readonly model: string;
  readonly votes: readonly (Omit<Vote, 'roles' | 'groups' | 'subject'> & Stale)[];
  readonly answers: readonly (Omit<ChecklistAnswer, 'roles' | 'groups' | 'subject'> & Stale)[];
  readonly results: readonly (Omit<CheckResult, 'subject'> & Stale)[];
};

/** A request with how it stands and, while it is open, what it needs. */
export type RequestView = RequestRow & {
  readonly status: RequestStatus;
  readonly requirements: readonly Requirement[];
  readonly guard: Guard;
};

function shown<
  T extends { readonly by: Actor; readonly subject: string; readonly roles?: unknown; readonly groups?: unknown },
>(said: readonly T[], subject: string): (Omit<T, 'roles' | 'groups' | 'subject'> & Stale)[] {
  return said.map(({ roles, groups, subject: about, ...word }) => ({
    ...word,
    ...(about !== subject && { stale: true as const }),
  }));
}

export function requestRow(request: TransitionRequest, model: string): RequestRow {
  const { modelId, guard, guardFrom, revision, votes, answers, results, workspace, ...rest } = request;
  const { subject } = request;
  return {
    workspace,
    model,
    ...rest,
    votes: shown(votes, subject),
    answers: shown(answers, subject),
    results: shown(results, subject),
  };
}

/** The answer of every operation that leaves a request behind. */
export function answerWithRequest(
  request: TransitionRequest,
  model: string,
  requirements: readonly Requirement[],
): Answer<RequestView> {
  const status = statusOf(request, requirements);
  const open = request.state === 'open';
  const body = { ...requestRow(request, model), status, requirements: open ? requirements : [], guard: request.guard };
  return { body, etag: requestEtag(request) };
}
