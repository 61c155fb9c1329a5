import type { InputOf, RowOf } from '../../../client/api';

/** A deployment in a list. */
export type Deployment = RowOf<'listDeployments'>;

/** A deployment target in a list. */
export type Target = RowOf<'listTargets'>;

/** What a target is set with. */
export type TargetBody = NonNullable<InputOf<'putTarget'>['body']>;

const UNDER_WAY: ReadonlySet<Deployment['state']> = new Set([
  'requested',
  'preparing',
  'creating',
  'baking',
  'removing',
]);

/** Whether something still happens to a deployment by itself. */
export function isUnderWay({ state }: Pick<Deployment, 'state'>): boolean {
  return UNDER_WAY.has(state);
}

/** How often deployments are looked at again: they come and go without anybody here doing anything. */
export const LOOK_AGAIN_MS = 5_000;

/** What speaks against a version, in words: each objection begins with a name for programs. */
export function inWords(objections: readonly string[]): string {
  return objections.map((objection) => objection.replace(/^[a-z_]+: /, '')).join('; ');
}
