import { type Access, haveRight, type Place, type Right, type Role } from '../../domain/access';
import type { Membership } from '../../domain/records';
import type { Ports } from '../../ports';
import { DEFAULT_WORKSPACE } from '../load';
import { membershipsOf } from './memberships';
import { type Asking, rolesOf, type Standing, standingOf, type Target } from './standing';

/** What grants allow a caller at a place, looked up once. */
export class GrantedAccess implements Access {
  readonly administrator = false;
  private standing: Promise<Standing> | undefined;
  private known: Standing | undefined;
  private belongs: Promise<Membership[]> | undefined;

  /** @param mode `hasty` reads what may be a moment old, and looks again before anything is denied. */
  constructor(
    private readonly ports: Pick<Ports, 'store'>,
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
    return rolesOf(await this.look());
  }

  async may(right: Right): Promise<boolean> {
    return this.finds((standing) => haveRight(rolesOf(standing), right));
  }

  at(place: Place): Access {
    return new GrantedAccess(this.ports, this.asking, place, this.mode);
  }

  async isMember(): Promise<boolean> {
    if (await this.finds((standing) => rolesOf(standing).length > 0)) return true;
    return (await this.memberships()).length > 0;
  }

  async readable<M extends { readonly id: string }>(models: readonly M[]): Promise<readonly M[]> {
    if (models.length === 0 || (await this.finds(({ onWorkspace }) => onWorkspace.length > 0))) return models;
    const ids = new Set((await this.memberships()).map(({ modelId }) => modelId));
    return models.filter(({ id }) => ids.has(id));
  }

  async workspaces(): Promise<ReadonlySet<string>> {
    const { principal, settings } = this.asking;
    const names = (await membershipsOf(this.ports, principal)).map(({ workspace }) => workspace);
    return new Set([...names, ...(settings.everyone ? [DEFAULT_WORKSPACE] : [])]);
  }

  private look(): Promise<Standing> {
    this.standing ??= standingOf(this.ports, this.asking, this.target, this.mode).then((standing) => {
      this.known = standing;
      return standing;
    });
    return this.standing;
  }

  /** Whether what is looked for is there: a no is never said from old data. */
  private async finds(wanted: (standing: Standing) => boolean): Promise<boolean> {
    if (wanted(await this.look())) return true;
    if (this.mode === 'consistent') return false;
    this.mode = 'consistent';
    this.standing = undefined;
    return wanted(await this.look());
  }

  private memberships(): Promise<Membership[]> {
    this.belongs ??= membershipsOf(this.ports, this.asking.principal, this.target.workspace);
    return this.belongs;
  }
}
