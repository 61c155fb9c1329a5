import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { type ReactNode, useState } from 'react';
import type { ApiError, OperationId } from '../../../client/api';
import { CommandButton } from './command-button';
import { Dialog } from './dialog';

/** How something of a model or a version is changed. */
export interface Editing<Saved> {
  readonly operation: OperationId;
  readonly blocked?: string | undefined;
  readonly save: (saved: Saved, done: () => void) => void;
  readonly isSaving: boolean;
  readonly error: ApiError | null;
}

interface Props<Draft> extends Editing<Draft> {
  readonly title: string;
  /** What is edited while it is as it was. */
  readonly begin: () => Draft;
  readonly form: (draft: Draft, change: (draft: Draft) => void) => ReactNode;
  readonly size?: 'medium' | 'large';
  readonly children: ReactNode;
}

/** A part of a page, and the dialog that changes what it shows. */
export function EditableSection<Draft>(props: Props<Draft>) {
  const { title, operation, blocked, begin, form, save, isSaving, error, size = 'medium', children } = props;
  const [draft, setDraft] = useState<{ readonly value: Draft }>();
  const name = `Edit the ${title.toLowerCase()}`;
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <CommandButton
              operation={operation}
              blocked={blocked}
              ariaLabel={name}
              onClick={() => setDraft({ value: begin() })}
            >
              Edit
            </CommandButton>
          }
        >
          {title}
        </Header>
      }
    >
      {children}
      {draft && (
        <Dialog
          title={name}
          action="Save"
          size={size}
          onClose={() => setDraft(undefined)}
          onConfirm={() => save(draft.value, () => setDraft(undefined))}
          isBusy={isSaving}
          error={error}
        >
          {form(draft.value, (value) => setDraft({ value }))}
        </Dialog>
      )}
    </Container>
  );
}
