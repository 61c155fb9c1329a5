import { useState } from 'react';
import { ApiError } from '../../../client/api';
import { useCommand, useRead, wholeList } from '../app/calls';
import { useClient } from '../app/registry';
import { type Guard, isSameTarget, type Target } from '../approvals/types';
import type { GuardInput } from './draft';

/** A guard, where it comes from, and which of its checks have a token. */
export interface GuardRow {
  readonly guard: Guard;
  readonly from: 'model' | 'workspace' | 'default';
  readonly tokens: readonly string[];
}

/** The policy of a model with what guards it besides, or that of the workspace. */
export function usePolicy(model: string | undefined) {
  const ofModel = useRead('getModelPolicy', { params: { model: model ?? '' } }, { enabled: model !== undefined });
  const ofWorkspace = useRead('getWorkspacePolicy', {}, { isAside: model !== undefined });
  const common = ofWorkspace.data?.tokens ?? [];
  const rows: GuardRow[] =
    model === undefined
      ? (ofWorkspace.data?.guards ?? []).map((guard) => ({ guard, from: 'workspace', tokens: common }))
      : (ofModel.data?.effective ?? []).map(({ guard, from }) => ({
          guard,
          from,
          tokens: from === 'model' ? (ofModel.data?.tokens ?? []) : common,
        }));
  return wholeList(model === undefined ? ofWorkspace : ofModel, rows);
}

/**
 * Puts one guard of a policy in the place of another, or takes it out, and leaves the others as they are by now. What
 * somebody else made of the same guard meanwhile is not overwritten.
 */
export function useSaveGuard(model: string | undefined, said: string, onDone: () => void) {
  const client = useClient();
  const [stale, setStale] = useState<ApiError | null>(null);
  const [isReading, setIsReading] = useState(false);
  const ofModel = useCommand('setModelPolicy', { done: () => said, onDone });
  const ofWorkspace = useCommand('setWorkspacePolicy', { done: () => said, onDone });
  const save = async (target: Target, before: Guard | undefined, after: GuardInput | undefined, reason: string) => {
    setStale(null);
    setIsReading(true);
    try {
      const { body, etag } =
        model === undefined
          ? await client.exchange('getWorkspacePolicy', {})
          : await client.exchange('getModelPolicy', { params: { model } });
      const at = body.guards.findIndex((guard) => isSameTarget(guard.target, target));
      if (JSON.stringify(body.guards[at]) !== JSON.stringify(before)) throw changedMeanwhile();
      const guards: GuardInput[] = [...body.guards];
      guards.splice(at < 0 ? guards.length : at, at < 0 ? 0 : 1, ...(after ? [after] : []));
      const command = { guards, ...(reason && { reason }) };
      if (model === undefined) ofWorkspace.mutate([{ body: command }, { ifMatch: etag }]);
      else ofModel.mutate([{ params: { model }, body: command }, { ifMatch: etag }]);
    } catch (error) {
      setStale(error as ApiError);
    } finally {
      setIsReading(false);
    }
  };
  return {
    save,
    isBusy: isReading || ofModel.isPending || ofWorkspace.isPending,
    error: stale ?? ofModel.error ?? ofWorkspace.error,
  };
}

function changedMeanwhile(): ApiError {
  return new ApiError('precondition_failed', 'The guard was changed meanwhile: close this and look at it again.', 412);
}
