import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { useCommand, usePages, useRead } from '../app/calls';
import { CommandButton } from '../ui/command-button';
import { Empty } from '../ui/empty';
import { ErrorAlert } from '../ui/error-alert';
import { Markdown } from '../ui/markdown';
import { MoreButton } from '../ui/more-button';
import { SectionLoading } from '../ui/section-loading';
import { Time } from '../ui/time';
import type { Version } from './types';

/** What people say about a version. */
export default function Comments({ version, blocked }: { version: Version; blocked: string | undefined }) {
  const params = { model: version.model, version: version.version };
  const list = usePages('listComments', { params, query: { limit: 50 } });
  const { data: caller } = useRead('whoami', {});
  const [text, setText] = useState('');
  const add = useCommand('addComment', { onDone: () => setText('') });
  const remove = useCommand('deleteComment', { done: () => 'The comment was removed.', tellsRefusals: true });
  const isArchived = blocked?.includes('archived') ? blocked : undefined;
  return (
    <SpaceBetween size="m">
      <ErrorAlert error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && <SectionLoading />}
      {list.data && list.rows.length === 0 && <Empty title="No comments yet" />}
      {list.rows.map(({ id, author, createdAt, text: said }) => (
        <Container
          key={id}
          header={
            <Header
              variant="h2"
              description={<Time at={createdAt} />}
              actions={
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
            >
              {author.name}
            </Header>
          }
        >
          <Markdown text={said} />
        </Container>
      ))}
      <MoreButton list={list} />
      <Container>
        <SpaceBetween size="s">
          <FormField label="Your comment" description="Markdown." stretch>
            <Textarea value={text} rows={4} onChange={({ detail }) => setText(detail.value)} />
          </FormField>
          <ErrorAlert error={add.error} />
          <Box float="right">
            <CommandButton
              operation="addComment"
              blocked={isArchived ?? (text.trim() === '' ? 'Write something first.' : undefined)}
              loading={add.isPending}
              onClick={() => add.mutate([{ params, body: { text } }])}
            >
              Comment
            </CommandButton>
          </Box>
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
