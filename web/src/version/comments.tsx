import { useCommand, usePages, useRead } from '../app/calls';
import { CommandButton } from '../ui/command-button';
import { Discussion } from '../ui/discussion';
import type { Version } from './types';

/** What people say about a version. */
export default function Comments({ version, blocked }: { version: Version; blocked: string | undefined }) {
  const params = { model: version.model, version: version.version };
  const list = usePages('listComments', { params, query: { limit: 50 } });
  const { data: caller } = useRead('whoami', {});
  const add = useCommand('addComment');
  const remove = useCommand('deleteComment', { done: () => 'The comment was removed.', tellsRefusals: true });
  const isArchived = blocked?.includes('archived') ? blocked : undefined;
  return (
    <Discussion
      list={list}
      operation="addComment"
      blocked={isArchived}
      add={(text, done) => add.mutate([{ params, body: { text } }], { onSuccess: done })}
      isAdding={add.isPending}
      error={add.error}
      actions={({ id, author }) =>
        caller?.id === author.id && (
          <CommandButton
            operation="deleteComment"
            variant="inline-link"
            blocked={isArchived}
            ariaLabel="Remove the comment"
            onClick={() => remove.mutate([{ params: { ...params, comment: id } }])}
          >
            Remove
          </CommandButton>
        )
      }
    />
  );
}
