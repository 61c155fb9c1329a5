import type { Right } from '../../domain/access';
import { RegistryError } from '../../domain/errors';
import { forbidden } from '../../domain/forbidden';
import type { Ports } from '../../ports';
import type { Call } from '../call';
import { DEFAULT_WORKSPACE, missingModel } from '../load';
import { emptied } from './emptied';

/**
 * The call as it continues at another model, which the body names, where it needs a right.
 * @throws RegistryError forbidden; model_not_found or workspace_not_found where the caller may not even read it
 */
export async function callAt(
  ports: Ports,
  call: Call,
  { workspace, model }: { readonly workspace: string; readonly model: string },
  right: Right,
): Promise<Call> {
  const access = call.access.at({ workspace, model });
  if (await access.may(right)) return { ...call, workspace, access };
  if (await access.may('read')) {
    const { message, violations } = forbidden(right, { workspace, model });
    throw new RegistryError(
      'forbidden',
      message,
      violations.map((violation) => ({ ...violation, field: 'body.model' })),
    );
  }
  const isKnown = workspace === DEFAULT_WORKSPACE || workspace === call.workspace || (await access.isMember());
  throw await missingModel(emptied(ports, workspace, isKnown), workspace, model, 'body');
}
