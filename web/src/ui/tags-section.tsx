import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { useState } from 'react';
import type { ApiError } from '../../../client/api';
import { CommandButton } from './command-button';
import { Dialog } from './dialog';
import { Tags } from './tags';
import { rowsOf, type TagRow, TagsField, tagChanges, tagsOf } from './tags-field';

interface Props {
  readonly tags: Readonly<Record<string, string>>;
  readonly operation: 'updateModel' | 'updateVersion';
  readonly blocked?: string | undefined;
  readonly save: (changes: Record<string, string | null>, done: () => void) => void;
  readonly isSaving: boolean;
  readonly error: ApiError | null;
}

/** Tags, and the way to change them. */
export function TagsSection({ tags, operation, blocked, save, isSaving, error }: Props) {
  const [rows, setRows] = useState<readonly TagRow[]>();
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <CommandButton
              operation={operation}
              blocked={blocked}
              ariaLabel="Edit the tags"
              onClick={() => setRows(rowsOf(tags))}
            >
              Edit
            </CommandButton>
          }
        >
          Tags
        </Header>
      }
    >
      <Tags tags={tags} />
      {rows && (
        <Dialog
          title="Edit the tags"
          action="Save"
          onClose={() => setRows(undefined)}
          onConfirm={() => save(tagChanges(tags, tagsOf(rows)), () => setRows(undefined))}
          isBusy={isSaving}
          error={error}
        >
          <TagsField rows={rows} onChange={setRows} />
        </Dialog>
      )}
    </Container>
  );
}
