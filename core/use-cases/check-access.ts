import { type Access, EVERYTHING, type Place } from '../domain/access';
import { type AccessSettings, type Grant, isAdministrator } from '../domain/grant';
import type { Principal } from '../domain/principal';
import { checkSubject, includes } from '../domain/subject';
import type { Ports } from '../ports';
import { GrantedAccess } from './access/granted';
import { grantsAt } from './access/records';
import type { UseCase } from './call';
import { checkWorkspace, modelIdOf } from './load';
import { type AccessView, accessAt } from './whoami';

/** About whom it is asked: a person as the user pool would tell of them, or an IAM identity. */
interface Someone {
  readonly kind: Principal['kind'];
  readonly id: string;
  readonly email?: string | undefined;
  readonly groups?: readonly string[] | undefined;
}

interface Asked {
  readonly principal: Someone;
  /** What a request would say besides, as policies may ask. */
  readonly version?: number | undefined;
  readonly stage?: string | undefined;
  readonly alias?: string | undefined;
}

/** What somebody may do at a place, and the grants from which it follows. */
interface AccessCheck {
  readonly principal: Pick<Principal, 'id' | 'kind' | 'email' | 'groups'>;
  readonly access: AccessView;
  readonly grants: readonly (Grant & { readonly on: 'workspace' | 'model' })[];
}

function principalOf({ kind, id, email, groups = [] }: Someone): Principal {
  const of = kind === 'machine' ? ('iam' as const) : ('person' as const);
  const { name } = checkSubject({ kind: of, name: id }, 'body.principal');
  for (const [index, group] of groups.entries()) {
    checkSubject({ kind: 'group', name: group }, `body.principal.groups.${index}`);
  }
  // Whom an address stands for is known by it too, as those are who signed in.
  const address = email ?? (kind === 'person' && name.includes('@') ? name : undefined);
  return { kind, id: name, name, groups, ...(address !== undefined && { email: address.toLowerCase() }) };
}

async function grantsOf(ports: Ports, { workspace, modelId }: { workspace: string; modelId?: string }, who: Principal) {
  const at = async (on: 'workspace' | 'model', where: Parameters<typeof grantsAt>[1]) =>
    (await grantsAt(ports, where)).grants
      .filter(({ subject }) => includes(subject, who))
      .map((grant) => ({ ...grant, on }));
  const [own, ofModel] = await Promise.all([
    at('workspace', { workspace }),
    modelId === undefined ? [] : at('model', { workspace, modelId }),
  ]);
  return [...own, ...ofModel];
}

/**
 * Tells what somebody else may do in a workspace or with a model of it: by the same grants, settings and policies by which
 * their own requests would be judged, as they are now.
 */
export const checkAccess =
  (settings: AccessSettings): UseCase<{ params: { model?: string }; body: Asked }, AccessCheck> =>
  (ports) =>
  async ({ params, body }, call) => {
    const { workspace } = call;
    const { version, stage, alias } = body;
    const principal = principalOf(body.principal);
    const modelId = params.model === undefined ? undefined : await modelIdOf(ports, call, params.model);
    if (modelId === undefined) await checkWorkspace(ports, workspace);
    const place: Place = { workspace, ...(params.model !== undefined && { model: params.model }) };
    const target = { ...place, circumstances: { version, stage, alias } };
    const access: Access = isAdministrator(settings, principal)
      ? EVERYTHING
      : new GrantedAccess(ports, { principal, settings }, target, 'consistent');
    const [view, grants] = await Promise.all([
      accessAt({ access }, place),
      grantsOf(ports, { workspace, ...(modelId !== undefined && { modelId }) }, principal),
    ]);
    const { id, kind, email, groups } = principal;
    return { body: { principal: { id, kind, groups, ...(email !== undefined && { email }) }, access: view, grants } };
  };
