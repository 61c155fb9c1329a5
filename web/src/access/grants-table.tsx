import Badge from '@cloudscape-design/components/badge';
import { lazy, Suspense } from 'react';
import { useCommand, useRead, wholeList } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { CommandButton } from '../ui/command-button';
import { Confirm } from '../ui/confirm';
import { PagedTable } from '../ui/paged-table';
import { Time } from '../ui/time';
import { KINDS, rightsInWords } from './words';

const AddGrant = lazy(() => import('./add-grant'));

interface Props {
  /** Absent: the workspace. */
  readonly model?: string;
  readonly blocked?: string | undefined;
}

/** Who has which role in a workspace or on a model. */
export function GrantsTable({ model, blocked }: Props) {
  const [params, setParams] = useUrlState();
  const ofWorkspace = useRead('listGrants', {}, { enabled: model === undefined });
  const ofModel = useRead('listModelGrants', { params: { model: model ?? '' } }, { enabled: model !== undefined });
  const read = model === undefined ? ofWorkspace : ofModel;
  const close = () => setParams({ dialog: undefined, grant: undefined });
  const said = { done: () => 'The role was taken away.', onDone: close };
  const fromWorkspace = useCommand('deleteGrant', said);
  const fromModel = useCommand('deleteModelGrant', said);
  const remove = model === undefined ? fromWorkspace : fromModel;
  const list = wholeList(read, read.data?.items ?? []);
  const dialog = params.get('dialog');
  const asked = dialog === 'ungrant' ? list.rows.find(({ id }) => id === params.get('grant')) : undefined;
  const take = (grant: string) =>
    model === undefined
      ? fromWorkspace.mutate([{ params: { grant } }])
      : fromModel.mutate([{ params: { model, grant } }]);
  return (
    <>
      <PagedTable
        list={list}
        title="Roles"
        description={
          model === undefined
            ? 'Of people, groups and programs, on every model.'
            : 'On this model, besides those of the workspace.'
        }
        actions={
          <CommandButton
            operation={model === undefined ? 'setGrant' : 'setModelGrant'}
            blocked={blocked}
            onClick={() => setParams({ dialog: 'grant' })}
          >
            Give a role
          </CommandButton>
        }
        trackBy="id"
        empty={{ title: 'Nobody has a role', text: 'Only administrators of the registry come in.' }}
        columnDefinitions={[
          {
            id: 'who',
            header: 'Who',
            isRowHeader: true,
            minWidth: 200,
            cell: ({ subject }) => <span className="signet-wrap">{subject.name}</span>,
          },
          { id: 'kind', header: 'Is', minWidth: 110, cell: ({ subject }) => KINDS[subject.kind] },
          { id: 'role', header: 'Role', minWidth: 120, cell: ({ role }) => <Badge>{role}</Badge> },
          { id: 'may', header: 'May', minWidth: 240, cell: ({ role }) => rightsInWords(role) },
          {
            id: 'given',
            header: 'Given',
            minWidth: 160,
            cell: ({ at, by }) => (
              <>
                <Time at={at} /> by <span className="signet-wrap">{by.name}</span>
              </>
            ),
          },
          {
            id: 'actions',
            header: 'Actions',
            minWidth: 110,
            cell: ({ id, subject, role }) => (
              <CommandButton
                operation={model === undefined ? 'deleteGrant' : 'deleteModelGrant'}
                variant="inline-link"
                blocked={blocked}
                ariaLabel={`Take the role ${role} from ${subject.name}`}
                onClick={() => setParams({ dialog: 'ungrant', grant: id })}
              >
                Take away
              </CommandButton>
            ),
          },
        ]}
      />
      {dialog === 'grant' && (
        <Suspense fallback={null}>
          <AddGrant model={model} onClose={close} />
        </Suspense>
      )}
      {asked && (
        <Confirm
          title="Take a role away"
          text={`${asked.subject.name} is no ${asked.role} any more. Other roles and groups may still give the same rights.`}
          action="Take away"
          takesReason={false}
          onClose={close}
          onConfirm={() => take(asked.id)}
          isBusy={remove.isPending}
          error={remove.error}
        />
      )}
    </>
  );
}
