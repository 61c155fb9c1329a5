import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, Suspense } from 'react';
import { useCommand, useRead, wholeList } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { CommandButton } from '../ui/command-button';
import { Confirm } from '../ui/confirm';
import { OuterLink } from '../ui/outer-link';
import { PagedTable } from '../ui/paged-table';
import { Time } from '../ui/time';

const EditPolicy = lazy(() => import('./edit-policy'));

/** Policies in Cedar, which add to what roles allow or take of it. */
export function PoliciesTable() {
  const [params, setParams] = useUrlState();
  const read = useRead('listAccessPolicies', {});
  const close = () => setParams({ dialog: undefined, policy: undefined });
  const open = (dialog: string, policy?: string) => setParams({ dialog, policy });
  const remove = useCommand('deleteAccessPolicy', { done: () => 'The policy was deleted.', onDone: close });
  const list = wholeList(read, read.data?.items ?? []);
  const named = list.rows.find(({ name }) => name === params.get('policy'));
  const dialog = params.get('dialog');
  return (
    <>
      <PagedTable
        list={list}
        title="Policies"
        description={
          <>
            In <OuterLink href="https://docs.cedarpolicy.com">Cedar</OuterLink>, where roles are too coarse. What one
            forbids nobody may, administrators of the registry aside.
          </>
        }
        actions={
          <CommandButton operation="putAccessPolicy" onClick={() => open('policy')}>
            Add policy
          </CommandButton>
        }
        trackBy="name"
        expected={2}
        empty={{ title: 'No policies', text: 'What somebody may do follows from their roles alone.' }}
        columnDefinitions={[
          {
            id: 'name',
            header: 'Name',
            isRowHeader: true,
            minWidth: 140,
            cell: ({ name }) => <span className="signet-wrap">{name}</span>,
          },
          { id: 'text', header: 'Text', minWidth: 320, cell: ({ text }) => <pre className="signet-pre">{text}</pre> },
          {
            id: 'changed',
            header: 'Changed',
            minWidth: 150,
            cell: ({ at, by }) => (
              <>
                <Time at={at} /> by <span className="signet-wrap">{by.name}</span>
              </>
            ),
          },
          {
            id: 'actions',
            header: 'Actions',
            minWidth: 120,
            cell: ({ name }) => (
              <SpaceBetween direction="horizontal" size="m">
                <CommandButton
                  operation="putAccessPolicy"
                  variant="inline-link"
                  ariaLabel={`Edit ${name}`}
                  onClick={() => open('policy', name)}
                >
                  Edit
                </CommandButton>
                <CommandButton
                  operation="deleteAccessPolicy"
                  variant="inline-link"
                  ariaLabel={`Delete ${name}`}
                  onClick={() => open('unpolicy', name)}
                >
                  Delete
                </CommandButton>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {dialog === 'policy' && !read.isPending && (
        <Suspense fallback={null}>
          <EditPolicy
            key={named?.name ?? ''}
            policy={named}
            taken={list.rows.map(({ name }) => name)}
            onClose={close}
          />
        </Suspense>
      )}
      {dialog === 'unpolicy' && named && (
        <Confirm
          title={`Delete ${named.name}`}
          text="What it allowed or forbade follows from roles and other policies again. The text stays in the history."
          action="Delete"
          takesReason={false}
          onClose={close}
          onConfirm={() => remove.mutate([{ params: { policy: named.name } }])}
          isBusy={remove.isPending}
          error={remove.error}
        />
      )}
    </>
  );
}
