import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../../../client/api';
import { useCommand } from '../app/calls';
import { useClient } from '../app/registry';
import { bodyOf, formOf, type TargetForm } from './target-fields';
import type { Target } from './types';

/** Sets a target, or another in the place of the one that was opened. What somebody else set meanwhile is not overwritten. */
export function useSaveTarget(model: string, target: Target | undefined, onDone: () => void) {
  const client = useClient();
  const queries = useQueryClient();
  // The list is read again and again; what the form was filled with stays.
  const [opened] = useState(target);
  const [stale, setStale] = useState<ApiError | null>(null);
  const [isReading, setIsReading] = useState(false);
  const command = useCommand('putTarget', {
    done: ({ stage }) => `The target of ${stage} was ${opened ? 'changed' : 'set'}.`,
    onDone,
  });
  const save = async (stage: string, form: TargetForm) => {
    const params = { model, stage };
    setStale(null);
    setIsReading(true);
    try {
      const now = await client.exchange('getTarget', { params }).catch(noneThere);
      if (saidOf(now?.body) !== saidOf(opened)) {
        // Who looks at it again sees what it is now.
        await queries.invalidateQueries();
        throw changedMeanwhile(stage);
      }
      command.mutate([{ params, body: bodyOf(form) }, { ifMatch: now?.etag }]);
    } catch (error) {
      setStale(error as ApiError);
    } finally {
      setIsReading(false);
    }
  };
  return { save, isBusy: isReading || command.isPending, error: stale ?? command.error };
}

/** What somebody said of a target, without what became of it since. */
function saidOf(target: Target | undefined): string | undefined {
  return target && JSON.stringify([target.removing, bodyOf(formOf(target))]);
}

function noneThere(error: ApiError): undefined {
  if (error.code !== 'target_not_found') throw error;
}

function changedMeanwhile(stage: string): ApiError {
  const message = `The target of ${stage} was changed meanwhile: close this and look at it again.`;
  return new ApiError('precondition_failed', message, 412);
}
