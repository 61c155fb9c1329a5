import { EMPTY_HEAD, type Head, type Model } from '../domain/model';
import { IS_PROMPT } from '../domain/prompt';
import { type Key, put } from '../domain/records';
import type { Posted, Searchable, SearchCopy, SearchIndex, SearchMark, SearchWalk } from '../domain/search';
import type { Tombstone, Version } from '../domain/version';
import { Contention, type Page, type Ports } from '../ports';
import { modelCopy, rowOf, versionCopy, wholeVersion } from '../search/copy';
import { markKey } from '../search/marks';
import { PARTITIONS, type PostingKey, postingKeys } from '../search/postings';
import { heldIn } from './held';

/** What posting needs of the world. */
export type PostPorts = Pick<Ports, 'store' | 'postings' | 'clock' | 'sha256' | 'newId'>;

/** Versions that one step posts: it ends long before its function does. */
const STEP = 100;
/** Notes that are taken off the desk at the same time. */
const AT_ONCE = 25;

const CONSISTENT = { consistent: true } as const;

/** What a model or version is to be posted as, and where it was before. */
interface Wanted {
  readonly place: Searchable;
  readonly before: Posted | undefined;
  /** Absent of what is no longer there. */
  readonly now?: { readonly copy: SearchCopy; readonly keys: readonly PostingKey[] };
  /** Of a model: what its versions' postings say of it. */
  readonly told?: Posted['told'];
}

/** A model as last acknowledged, with some of its versions, and where all of them were posted. */
interface Known {
  readonly modelId: string;
  /** Absent where it was deleted. */
  readonly model: Model | undefined;
  readonly head: Head;
  readonly posted: Posted | undefined;
  readonly versions: readonly {
    readonly number: number;
    readonly version: Version | Tombstone | undefined;
    readonly posted: Posted | undefined;
  }[];
}

/** Does what notes of a workspace's desk ask for. */
export class Poster {
  constructor(
    private readonly ports: PostPorts,
    private readonly workspace: string,
    private readonly indexes: readonly SearchIndex[],
  ) {}

  /** Handles notes of one model, and takes those off the desk that say the same as when they were read. */
  async handle(marks: readonly SearchMark[]): Promise<void> {
    const ofVersions = marks.filter(({ number }) => number !== undefined);
    for (const mark of marks) if (mark.number === undefined) await this.handleModel(mark);
    const [{ modelId } = { modelId: '' }] = ofVersions;
    if (ofVersions.length === 0) return;
    const known = await this.know(
      modelId,
      ofVersions.map(({ number }) => number as number),
    );
    const { model, posted } = known;
    const wanted = this.versionsOf(known);
    if (model) {
      // A version's change changes its model's times, stages and aliases too.
      await this.post([...wanted, await this.modelOf(model, known.head, posted, posted?.told)]);
      // What was told of a prompt is looked at also after a run that broke off where the last one went.
      if (posted?.told?.promptName || wanted.some(isOfPrompt)) await this.correct(model, known.head, posted?.told);
    } else await this.post(wanted);
    for (let start = 0; start < ofVersions.length; start += AT_ONCE) {
      const some = ofVersions.slice(start, start + AT_ONCE);
      await Promise.all(some.map((mark) => this.settle(mark, undefined)));
    }
  }

  /** Posts the next models and versions of a walk through a workspace. */
  async walkOn(walk: SearchWalk): Promise<void> {
    let { modelId, number = 0, after } = walk;
    let done = walk.done;
    for (let left = STEP; left > 0; ) {
      if (modelId === undefined) {
        if (after === null) break;
        const page: Page<{ id: string }> = await this.ports.store.query<'model'>(
          { kind: 'model', workspace: this.workspace, namePrefix: '' },
          { limit: 1, order: 'ascending', ...(after !== undefined && { after }) },
        );
        modelId = page.items[0]?.id;
        after = page.next ?? null;
        number = 0;
        if (modelId === undefined) continue;
      }
      const { model, head, posted } = await this.know(modelId);
      if (number === 0) {
        const told = model && { name: model.name, promptName: await this.hasPrompts(modelId) };
        await this.post([
          model ? await this.modelOf(model, head, posted, told) : { place: { modelId }, before: posted },
        ]);
        left -= 1;
        done += 1;
      }
      const end = Math.min(head.lastVersion, number + left);
      await this.postVersions(modelId, number, end);
      left -= end - number;
      done += end - number;
      number = end;
      if (number < head.lastVersion) continue;
      if (model) await this.correct(model, head, (await this.know(modelId)).posted?.told);
      modelId = undefined;
    }
    const { modelId: _, number: __, after: ___, ...rest } = walk;
    const isDone = modelId === undefined && after === null;
    const next: SearchWalk = {
      ...rest,
      done,
      step: walk.step + 1,
      at: this.ports.clock().toISOString(),
      ...(after !== undefined && { after }),
      ...(modelId !== undefined && { modelId, number }),
    };
    const key: Key<'walk'> = { kind: 'walk', workspace: this.workspace, id: walk.id };
    await this.ports.postings.settle(key, walk, isDone ? undefined : next);
  }

  /** Posts a model, and its versions where their postings say something else of it, a step at a time. */
  private async handleModel(mark: SearchMark): Promise<void> {
    const { modelId, walked = 0 } = mark;
    const { model, head, posted } = await this.know(modelId);
    const told = model && { name: model.name, promptName: await this.hasPrompts(modelId) };
    const isAsTold = told !== undefined && JSON.stringify(posted?.told) === JSON.stringify(told);
    const isAlone = isAsTold || head.lastVersion === 0;
    const postModel = async (before: Posted | undefined, said: Posted['told']) =>
      this.post([model ? await this.modelOf(model, head, before, said) : { place: { modelId }, before }]);
    if (isAlone || walked === 0) await postModel(posted, isAlone ? told : posted?.told);
    if (!isAlone) {
      const end = Math.min(head.lastVersion, walked + STEP);
      await this.postVersions(modelId, walked, end, told?.promptName);
      if (end < head.lastVersion) {
        await this.settle(mark, { ...mark, walked: end });
        return;
      }
      // Only now is what they say of it as it was told.
      if (model) await postModel((await this.know(modelId)).posted, told);
    }
    await this.settle(mark, undefined);
  }

  private settle(mark: SearchMark, after: SearchMark | undefined): Promise<boolean> {
    return this.ports.postings.settle(markKey(this.workspace, mark), mark, after);
  }

  /** Has a model's versions posted again where their postings say otherwise whether the name is a prompt's. */
  private async correct(model: Model, head: Head, told: Posted['told']): Promise<void> {
    if (told && told.promptName !== (await this.hasPrompts(model.id))) await this.noteModel(model, head);
  }

  private async know(modelId: string, numbers: readonly number[] = []): Promise<Known> {
    const place = { workspace: this.workspace, modelId };
    const [model, head, posted, ...rest] = await this.ports.postings.read([
      { kind: 'model', ...place },
      { kind: 'head', ...place },
      this.postedKey({ modelId }),
      ...numbers.flatMap((number): Key[] => [
        { kind: 'version', ...place, number },
        this.postedKey({ modelId, number }),
      ]),
    ]);
    const isThere = (model as Model | undefined)?.state !== 'deleted';
    return {
      modelId,
      model: isThere ? (model as Model | undefined) : undefined,
      head: (head as Head | undefined) ?? EMPTY_HEAD,
      posted: posted as Posted | undefined,
      versions: numbers.map((number, at) => ({
        number,
        version: rest[2 * at] as Version | Tombstone | undefined,
        posted: rest[2 * at + 1] as Posted | undefined,
      })),
    };
  }

  private postedKey({ modelId, number }: Searchable): Key<'posted'> {
    return { kind: 'posted', workspace: this.workspace, modelId, ...(number !== undefined && { number }) };
  }

  /** Whether a version of the model is a prompt, as far as it is posted. */
  private async hasPrompts(modelId: string): Promise<boolean> {
    const source = this.ports.postings.source(this.workspace, CONSISTENT);
    const range = { partition: PARTITIONS.prompts, from: `${modelId}#`, to: `${modelId}$` };
    return (await source.page({ ...range, order: 'ascending', limit: 1 })).items.length > 0;
  }

  /** Asks for a model to be looked at again, unless that was asked for already. */
  private async noteModel({ id, name }: Model, { sequence, at }: Head): Promise<void> {
    const key = markKey(this.workspace, { modelId: id });
    const mark: SearchMark = { modelId: id, sequence, at, name };
    try {
      await this.ports.store.commit({ heads: [], writes: [put<'mark'>(key, mark)], absent: [key] });
    } catch (error) {
      if (!(error instanceof Contention)) throw error;
    }
  }

  /** Posts the versions of a model behind one number up to another. */
  private async postVersions(modelId: string, after: number, last: number, promptName?: boolean): Promise<void> {
    if (last <= after) return;
    const numbers = Array.from({ length: last - after }, (_, at) => after + 1 + at);
    await this.post(this.versionsOf(await this.know(modelId, numbers), promptName));
  }

  private versionsOf({ modelId, model, posted: ofModel, versions }: Known, promptName?: boolean): Wanted[] {
    const told = promptName ?? ofModel?.told?.promptName ?? false;
    return versions.map(({ number, version, posted: before }) => {
      const place = { modelId, number };
      if (!model || !version || 'deleted' in version) return { place, before };
      const isPrompt = told || version.tags[IS_PROMPT] === 'true';
      const copy = versionCopy(version, model.name, isPrompt ? true : undefined);
      return {
        place,
        before,
        now: { copy, keys: versionKeys(version, model.name, this.indexes, this.ports.sha256) },
      };
    });
  }

  private async modelOf(model: Model, head: Head, before: Posted | undefined, told: Posted['told']): Promise<Wanted> {
    const held = await heldIn(this.ports.store, model);
    const copy = modelCopy(model, head, held);
    const place = { modelId: model.id };
    const row = { ...rowOf(copy), tags: model.tags, ...held };
    return { place, before, now: { copy, keys: postingKeys(place, row, [], this.ports.sha256) }, told };
  }

  /**
   * Makes the postings of things what they are to be. What will have been posted is noted before and what is removed is
   * forgotten after, so that nothing stays behind wherever this ends.
   */
  private async post(all: readonly Wanted[]): Promise<void> {
    const { postings } = this.ports;
    const changes = all.map((wanted) => changeOf(wanted));
    const noted = (which: 'first' | 'last') =>
      changes.flatMap(({ place, [which]: note }) => (note ? [[this.postedKey(place), note.posted] as const] : []));
    await postings.putPosted(noted('first'));
    await postings.write(
      this.workspace,
      changes.flatMap(({ puts }) => puts),
      changes.flatMap(({ removed }) => removed),
    );
    await postings.putPosted(noted('last'));
  }
}

/** Whether something is a prompt, or was one when it was posted. */
function isOfPrompt({ before, now }: Wanted): boolean {
  return [...(before?.keys ?? []), ...(now?.keys ?? [])].some(([partition]) => partition === PARTITIONS.prompts);
}

/** What has to be written, and what is noted before and after; nothing of what would stay as it is. */
function changeOf({ place, before, now, told }: Wanted) {
  const text = (key: PostingKey) => JSON.stringify(key);
  const keys = now?.keys ?? [];
  const [wanted, had] = [new Set(keys.map(text)), new Set((before?.keys ?? []).map(text))];
  const removed = (before?.keys ?? []).filter((key) => !wanted.has(text(key)));
  const isTold = JSON.stringify(before?.told) === JSON.stringify(told);
  const note = (posted: readonly PostingKey[]) => ({ posted: { keys: posted, ...(told && { told }) } });
  const isNew = keys.some((key) => !had.has(text(key))) || (now && !isTold);
  return {
    place,
    puts: now ? keys.map(([partition, sort]) => ({ partition, sort, copy: now.copy })) : [],
    removed,
    first: isNew ? note([...keys, ...removed]) : undefined,
    last: !now && before ? { posted: undefined } : removed.length > 0 ? note(keys) : undefined,
  };
}

/** Where a version is posted, by everything that it holds. */
export function versionKeys(
  version: Version,
  name: string,
  indexes: readonly SearchIndex[],
  sha256: Ports['sha256'],
): readonly PostingKey[] {
  const row = rowOf(wholeVersion(versionCopy(version, name), version));
  return postingKeys(version, row, indexes, sha256);
}
