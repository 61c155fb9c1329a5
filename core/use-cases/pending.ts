import type { Model } from '../domain/model';
import type { Key } from '../domain/records';
import type { Searchable, SearchCopy, SearchMark } from '../domain/search';
import type { Version } from '../domain/version';
import { Contention, type Desk, type Ports } from '../ports';
import { modelCopy, rowOf, versionCopy, wholeVersion } from '../search/copy';
import type { Pending } from '../search/overlay';
import { postingKeys, type Sought } from '../search/postings';
import { heldIn } from './held';

/** What has changed since it was posted, and what it took to find out. */
export interface PendingChanges {
  readonly pending: readonly Pending[];
  /** Models that were deleted. */
  readonly gone: ReadonlySet<string>;
  readonly units: number;
}

/** What pending changes must tell of a model besides its own record. */
export interface Asked {
  /** The search looks at its last update. */
  readonly activity: boolean;
  /** The search looks at the stages and aliases that its versions hold. */
  readonly held: boolean;
}

/** Read units that pending changes may take: the rest of a request's are for the search. */
const MOST_UNITS = 16;
/** Versions of a renamed model that are read at most, and how many of them a unit reads at least. */
const MOST_VERSIONS = 30;
const ROWS_PER_UNIT = 2;
const CONSISTENT = { consistent: true } as const;

type PendingPorts = Pick<Ports, 'store' | 'postings' | 'sha256'>;

/** Refuses for the moment what is only right once more has been posted. */
function behind(): Contention {
  return new Contention('more has changed than is posted yet: the search would not see it');
}

/**
 * What a search must see besides the postings, from the notes of the desk.
 * @throws Contention where it is too much to be read at once
 */
export async function pendingChanges(
  ports: PendingPorts,
  workspace: string,
  desk: Desk,
  of: Sought,
  asked: Asked,
): Promise<PendingChanges> {
  if (desk.more) throw behind();
  const reading = new Reading(ports, workspace, desk);
  const models = desk.marks.filter(({ number }) => number === undefined);
  const gone = new Set(models.flatMap((mark) => (mark.deleted ? [mark.modelId] : [])));
  const names = new Map(models.flatMap(({ modelId, name }) => (name === undefined ? [] : [[modelId, name]])));
  const pending = new Map<string, Pending>();
  const add = (entity: Pending) => pending.set(`${entity.modelId}#${entity.number ?? ''}`, entity);
  if (of === 'version') {
    for (const { modelId, renamed } of models) {
      if (renamed && !gone.has(modelId)) for (const version of await reading.versionsOf(modelId)) add(version);
    }
    for (const mark of desk.marks) {
      if (mark.number !== undefined && !gone.has(mark.modelId))
        add(await reading.version(mark, names.get(mark.modelId)));
    }
  } else {
    for (const mark of models) add(await reading.model(mark, asked));
    const others = asked.activity || asked.held ? desk.marks.filter(({ number }) => number !== undefined) : [];
    for (const modelId of new Set(others.map((mark) => mark.modelId))) {
      if (!gone.has(modelId)) add(await reading.modelNow(modelId, asked));
    }
  }
  return { pending: [...pending.values()], gone, units: reading.units };
}

/** Reads what the notes do not tell by themselves. */
class Reading {
  units = 0;

  constructor(
    private readonly ports: PendingPorts,
    private readonly workspace: string,
    private readonly desk: Desk,
  ) {}

  async version(mark: SearchMark, name: string | undefined): Promise<Pending> {
    const { modelId, number } = mark;
    const place: Searchable = { modelId, ...(number !== undefined && { number }) };
    if (!mark.copy) return place;
    const copy: SearchCopy = { ...mark.copy, ...(name !== undefined && { name }) };
    if (!copy.omitted) return this.pending(place, copy, copy);
    this.spend(1);
    const source = this.ports.postings.source(this.workspace, CONSISTENT);
    const { copy: whole, units } = await source.whole(copy);
    this.spend(units);
    return whole ? this.pending(place, copy, whole) : place;
  }

  async versionsOf(modelId: string): Promise<Pending[]> {
    const { store } = this.ports;
    const place = { workspace: this.workspace, modelId };
    this.spend(2);
    const model = await store.get<'model'>({ kind: 'model', ...place }, CONSISTENT);
    if (!model) return [];
    const page = { limit: MOST_VERSIONS, order: 'ascending', ...CONSISTENT } as const;
    const { items, next } = await store.query<'version'>({ kind: 'version', ...place }, page);
    if (next !== undefined) throw behind();
    this.spend(Math.ceil(items.length / ROWS_PER_UNIT));
    return Promise.all(
      items.map(async (row): Promise<Pending> => {
        const { number } = row;
        if ('deleted' in row) return { modelId, number };
        if (row.omitted) this.spend(2);
        const version = row.omitted
          ? await store.get<'version'>({ kind: 'version', ...place, number }, CONSISTENT)
          : (row as Version);
        if (!version || 'deleted' in version) return { modelId, number };
        const copy = versionCopy(version, model.name);
        return this.pending({ modelId, number }, copy, wholeVersion(copy, version));
      }),
    );
  }

  async model(mark: SearchMark, asked: Asked): Promise<Pending> {
    const { modelId, copy } = mark;
    if (!copy || mark.deleted) return { modelId };
    if (asked.held || copy.omitted) return this.modelNow(modelId, asked);
    return this.pending({ modelId }, copy, copy);
  }

  async modelNow(modelId: string, { held }: Asked): Promise<Pending> {
    const { store } = this.ports;
    const place = { workspace: this.workspace, modelId };
    this.spend(2);
    const [model, head] = await Promise.all([
      store.get<'model'>({ kind: 'model', ...place } satisfies Key<'model'>, CONSISTENT),
      store.get<'head'>({ kind: 'head', ...place }, CONSISTENT),
    ]);
    if (!model || !head || model.state === 'deleted') return { modelId };
    const inModel = held ? await this.heldIn(model) : { stages: [], aliases: [] };
    const copy = modelCopy(model, head, inModel);
    return this.pending({ modelId }, copy, { ...copy, tags: model.tags, ...inModel });
  }

  private async heldIn(model: Model) {
    this.spend(model.stages.stages.length + 1);
    return heldIn(this.ports.store, model);
  }

  private pending(place: Searchable, copy: SearchCopy, whole: SearchCopy): Pending {
    const keys = postingKeys(place, rowOf(whole), this.desk.indexes, this.ports.sha256);
    return { ...place, now: { copy, keys } };
  }

  private spend(units: number): void {
    this.units += units;
    if (this.units > MOST_UNITS) throw behind();
  }
}
