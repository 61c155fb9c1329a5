import { approvalWords, isApproved } from '../domain/approval';
import { type ApprovalPolicy, type Guarded, guardOf, guardText } from '../domain/approval-policy';
import { invalid, RegistryError } from '../domain/errors';
import { type Facts, judge, missingOf } from '../domain/judge';
import type { Model } from '../domain/model';
import type { Holder, Key } from '../domain/records';
import { subjectText } from '../domain/request';
import { type Slot, slotWords } from '../domain/slot';
import type { Version } from '../domain/version';
import type { Change, Ports } from '../ports';
import type { Call } from './call';
import { type Loaded, unchangedSince } from './load';
import { holderKey } from './stays';

/** The policies that may guard a model's targets: its own, and its workspace's. */
export interface Policies {
  readonly model: ApprovalPolicy | undefined;
  readonly workspace: ApprovalPolicy | undefined;
}

/** Where the policy of a workspace is, or that of one of its models. */
export function policyKey(workspace: string, modelId?: string): Key<'policy'> {
  return { kind: 'policy', workspace, ...(modelId !== undefined && { modelId }) };
}

/** Where both policies are, for the snapshot of a decision. */
export function policyKeys(workspace: string, modelId: string): [Key<'policy'>, Key<'policy'>] {
  return [policyKey(workspace, modelId), policyKey(workspace)];
}

/**
 * The condition under which a decision by these policies holds at its commit. The model's policy is under the model's head;
 * the workspace's has a history of its own, so a change rests on the policy being the one that was read.
 */
export function unchangedPolicy(workspace: string, { workspace: policy }: Policies): NonNullable<Change['unchanged']> {
  return policy ? [{ key: policyKey(workspace), revision: policy.revision }] : [];
}

/** A model as of the moment that a judgement is about. */
type AsOf = Pick<Loaded, 'model' | 'head'>;

/** The version besides one that holds a slot as of the snapshot: of a stage that several hold, the newest. */
async function heldBy(
  ports: Pick<Ports, 'store'>,
  loaded: AsOf,
  slot: Slot,
  besides: number,
): Promise<Version | undefined> {
  const { store } = ports;
  const { workspace, id: modelId, stages } = loaded.model;
  const several = 'stage' in slot && !stages.stages.some(({ name, exclusive }) => name === slot.stage && exclusive);
  const numbers = several
    ? (
        await store.query<'member'>(
          { kind: 'member', workspace, modelId, stage: slot.stage },
          { limit: 2, order: 'descending', consistent: true },
        )
      ).items
    : [
        (await store.get(holderKey(workspace, modelId, slot) as Key<'holder'>, { consistent: true })) as
          | Holder
          | undefined,
      ];
  const number = numbers.map((held) => held?.version).find((version) => version !== undefined && version !== besides);
  if (number === undefined) return undefined;
  return unchangedSince(
    loaded,
    await store.get<'version'>({ kind: 'version', workspace, modelId, number }, { consistent: true }),
  );
}

/** What a judgement of a version by a guard rests on. */
export async function factsOf(
  ports: Pick<Ports, 'store' | 'sha256'>,
  loaded: AsOf,
  version: Version,
  { guard }: Pick<Guarded, 'guard'>,
  now: string,
): Promise<Facts> {
  const slots = guard.conditions.flatMap((condition) => ('than' in condition ? [condition.than] : []));
  const distinct = [...new Map(slots.map((slot) => [slotWords(slot), slot])).values()];
  const held = new Map(
    await Promise.all(
      distinct.map(async (slot) => [slotWords(slot), await heldBy(ports, loaded, slot, version.number)] as const),
    ),
  );
  return {
    version,
    subject: ports.sha256(subjectText(version)),
    modelDescription: loaded.model.description,
    holder: (slot) => held.get(slotWords(slot)),
    now,
  };
}

/** How somebody asks for a transition without a request. */
export interface Direct {
  readonly reason?: string | undefined;
  readonly bypass?: boolean | undefined;
}

/** What there is to say of a transition that passed over its policy: the event tells what was missing, the stay keeps which guard. */
export type Mark =
  | { readonly bypassed: true; readonly missing: readonly string[]; readonly guard?: string }
  | Record<string, never>;

/** The mark of a transition that passes over what is missing. */
export function bypassing(
  { sha256 }: Pick<Ports, 'sha256'>,
  { policies, target }: Pick<Entrance, 'policies' | 'target'>,
  missing: readonly string[],
): Mark {
  const guarded = guardOf(policies.model, policies.workspace, target);
  return { bypassed: true, missing, ...(guarded && { guard: sha256(guardText(guarded.guard)) }) };
}

/** What is asked for: which version would get what, under which policies, at what time. */
export interface Entrance {
  readonly version: Version;
  readonly target: Slot;
  readonly policies: Policies;
  /** Whether only approved versions enter, by the stage's own rule. */
  readonly needsApproval: boolean;
  readonly now: string;
  /** Where the request names the target. */
  readonly field: string;
}

/** What the policy of a target asks for that a version lacks without a request. */
async function lacking(
  ports: Ports,
  loaded: Loaded,
  { version, target, policies, now }: Pick<Entrance, 'version' | 'target' | 'policies' | 'now'>,
): Promise<string[]> {
  const guarded = guardOf(policies.model, policies.workspace, target);
  return guarded ? missingOf(judge(guarded.guard, await factsOf(ports, loaded, version, guarded, now))) : [];
}

/** The mark of a version that is let in whatever its policy asks for. */
export async function passedOver(
  ports: Ports,
  loaded: Loaded,
  entrance: Pick<Entrance, 'version' | 'target' | 'policies' | 'now'>,
): Promise<Mark> {
  const missing = await lacking(ports, loaded, entrance);
  return missing.length > 0 ? bypassing(ports, entrance, missing) : {};
}

/**
 * Lets a version in without a request: when its policy asks for nothing that is missing, or when the caller may pass over
 * what is, and says why.
 * @returns the mark that it is told and remembered by
 * @throws RegistryError request_required, approval_required, forbidden, invalid_input
 */
export async function admit(
  ports: Ports,
  call: Call,
  loaded: Loaded,
  entrance: Entrance,
  direct: Direct,
): Promise<Mark> {
  const { version, target, policies, needsApproval, now } = entrance;
  const guarded = guardOf(policies.model, policies.workspace, target);
  const asked = await lacking(ports, loaded, entrance);
  const unapproved = needsApproval && !isApproved(version.approval, now) ? [approvalWords(version.approval, now)] : [];
  const missing = [...asked, ...unapproved];
  if (missing.length === 0) return {};
  if (!direct.bypass)
    throw asked.length > 0 ? requestRequired(loaded.model, entrance, asked) : unapprovedError(entrance);
  if (guarded?.guard.bypass === false) {
    throw new RegistryError('forbidden', `The policy of ${slotWords(target)} lets nobody pass over it.`, [
      { field: 'body.bypass', value: true, rule: 'where the policy allows it' },
    ]);
  }
  if (!(await call.access.may('bypass'))) {
    throw new RegistryError('forbidden', 'The caller may not pass over approval policies.', [
      { field: 'body.bypass', value: true, rule: 'the right bypass' },
    ]);
  }
  if (!direct.reason?.trim()) throw invalid('body.reason', direct.reason ?? null, 'given when a policy is passed over');
  return bypassing(ports, entrance, missing);
}

function requestRequired(
  { name }: Model,
  { version, target, field }: Entrance,
  missing: readonly string[],
): RegistryError {
  const value = 'stage' in target ? target.stage : target.alias;
  return new RegistryError(
    'request_required',
    `A policy guards ${slotWords(target)}. Open a transition request for version ${version.number}: POST /v1/models/${name}/requests.`,
    missing.map((rule) => ({ field, value, rule })),
  );
}

function unapprovedError({ version, target, now, field }: Entrance): RegistryError {
  const stage = 'stage' in target ? target.stage : target.alias;
  return new RegistryError('approval_required', `Only approved versions may enter ${stage}.`, [
    { field, value: stage, rule: approvalWords(version.approval, now) },
  ]);
}
