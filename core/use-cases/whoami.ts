import { haveRight, type Place, RIGHTS, type Right, type Role } from '../domain/access';
import { BY_POLICY, whoGives } from '../domain/forbidden';
import type { Principal } from '../domain/principal';
import type { Ports } from '../ports';
import { emptied } from './access/emptied';
import type { Call, UseCase } from './call';
import { checkWorkspace, DEFAULT_WORKSPACE, missingModel, modelIdOf } from './load';

/** What a caller may do at a place, and of the rest why not. */
export interface AccessView {
  readonly model?: string;
  readonly administrator: boolean;
  readonly roles: readonly Role[];
  readonly rights: readonly Right[];
  readonly denied: readonly { readonly right: Right; readonly needs: string }[];
}

type WhoAmI = Principal & { readonly workspace: string; readonly access: AccessView };

/** Tells callers as whom and in which workspace the registry sees them, and what they may do there or with a model. */
export const whoami: UseCase<{ query: { model?: string | undefined } }, WhoAmI> =
  (ports) =>
  async ({ query }, call) => {
    const { workspace, principal } = call;
    const { model } = query;
    await checkVisible(ports, call);
    if (model === undefined) return { body: { ...principal, workspace, access: await accessAt(call, { workspace }) } };
    const place = { workspace, model };
    const at = { ...call, access: call.access.at(place) };
    // Only who may read a model hears whether there is one.
    if (!(await at.access.may('read')))
      throw await missingModel(emptied(ports, workspace, true), workspace, model, 'query');
    await modelIdOf(ports, call, model, 'query');
    return { body: { ...principal, workspace, access: await accessAt(at, place) } };
  };

async function checkVisible(ports: Ports, { workspace, access }: Call): Promise<void> {
  if (workspace === DEFAULT_WORKSPACE) return;
  const isVisible = access.administrator || (await access.isMember());
  await checkWorkspace(isVisible ? ports : emptied(ports, workspace, false), workspace);
}

/** What a caller may do at a place, right by right. */
export async function accessAt({ access }: Pick<Call, 'access'>, place: Place): Promise<AccessView> {
  const roles = await access.settled();
  const asked = await Promise.all(RIGHTS.map(async (right) => ({ right, has: await access.may(right) })));
  return {
    ...(place.model !== undefined && { model: place.model }),
    administrator: access.administrator,
    roles,
    rights: asked.flatMap(({ right, has }) => (has ? [right] : [])),
    denied: asked.flatMap(({ right, has }) =>
      has ? [] : [{ right, needs: haveRight(roles, right) ? BY_POLICY : whoGives(right, place) }],
    ),
  };
}
