import { useEffect } from 'react';
import { usePages } from '../app/calls';
import { isBeginOpen, isEndOpen, stateOf, statesAmong } from './deployment-states';
import type { Deployment } from './types';

/**
 * The events that tell the states of a deployment, among all that happened to its version meanwhile: how it came into service
 * stands at the beginning of that time, how it ended at its end, and there may be months between.
 */
export function useDeploymentStates(deployment: Deployment) {
  const { id, model, version, createdAt, updatedAt } = deployment;
  const span = {
    version,
    from: createdAt,
    // Whoever writes a state and its event does so within a moment.
    to: new Date(Date.parse(updatedAt) + 60_000).toISOString(),
    limit: 100,
  };
  const begin = usePages('listModelEvents', { params: { model }, query: { ...span, order: 'asc' } });
  const end = usePages(
    'listModelEvents',
    { params: { model }, query: { ...span, order: 'desc' } },
    { enabled: begin.hasNextPage },
  );
  const fromBegin = statesAmong(begin.rows, id);
  const fromEnd = statesAmong(end.rows, id);
  const goesOnFromBegin =
    !begin.error && isBeginOpen(fromBegin, { pages: begin.data?.pages.length ?? 0, hasNextPage: begin.hasNextPage });
  const goesOnFromEnd =
    !end.error && isEndOpen(fromEnd, deployment, { pages: end.data?.pages.length ?? 0, hasNextPage: end.hasNextPage });
  useReadOn(begin, goesOnFromBegin);
  useReadOn(end, goesOnFromEnd);
  const told = statesAmong([...begin.rows, ...end.rows], id);
  const isReadingOn = goesOnFromBegin || goesOnFromEnd;
  return {
    told,
    error: begin.error ?? end.error,
    isPending: begin.isPending || (begin.hasNextPage && end.isPending),
    isReadingOn,
    /** Whether the state that it is in was not found within the pages that are read. */
    isLacking:
      begin.hasNextPage &&
      end.hasNextPage &&
      !isReadingOn &&
      !told.some((event) => stateOf(event) === deployment.state),
  };
}

function useReadOn(
  { isFetchingNextPage, fetchNextPage }: { isFetchingNextPage: boolean; fetchNextPage: () => unknown },
  goesOn: boolean,
): void {
  useEffect(() => {
    if (goesOn && !isFetchingNextPage) void fetchNextPage();
  }, [goesOn, isFetchingNextPage, fetchNextPage]);
}
