import { ROLES, type Role } from './access';
import { invalid, RegistryError } from './errors';
import { LIMITS } from './limits';
import type { Actor, Principal } from './principal';
import { includes, type Subject } from './subject';

/** A role that somebody has on a workspace or on a model. */
export interface Grant {
  /** Follows from subject and role: the same grant again is the same. */
  readonly id: string;
  readonly subject: Subject;
  readonly role: Role;
  readonly by: Actor;
  readonly at: string;
}

/** Who may do what in a workspace, or on one of its models. */
export interface AccessRecord {
  /** In the order in which they were made. */
  readonly grants: readonly Grant[];
  /** How many policies of its own the workspace has: only where there are any are they read. */
  readonly policies?: number;
  /** Sequence of the event that last changed it. */
  readonly revision: number;
}

/** The record of a place where nothing is granted. */
export const NO_GRANTS: AccessRecord = { grants: [], revision: 0 };

/** Who holds every right in every workspace, and which role all have in the default one. */
export interface AccessSettings {
  readonly administrators: readonly Subject[];
  readonly everyone?: Role | undefined;
}

/** Roles that a record gives a caller, each once, from the least to the most. */
export function rolesIn({ grants }: Pick<AccessRecord, 'grants'>, principal: Principal): readonly Role[] {
  const held = new Set(grants.flatMap(({ subject, role }) => (includes(subject, principal) ? [role] : [])));
  return ROLES.filter((role) => held.has(role));
}

/** Whether a caller is one of those who hold every right in every workspace. */
export function isAdministrator({ administrators }: AccessSettings, principal: Principal): boolean {
  return administrators.some((subject) => includes(subject, principal));
}

/**
 * Refuses a role that cannot be given there.
 * @throws RegistryError invalid_input
 */
export function checkRole(role: Role, onModel: boolean, field: string): Role {
  if (onModel && role === 'admin') throw invalid(field, role, 'given on a workspace only; on a model, owner');
  return role;
}

/**
 * Refuses one grant more than a place may have: each request compares its caller with all of them.
 * @throws RegistryError limit_exceeded
 */
export function checkGrantCount(count: number, onModel: boolean): void {
  const most = onModel ? LIMITS.grantsPerModel : LIMITS.grantsPerWorkspace;
  if (count <= most) return;
  throw new RegistryError('limit_exceeded', `There are ${most} grants already.`, [
    { field: 'body', value: count, rule: `at most ${most} grants; give roles to groups instead of persons` },
  ]);
}
