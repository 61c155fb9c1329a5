import type { Principal } from '../domain/principal';
import type { UseCase } from './call';
import { checkWorkspace } from './load';

/** Tells callers as whom and in which workspace the registry sees them. */
export const whoami: UseCase<object, Principal & { workspace: string }> = (ports) => async (_, call) => {
  await checkWorkspace(ports, call.workspace);
  return { body: { ...call.principal, workspace: call.workspace } };
};
