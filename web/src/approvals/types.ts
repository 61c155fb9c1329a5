import type { InputOf, OutputOf, RowOf } from '../../../client/api';

/** A transition request as it is read by itself. */
export type TransitionRequest = OutputOf<'getRequest'>;

/** A transition request in a list. */
export type RequestRow = RowOf<'listRequests'>;

/** What a version needs before it may enter a stage or get an alias. */
export type Guard = TransitionRequest['guard'];

/** A stage or an alias. */
export type Target = InputOf<'openRequest'>['body']['target'];

/** A stage or an alias by its name. */
export function targetName(target: Target): string {
  return 'stage' in target ? target.stage : `@${target.alias}`;
}

/** Whether two are the same stage or alias. */
export function isSameTarget(a: Target, b: Target): boolean {
  return targetName(a) === targetName(b);
}

/** Whose word counts, as a person says it. */
export function whoCounts({
  roles = [],
  groups = [],
}: {
  roles?: readonly string[];
  groups?: readonly string[];
}): string {
  return [...roles.map((role) => `role ${role}`), ...groups.map((group) => `group ${group}`)].join(' or ');
}

/** Whether a caller's word counts where roles or groups are named. */
export function counts(
  { roles, groups }: { roles?: readonly string[]; groups?: readonly string[] },
  caller: { readonly groups: readonly string[]; readonly access: { readonly roles: readonly string[] } },
): boolean {
  if (!roles && !groups) return true;
  return (
    (roles ?? []).some((role) => caller.access.roles.includes(role)) ||
    (groups ?? []).some((group) => caller.groups.includes(group))
  );
}

/** Whether it asks only for what the registry judges by itself, so that nobody has to say anything. */
export function judgesAlone({ approvals, checklist, checks }: Guard): boolean {
  return approvals.count === 0 && checks.length === 0 && checklist.every(({ required }) => !required);
}
