import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, Suspense } from 'react';
import { useUrlState } from '../app/url-state';
import { guardWords } from '../approvals/guard-words';
import { targetName } from '../approvals/types';
import { CommandButton } from '../ui/command-button';
import { PagedTable } from '../ui/paged-table';
import { DeleteGuard } from './delete-guard';
import { type GuardRow, usePolicy } from './use-policy';

const EditGuard = lazy(() => import('./edit-guard'));
const SetToken = lazy(() => import('./set-token'));

interface Props {
  /** Absent: the policy of the workspace. */
  readonly model?: string;
  readonly blocked?: string | undefined;
}

/** What a version needs before it may enter a stage or get an alias: one guard for each. */
export function PolicySection({ model, blocked }: Props) {
  const [params, setParams] = useUrlState();
  const list = usePolicy(model);
  const { rows, isPending } = list;
  const operation = model === undefined ? 'setWorkspacePolicy' : 'setModelPolicy';
  const asked = rows.find(({ guard }) => targetName(guard.target) === params.get('guard'));
  const isOwn = ({ from }: GuardRow) => from === (model === undefined ? 'workspace' : 'model');
  const dialog = params.get('dialog');
  const close = () => setParams({ dialog: undefined, guard: undefined, check: undefined });
  const open = (name: string, { guard }: GuardRow, check?: string) =>
    setParams({ dialog: name, guard: targetName(guard.target), check });
  const isPage = model === undefined;
  return (
    <>
      <PagedTable
        list={list}
        title="Approval policy"
        isPage={isPage}
        description={
          isPage
            ? 'What a version of any model needs before it may enter a stage or get an alias.'
            : 'What a version needs here. A guard of the model takes the place of the workspace’s.'
        }
        actions={
          <CommandButton
            operation={operation}
            variant={isPage ? 'primary' : 'normal'}
            blocked={blocked}
            onClick={() => setParams({ dialog: 'guard', guard: undefined })}
          >
            Add guard
          </CommandButton>
        }
        expected={2}
        empty={{ title: 'Nothing is guarded', text: 'Versions go wherever their stages allow.' }}
        trackBy={({ guard }) => targetName(guard.target)}
        columnDefinitions={[
          {
            id: 'target',
            header: 'Guards',
            isRowHeader: true,
            minWidth: 130,
            cell: ({ guard }) => (
              <>
                <span className="signet-wrap">{targetName(guard.target)}</span>{' '}
                {guard.enforced && <Badge>enforced</Badge>}
              </>
            ),
          },
          {
            id: 'takes',
            header: 'Takes',
            minWidth: 240,
            cell: ({ guard }) => (
              <ul className="signet-list">
                {guardWords(guard).map((each) => (
                  <li key={each} className="signet-wrap">
                    {each}
                  </li>
                ))}
              </ul>
            ),
          },
          {
            id: 'then',
            header: 'Then',
            minWidth: 150,
            cell: ({ guard }) => (
              <>
                {guard.commit === 'automatic' ? 'it moves at once' : 'somebody carries it out'}
                <Box color="text-body-secondary" fontSize="body-s">
                  worth {hours(guard.expiresAfterHours)}; {guard.bypass ? 'admins may' : 'nobody may'} pass over it
                </Box>
              </>
            ),
          },
          {
            id: 'checks',
            header: 'Tokens of checks',
            minWidth: 160,
            cell: (row) =>
              row.guard.checks.length === 0
                ? '–'
                : row.guard.checks.map(({ name }) => (
                    <div key={name}>
                      <span className="signet-wrap">{name}</span>: {row.tokens.includes(name) ? 'set' : 'none yet'}{' '}
                      {isOwn(row) && (
                        <CommandButton
                          operation={model === undefined ? 'setWorkspaceCheckToken' : 'setModelCheckToken'}
                          variant="inline-link"
                          blocked={blocked}
                          ariaLabel={`Give ${name} a token`}
                          onClick={() => open('token', row, name)}
                        >
                          Set
                        </CommandButton>
                      )}
                    </div>
                  )),
          },
          ...(isPage
            ? []
            : [{ id: 'from', header: 'From', minWidth: 110, cell: ({ from }: GuardRow) => `the ${from}` }]),
          {
            id: 'actions',
            header: 'Actions',
            minWidth: 140,
            cell: (row) => {
              const name = targetName(row.guard.target);
              const enforced =
                !isOwn(row) && row.guard.enforced ? 'The workspace enforces it: models have no other.' : undefined;
              return (
                <SpaceBetween direction="horizontal" size="m">
                  <CommandButton
                    operation={operation}
                    variant="inline-link"
                    blocked={blocked ?? enforced}
                    ariaLabel={isOwn(row) ? `Edit the guard of ${name}` : `Replace the guard of ${name}`}
                    onClick={() => open('guard', row)}
                  >
                    {isOwn(row) ? 'Edit' : 'Replace'}
                  </CommandButton>
                  {isOwn(row) && (
                    <CommandButton
                      operation={operation}
                      variant="inline-link"
                      blocked={blocked}
                      ariaLabel={`Delete the guard of ${name}`}
                      onClick={() => open('unguard', row)}
                    >
                      Delete
                    </CommandButton>
                  )}
                </SpaceBetween>
              );
            },
          },
        ]}
      />
      <Suspense fallback={null}>
        {dialog === 'guard' && !isPending && (
          <EditGuard
            key={params.get('guard') ?? ''}
            model={model}
            row={asked}
            before={asked && isOwn(asked) ? asked.guard : undefined}
            onClose={close}
          />
        )}
        {dialog === 'token' && params.get('check') && (
          <SetToken model={model} check={params.get('check') ?? ''} onClose={close} />
        )}
      </Suspense>
      {dialog === 'unguard' && asked && <DeleteGuard model={model} guard={asked.guard} onClose={close} />}
    </>
  );
}

function hours(count: number): string {
  return count % 24 === 0 ? `${count / 24} ${count === 24 ? 'day' : 'days'}` : `${count} hours`;
}
