/** What an answer holds of what a load looks at. */
interface Body {
  readonly version: number;
  readonly items: readonly object[];
  readonly cursor?: string;
}

/** What the registry acknowledged: all of it has to be there afterwards. */
export class Acknowledged {
  /** By model: numbers of versions, tags by version, and versions that an alias was set to. */
  readonly versions = new Map<string, Set<number>>();
  readonly tags = new Map<string, Map<number, Set<string>>>();
  readonly aliased = new Map<string, Set<number>>();
}

/** The operations that a load is a mix of, on some models of a workspace. */
export class LoadedRegistry {
  readonly acknowledged = new Acknowledged();
  private readonly nextToAlias = new Map<string, number>();
  private counter = 0;

  constructor(
    private readonly url: string,
    readonly models: readonly string[],
    private readonly random: () => number,
  ) {}

  readonly operations: Readonly<Record<string, () => Promise<void>>> = {
    register: () => this.register(this.anyModel()),
    tag: () => this.tag(),
    alias: () => this.alias(),
    get: () => this.read((model, version) => `/v1/models/${model}/versions/${version}`),
    resolve: () => this.read((model) => `/v1/models/${model}/aliases/latest`),
    list: () => this.read((model) => `/v1/models/${model}/versions?limit=20`),
    model: () => this.read((model) => `/api/2.0/mlflow/registered-models/get?name=${model}`),
    search: () => this.read((model) => `/v1/search?filter=${encodeURIComponent(`name = '${model}'`)}&limit=20`),
  };

  /** Makes the models, with a version each. */
  async prepare(): Promise<void> {
    for (const name of this.models) {
      await this.call('POST', '/v1/models', { name });
      await this.register(name);
    }
  }

  /** Calls the API. @throws Error for any answer but a good one */
  async call(method: string, path: string, body?: object): Promise<Body> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.url + path, { method, ...(body && { headers, body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 150)}`);
    return text === '' ? ({} as Body) : JSON.parse(text);
  }

  private anyModel(): string {
    return this.models[Math.floor(this.random() * this.models.length)] as string;
  }

  private anyVersion(model: string): number {
    return 1 + Math.floor(this.random() * (this.acknowledged.versions.get(model)?.size ?? 1));
  }

  private async register(model: string): Promise<void> {
    const run = { id: `run-${this.counter++}` };
    const body = { final: true, run, metrics: { auc: this.random() }, tags: { team: 'growth' } };
    const { version } = await this.call('POST', `/v1/models/${model}/versions`, body);
    entry(this.acknowledged.versions, model, () => new Set<number>()).add(version);
  }

  private async tag(): Promise<void> {
    const model = this.anyModel();
    const version = this.anyVersion(model);
    const value = `value-${this.counter++}`;
    await this.call('PUT', `/v1/models/${model}/versions/${version}/tags/load`, { value });
    const ofModel = entry(this.acknowledged.tags, model, () => new Map<number, Set<string>>());
    entry(ofModel, version, () => new Set<string>()).add(value);
  }

  /** Sets the alias to each version once, so that each acknowledgement is a change with an event. */
  private async alias(): Promise<void> {
    const model = this.anyModel();
    const version = this.nextToAlias.get(model) ?? 1;
    if (!this.acknowledged.versions.get(model)?.has(version)) return this.register(model);
    this.nextToAlias.set(model, version + 1);
    await this.call('PUT', `/v1/models/${model}/aliases/champion`, { version });
    entry(this.acknowledged.aliased, model, () => new Set<number>()).add(version);
  }

  private async read(path: (model: string, version: number) => string): Promise<void> {
    const model = this.anyModel();
    await this.call('GET', path(model, this.anyVersion(model)));
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}
