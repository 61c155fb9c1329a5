import type { RegistryEvent } from '../domain/event';
import type { Head, Model } from '../domain/model';
import { type Key, type Put, put, type Write } from '../domain/records';
import type { SearchMark } from '../domain/search';
import type { Tombstone, Version } from '../domain/version';
import { modelCopy, versionCopy } from './copy';

function isPut<K extends Put['put']['kind']>(write: Write, kind: K): write is Extract<Put, { put: { kind: K } }> {
  return 'put' in write && write.put.kind === kind;
}

/** Where it is noted that a model or a version changed since it was posted. */
export function markKey(workspace: string, { modelId, number }: Pick<SearchMark, 'modelId' | 'number'>): Key<'mark'> {
  return { kind: 'mark', workspace, modelId, ...(number !== undefined && { number }) };
}

/**
 * The notes that a change leaves for those who post it: one for each model and version that it writes. They are part of
 * the change's transaction.
 */
export function marksOf(writes: readonly Write[]): Write[] {
  const heads = new Map<string, Head>();
  const names = new Map<string, string>();
  const renamed = new Set<string>();
  for (const write of writes) {
    if (isPut(write, 'head') && write.put.modelId !== undefined) heads.set(write.put.modelId, write.value as Head);
    if (isPut(write, 'event')) {
      const { modelId, model, type } = write.value as RegistryEvent;
      if (modelId !== undefined && model !== undefined) names.set(modelId, model);
      if (modelId !== undefined && type === 'model.renamed') renamed.add(modelId);
    }
    if (isPut(write, 'model')) names.set((write.value as Model).id, (write.value as Model).name);
  }
  return writes.flatMap((write): Write[] => {
    if (isPut(write, 'version')) {
      const { workspace, modelId, number } = write.put;
      const version = write.value as Version | Tombstone;
      const head = heads.get(modelId);
      const name = names.get(modelId);
      if (!head || name === undefined)
        throw new Error(`version ${number} of ${modelId} is written without its history`);
      const copy = 'deleted' in version ? {} : { copy: versionCopy(version, name) };
      const mark: SearchMark = { modelId, number, sequence: head.sequence, at: head.at, ...copy };
      return [put<'mark'>(markKey(workspace, mark), mark)];
    }
    if (isPut(write, 'model')) {
      const { workspace, modelId } = write.put;
      const model = write.value as Model;
      const head = heads.get(modelId);
      if (!head) throw new Error(`model ${modelId} is written without its history`);
      const mark: SearchMark = {
        modelId,
        sequence: head.sequence,
        at: head.at,
        name: model.name,
        ...(model.state === 'deleted'
          ? { deleted: true }
          : { copy: modelCopy(model, head, { stages: [], aliases: [] }) }),
        ...(renamed.has(modelId) && { renamed: true }),
      };
      return [put<'mark'>(markKey(workspace, mark), mark)];
    }
    return [];
  });
}
