import type { Right, Role } from './access';
import { invalid, RegistryError } from './errors';
import type { JsonObject } from './json';
import { LIMITS } from './limits';
import type { Model } from './model';
import type { Actor, Principal } from './principal';
import type { Version } from './version';

/** A policy that the admins of a workspace added to what roles allow, in Cedar. */
export interface OwnPolicy {
  /** Names it in paths, unique in its workspace. */
  readonly name: string;
  readonly text: string;
  /** The text as Cedar has read it: from it a decision starts without reading the text again. */
  readonly parsed: JsonObject;
  readonly by: Actor;
  readonly at: string;
}

/** All policies of a workspace. */
export interface OwnPolicies {
  readonly policies: readonly OwnPolicy[];
  /** Sequence of the event that last changed them. */
  readonly revision: number;
}

/** What a request says besides what it is about, as conditions of policies see it. */
export interface Circumstances {
  /** Id of the operation. */
  readonly operation?: string;
  readonly version?: number | undefined;
  readonly alias?: string | undefined;
  /** The stage to move to. */
  readonly stage?: string | undefined;
}

/** What policies are asked: whether somebody may do something with something. */
export interface PolicyQuestion {
  readonly principal: Principal;
  readonly roles: readonly Role[];
  readonly right: Right;
  readonly workspace: string;
  readonly model?: Pick<Model, 'id' | 'name' | 'tags' | 'state'> | undefined;
  readonly version?: Pick<Version, 'number' | 'status' | 'stage' | 'approval' | 'aliases' | 'tags'> | undefined;
  readonly circumstances: Circumstances;
}

/** What policies answer: a `forbid` wins; where none says anything, the roles decide. */
export type Verdict = 'permit' | 'forbid' | 'silent';

/**
 * Rule for the name of a policy: 1 to 64 of `a-z`, `0-9` and inner `-`.
 * @throws RegistryError invalid_input
 */
export function checkPolicyName(name: string, field: string): string {
  if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= LIMITS.accessPolicyName) return name;
  throw invalid(
    field,
    name,
    `1 to ${LIMITS.accessPolicyName} of a-z, 0-9 and '-', starting and ending with a letter or digit`,
  );
}

/** What makes a condition deeper: brackets, operators, members; and long numbers. Texts and comments are passed over. */
const TOKENS = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\d{16,}|[[({]|[\])}]|&&|\|\||[+\-*!.]|\bif\b/gs;

/**
 * Refuses a policy that the engine should not even read: with a condition so deep that it could exhaust the engine's stack,
 * which it would not survive (each condition is counted by itself), or with a number that it could not keep.
 * @throws RegistryError invalid_input
 */
export function checkPolicyText(text: string, field: string): void {
  let [open, count] = [0, 0];
  for (const [token] of text.matchAll(TOKENS)) {
    if (token.startsWith('"') || token.startsWith('//')) continue;
    // In the form in which policies are kept, JSON, longer ones would be other numbers.
    if (/^\d/.test(token)) throw invalid(field, token, 'numbers of at most 15 digits');
    if (/^[\])}]$/.test(token)) {
      open = Math.max(0, open - 1);
      if (open === 0) count = 0;
      continue;
    }
    if (/^[[({]$/.test(token)) open += 1;
    count += 1;
    if (count > LIMITS.accessPolicyDepth) {
      throw invalid(
        field,
        count,
        `at most ${LIMITS.accessPolicyDepth} brackets, operators and members in one condition; split it into several policies`,
      );
    }
  }
}

/**
 * Refuses one policy more than a workspace may have.
 * @throws RegistryError limit_exceeded
 */
export function checkPolicyCount(count: number): void {
  if (count <= LIMITS.accessPolicies) return;
  throw new RegistryError('limit_exceeded', `A workspace has at most ${LIMITS.accessPolicies} policies.`, [
    { field: 'body', value: count, rule: `at most ${LIMITS.accessPolicies} policies a workspace` },
  ]);
}
