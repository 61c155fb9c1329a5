import type { ArtifactFile } from '../domain/artifact';
import { type Compared, type ComparedEntry, sideBySide } from '../domain/comparison';
import { type SchemaChange, type SchemaVerdict, schemaDifference } from '../domain/schema-diff';
import type { Version } from '../domain/version';
import type { Page, PageRequest, Ports } from '../ports';
import { entry } from '../search/row';
import type { Call, UseCase } from './call';
import { checkWorkspace, missingModel, modelIdOf, readVersion } from './load';
import { placeOfFiles } from './place-of-files';

/** A version that is compared. */
export interface Named {
  model: string;
  version: number;
}

/** Versions side by side. */
export type Comparison = Readonly<Record<Compared, readonly ComparedEntry[]>> & {
  readonly versions: readonly (Named & Pick<Version, 'stage' | 'status' | 'createdAt'> & { artifactDigest?: string })[];
  /** What the signature of each version after the first means to callers of the first. */
  readonly schema: readonly { readonly verdict: SchemaVerdict; readonly changes: readonly SchemaChange[] }[];
  /** Versions whose files are more than were compared, by their place in the list. */
  readonly moreFiles: readonly number[];
};

/** Files of one version that are compared. */
const MOST_FILES = 64;

/** Digests of a version's files by path; references without one are compared by where they are. */
async function filesOf({ store }: Ports, version: Version) {
  const range = { kind: 'file', ...placeOfFiles(version) } as const;
  const { items, next } = await store.query<'file'>(range, { limit: MOST_FILES, order: 'ascending' });
  const files = items.map((file: ArtifactFile) => [
    file.path,
    file.sha256 ?? (file.kind === 'reference' ? file.uri : ''),
  ]);
  return { files: Object.fromEntries(files) as Record<string, string>, more: next !== undefined };
}

/** Compares 2 to 20 versions, of one model or of several. */
export const compareVersions: UseCase<{ body: { versions: readonly Named[]; differencesOnly: boolean } }, Comparison> =
  (ports) =>
  async ({ body }, call) => {
    await checkWorkspace(ports, call.workspace);
    await checkReadable(
      ports,
      call,
      body.versions.map(({ model }) => model),
    );
    const versions = await Promise.all(
      body.versions.map(({ model, version }) => readVersion(ports, call, model, version)),
    );
    const files = await Promise.all(versions.map((version) => filesOf(ports, version)));
    const all = body.versions.map(({ model }, at) => ({
      model,
      version: versions[at] as Version,
      ...(files[at] as Awaited<ReturnType<typeof filesOf>>),
    }));
    const [first] = all;
    return {
      body: {
        versions: all.map(({ model, version: { number, stage, status, createdAt, artifacts } }) => ({
          model,
          version: number,
          stage,
          status,
          createdAt,
          ...(artifacts && { artifactDigest: artifacts.digest }),
        })),
        ...sideBySide(all, body.differencesOnly),
        schema: all.slice(1).map(({ version }) => schemaDifference(first?.version.signature, version.signature)),
        moreFiles: all.flatMap(({ more }, at) => (more ? [at] : [])),
      },
    };
  };

/** Refuses models that the caller may not read as ones that are not there. */
async function checkReadable(ports: Ports, call: Call, names: readonly string[]): Promise<void> {
  const models = await Promise.all(
    names.map(async (name) => ({ id: await modelIdOf(ports, call, name, 'body'), name })),
  );
  const open = new Set((await call.access.readable(models)).map(({ id }) => id));
  const closed = models.find(({ id }) => !open.has(id));
  if (closed) throw await missingModel(ports, call.workspace, closed.name, 'body');
}

/** The value of a metric in one version. */
export interface MetricPoint {
  readonly version: number;
  readonly value: number;
  readonly stage: string;
  readonly createdAt: string;
}

/** Versions of one read, and how many of a page may have to be read by themselves. */
const ROWS = 20;
const WHOLE = 12;

/** A metric over the versions of a model that have it. */
export const getMetricSeries: UseCase<
  { params: { model: string; metric: string }; page: PageRequest },
  Page<MetricPoint>
> =
  (ports) =>
  async ({ params, page }, call) => {
    const { workspace } = call;
    const modelId = await modelIdOf(ports, call, params.model);
    const items: MetricPoint[] = [];
    let [after, whole, looked] = [page.after, 0, 0];
    do {
      const limit = Math.min(ROWS, page.limit - items.length);
      const rows = await ports.store.query<'version'>(
        { kind: 'version', workspace, modelId },
        { limit, order: page.order, ...(after !== undefined && { after }) },
      );
      for (const row of rows.items) {
        if ('deleted' in row) continue;
        const { number } = row;
        const isWhole = !row.omitted?.includes('metrics');
        const version = isWhole
          ? row
          : await ports.store.get<'version'>({ kind: 'version', workspace, modelId, number });
        if (!isWhole) whole += 1;
        if (!version || 'deleted' in version) continue;
        const value = entry(version.metrics, params.metric);
        if (value !== undefined)
          items.push({ version: number, value, stage: version.stage, createdAt: version.createdAt });
      }
      looked += rows.items.length;
      after = rows.next;
    } while (after !== undefined && items.length < page.limit && whole < WHOLE && looked < 5 * ROWS);
    return { body: { items, ...(after !== undefined && { next: after }) } };
  };
