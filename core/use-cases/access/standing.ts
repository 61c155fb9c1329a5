import { type Place, ROLES, type Role } from '../../domain/access';
import { type AccessSettings, NO_GRANTS, rolesIn } from '../../domain/grant';
import { characters } from '../../domain/json';
import { LIMITS } from '../../domain/limits';
import type { Circumstances } from '../../domain/own-policy';
import type { Principal } from '../../domain/principal';
import type { Key } from '../../domain/records';
import type { Ports } from '../../ports';
import { DEFAULT_WORKSPACE } from '../load';
import { isById } from '../past-model';

/** Where rights are asked for: a model also by its id, as locations of its files name it. */
export interface Target extends Place {
  readonly modelId?: string | undefined;
  /** What else the request says, as policies may ask. */
  readonly circumstances?: Circumstances | undefined;
}

/** Who asks, and what holds for all. */
export interface Asking {
  readonly principal: Principal;
  readonly settings: AccessSettings;
}

/** The roles of a caller at a target. */
export interface Standing {
  readonly onWorkspace: readonly Role[];
  readonly onModel: readonly Role[];
  readonly modelId?: string | undefined;
  /** The workspace has policies of its own. */
  readonly hasPolicies: boolean;
}

/** All roles of a standing, from the least to the most. */
export function rolesOf({ onWorkspace, onModel }: Standing): readonly Role[] {
  return ROLES.filter((role) => onWorkspace.includes(role) || onModel.includes(role));
}

/**
 * The name under which a target's model can be found. What is told of deleted models, by their id, is the workspace's; what
 * no model can be named is no key of the table either.
 */
export function nameIn({ model }: { readonly model?: string | undefined }): string | undefined {
  if (model === undefined || model === '' || isById(model)) return undefined;
  return characters(model) <= LIMITS.modelName ? model : undefined;
}

/** Looks the roles of a caller up, on workspace and model at the same time. */
export async function standingOf(
  { store }: Pick<Ports, 'store'>,
  { principal, settings }: Asking,
  { workspace, model, modelId }: Target,
  mode: 'hasty' | 'consistent',
): Promise<Standing> {
  const freshness = { consistent: mode === 'consistent', hasty: mode === 'hasty' };
  const [own, ofModel] = await Promise.all([
    store.get<'access'>({ kind: 'access', workspace }, freshness),
    grantsOfModel(),
  ]);
  const everyone = workspace === DEFAULT_WORKSPACE && settings.everyone ? [settings.everyone] : [];
  const held = rolesIn(own ?? NO_GRANTS, principal);
  return {
    onWorkspace: ROLES.filter((role) => held.includes(role) || everyone.includes(role)),
    onModel: rolesIn(ofModel?.record ?? NO_GRANTS, principal),
    modelId: ofModel?.modelId,
    hasPolicies: (own?.policies ?? 0) > 0,
  };

  async function grantsOfModel() {
    if (modelId !== undefined) {
      return { modelId, record: await store.get<'access'>({ kind: 'access', workspace, modelId }, freshness) };
    }
    const name = nameIn({ model });
    if (name === undefined) return undefined;
    const keys = (id: string): [Key<'access'>] => [{ kind: 'access', workspace, modelId: id }];
    const found = await store.getOfModel(workspace, name, keys, mode);
    return found && { modelId: found.modelId, record: found.records[0] };
  }
}
