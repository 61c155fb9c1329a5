import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import CloudscapeTabs from '@cloudscape-design/components/tabs';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import type { ApiError } from '../../../client/api';
import { CommandButton } from './command-button';
import { Dialog } from './dialog';
import { Markdown } from './markdown';

interface Props {
  readonly text: string | undefined;
  readonly operation: 'updateModel' | 'updateVersion';
  readonly blocked?: string | undefined;
  readonly save: (text: string, done: () => void) => void;
  readonly isSaving: boolean;
  readonly error: ApiError | null;
}

/** A description in markdown, and the way to change it. */
export function Description({ text, operation, blocked, save, isSaving, error }: Props) {
  const [draft, setDraft] = useState<string>();
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <CommandButton
              operation={operation}
              blocked={blocked}
              ariaLabel="Edit the description"
              onClick={() => setDraft(text ?? '')}
            >
              Edit
            </CommandButton>
          }
        >
          Description
        </Header>
      }
    >
      {text ? <Markdown text={text} /> : <Box color="text-body-secondary">No description yet.</Box>}
      {draft !== undefined && (
        <Dialog
          title="Edit the description"
          action="Save"
          size="large"
          onClose={() => setDraft(undefined)}
          onConfirm={() => save(draft, () => setDraft(undefined))}
          isBusy={isSaving}
          error={error}
        >
          <CloudscapeTabs
            ariaLabel="Write or see"
            tabs={[
              {
                id: 'write',
                label: 'Write',
                content: (
                  <FormField label="Markdown" stretch>
                    <Textarea value={draft} rows={14} onChange={({ detail }) => setDraft(detail.value)} />
                  </FormField>
                ),
              },
              { id: 'preview', label: 'Preview', content: <Markdown text={draft || '*Nothing yet.*'} /> },
            ]}
          />
        </Dialog>
      )}
    </Container>
  );
}
