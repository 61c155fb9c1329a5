import { type Access, haveRight, type Place, type Right, type Role } from '../../domain/access';
import { NO_GRANTS, rolesIn } from '../../domain/grant';
import type { Model } from '../../domain/model';
import type { Membership } from '../../domain/records';
import type { Ports } from '../../ports';
import { DEFAULT_WORKSPACE } from '../load';
import { membershipsOf } from './memberships';
import { PolicyAnswers } from './policies';
import { accessKey } from './records';
import { type Asking, rolesOf, type Standing, standingOf, type Target } from './standing';

/** What is found of a caller at a place, and who answers what policies say there. */
interface Found {
  readonly standing: Standing;
  readonly policies: PolicyAnswers;
}

/** What grants, and policies where a workspace has some, allow a caller at a place, looked up once. */
export class GrantedAccess implements Access {
  readonly administrator = false;
  private found: Promise<Found> | undefined;
  private known: Standing | undefined;
  private belongs: Promise<Membership[]> | undefined;

  /** @param mode `hasty` reads what may be a moment old, and looks again before anything is denied. */
  constructor(
    private readonly ports: Pick<Ports, 'store' | 'policies'>,
    private readonly asking: Asking,
    private readonly target: Target,
    private mode: 'hasty' | 'consistent',
  ) {}

  get roles(): readonly Role[] {
    if (!this.known) throw new Error('the roles of the caller are not known yet');
    return rolesOf(this.known);
  }

  get modelId(): string | undefined {
    return this.known && this.known.onModel.length > 0 ? this.known.modelId : undefined;
  }

  async settled(): Promise<readonly Role[]> {
    return rolesOf((await this.look()).standing);
  }

  async may(right: Right): Promise<boolean> {
    return this.finds(({ standing, policies }) => allows(standing, policies, right));
  }

  at(place: Place): Access {
    const { operation } = this.target.circumstances ?? {};
    const circumstances = operation === undefined ? {} : { operation };
    return new GrantedAccess(this.ports, this.asking, { ...place, circumstances }, this.mode);
  }

  async isMember(): Promise<boolean> {
    if (await this.finds(async ({ standing }) => rolesOf(standing).length > 0)) return true;
    return (await this.memberships()).length > 0 || this.may('read');
  }

  async readable<M extends Pick<Model, 'id' | 'name'>>(models: readonly M[]): Promise<readonly M[]> {
    if (models.length === 0) return models;
    const { standing, policies } = await this.look();
    if (standing.hasPolicies) return this.permitted(models, standing, policies);
    if (await this.finds(async ({ standing: { onWorkspace } }) => onWorkspace.length > 0)) return models;
    const ids = await this.modelIds();
    return models.filter(({ id }) => ids.has(id));
  }

  async workspaces(): Promise<ReadonlySet<string>> {
    const { principal, settings } = this.asking;
    const names = (await membershipsOf(this.ports, principal)).map(({ workspace }) => workspace);
    return new Set([...names, ...(settings.everyone ? [DEFAULT_WORKSPACE] : [])]);
  }

  private look(): Promise<Found> {
    const { ports, asking, target, mode } = this;
    this.found ??= standingOf(ports, asking, target, mode).then((standing) => {
      this.known = standing;
      return { standing, policies: new PolicyAnswers(ports, asking, target, mode) };
    });
    return this.found;
  }

  /** Whether what is looked for is there: a no is never said from old data. */
  private async finds(wanted: (found: Found) => Promise<boolean>): Promise<boolean> {
    if (await wanted(await this.look())) return true;
    if (this.mode === 'consistent') return false;
    this.mode = 'consistent';
    this.found = undefined;
    return wanted(await this.look());
  }

  /** Those of some models that roles and policies let the caller read, each by itself. */
  private async permitted<M extends Pick<Model, 'id' | 'name'>>(
    models: readonly M[],
    { onWorkspace }: Standing,
    policies: PolicyAnswers,
  ): Promise<readonly M[]> {
    const ids = await this.modelIds();
    const checked = await Promise.all(
      models.map(async (row) => {
        const [model, onModel] = await Promise.all([this.whole(row), ids.has(row.id) ? this.rolesOn(row.id) : []]);
        if (!model) return [];
        const standing = { onWorkspace, onModel, hasPolicies: true };
        return (await allows(standing, policies, 'read', model)) ? [row] : [];
      }),
    );
    return checked.flat();
  }

  /** The model of a row, with its tags where the row leaves them out. */
  private async whole(row: object & Pick<Model, 'id'>): Promise<Model | undefined> {
    if ('tags' in row) return row as Model;
    return this.ports.store.get<'model'>({ kind: 'model', workspace: this.target.workspace, modelId: row.id });
  }

  private async rolesOn(modelId: string): Promise<readonly Role[]> {
    const record = await this.ports.store.get<'access'>(accessKey({ workspace: this.target.workspace, modelId }));
    return rolesIn(record ?? NO_GRANTS, this.asking.principal);
  }

  private async modelIds(): Promise<ReadonlySet<string | undefined>> {
    return new Set((await this.memberships()).map(({ modelId }) => modelId));
  }

  private memberships(): Promise<Membership[]> {
    this.belongs ??= membershipsOf(this.ports, this.asking.principal, this.target.workspace);
    return this.belongs;
  }
}

/** Roles or a policy must allow, and no policy forbid. */
async function allows(standing: Standing, policies: PolicyAnswers, right: Right, other?: Model): Promise<boolean> {
  const roles = rolesOf(standing);
  const has = haveRight(roles, right);
  if (!standing.hasPolicies) return has;
  const verdict = await policies.verdict(right, roles, other);
  return verdict === 'permit' || (verdict === 'silent' && has);
}
