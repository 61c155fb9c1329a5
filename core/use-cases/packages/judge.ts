import { EVERYTHING } from '../../domain/access';
import { isAdministrator } from '../../domain/grant';
import { decisionIn, isSettled, judged, objectionTo, type PackageNews } from '../../domain/package-approval';
import type { PackageFacts } from '../../domain/package-facts';
import type { PackageLink } from '../../domain/package-link';
import { containersText } from '../../domain/request';
import type { Version } from '../../domain/version';
import { GrantedAccess } from '../access/granted';
import { changeOf, historyOf } from '../change-version';
import { noting, relink, type Step } from './changes';
import type { PackageGroup, PackagePorts } from './ports';
import { callOf, machineOf, type PackageState, SAGEMAKER } from './read';

/**
 * A decision on a package counts here if who made it could make it by calling the registry, and is not who made the
 * package; otherwise it is noted, with what speaks against it. Policies of stages stay what they are: an approval of a
 * version is no vote on a request.
 */
export async function judge(
  ports: PackagePorts,
  group: PackageGroup,
  told: { readonly event: string; readonly news: PackageNews },
  state: PackageState,
  version: Version & { readonly modelPackage: PackageLink },
  facts: PackageFacts,
): Promise<Step | undefined> {
  const { record, model } = state;
  const decision = record && decisionIn(facts, record, told.news);
  if (!record || !decision) return undefined;
  const { approval, approvalDescription } = facts;
  const noted = {
    ...record,
    ...(approval !== undefined && { approval }),
    ...(decision.isFinal && { decidedAt: facts.lastModified ?? facts.createdAt }),
  };
  const arn = decision.by?.arn;
  const who = arn === undefined ? SAGEMAKER : machineOf(arn);
  const history = historyOf(ports, callOf(model, who, told.event), state);
  const before = version.modelPackage;
  const settled = isSettled(version, decision.status, history.at);
  const may = settled || (arn !== undefined && (await mayApprove(ports, group, arn, version.number)));
  const objection = settled ? undefined : objectionTo(decision, version, may);
  const link = judged(before, facts, decision, objection);
  if (settled || objection !== undefined) return noting(state, noted, relink(ports, told.event, state, version, link));
  const why = approvalDescription ?? (decision.status === 'Approved' ? undefined : `${approval} in SageMaker`);
  const reason = why !== undefined && { reason: why };
  const next: Version = {
    ...version,
    modelPackage: link,
    approval: {
      status: decision.status,
      by: history.actor,
      at: history.at,
      ...reason,
      ...(version.artifacts && { artifactDigest: version.artifacts.digest }),
      // Who approves there sees what the package runs, whatever was said of the version here since.
      containersDigest: ports.sha256(containersText(record.said)),
    },
  };
  const taken = changeOf(state, history, {
    next,
    event: {
      type: 'version.approval_changed',
      changed: ['approval', 'modelPackage'],
      previous: { approval: version.approval.status, modelPackage: { ...before } },
      current: { approval: decision.status, modelPackage: { ...link } },
      ...reason,
    },
  });
  return noting(state, noted, taken.change);
}

/** Whether an IAM identity could approve the model by calling the registry itself. */
async function mayApprove(
  ports: PackagePorts,
  { workspace, model }: PackageGroup,
  arn: string,
  version: number,
): Promise<boolean> {
  const principal = machineOf(arn);
  const asking = { principal, settings: ports.access };
  if (isAdministrator(ports.access, principal)) return EVERYTHING.may('approve');
  const circumstances = { operation: 'setApproval', version };
  return new GrantedAccess(ports, asking, { workspace, model, circumstances }, 'consistent').may('approve');
}
