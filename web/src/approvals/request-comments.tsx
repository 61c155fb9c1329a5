import { useCommand, usePages } from '../app/calls';
import { Discussion } from '../ui/discussion';
import type { TransitionRequest } from './types';

/** What people say about a request. */
export function RequestComments({ request }: { request: TransitionRequest }) {
  const params = { model: request.model, request: request.id };
  const list = usePages('listRequestComments', { params, query: { limit: 50 } });
  const add = useCommand('commentOnRequest');
  return (
    <Discussion
      title="Comments"
      list={list}
      operation="commentOnRequest"
      add={(text, done) => add.mutate([{ params, body: { text } }], { onSuccess: done })}
      isAdding={add.isPending}
      error={add.error}
    />
  );
}
