import { type Approval, coversContainers, isApproved } from './approval';
import type { Guard } from './approval-policy';
import { type Facts, judge } from './judge';
import { isOver, type TransitionRequest } from './request';
import type { Stage } from './stages';
import type { Target } from './target';
import type { Tombstone, Version } from './version';

/** What the gate asks of a target. */
export type GateRules = Pick<Target, 'requiresApproval' | 'whenLocked' | 'whenExpired'>;

/** The approval policy of a version's stage, and what the version was let in by. */
export interface Governed {
  readonly guard: Guard;
  readonly request?: TransitionRequest;
  /** Somebody passed over the policy as it is now, as the audit tells. */
  readonly passedOver: boolean;
  readonly facts: Omit<Facts, 'version' | 'now'>;
}

/** What the gate decides by. */
export interface Circumstances {
  readonly rules: GateRules;
  /** Stage of the target, as the model defines it now. */
  readonly stage: Pick<Stage, 'requiresApproval'> | undefined;
  /** ISO 8601, UTC. */
  readonly now: string;
  /** Digest of the containers that the version has now. */
  readonly containers: string;
  /** Absent where no policy guards the stage. */
  readonly governed?: Governed | undefined;
}

/** Stable names of what may speak against running a version. */
export type ObjectionCode =
  | 'version_missing'
  | 'version_deleted'
  | 'not_ready'
  | 'not_approved'
  | 'approval_expired'
  | 'other_files'
  | 'other_containers'
  | 'locked'
  | 'policy_unsatisfied';

/** What speaks against running a version, by a stable name and in words. */
export interface Objection {
  readonly code: ObjectionCode;
  readonly says: string;
}

/**
 * What speaks against running a version; nothing where it may be deployed. This is the one place that decides it, before
 * every deployment: the version is READY; approved, for the files and containers that it has, and still; not locked; and it satisfies the
 * policy of its stage as that is now, by the words of the request that let it in.
 */
export function gate(version: Version | Tombstone | undefined, circumstances: Circumstances): Objection[] {
  if (!version) return [{ code: 'version_missing', says: 'it does not exist' }];
  if ('deleted' in version) return [{ code: 'version_deleted', says: 'it is deleted' }];
  const { rules, stage, governed, containers, now } = circumstances;
  const objections: Objection[] = [];
  if (version.status !== 'READY' || !version.artifacts) {
    objections.push({ code: 'not_ready', says: `it is ${version.status}, not READY` });
  }
  if (rules.requiresApproval || stage?.requiresApproval) objections.push(...ofApproval(version, containers, now));
  if (governed && !governed.passedOver) objections.push(...ofPolicy(version, governed, containers, now));
  if (version.lock && rules.whenLocked === 'replace') {
    objections.push({ code: 'locked', says: `it is locked: ${version.lock.reason}` });
  }
  return objections.filter(({ code }, index) => code === 'policy_unsatisfied' || firstOf(objections, code) === index);
}

function firstOf(objections: readonly Objection[], code: ObjectionCode): number {
  return objections.findIndex((each) => each.code === code);
}

/** Whether something that speaks against running a version also ends its service, or only keeps it from being deployed anew. */
export function endsService({ code }: Objection, { whenExpired }: Pick<GateRules, 'whenExpired'>): boolean {
  // What serves runs the containers that were approved, whatever its metadata say by now.
  if (code === 'policy_unsatisfied' || code === 'other_containers') return false;
  return code !== 'approval_expired' || whenExpired === 'replace';
}

/** An objection as events and records tell it: its name, a colon, and the words. */
export function objectionText({ code, says }: Objection): string {
  return `${code}: ${says}`;
}

function ofApproval({ approval, artifacts }: Version, containers: string, now: string): Objection[] {
  if (approval.status !== 'Approved') return [{ code: 'not_approved', says: `its approval is ${approval.status}` }];
  // Approved were the files of that time: others need an approval of their own.
  if (approval.artifactDigest !== artifacts?.digest) return [otherFiles()];
  if (!coversContainers(approval, containers)) return [otherContainers()];
  if (!isApproved(approval, now)) return [expired(approval)];
  return [];
}

function otherFiles(): Objection {
  return { code: 'other_files', says: 'other files were approved than it has' };
}

function otherContainers(): Objection {
  return { code: 'other_containers', says: 'other containers were approved than it has' };
}

function expired({ expiresAt }: Pick<Approval, 'expiresAt'>): Objection {
  return { code: 'approval_expired', says: `its approval expired at ${expiresAt}` };
}

/**
 * Judges a version by the policy as it is now. Words of the request count for what they were said about: files and
 * containers that are still the same, and metadata that may have been edited since.
 */
function ofPolicy(version: Version, { guard, request, facts }: Governed, containers: string, now: string): Objection[] {
  if (request && request.artifactDigest !== version.artifacts?.digest) return [otherFiles()];
  if (request && !coversContainers(request, containers)) return [otherContainers()];
  const subject = request?.subject ?? facts.subject;
  const missing = judge(guard, { ...facts, subject, version, now }, request).filter(({ satisfied }) => !satisfied);
  return missing.flatMap(({ kind, says }): Objection[] => {
    if (kind === 'review') return [{ code: 'not_approved', says }];
    if (kind !== 'expiry') return [{ code: 'policy_unsatisfied', says }];
    return request && hasLapsed(request, version.approval, now) ? [expired(request)] : [];
  });
}

/**
 * Whether what a request gave is over. Whoever approves the version after the request ended renews it; an approval of before
 * does not: the policy asked for its own, with an end.
 */
export function hasLapsed(request: TransitionRequest, approval: Approval, now: string): boolean {
  const isRenewed = isApproved(approval, now) && (approval.at ?? '') > (request.ended?.at ?? request.openedAt);
  return isOver(request, now) && !isRenewed;
}
