import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, type OutputOf } from '../../../client/api';
import { useCommand } from '../app/calls';
import { useClient } from '../app/registry';

type Policy = OutputOf<'listAccessPolicies'>['items'][number];

/** Adds a policy, or puts another text in the one that was opened. What somebody else wrote meanwhile is not overwritten. */
export function useSavePolicy(policy: Policy | undefined, onDone: () => void) {
  const client = useClient();
  const queries = useQueryClient();
  // The list may be read again; what the form was filled with stays.
  const [opened] = useState(policy);
  const [stale, setStale] = useState<ApiError | null>(null);
  const [isReading, setIsReading] = useState(false);
  const command = useCommand('putAccessPolicy', { done: ({ name }) => `The policy ${name} holds now.`, onDone });
  const save = async (name: string, text: string) => {
    setStale(null);
    setIsReading(true);
    try {
      const { body, etag } = await client.exchange('listAccessPolicies', {});
      const now = body.items.find((each) => each.name === name);
      if (now?.text !== opened?.text) {
        // Who looks at it again sees what it is now; the form of one that is gone would go with it, and its text.
        if (now) await queries.invalidateQueries();
        throw changedMeanwhile(name, opened !== undefined);
      }
      command.mutate([{ params: { policy: name }, body: { text } }, { ifMatch: etag }]);
    } catch (error) {
      setStale(error as ApiError);
    } finally {
      setIsReading(false);
    }
  };
  const reset = () => {
    setStale(null);
    command.reset();
  };
  return { save, reset, isBusy: isReading || command.isPending, error: stale ?? command.error };
}

function changedMeanwhile(name: string, isKnown: boolean): ApiError {
  const what = isKnown ? 'was changed' : 'was added';
  const message = `The policy ${name} ${what} meanwhile: close this and look at it again.`;
  return new ApiError('precondition_failed', message, 412);
}
