import { RIGHTS_OF, type Right, type Role } from './access';
import type { RATED_RISKS } from './assessment-terms';
import { invalid, RegistryError } from './errors';
import { canonicalJson, utf8Length } from './json';
import { LIMITS } from './limits';
import { checkAlias, checkKey, checkStageName } from './names';
import type { COMMITS, Operator, RequiredField } from './request-terms';
import { type Slot, sameSlot, slotWords } from './slot';
import { ARCHIVE_STAGE, INITIAL_STAGE, type StageScheme, stageNamed } from './stages';

/** Whose word counts: whoever has one of the roles or is in one of the groups; anybody where neither is named. */
export interface Who {
  readonly roles?: readonly Role[];
  readonly groups?: readonly string[];
}

/** A question that must have its answer. */
export interface ChecklistItem extends Who {
  readonly id: string;
  readonly text: string;
  readonly required: boolean;
  readonly evidence: 'none' | 'required';
}

/** What a metric must be, by itself or compared with the same metric of the version that holds a stage or an alias. */
export type Condition =
  | { readonly metric: string; readonly op: Operator; readonly value: number }
  | { readonly metric: string; readonly op: Operator; readonly than: Slot; readonly tolerance?: number };

/** What a version needs before it may enter a stage or get an alias. */
export interface Guard {
  readonly target: Slot;
  readonly approvals: Who & { readonly count: number; readonly authorMayApprove: boolean };
  readonly checklist: readonly ChecklistItem[];
  readonly conditions: readonly Condition[];
  readonly required: {
    readonly tags: readonly string[];
    readonly fields: readonly RequiredField[];
    /** The model and the version each have a description. */
    readonly documentation: boolean;
    /** The version has a model card, which may have to be approved and to rate the risk no higher than this. */
    readonly card?: { readonly approved: boolean; readonly risk?: (typeof RATED_RISKS)[number] };
  };
  /** Names of the external checks that must have passed. */
  readonly checks: readonly { readonly name: string }[];
  /** Hours after which a request, and with it what was approved, expires. */
  readonly expiresAfterHours: number;
  readonly commit: (typeof COMMITS)[number];
  /** Whether those who have the right may pass over it. */
  readonly bypass: boolean;
  /** Of a workspace's guard: models cannot have one of their own instead. */
  readonly enforced?: boolean;
}

/** The guards of a model, or those of a workspace for all models that have no other for the same target. */
export interface ApprovalPolicy {
  readonly guards: readonly Guard[];
  /** SHA-256 of the token with which each external check answers, by the check's name. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Sequence of the event that last changed it. */
  readonly revision: number;
}

/** The policy that there is before anybody wrote one. */
export const NO_POLICY: ApprovalPolicy = { guards: [], tokens: {}, revision: 0 };

/** Where a guard comes from; `default` is the one of requests for targets that nothing guards. */
export type GuardSource = 'model' | 'workspace' | 'default';

/** The guard of a target, and where it comes from. */
export interface Guarded {
  readonly guard: Guard;
  readonly from: GuardSource;
}

/** What a request needs for a target that no policy guards: one approval by somebody else. */
export function defaultGuard(target: Slot): Guarded {
  const guard: Guard = {
    target,
    approvals: { count: 1, authorMayApprove: false },
    checklist: [],
    conditions: [],
    required: { tags: [], fields: [], documentation: false },
    checks: [],
    expiresAfterHours: LIMITS.defaultRequestHours,
    commit: 'manual',
    bypass: true,
  };
  return { guard, from: 'default' };
}

/** The guard that a policy has for a target. */
export function guardIn(policy: ApprovalPolicy | undefined, target: Slot): Guard | undefined {
  return policy?.guards.find((guard) => sameSlot(guard.target, target));
}

/** The guard of a target: the model's instead of the workspace's, unless that one is enforced. */
export function guardOf(
  model: ApprovalPolicy | undefined,
  workspace: ApprovalPolicy | undefined,
  target: Slot,
): Guarded | undefined {
  const [own, common] = [guardIn(model, target), guardIn(workspace, target)];
  if (own && !common?.enforced) return { guard: own, from: 'model' };
  return common && { guard: common, from: 'workspace' };
}

/** The text whose SHA-256 tells one guard from another: what was passed over is this one, and not what is written later. */
export function guardText(guard: Guard): string {
  return canonicalJson(guard);
}

/** Whether somebody's word counts, by the roles and groups that are known of them. */
export function counts(
  who: Who,
  { roles, groups }: { readonly roles: readonly string[]; readonly groups: readonly string[] },
): boolean {
  if (!who.roles && !who.groups) return true;
  return (
    (who.roles ?? []).some((role) => roles.includes(role)) || (who.groups ?? []).some((group) => groups.includes(group))
  );
}

/** Whose word counts, in words: nothing where anybody's does. */
export function whoWords({ roles = [], groups = [] }: Who): string {
  const named = [...roles, ...groups.map((group) => `group ${group}`)];
  return named.length === 0 ? '' : ` by ${named.join(' or ')}`;
}

/** A condition in words: `auc >= 0.9`, `auc >= 2% of stage Production`. */
export function conditionWords(condition: Condition): string {
  const { metric, op } = condition;
  if ('value' in condition) return `${metric} ${op} ${condition.value}`;
  const tolerance = condition.tolerance ? `, tolerance ${condition.tolerance}` : '';
  return `${metric} ${op} that of ${slotWords(condition.than)}${tolerance}`;
}

/**
 * Checks guards that a caller declares: targets that exist and are named once, nothing asked of people who could never
 * give it, and nothing that no version could satisfy.
 * @param scheme stages of the model whose policy it is; absent for a workspace's, whose models differ
 * @throws RegistryError invalid_input, limit_exceeded
 */
export function checkGuards(guards: readonly Guard[], scheme: StageScheme | undefined, field: string): void {
  guards.forEach((guard, index) => {
    const at = `${field}.${index}`;
    checkSlot(guard.target, scheme, `${at}.target`);
    if (guards.findIndex((other) => sameSlot(other.target, guard.target)) !== index) {
      throw invalid(`${at}.target`, guard.target, 'each target once');
    }
    if (guard.enforced && scheme) throw invalid(`${at}.enforced`, true, 'only in the policy of a workspace');
    checkGuard(guard, scheme, at);
  });
}

function checkSlot(slot: Slot, scheme: StageScheme | undefined, field: string): void {
  if ('alias' in slot) {
    checkAlias(slot.alias, `${field}.alias`);
    return;
  }
  const { stage } = slot;
  checkStageName(stage, `${field}.stage`);
  if (scheme) stageNamed(scheme, stage, `${field}.stage`);
  if (stage === INITIAL_STAGE || stage === ARCHIVE_STAGE) {
    throw invalid(
      `${field}.stage`,
      stage,
      `another than ${INITIAL_STAGE} and ${ARCHIVE_STAGE}, to which any version may go`,
    );
  }
}

function checkGuard(guard: Guard, scheme: StageScheme | undefined, at: string): void {
  const { approvals, checklist, conditions, required, checks } = guard;
  checkRoles(approvals, 'approve', `${at}.approvals.roles`);
  if (approvals.count === 0 && (approvals.roles || approvals.groups)) {
    throw invalid(`${at}.approvals.count`, 0, 'at least 1 where roles or groups are named');
  }
  checkOnce(
    checklist.map(({ id }) => id),
    `${at}.checklist`,
    'id',
  );
  checklist.forEach((item, index) => {
    checkRoles(item, 'request', `${at}.checklist.${index}.roles`);
  });
  checkOnce(
    checks.map(({ name }) => name),
    `${at}.checks`,
    'name',
  );
  required.tags.forEach((tag, index) => {
    checkKey(tag, `${at}.required.tags.${index}`);
  });
  conditions.forEach((condition, index) => {
    checkKey(condition.metric, `${at}.conditions.${index}.metric`);
    if ('than' in condition) checkCompared(condition.than, scheme, `${at}.conditions.${index}.than`);
  });
  checkPossible(conditions, `${at}.conditions`);
  const asks =
    approvals.count +
    checklist.filter((item) => item.required).length +
    conditions.length +
    required.tags.length +
    required.fields.length +
    checks.length;
  if (asks === 0 && !required.documentation && !required.card) {
    throw invalid(
      at,
      guard.target,
      'asks for something: approvals, a required checklist item, a condition, a tag, a field, documentation, a model card or a check',
    );
  }
  const bytes = utf8Length(canonicalJson(guard));
  if (bytes <= LIMITS.guardBytes) return;
  throw new RegistryError('limit_exceeded', `The guard takes ${bytes} bytes; ${LIMITS.guardBytes} are allowed.`, [
    { field: at, value: bytes, rule: `at most ${LIMITS.guardBytes} bytes as JSON` },
  ]);
}

/** A version can be compared with any stage or alias that may be held. */
function checkCompared(slot: Slot, scheme: StageScheme | undefined, field: string): void {
  if ('alias' in slot) checkAlias(slot.alias, `${field}.alias`);
  else if (scheme) stageNamed(scheme, slot.stage, `${field}.stage`);
  else checkStageName(slot.stage, `${field}.stage`);
}

function checkRoles({ roles = [] }: Who, right: Right, field: string): void {
  roles.forEach((role, index) => {
    if (!RIGHTS_OF[role].has(right)) throw invalid(`${field}.${index}`, role, `a role that has the right ${right}`);
  });
}

function checkOnce(names: readonly string[], field: string, what: string): void {
  names.forEach((name, index) => {
    if (!/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)) {
      throw invalid(
        `${field}.${index}.${what}`,
        name,
        "letters, digits, '.', '_' and '-', starting and ending with a letter or digit",
      );
    }
    if (names.indexOf(name) !== index) throw invalid(`${field}.${index}.${what}`, name, `each ${what} once`);
  });
}

/** Refuses conditions on one metric that exclude each other. */
function checkPossible(conditions: readonly Condition[], field: string): void {
  const bounds = conditions.flatMap((condition, index) => ('value' in condition ? [{ ...condition, index }] : []));
  for (const low of bounds.filter(({ op }) => op.startsWith('>'))) {
    for (const high of bounds.filter(({ op, metric }) => op.startsWith('<') && metric === low.metric)) {
      const open = low.op === '>' || high.op === '<';
      if (low.value < high.value || (low.value === high.value && !open)) continue;
      const index = Math.max(low.index, high.index);
      throw invalid(`${field}.${index}`, conditionWords(high), `possible together with ${conditionWords(low)}`);
    }
  }
}
