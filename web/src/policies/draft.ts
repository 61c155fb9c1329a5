import type { ApiError, InputOf } from '../../../client/api';
import { LIMITS } from '../../../core/domain/limits';
import type { Guard, Target } from '../approvals/types';

/** A guard as it is sent. */
export type GuardInput = InputOf<'setModelPolicy'>['body']['guards'][number];
type Role = NonNullable<Guard['approvals']['roles']>[number];

/** A condition while it is edited. */
export interface ConditionDraft {
  readonly metric: string;
  readonly op: Guard['conditions'][number]['op'];
  readonly against: 'value' | 'stage' | 'alias';
  readonly value: string;
  readonly tolerance: string;
}

/** A question while it is edited. */
export interface ItemDraft {
  readonly id: string;
  readonly text: string;
  readonly required: boolean;
  readonly evidence: boolean;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
}

/** A guard while it is edited: numbers are text, and nothing is left out. */
export interface Draft {
  readonly kind: 'stage' | 'alias';
  readonly name: string;
  readonly count: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  readonly authorMayApprove: boolean;
  readonly checklist: readonly ItemDraft[];
  readonly conditions: readonly ConditionDraft[];
  readonly tags: readonly string[];
  readonly fields: Guard['required']['fields'];
  readonly documentation: boolean;
  /** Absent: no model card is asked for. */
  readonly card?: Guard['required']['card'];
  readonly checks: readonly string[];
  readonly hours: string;
  readonly commit: Guard['commit'];
  readonly bypass: boolean;
  readonly enforced: boolean;
}

/** A guard that nobody has written anything into: one approval. */
export const NEW_GUARD: Draft = {
  kind: 'stage',
  name: '',
  count: '1',
  roles: [],
  groups: [],
  authorMayApprove: false,
  checklist: [],
  conditions: [],
  tags: [],
  fields: [],
  documentation: false,
  checks: [],
  hours: String(LIMITS.defaultRequestHours),
  commit: 'manual',
  bypass: true,
  enforced: false,
};

export const NEW_ITEM: ItemDraft = { id: '', text: '', required: true, evidence: false, roles: [], groups: [] };
export const NEW_CONDITION: ConditionDraft = { metric: '', op: '>=', against: 'value', value: '', tolerance: '' };

/** A guard as it is edited. */
export function draftOf(guard: Guard): Draft {
  const { target, approvals, required, checks, expiresAfterHours, commit, bypass, enforced = false } = guard;
  const [kind, name] = 'stage' in target ? (['stage', target.stage] as const) : (['alias', target.alias] as const);
  return {
    kind,
    name,
    count: String(approvals.count),
    roles: approvals.roles ?? [],
    groups: approvals.groups ?? [],
    authorMayApprove: approvals.authorMayApprove,
    checklist: guard.checklist.map(({ evidence, roles = [], groups = [], ...item }) => ({
      ...item,
      evidence: evidence === 'required',
      roles,
      groups,
    })),
    conditions: guard.conditions.map((condition): ConditionDraft => {
      const { metric, op } = condition;
      if ('value' in condition) return { metric, op, against: 'value', value: String(condition.value), tolerance: '' };
      const { than, tolerance } = condition;
      const [against, value] = 'stage' in than ? (['stage', than.stage] as const) : (['alias', than.alias] as const);
      return { metric, op, against, value, tolerance: tolerance === undefined ? '' : String(tolerance) };
    }),
    ...required,
    checks: checks.map((check) => check.name),
    hours: String(expiresAfterHours),
    commit,
    bypass,
    enforced,
  };
}

/** The stage or alias that a draft guards. */
export function targetOf({ kind, name }: Pick<Draft, 'kind' | 'name'>): Target {
  return kind === 'stage' ? { stage: name } : { alias: name };
}

/** The guard that a draft means; the registry judges whether it can be. */
export function guardOf(draft: Draft): GuardInput {
  const { checklist, conditions, tags, fields, documentation, card, checks, commit, bypass, enforced } = draft;
  return {
    target: targetOf(draft),
    approvals: { count: Number(draft.count), ...whoOf(draft), authorMayApprove: draft.authorMayApprove },
    checklist: checklist.map((item) => ({
      id: item.id,
      text: item.text,
      required: item.required,
      evidence: item.evidence ? 'required' : 'none',
      ...whoOf(item),
    })),
    conditions: conditions.map(({ metric, op, against, value, tolerance }) => {
      if (against === 'value') return { metric, op, value: numberOf(value) };
      const than = targetOf({ kind: against, name: value });
      return { metric, op, than, ...(tolerance !== '' && { tolerance: numberOf(tolerance) }) };
    }),
    required: { tags: [...tags], fields: [...fields], documentation, ...(card && { card }) },
    checks: checks.map((name) => ({ name })),
    expiresAfterHours: Number(draft.hours),
    commit,
    bypass,
    ...(enforced && { enforced }),
  };
}

/** An empty field is no 0: the registry is told that there is no number. */
function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function whoOf({ roles, groups }: Pick<ItemDraft, 'roles' | 'groups'>) {
  return { ...(roles.length > 0 && { roles: [...roles] }), ...(groups.length > 0 && { groups: [...groups] }) };
}

/** What a refusal says of a field of a guard, or of anything in it. */
export function errorIn(error: ApiError | null, field: string): string | undefined {
  const found = error?.violations.find(({ field: at }) => {
    const path = at.replace(/^body\.guards\.\d+\./, '');
    return path === field || path.startsWith(`${field}.`);
  });
  return found?.rule;
}
