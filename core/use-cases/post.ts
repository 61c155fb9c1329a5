import { EMPTY_HEAD, type Head, type Model } from '../domain/model';
import { IS_PROMPT } from '../domain/prompt';
import { type Key, put } from '../domain/records';
import type { Posted, Searchable, SearchIndex, SearchMark, SearchWalk } from '../domain/search';
import type { Version } from '../domain/version';
import { Contention, type Page, type Ports } from '../ports';
import { modelCopy, rowOf, versionCopy, wholeVersion } from '../search/copy';
import { markKey } from '../search/marks';
import { PARTITIONS, type PostingKey, postingKeys } from '../search/postings';
import { heldIn } from './held';

/** What posting needs of the world. */
export type PostPorts = Pick<Ports, 'store' | 'postings' | 'clock' | 'sha256' | 'newId'>;

/** A note of a workspace's desk. */
export type Note = { readonly mark: Searchable } | { readonly walk: string };

/** Versions that one step posts: it ends long before its function does. */
const STEP = 50;

const CONSISTENT = { consistent: true } as const;

/** Does what notes of a workspace's desk ask for. */
export class Poster {
  constructor(
    private readonly ports: PostPorts,
    private readonly workspace: string,
    private readonly indexes: readonly SearchIndex[],
  ) {}

  /** Handles a note as it is now; one that is gone was handled before. */
  async handle(note: Note): Promise<void> {
    const { store } = this.ports;
    if ('walk' in note) {
      const key: Key<'walk'> = { kind: 'walk', workspace: this.workspace, id: note.walk };
      const walk = await store.get<'walk'>(key, CONSISTENT);
      if (walk) await this.walkOn(key, walk);
      return;
    }
    const key = markKey(this.workspace, note.mark);
    const mark = await store.get<'mark'>(key, CONSISTENT);
    if (!mark) return;
    if (mark.number !== undefined) await this.postVersion(mark.modelId, mark.number);
    const unchanged =
      mark.number === undefined ? await this.postModelAndVersions(key, mark) : await this.afterVersion(mark);
    if (unchanged) await this.ports.postings.settle(key, mark, undefined);
  }

  /** A version's change changes its model's times, stages and aliases too. */
  private async afterVersion({ modelId }: SearchMark): Promise<true> {
    const { model, head } = await this.read(modelId);
    if (!model || model.state === 'deleted') return true;
    await this.postModel(model, head, (await this.posted({ modelId }))?.told);
    await this.correct(model, head);
    return true;
  }

  /** Has a model's versions posted again where their postings say otherwise whether the name is a prompt's. */
  private async correct(model: Model, head: Head): Promise<void> {
    const [posted, promptName] = await Promise.all([this.posted({ modelId: model.id }), this.hasPrompts(model.id)]);
    if (posted?.told && posted.told.promptName !== promptName) await this.noteModel(model, head);
  }

  /**
   * Posts a model, and its versions where their postings say something else of it, a step at a time.
   * @returns whether all of it is done
   */
  private async postModelAndVersions(key: Key<'mark'>, mark: SearchMark): Promise<boolean> {
    const { modelId, walked = 0 } = mark;
    const { model, head } = await this.read(modelId);
    const isThere = model !== undefined && model.state !== 'deleted';
    const posted = await this.posted({ modelId });
    const told = isThere ? { name: model.name, promptName: await this.hasPrompts(modelId) } : undefined;
    const isAsTold = told !== undefined && JSON.stringify(posted?.told) === JSON.stringify(told);
    if (isAsTold || head.lastVersion === 0) {
      if (isThere) await this.postModel(model, head, told);
      else await this.post({ modelId }, undefined);
      return true;
    }
    if (walked === 0) {
      if (isThere) await this.postModel(model, head, posted?.told);
      else await this.post({ modelId }, undefined);
    }
    const end = Math.min(head.lastVersion, walked + STEP);
    for (let number = walked + 1; number <= end; number++) await this.postVersion(modelId, number, told?.promptName);
    if (end < head.lastVersion) {
      await this.ports.postings.settle(key, mark, { ...mark, walked: end });
      return false;
    }
    if (isThere) await this.postModel(model, head, told);
    return true;
  }

  /** Posts the next models and versions of a walk through a workspace. */
  private async walkOn(key: Key<'walk'>, walk: SearchWalk): Promise<void> {
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
      const { model, head } = await this.read(modelId);
      if (model && number === 0) {
        const told = { name: model.name, promptName: await this.hasPrompts(modelId) };
        await (model.state === 'deleted' ? this.post({ modelId }, undefined) : this.postModel(model, head, told));
        left -= 1;
        done += 1;
      }
      for (; number < head.lastVersion && left > 0; left--, done++) await this.postVersion(modelId, ++number);
      if (number < head.lastVersion) continue;
      if (model && model.state !== 'deleted') await this.correct(model, head);
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
    await this.ports.postings.settle(key, walk, isDone ? undefined : next);
  }

  private async read(modelId: string): Promise<{ model: Model | undefined; head: Head }> {
    const { store } = this.ports;
    const place = { workspace: this.workspace, modelId };
    const [model, head] = await Promise.all([
      store.get<'model'>({ kind: 'model', ...place }, CONSISTENT),
      store.get<'head'>({ kind: 'head', ...place }, CONSISTENT),
    ]);
    return { model, head: head ?? EMPTY_HEAD };
  }

  private posted(place: Searchable): Promise<Posted | undefined> {
    return this.ports.store.get<'posted'>(this.postedKey(place), CONSISTENT);
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

  private async postVersion(modelId: string, number: number, promptName?: boolean): Promise<void> {
    const { store } = this.ports;
    const place = { workspace: this.workspace, modelId };
    const [version, model] = await Promise.all([
      store.get<'version'>({ kind: 'version', ...place, number }, CONSISTENT),
      store.get<'model'>({ kind: 'model', ...place }, CONSISTENT),
    ]);
    if (!version || 'deleted' in version || !model || model.state === 'deleted') {
      await this.post({ modelId, number }, undefined);
      return;
    }
    const told = promptName ?? (await this.posted({ modelId }))?.told?.promptName ?? false;
    const isPrompt = told || version.tags[IS_PROMPT] === 'true';
    const copy = versionCopy(version, model.name, isPrompt ? true : undefined);
    const keys = versionKeys(version, model.name, this.indexes, this.ports.sha256);
    await this.post({ modelId, number }, { copy, keys });
  }

  private async postModel(model: Model, head: Head, told: Posted['told']): Promise<void> {
    const held = await heldIn(this.ports.store, model);
    const copy = modelCopy(model, head, held);
    const place = { modelId: model.id };
    const row = { ...rowOf(copy), tags: model.tags, ...held };
    await this.post(place, { copy, keys: postingKeys(place, row, [], this.ports.sha256) }, told);
  }

  /**
   * Makes the postings of something what they are to be. What will have been posted is noted before and what is removed is
   * forgotten after, so that nothing stays behind wherever this ends.
   */
  private async post(
    place: Searchable,
    target: { readonly copy: Parameters<typeof rowOf>[0]; readonly keys: readonly PostingKey[] } | undefined,
    told?: Posted['told'],
  ): Promise<void> {
    const { postings } = this.ports;
    const before = await this.posted(place);
    const keys = target?.keys ?? [];
    const text = (key: PostingKey) => JSON.stringify(key);
    const [wanted, had] = [new Set(keys.map(text)), new Set((before?.keys ?? []).map(text))];
    const removed = (before?.keys ?? []).filter((key) => !wanted.has(text(key)));
    const isTold = JSON.stringify(before?.told) === JSON.stringify(told);
    const note = (all: readonly PostingKey[]): Posted => ({ keys: all, ...(told && { told }) });
    if (keys.some((key) => !had.has(text(key))) || (target && !isTold)) {
      await postings.putPosted(this.postedKey(place), note([...keys, ...removed]));
    }
    const puts = target ? keys.map(([partition, sort]) => ({ partition, sort, copy: target.copy })) : [];
    if (puts.length + removed.length > 0) await postings.write(this.workspace, puts, removed);
    if (!target && before) await postings.putPosted(this.postedKey(place), undefined);
    else if (removed.length > 0) await postings.putPosted(this.postedKey(place), note(keys));
  }
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
