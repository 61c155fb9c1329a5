import { type Guard, targetName, whoCounts } from './types';

type Condition = Guard['conditions'][number];

/** A condition as one reads it: `auc ≥ 0.9`. */
export function conditionWords(condition: Condition): string {
  const op = { '>=': '≥', '<=': '≤', '>': '>', '<': '<' }[condition.op];
  if ('value' in condition) return `${condition.metric} ${op} ${condition.value}`;
  const tolerance = condition.tolerance ? `, ${condition.tolerance} tolerated` : '';
  return `${condition.metric} ${op} that of ${targetName(condition.than)}${tolerance}`;
}

/** `an approved model card that rates the risk at most Medium` */
function cardWords({ approved, risk }: NonNullable<Guard['required']['card']>): string {
  return `${approved ? 'an approved' : 'a'} model card${risk ? ` that rates the risk at most ${risk}` : ''}`;
}

/** What a guard asks for, point by point. */
export function guardWords({ approvals, checklist, conditions, required, checks }: Guard): string[] {
  const { count, authorMayApprove } = approvals;
  const who = whoCounts(approvals);
  return [
    ...(count > 0
      ? [
          `${count} ${count === 1 ? 'approval' : 'approvals'}${who && ` by ${who}`}${authorMayApprove ? ', the author’s too' : ''}`,
        ]
      : []),
    ...(checklist.length > 0 ? [`${checklist.length} ${checklist.length === 1 ? 'question' : 'questions'}`] : []),
    ...conditions.map(conditionWords),
    ...required.tags.map((tag) => `tag ${tag}`),
    ...required.fields.map((field) => `${field} is filled`),
    ...(required.documentation ? ['model and version are described'] : []),
    ...(required.card ? [cardWords(required.card)] : []),
    ...checks.map(({ name }) => `check ${name}`),
  ];
}
