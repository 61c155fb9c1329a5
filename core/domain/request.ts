import type { Guard, GuardSource } from './approval-policy';
import type { ArtifactSummary } from './artifact';
import { invalid, RegistryError } from './errors';
import { canonicalJson, utf8Length } from './json';
import { LIMITS } from './limits';
import { type Actor, handOf } from './principal';
import type { CHECK_RESULTS, RequestState } from './request-terms';
import { type Slot, slotWords } from './slot';
import { metadataOf, type Version } from './version';

/** Who gave a word, when, about what, and by which roles and groups it counts. */
interface Said {
  readonly by: Actor;
  readonly at: string;
  /** Digest of what it was said about: files and metadata. */
  readonly subject: string;
  readonly roles: readonly string[];
  /** Of the groups of who said it those that the policy names. */
  readonly groups: readonly string[];
}

/** The last vote of a person, or of a role. */
export interface Vote extends Said {
  readonly vote: 'approve' | 'reject';
  readonly reason?: string;
}

/** The answer to an item of the checklist. */
export interface ChecklistAnswer extends Said {
  readonly item: string;
  readonly checked: boolean;
  readonly evidence?: string;
}

/** What an external check answered. */
export interface CheckResult extends Pick<Said, 'by' | 'at' | 'subject'> {
  readonly check: string;
  readonly result: (typeof CHECK_RESULTS)[number];
  readonly detail?: string;
  readonly url?: string;
}

/** The request that a version enter a stage or get an alias. */
export interface TransitionRequest {
  readonly id: string;
  readonly workspace: string;
  readonly modelId: string;
  readonly version: number;
  readonly target: Slot;
  readonly reason: string;
  readonly author: Actor;
  readonly state: RequestState;
  /** Digest of the version's files and metadata that it is about. */
  readonly subject: string;
  readonly artifactDigest: string;
  /** Digest of the version's containers that it is about. */
  readonly containersDigest?: string;
  /** What it was last judged by. */
  readonly guard: Guard;
  readonly guardFrom: GuardSource;
  readonly votes: readonly Vote[];
  readonly answers: readonly ChecklistAnswer[];
  readonly results: readonly CheckResult[];
  readonly openedAt: string;
  readonly expiresAt: string;
  readonly updatedAt: string;
  readonly updatedBy: Actor;
  /** How it ended: who committed or closed it, and when it was found to have expired. */
  readonly ended?: { readonly by: Actor; readonly at: string; readonly reason?: string };
  /** Sequence of the event that last changed it. */
  readonly revision: number;
}

/**
 * The text whose SHA-256 is a version's subject: what reviewers look at, and nothing that a review itself changes. Of the model
 * card that is what it says, not whether it is approved.
 */
export function subjectText(version: Version): string {
  const card = version.card?.contentDigest;
  return canonicalJson({ artifactDigest: version.artifacts?.digest, metadata: metadataOf(version), card });
}

/** The text whose SHA-256 tells the containers of a version: what runs, of all its metadata. */
export function containersText({ containers }: Pick<Version, 'containers'>): string {
  return canonicalJson(containers as never);
}

const HOUR = 3_600_000;

/** When what is asked for at a time expires under a guard. */
export function expiryUnder({ expiresAfterHours }: Pick<Guard, 'expiresAfterHours'>, at: string): string {
  return new Date(Date.parse(at) + expiresAfterHours * HOUR).toISOString();
}

/** Whether the time of a request is over. */
export function isOver({ expiresAt }: Pick<TransitionRequest, 'expiresAt'>, now: string): boolean {
  return now >= expiresAt;
}

/**
 * Refuses what only an open request takes.
 * @throws RegistryError request_not_open
 */
export function checkOpen(request: TransitionRequest, now: string): void {
  const expired = request.state === 'open' && isOver(request, now);
  if (request.state === 'open' && !expired) return;
  const state = expired ? 'expired' : request.state;
  throw new RegistryError('request_not_open', `Request ${request.id} is ${state}.`, [
    { field: 'path.request', value: request.id, rule: expired ? `acted on before ${request.expiresAt}` : 'open' },
  ]);
}

/**
 * Refuses a word about something else than what the request is about now.
 * @param looked digest of what the caller looked at, where the caller says it
 * @param now digest of the version as it is
 * @throws RegistryError request_outdated
 */
export function checkSubject(request: TransitionRequest, looked: string | undefined, now: string): void {
  if (looked !== undefined && looked !== request.subject) {
    throw new RegistryError('request_outdated', `Request ${request.id} is about another state of the version.`, [
      { field: 'body.subject', value: looked, rule: `now ${request.subject}` },
    ]);
  }
  if (request.subject === now) return;
  throw new RegistryError(
    'request_outdated',
    `Version ${request.version} has changed since the request was made: its author refreshes it first.`,
    [{ field: 'path.request', value: request.id, rule: `about the version as it is now, ${now}` }],
  );
}

/**
 * The request with a vote, in place of the one before of the same hand.
 * @throws RegistryError limit_exceeded
 */
export function withVote(request: TransitionRequest, vote: Vote): TransitionRequest {
  const votes = [...request.votes.filter(({ by }) => handOf(by.id) !== handOf(vote.by.id)), vote];
  if (votes.length > LIMITS.votes) {
    throw new RegistryError('limit_exceeded', `A request has at most ${LIMITS.votes} votes.`, [
      { field: 'body.vote', value: votes.length, rule: `at most ${LIMITS.votes} people vote` },
    ]);
  }
  return { ...request, votes };
}

/**
 * The request without the vote of somebody's hand.
 * @throws RegistryError invalid_input where there is none
 */
export function withoutVote(request: TransitionRequest, id: string): TransitionRequest {
  const votes = request.votes.filter(({ by }) => handOf(by.id) !== handOf(id));
  if (votes.length === request.votes.length) throw invalid('body.vote', 'withdraw', 'after a vote of yours');
  return { ...request, votes };
}

/** The request with the answer to an item of its checklist, in place of the one before. */
export function withAnswer(request: TransitionRequest, answer: ChecklistAnswer): TransitionRequest {
  const answers = [...request.answers.filter(({ item }) => item !== answer.item), answer];
  return sized({ ...request, answers });
}

/** The request with what an external check answered, in place of what it answered before. */
export function withResult(request: TransitionRequest, result: CheckResult): TransitionRequest {
  const results = [...request.results.filter(({ check }) => check !== result.check), result];
  return sized({ ...request, results });
}

function sized(request: TransitionRequest): TransitionRequest {
  const bytes = utf8Length(canonicalJson([request.answers, request.results]));
  if (bytes <= LIMITS.answerBytes) return request;
  throw new RegistryError('limit_exceeded', `The answers take ${bytes} bytes; ${LIMITS.answerBytes} are allowed.`, [
    {
      field: 'body',
      value: bytes,
      rule: `at most ${LIMITS.answerBytes} bytes of answers a request: link to long evidence`,
    },
  ]);
}

/**
 * The request about the version as it is now: approvals and answers were about something else and are gone, rejections
 * block until who rejected takes them back.
 */
export function rebound(
  request: TransitionRequest,
  now: {
    readonly subject: string;
    readonly artifacts: ArtifactSummary;
    readonly containersDigest: string;
    readonly expiresAt: string;
  },
): TransitionRequest {
  return {
    ...request,
    subject: now.subject,
    artifactDigest: now.artifacts.digest,
    containersDigest: now.containersDigest,
    expiresAt: now.expiresAt,
    votes: request.votes.filter(({ vote }) => vote === 'reject'),
    answers: [],
    results: [],
  };
}

/** The request as it has ended. */
export function ended(
  request: TransitionRequest,
  state: Exclude<RequestState, 'open'>,
  how: NonNullable<TransitionRequest['ended']>,
): TransitionRequest {
  return { ...request, state, ended: how };
}

/** A request in words, for refusals and the reasons of what it brings about. */
export function requestWords({ version, target }: Pick<TransitionRequest, 'version' | 'target'>): string {
  return `version ${version} to ${slotWords(target)}`;
}
