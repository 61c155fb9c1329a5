import Box from '@cloudscape-design/components/box';
import type { ReactNode } from 'react';
import type { ListState } from '../app/calls';
import { places } from '../app/places';
import { PagedTable } from '../ui/paged-table';
import { TextLink } from '../ui/text-link';
import { Time } from '../ui/time';
import { RequestStatus } from './request-status';
import { type RequestRow, targetName } from './types';

interface Props {
  readonly list: ListState & { readonly rows: readonly RequestRow[] };
  readonly title: string;
  readonly description?: string;
  readonly actions?: ReactNode;
  readonly filter?: ReactNode;
  readonly empty: { readonly title: string; readonly text?: string };
  readonly isPage?: boolean;
  /** The model that all of them are about. */
  readonly model?: string;
}

/** Transition requests: what is asked for, by whom, and how far it has come. */
export function RequestsTable({ model, ...props }: Props) {
  return (
    <PagedTable
      {...props}
      trackBy="id"
      columnDefinitions={[
        {
          id: 'what',
          header: 'What is asked',
          isRowHeader: true,
          minWidth: 200,
          cell: (row: RequestRow) => (
            <TextLink href={places.request(row.workspace, row.model, row.id)}>
              {model === undefined && `${row.model} `}version {row.version} to {targetName(row.target)}
            </TextLink>
          ),
        },
        {
          id: 'state',
          header: 'State',
          minWidth: 130,
          cell: ({ state }: RequestRow) => <RequestStatus status={state} />,
        },
        { id: 'votes', header: 'Votes', minWidth: 150, cell: (row: RequestRow) => <Votes votes={row.votes} /> },
        {
          id: 'author',
          header: 'Asked by',
          minWidth: 120,
          cell: ({ author }: RequestRow) => <span className="signet-wrap">{author.name}</span>,
        },
        {
          id: 'reason',
          header: 'Reason',
          minWidth: 200,
          cell: ({ reason }: RequestRow) => <span className="signet-wrap">{reason}</span>,
        },
        {
          id: 'opened',
          header: 'Asked',
          minWidth: 130,
          cell: ({ openedAt }: RequestRow) => <Time at={openedAt} />,
        },
        {
          id: 'ends',
          header: 'Ends',
          minWidth: 130,
          cell: ({ ended, expiresAt }: RequestRow) => <Time at={ended?.at ?? expiresAt} />,
        },
      ]}
    />
  );
}

function Votes({ votes }: { votes: RequestRow['votes'] }) {
  const approvals = votes.filter(({ vote, stale }) => vote === 'approve' && !stale).length;
  const rejections = votes.filter(({ vote }) => vote === 'reject').length;
  if (approvals + rejections === 0) return <>–</>;
  return (
    <>
      {approvals > 0 && <Box variant="span">{approvals} for it</Box>}
      {approvals > 0 && rejections > 0 && ', '}
      {rejections > 0 && (
        <Box variant="span" color="text-status-error">
          {rejections} against it
        </Box>
      )}
    </>
  );
}
