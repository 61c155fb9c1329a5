import { createHash } from 'node:crypto';
import type { Condition, Guard } from '../../core/domain/approval-policy';
import { subjectText, type TransitionRequest } from '../../core/domain/request';
import type { Version } from '../../core/domain/version';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** When everything in these examples happens, unless said otherwise. */
export const AT = '2026-03-01T10:00:00.000Z';

/** Somebody, by name. */
export function actor(name: string) {
  return { id: name, kind: 'person', name } as const;
}

/** A READY version that ada registered. */
export function exampleVersion(said: Partial<Version> = {}): Version {
  return {
    workspace: 'default',
    modelId: 'm',
    number: 1,
    status: 'READY',
    stage: 'Staging',
    approval: { status: 'PendingApproval' },
    aliases: [],
    artifacts: { digest: 'f'.repeat(64), files: 1, bytes: 1 },
    tags: {},
    metrics: {},
    hyperParameters: {},
    containers: [],
    datasets: [],
    notebooks: [],
    environment: {},
    metadata: {},
    createdAt: AT,
    createdBy: actor('ada'),
    updatedAt: AT,
    updatedBy: actor('ada'),
    editedAt: AT,
    revision: 1,
    ...said,
  };
}

/** A guard of the stage Production that asks for one approval unless said otherwise. */
export function exampleGuard(said: Partial<Guard> = {}): Guard {
  return {
    target: { stage: 'Production' },
    approvals: { count: 1, authorMayApprove: false },
    checklist: [],
    conditions: [],
    required: { tags: [], fields: [], documentation: false },
    checks: [],
    expiresAfterHours: 24,
    commit: 'manual',
    bypass: true,
    ...said,
  };
}

/** A guard that asks for nothing but conditions. */
export function conditionsOnly(...conditions: Condition[]): Guard {
  return exampleGuard({ approvals: { count: 0, authorMayApprove: false }, conditions });
}

const subjects = new WeakMap<Version, string>();

/** Digest of what there is of a version to look at. */
export function subjectOf(version: Version): string {
  const known = subjects.get(version) ?? sha256(subjectText(version));
  subjects.set(version, known);
  return known;
}

/** A request of ada's to bring a version to Production. */
export function exampleRequest(version: Version, guard: Guard): TransitionRequest {
  return {
    id: 'r',
    workspace: 'default',
    modelId: 'm',
    version: version.number,
    target: guard.target,
    reason: 'ready',
    author: actor('ada'),
    state: 'open',
    subject: subjectOf(version),
    artifactDigest: version.artifacts?.digest ?? '',
    guard,
    guardFrom: 'model',
    votes: [],
    answers: [],
    results: [],
    openedAt: AT,
    expiresAt: '2026-03-02T10:00:00.000Z',
    updatedAt: AT,
    updatedBy: actor('ada'),
    revision: 1,
  };
}
