import { type Place, RIGHTS_OF, type Right, ROLES } from './access';
import { RegistryError } from './errors';

/** Where rights are looked at, as a refusal names it. */
function whereOf({ workspace, model }: Place) {
  return model === undefined
    ? { field: 'path.workspace', value: workspace, text: `workspace ${workspace}`, given: 'an admin of the workspace' }
    : {
        field: 'path.model',
        value: model,
        text: `model ${model}`,
        given: 'an owner of the model or an admin of the workspace',
      };
}

/** Which roles have a right, and who can give one of them, in words. */
export function whoGives(right: Right, place: Place): string {
  const roles = ROLES.filter((role) => RIGHTS_OF[role].has(right) && (place.model === undefined || role !== 'admin'));
  if (roles.length === 0) return 'the role admin on the workspace, which an admin of the workspace can give';
  return `one of the roles ${roles.join(', ')}, which ${whereOf(place).given} can give`;
}

/** Why somebody with a role that has the right may not use it. */
export const BY_POLICY = 'a policy of the workspace forbids it; its admins decide on its policies';

/**
 * The refusal of what a caller may not do with something that the caller may see.
 * @param because what forbids it, where it is not that a role is missing
 */
export function forbidden(right: Right, place: Place, because?: string): RegistryError {
  const { field, value, text } = whereOf(place);
  const rule = because ?? `the right ${right}: ${whoGives(right, place)}`;
  return new RegistryError('forbidden', `The right ${right} on ${text} is missing.`, [{ field, value, rule }]);
}

/** The refusal of what only administrators of the registry may do. */
export function forbiddenOnRegistry(): RegistryError {
  return new RegistryError('forbidden', 'Only administrators of the registry may do this.', [
    { field: 'path', rule: 'called by one of the administrators that the settings of the deployment name' },
  ]);
}
