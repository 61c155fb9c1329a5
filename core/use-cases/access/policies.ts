import type { Right, Role } from '../../domain/access';
import type { Model } from '../../domain/model';
import type { Verdict } from '../../domain/own-policy';
import type { Key } from '../../domain/records';
import type { Tombstone, Version } from '../../domain/version';
import type { Ports } from '../../ports';
import { type Asking, nameIn, type Target } from './standing';

/** What policies of a workspace say of one caller's request. Policies, model and version are read once. */
export class PolicyAnswers {
  private facts: ReturnType<PolicyAnswers['read']> | undefined;

  constructor(
    private readonly ports: Pick<Ports, 'store' | 'policies'>,
    private readonly asking: Asking,
    private readonly target: Target,
    private readonly mode: 'hasty' | 'consistent',
  ) {}

  /**
   * @param roles of the caller there
   * @param other a model that is asked about instead of the target's
   */
  async verdict(right: Right, roles: readonly Role[], other?: Model): Promise<Verdict> {
    this.facts ??= this.read();
    const { own, model, version } = await this.facts;
    if (!own) return 'silent';
    const { workspace, circumstances = {} } = this.target;
    // Who reads a model reads all of its versions.
    const about = other || right === 'read' ? { model: other ?? model } : { model, version };
    const { principal } = this.asking;
    return this.ports.policies.decide(own, { principal, roles, right, workspace, ...about, circumstances });
  }

  private async read() {
    const consistent = this.mode === 'consistent';
    const { workspace } = this.target;
    const [own, [model, version] = []] = await Promise.all([
      this.ports.store.get<'accessPolicies'>({ kind: 'accessPolicies', workspace }, { consistent }),
      this.records(consistent),
    ]);
    return {
      own,
      model: model?.state === 'deleted' ? undefined : model,
      version: version && 'deleted' in version ? undefined : version,
    };
  }

  /** The target's model and version, where they are there. */
  private async records(
    consistent: boolean,
  ): Promise<readonly [Model | undefined, Version | Tombstone | undefined] | undefined> {
    const { store } = this.ports;
    const { workspace, modelId, circumstances } = this.target;
    const number = circumstances?.version;
    const modelKey = (id: string): Key<'model'> => ({ kind: 'model', workspace, modelId: id });
    const versionKeys = (id: string): Key<'version'>[] =>
      number === undefined ? [] : [{ kind: 'version', workspace, modelId: id, number }];
    if (modelId !== undefined) {
      const [version] = versionKeys(modelId);
      return Promise.all([
        store.get<'model'>(modelKey(modelId), { consistent }),
        version && store.get<'version'>(version, { consistent }),
      ]);
    }
    const name = nameIn(this.target);
    if (name === undefined) return undefined;
    const keys = (id: string) => [modelKey(id), ...versionKeys(id)] as [Key<'model'>, Key<'version'>];
    return (await store.getOfModel(workspace, name, keys, consistent ? 'consistent' : 'relaxed'))?.records;
  }
}
