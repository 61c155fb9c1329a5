const BASE = '/api/2.0/mlflow';
/** The model that all versions are of. */
export const MODEL = 'churn';
const TEAMS = 10;
const PAGE = 20;

interface Answer {
  readonly registered_model?: { readonly latest_versions?: readonly Version[] };
  readonly model_version?: Version;
  readonly model_versions?: readonly Version[];
}
interface Version {
  readonly version: string;
}

/** A server of MLflow's protocol, with one model that has many versions. Requests to all of them are the same. */
export class Registry {
  versions = 0;

  constructor(
    readonly name: string,
    public url: string,
  ) {}

  /** What is measured, by name. Each answers the numbers of the versions that it was told. */
  readonly reads: Readonly<Record<string, () => Promise<string[]>>> = {
    'registered-models/get': () => this.get('registered-models/get', { name: MODEL }),
    'by alias': () => this.get('registered-models/alias', { name: MODEL, alias: 'champion' }),
    'get-latest-versions': () => this.get('registered-models/get-latest-versions', { name: MODEL }),
    'versions of a model, 20 of them': () => this.search(`name = '${MODEL}'`),
    'versions with a tag, 20 of them': () => this.search("tags.team = 'team-3'"),
  };

  /** What MLflow refuses, and Signet is asked by its own protocol. */
  readonly ownReads: Readonly<Record<string, () => Promise<string[]>>> = {
    'versions by a metric, 20 of them': () => this.best('auc'),
  };

  /** One of the reads. @throws Error for any other name */
  read(what: string): () => Promise<string[]> {
    const read = this.reads[what] ?? this.ownReads[what];
    if (!read) throw new Error(`There is no read ${what}`);
    return read;
  }

  /** Makes the model, with its first version. */
  async start(): Promise<void> {
    await this.post('registered-models/create', { name: MODEL });
    await this.register();
  }

  /** Registers the next version. */
  async register(): Promise<string[]> {
    const answer = await this.post('model-versions/create', newVersion(this.versions + 1));
    this.versions++;
    return numbersOf(answer);
  }

  /** Registers versions one after the other until there are so many; the alias leads to the middle. */
  async fill(versions: number): Promise<void> {
    if (this.versions === 0) await this.start();
    while (this.versions < versions) await this.register();
    await this.alias(Math.ceil(versions / 2));
  }

  /** Leads the alias to a version. */
  async alias(version: number): Promise<void> {
    await this.post('registered-models/alias', { name: MODEL, alias: 'champion', version: String(version) });
  }

  /** Whether the registry searches versions by a metric at all. */
  async searchesMetrics(): Promise<boolean> {
    const filter = encodeURIComponent('metrics.auc > 0.5');
    const response = await fetch(`${this.url}${BASE}/model-versions/search?filter=${filter}`);
    await response.arrayBuffer();
    return response.ok;
  }

  private search(filter: string): Promise<string[]> {
    return this.get('model-versions/search', { filter, max_results: String(PAGE) });
  }

  private async best(metric: string): Promise<string[]> {
    const query = { filter: `metrics.${metric} > 0.5`, orderBy: `metrics.${metric} DESC`, limit: String(PAGE) };
    const response = await fetch(`${this.url}/v1/search?${new URLSearchParams(query)}`);
    const { items } = await answerOf<{ readonly items: readonly { readonly version: number }[] }>(response);
    return items.map(({ version }) => String(version));
  }

  private async get(path: string, query: Readonly<Record<string, string>>): Promise<string[]> {
    return numbersOf(await answerOf(await fetch(`${this.url}${BASE}/${path}?${new URLSearchParams(query)}`)));
  }

  private async post(path: string, body: object): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    return answerOf(await fetch(`${this.url}${BASE}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
  }
}

/** The value of a tag that only this version has. */
export const commitOf = (version: number): string => `commit-${version}`;

const sourceOf = (number: number): string => `s3://models/${MODEL}/${number}`;
const runOf = (number: number): string => `run-${number}`;
const tagsOf = (number: number) => ({ team: `team-${number % TEAMS}`, commit: commitOf(number) });

/** The request that makes a version of this number. */
export function newVersion(number: number): object {
  const tags = Object.entries(tagsOf(number)).map(([key, value]) => ({ key, value }));
  return { name: MODEL, source: sourceOf(number), run_id: runOf(number), tags };
}

/** The request of Signet's own protocol that makes the same version, with a metric. */
export function newMeasuredVersion(number: number): object {
  const run = { id: runOf(number), system: 'mlflow' };
  // No two of 100,000 have the same: a tie at the end of a page would be one more query.
  const metrics = { auc: 0.5 + ((number * 7_919) % 100_003) / 200_006 };
  return { source: sourceOf(number), run, tags: tagsOf(number), metrics, final: true };
}

async function answerOf<T = Answer>(response: Response): Promise<T> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text.slice(0, 200)}`);
  return JSON.parse(text);
}

function numbersOf({ registered_model: model, model_version: one, model_versions: many }: Answer): string[] {
  return [...(many ?? []), ...(one ? [one] : []), ...(model?.latest_versions ?? [])].map(({ version }) => version);
}
