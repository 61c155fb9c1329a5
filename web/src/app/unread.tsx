import Button from '@cloudscape-design/components/button';
import type { FlashbarProps } from '@cloudscape-design/components/flashbar';
import { notifyManager, type Query, useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import { ApiError } from '../../../client/api';

/** Failures that are told by name; of more the number. */
const MOST = 5;

/** What the bar at the top says of reads that failed and that nothing else on the page tells of. */
export function useUnread(): FlashbarProps.MessageDefinition | undefined {
  const cache = useQueryClient().getQueryCache();
  const listen = useCallback((listener: () => void) => cache.subscribe(notifyManager.batchCalls(listener)), [cache]);
  const failed = (): Query[] =>
    cache.findAll({
      type: 'active',
      predicate: ({ meta, state }) => meta?.['isAside'] === true && state.status === 'error' && !isRefused(state.error),
    });
  const said = useSyncExternalStore(listen, () => [...new Set(failed().map(wordsOf))].join('\n'));
  if (said === '') return undefined;
  const lines = said.split('\n');
  return {
    id: 'unread',
    type: 'warning',
    header: 'Parts of this page could not be read',
    content: (
      <>
        {lines.slice(0, MOST).map((line) => (
          <div key={line} className="signet-wrap">
            {line}
          </div>
        ))}
        {lines.length > MOST && `and ${lines.length - MOST} more`}
      </>
    ),
    action: <Button onClick={() => failed().forEach((query) => void query.fetch())}>Read again</Button>,
  };
}

/** What is not there, or not for the caller, is not lacking. */
function isRefused(error: unknown): boolean {
  return error instanceof ApiError && [403, 404].includes(error.status);
}

function wordsOf({ state: { error } }: Query): string {
  const { message } = error ?? {};
  if (!(error instanceof ApiError)) return String(message);
  return `${message} (${[error.code, error.requestId && `request ${error.requestId}`].filter(Boolean).join(', ')})`;
}
