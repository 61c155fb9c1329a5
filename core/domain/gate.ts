import type { Stage } from './stages';
import type { Target } from './target';
import type { Tombstone, Version } from './version';

/** What the gate asks of a target. */
export type GateRules = Pick<Target, 'requiresApproval' | 'whenLocked'>;

/**
 * What speaks against running a version; nothing where it may be deployed. This is the one place that decides it, before
 * every deployment.
 * @param stage of the target, as the model defines it now
 */
export function gate(
  version: Version | Tombstone | undefined,
  rules: GateRules,
  stage: Pick<Stage, 'requiresApproval'> | undefined,
): string[] {
  if (!version) return ['it does not exist'];
  if ('deleted' in version) return ['it is deleted'];
  const objections: string[] = [];
  if (version.status !== 'READY' || !version.artifacts) objections.push(`it is ${version.status}, not READY`);
  if (rules.requiresApproval || stage?.requiresApproval) objections.push(...ofApproval(version));
  if (version.lock && rules.whenLocked === 'replace') objections.push(`it is locked: ${version.lock.reason}`);
  return objections;
}

function ofApproval({ approval, artifacts }: Version): string[] {
  if (approval.status !== 'Approved') return [`its approval is ${approval.status}`];
  // Approved were the files of that time: others need an approval of their own.
  if (approval.artifactDigest !== artifacts?.digest) return ['other files were approved than it has'];
  return [];
}
