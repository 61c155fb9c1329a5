import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { type ReactNode, useState } from 'react';
import type { ListState } from '../app/calls';
import { CommandButton } from './command-button';
import { Empty } from './empty';
import { ErrorAlert } from './error-alert';
import { Markdown } from './markdown';
import { MoreButton } from './more-button';
import { SectionLoading } from './section-loading';
import { Time } from './time';

interface Remark {
  readonly id: string;
  readonly text: string;
  readonly author: { readonly id: string; readonly name: string };
  readonly createdAt: string;
}

interface Props<R extends Remark> {
  /** Absent where what is around it says that these are comments. */
  readonly title?: string;
  readonly list: ListState & { readonly rows: readonly R[] };
  readonly operation: 'addComment' | 'commentOnRequest';
  readonly blocked?: string | undefined;
  readonly add: (text: string, done: () => void) => void;
  readonly isAdding: boolean;
  readonly error: unknown;
  /** What can be done with a remark. */
  readonly actions?: (remark: R) => ReactNode;
}

/** What people say about something, and what the caller adds to it. */
export function Discussion<R extends Remark>({
  title,
  list,
  operation,
  blocked,
  add,
  isAdding,
  error,
  actions,
}: Props<R>) {
  const [text, setText] = useState('');
  return (
    <SpaceBetween size="m">
      {title && <Header variant="h2">{title}</Header>}
      <ErrorAlert error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && <SectionLoading />}
      {!list.isPending && !list.error && list.rows.length === 0 && <Empty title="No comments yet" />}
      {list.rows.map((remark) => (
        <Container
          key={remark.id}
          header={
            <Header
              variant={title ? 'h3' : 'h2'}
              description={<Time at={remark.createdAt} />}
              actions={actions?.(remark)}
            >
              <span className="signet-wrap">{remark.author.name}</span>
            </Header>
          }
        >
          <Markdown text={remark.text} />
        </Container>
      ))}
      <MoreButton list={list} />
      <Container>
        <SpaceBetween size="s">
          <FormField label="Your comment" description="Markdown." stretch>
            <Textarea value={text} rows={4} onChange={({ detail }) => setText(detail.value)} />
          </FormField>
          <ErrorAlert error={error} />
          <Box float="right">
            <CommandButton
              operation={operation}
              blocked={blocked ?? (text.trim() === '' ? 'Write something first.' : undefined)}
              loading={isAdding}
              onClick={() => add(text, () => setText(''))}
            >
              Comment
            </CommandButton>
          </Box>
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
