import { useState } from 'react';
import { ApiError } from '../../../client/api';
import { useCommand } from '../app/calls';
import { useClient } from '../app/registry';
import { cardStatusWords } from './badges';
import type { Card, CardInput } from './fields';

interface Place {
  readonly model: string;
  readonly version: number;
}

/** Writes the next revision of a card. What somebody else wrote since `before` was read is not overwritten. */
export function useSaveCard(params: Place, before: number | undefined, onDone: () => void) {
  const client = useClient();
  const [stale, setStale] = useState<ApiError | null>(null);
  const [isReading, setIsReading] = useState(false);
  const done = ({ revision, status }: Card) => `Revision ${revision} of the model card: ${cardStatusWords(status)}.`;
  const put = useCommand('putModelCard', { done, onDone });
  const review = useCommand('setModelCardStatus', { done, onDone });
  /** Goes on with the ETag of the revision that is looked at, unless there is another by now. */
  const ifStill = async (act: (options: { ifMatch?: string | undefined }) => void) => {
    setStale(null);
    setIsReading(true);
    try {
      const now = await client.exchange('getModelCard', { params }).catch((error: unknown) => {
        if (error instanceof ApiError && error.code === 'card_not_found') return undefined;
        throw error;
      });
      if (now?.body.revision !== before) throw changedMeanwhile();
      act({ ifMatch: now?.etag });
    } catch (error) {
      setStale(error as ApiError);
    } finally {
      setIsReading(false);
    }
  };
  return {
    save: (body: CardInput) => void ifStill((options) => put.mutate([{ params, body }, options])),
    setStatus: (status: Card['status'], reason: string) => {
      const body = { status, ...(reason && { reason }) };
      void ifStill((options) => review.mutate([{ params, body }, options]));
    },
    isBusy: isReading || put.isPending || review.isPending,
    error: stale ?? put.error ?? review.error,
  };
}

function changedMeanwhile(): ApiError {
  return new ApiError('precondition_failed', 'The card was changed meanwhile: close this and look at it again.', 412);
}
